"""An OpenAI-compatible server of our own on loopback: answers as told, records what it was asked."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType


@dataclass(frozen=True)
class Answer:
    """A raw HTTP response."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The request's JSON object."""
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def user(self) -> str:
        """The user message."""
        return str(self.body["messages"][-1]["content"])


@dataclass
class FakeServer:
    """A context manager; `answer` makes a response of each request."""

    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        """What to give as --base-url."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"


def _handler(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
            server.asked.append(asked)
            answer = server.answer(asked)
            head = (
                f"HTTP/1.1 {answer.status} Scripted\r\nContent-Type: {answer.kind}\r\n"
                f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
            )
            self.wfile.write(head.encode() + answer.body)  # in one send: no reader sees half of it

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler


def completion(content: str | None, finish: str = "stop", **message: object) -> Answer:
    """A chat completion whose one message is `content`."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "fake-1-exact",
        "system_fingerprint": "fp_1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {
            "prompt_tokens": 11,
            "completion_tokens": 7,
            "total_tokens": 18,
            "prompt_tokens_details": {"cached_tokens": 5},
            "completion_tokens_details": {"reasoning_tokens": 3},
        },
    }
    return Answer(200, json.dumps(body).encode())


def failure(status: int, code: str, message: str = "scripted failure") -> Answer:
    """An error as OpenAI's servers word it."""
    return Answer(status, json.dumps({"error": {"message": message, "type": code, "code": code}}).encode())
