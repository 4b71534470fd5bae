"""A real web site on loopback: pages, redirects, slow and huge bodies, whatever headers a test wants.

with Site() as site:
    site.put("/a", html(story))
    fetched(site.url("/a"), private=True)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

SENTENCES = (
    "The ferry ran aground off Lowick on Monday morning with 212 people on board, the coastguard said.",
    "Nobody was hurt, and all passengers were brought ashore in boats by noon.",
    "“We heard a loud bang and then the lights went out,” said Anna Berg, a passenger from Aldham.",
    "The company said it would look into how the ship came to leave the marked channel.",
    "A spokesman for the port said that the tide had been unusually low for the time of year.",
    "The ship, built in 1998, carries cars and passengers between Lowick and the island four times a day.",
    "Traffic across the sound will be back to normal by Wednesday, according to the port's plan.",
)


def html(headline: str = "Ferry runs aground off Lowick", *, head: str = "", body: str = "") -> bytes:
    """A page as a news site has it, in UTF-8: menu, article, comments, footer."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return f"""<!DOCTYPE html><html lang="en"><head><title>{headline} | The Daily Example</title>
<meta property="og:site_name" content="The Daily Example">
<meta property="article:published_time" content="2024-08-20T10:00:00Z">{head}</head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>{headline}</h1>{paragraphs}<h2>What comes next</h2>{paragraphs.replace("Lowick", "Aldham")}
<ul><li>The first ferry leaves at six.</li><li>Tickets stay valid for a week.</li></ul>{body}</article>
<section id="comments" class="comments"><p>First comment by a reader of this page!</p></section>
<footer><p>© The Daily Example</p></footer></body></html>""".encode()


@dataclass(frozen=True)
class Page:
    """An answer: its body whole, or piece by piece for as long as somebody listens."""

    body: bytes | Callable[[], Iterator[bytes]] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Site:
    """A context manager; `asked` are the requests that came: method, path, headers in lower case."""

    tls: ssl.SSLContext | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def put(
        self, path: str, body: bytes | Callable[[], Iterator[bytes]] = b"", status: int = 200, **headers: str
    ) -> None:
        """A page; headers by their names with "_" for "-". Without another type it is HTML."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(body, status, {"Content-Type": "text/html; charset=utf-8", **named})

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a page."""
        return f"{'https' if self.tls else 'http'}://{host}:{self._http.server_address[1]}{path}"

    def __enter__(self) -> Self:
        """Listen on 127.0.0.1."""
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"at": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        if self.tls:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    at: Site

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        self.at.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        page = self.at.pages.get(self.path, Page(b"<p>no such page", 404))
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        whole = page.body if isinstance(page.body, bytes) else None
        if whole is not None and "Transfer-Encoding" not in page.headers:
            self.send_header("Content-Length", str(len(whole) if page.length is None else page.length))
        self.send_header("Connection", "close")
        self.end_headers()
        if body:
            try:
                for piece in [whole] if whole is not None else page.body():  # type: ignore[operator]  # not bytes
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                pass
        self.close_connection = True

    def log_message(self, *_: Any) -> None:  # noqa: ANN401  # the base class's
        """Say nothing."""


def endless(site: Site, piece: bytes, pause: float = 0.0) -> Callable[[], Iterator[bytes]]:
    """A body that comes until nobody listens any more."""

    def pieces() -> Iterator[bytes]:
        while not site.closing.wait(pause):
            yield piece

    return pieces
