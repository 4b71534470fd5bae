"""How near Retold comes to what a limited server allows, and how often it is refused: ratios taken in one run.

A server on loopback that admits 50 requests a second (a token bucket; a 429 with retry-after-ms above it) is
asked 500 questions by 64 hands; the wall is compared with requests ÷ rate (aim: at most 1.05). None may be
lost, few refused. Buckets that hold a second's worth, a tenth of it, and a single request.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import threading
import time
from pathlib import Path

import loopback
import overhead

from summarize.ledger import Ledger
from summarize.library import job_of, read_files
from summarize.settings import load

RATE, REQUESTS, HANDS = 50.0, 500, 64


class Bucket:
    """A token bucket of `RATE` a second that counts what it refuses."""

    def __init__(self, burst: float) -> None:
        self.burst = self.level = burst
        self.at = time.monotonic()
        self.refused = 0

    def wait(self) -> float:
        """0 for an admitted request, else seconds until the next token."""
        now = time.monotonic()
        self.level = min(self.burst, self.level + (now - self.at) * RATE)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        self.refused += 1
        return (1 - self.level) / RATE


async def serve(bucket: Bucket, started: threading.Event, address: list[str]) -> None:
    """Admit or refuse until the loop is stopped."""
    response = loopback.answer()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
                wait = bucket.wait()
                if wait:
                    body = b'{"error": {"message": "too many requests", "code": "rate_limit_exceeded"}}'
                    milliseconds = b"%d" % (wait * 1000 + 1)
                    writer.write(
                        b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nretry-after-ms: "
                        + milliseconds
                        + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
                        + body
                    )
                else:
                    await asyncio.sleep(0.05)
                    writer.write(response)
                await writer.drain()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024, limit=2**22)
    address.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    started.set()
    await server.serve_forever()


def figure(burst: float, folder: Path) -> str:
    """One line for a bucket of that size."""
    files = overhead.articles(folder, REQUESTS)
    bucket, started, address = Bucket(burst), threading.Event(), list[str]()
    threading.Thread(target=lambda: asyncio.run(serve(bucket, started, address)), daemon=True).start()
    started.wait()
    settings = load({"model": "loopback", "base_url": address[0], "hands": str(HANDS)}, {}, folder)
    ledger = Ledger(folder / "ledger.sqlite")
    job = job_of(settings, ledger)
    bucket.level, bucket.at = burst, time.monotonic()
    begun = time.perf_counter()
    read = sum(outcome.reading is not None for outcome in read_files(job, files))
    took, ideal = time.perf_counter() - begun, REQUESTS / RATE
    job.engine.close()
    ledger.close()
    lost = REQUESTS - read
    return f"bucket of {burst:3.0f}: {took / ideal:.3f} × ideal ({took:.2f} s), {lost} lost, {bucket.refused} refused"


def main() -> None:
    """Print a line for each bucket."""
    for burst in map(float, sys.argv[1:] or (50, 5, 1)):
        with tempfile.TemporaryDirectory() as folder:
            print(figure(burst, Path(folder)))


if __name__ == "__main__":
    main()
