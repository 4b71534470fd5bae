"""A real OpenAI-compatible server on loopback that answers, fails and breaks as it is told, and keeps count.

In a test:           with FaultServer(once(FAULTS["rate_429_ms"])) as server: … server.base_url
Beside a process:    with running("--script", "rate_429_ms", "good") as base_url: …
From a shell:        python tests/fault_server.py --port 8000 --script rate_429_ms good
"""

from __future__ import annotations

import argparse
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Self

from batch_server import BatchSide, Instead
from exchange import Answer, Asked, Script, always, completion, error, good, raw
from faults import FAULTS, NOT_FOUND, UNAUTHORIZED
from scripts import Fate, Limited, Mixed, delayed, limited, mixed, once, sequence, times

if TYPE_CHECKING:
    from types import TracebackType

__all__ = [
    "FAULTS", "Answer", "Asked", "Fate", "FaultServer", "Instead", "Limited", "Mixed", "Script", "always",
    "completion", "delayed", "error", "good", "limited", "mixed", "once", "running", "sequence", "times",
]  # fmt: skip

_LOOK = 0.05  # seconds between looks at a client that is kept waiting
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing resets the connection


@dataclass
class FaultServer(BatchSide):
    """A context manager; `script` makes an answer of each chat request, and of each line of a batch.

    GET …/models lists `models`. With a `key`, whatever comes without it gets a 401. `port` 0 is any free one.
    Leaving raises what a script raised, if nothing else is being raised.
    """

    script: Script = good
    models: tuple[str, ...] = ("fake-1",)
    key: str = ""
    port: int = 0
    clock: Callable[[], float] = time.monotonic
    asked: list[Asked] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    served: int = 0
    in_flight: int = 0
    high_water: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    errors: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Listen on 127.0.0.1."""
        self._lock, self._batching = threading.Lock(), threading.Lock()
        self.closing = threading.Event()
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, end every connection and wait for their threads."""
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()
        if self.errors and raised is None:
            raise self.errors[0]

    @property
    def base_url(self) -> str:
        """What to give as --base-url."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def questions(self) -> list[Asked]:
        """The chat requests among what was asked, in the order of arrival."""
        return [asked for asked in self.asked if _is_chat(asked)]

    @property
    def connections(self) -> int:
        """How many are open; what is sent on those that a dead client left is still read."""
        return len(self._http.opened)

    def record(self) -> dict[str, Any]:
        """All counts: requests, chat requests, whole completions, the most requests at once, tokens billed."""
        with self._lock:
            return {
                "asked": len(self.asked),
                "questions": len(self.questions),
                "served": self.served,
                "in_flight": self.in_flight,
                "high_water": self.high_water,
                "prompt_tokens": self.prompt_tokens,
                "completion_tokens": self.completion_tokens,
                "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            }

    def arrive(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Asked:
        """Record a request."""
        with self._lock:
            asked = Asked(path, headers, body, method, len(self.asked) + 1, self.clock())
            self.asked.append(asked)
            self.in_flight += 1
            self.high_water = max(self.high_water, self.in_flight)
        return asked

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request; what a script raises is kept, and a 500 for the client."""
        if self.key and asked.headers.get("authorization") != f"Bearer {self.key}":
            return UNAUTHORIZED
        if asked.method == "GET" and asked.path.endswith("/models"):
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in self.models]
            return raw(200, {"object": "list", "data": listed})
        try:
            with self._batching:
                answer = self.batch_answer(asked)
            return answer or (self.script(asked) if _is_chat(asked) else NOT_FOUND)
        except Exception as raised:  # noqa: BLE001  # it is raised when the server is left
            self.errors.append(raised)
            return error(500, "the script failed", type="script", code=None)

    def leave(self, answer: Answer, *, sent: bool) -> None:
        """Record what becomes of a request, before its last byte is sent; `sent`: anything is."""
        with self._lock:
            self.in_flight -= 1
            self.prompt_tokens += answer.prompt_tokens
            self.completion_tokens += answer.completion_tokens
            if sent:
                self.statuses[answer.status] += 1
                self.served += answer.completion_tokens > 0 and answer.sent == "all"


class _Http(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = False  # closing waits for them: no connection outlives its test

    def __init__(self, owner: FaultServer) -> None:
        self.owner = owner
        self.opened: set[Any] = set()
        super().__init__(("127.0.0.1", owner.port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's looks its own name up
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]  # str and int

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.opened.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  # the base class's word for a socket
        self.opened.discard(request)
        if struct.unpack("ii", request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))[0]:
            self.close_request(request)  # without the FIN of an orderly end
        else:
            super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self.opened):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended by itself

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        raised = sys.exception()
        if raised is not None and not isinstance(raised, OSError):  # a client may always go
            self.owner.errors.append(raised)


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        owner = self.server.owner
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        if len(body) < size:  # the client went, or was killed, while it asked: it has asked nothing
            self.close_connection = True
            return
        asked = owner.arrive(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        answer = owner.answer(asked)
        there = self._wait(answer.pause)
        owner.leave(answer, sent=there and answer.sent not in {"end", "reset"})
        if not there or answer.sent != "all" or answer.closes:
            self.close_connection = True
        if there:
            self._send(answer)

    def do_GET(self) -> None:
        if self.path.endswith("/record"):
            self._send(raw(200, self.server.owner.record()))
        else:
            self.do_POST()

    def _send(self, answer: Answer) -> None:
        headers = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}
        listed = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n{listed}\r\n".encode()
        part = {"all": answer.body, "half, then reset": answer.body[: len(answer.body) // 2]}.get(answer.sent, b"")
        if "reset" in answer.sent:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if answer.sent not in {"end", "reset"}:
            self.connection.sendall(head + part)  # in one send: the client's first read has it all, if it is small

    def _wait(self, seconds: float) -> bool:
        """Wait so long; whether the client and the server are still there."""
        closing = self.server.owner.closing
        left = seconds
        while left > 0 and not closing.wait(min(_LOOK, left)):
            left -= _LOOK
            try:
                if self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"":
                    return False
            except BlockingIOError:
                continue  # it waits
            except OSError:
                return False
        return not (seconds and closing.is_set())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def _is_chat(asked: Asked) -> bool:
    return asked.method == "POST" and asked.path.endswith("/chat/completions")


@contextmanager
def running(*args: str) -> Iterator[str]:
    """The base URL of this file run as a program with `args`; GET base_url/record tells its counts."""
    with subprocess.Popen([sys.executable, __file__, *args], stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            yield program.stdout.readline().strip()
        finally:
            program.terminate()


def main() -> None:
    """Serve until SIGTERM or SIGINT; the base URL is the first line of standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="", help="refuse requests without it")
    parser.add_argument("--models", nargs="+", default=["fake-1"])
    names = parser.add_argument("--script", nargs="+", default=["good"], metavar="NAME", choices=["good", *FAULTS])
    names.help = "one for each try of a message, the last for all later ones: good or a name in FAULTS"
    parser.add_argument("--share", type=float, help="only this share of the messages gets a fault, one of the script's")
    parser.add_argument("--seed", type=int, default=0, help="for --share")
    parser.add_argument("--limit", type=float, nargs=2, metavar=("RATE", "BURST"), help="a second, at once")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds")
    args = parser.parse_args()
    script = sequence(*[({"good": good} | FAULTS)[name] for name in args.script])
    if args.share is not None:
        script = mixed([name for name in args.script if name != "good"], args.share, args.seed)
    script = delayed(args.delay, script)
    if args.limit:
        script = limited(args.limit[0], int(args.limit[1]), script)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with FaultServer(script, tuple(args.models), args.key, args.port) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    main()
