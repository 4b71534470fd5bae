"""A server on loopback that answers every chat request with one right reading, after a while.

As a program beside a bench: prints its base URL, serves until its standard input ends. It does as little
as it can, so that the client is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from summarize.engines.lexicon import Lexicon
from summarize.news import Version, lay_out
from summarize.prompt import reading_question

ARTICLE = (
    "Fire at the port\n\nTwo men died in a warehouse near the port of Lowick on Tuesday, the mayor said. "
    "“It is over,” he said. Police are looking for a third man. The fire broke out at 3 a.m. and spread "
    "quickly.\n\nNumber {number} burnt.\n"
)


def article(number: int) -> str:
    """A short article unlike any other, of which the server's one answer is true."""
    return ARTICLE.format(number=number)


def answer() -> bytes:
    """A whole HTTP response with the embedded engine's reading of such an article."""
    question = reading_question(lay_out(Version(article(0))))
    tokens = round(len(question.system + question.user) / 4.6)
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "loopback",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": Lexicon().ask(question).text, "refusal": None},
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 400, "total_tokens": tokens + 400},
    }
    raw = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(raw) + raw


async def serve(delay: float) -> None:
    """Answer each request `delay` seconds after it came."""
    response = answer()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
                await asyncio.sleep(delay)
                writer.write(response)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024, limit=2**22)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    sys.stdout.flush()
    os._exit(0)  # connections that are still open end with it, without a word


@contextlib.contextmanager
def running(delay: float) -> Iterator[str]:
    """The base URL of such a server in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--delay", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.05)
    asyncio.run(serve(parser.parse_args().delay))
