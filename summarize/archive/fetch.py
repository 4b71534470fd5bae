"""One article by its URL, or one archive: fetched over HTTP within limits of time and size, from public hosts only.

    url ──checked──▶ Address ──connect to the checked IP──▶ answer ──redirect──▶ checked anew, 5 times at most
                                                              └──200──▶ body, capped ──▶ page ──▶ Version

Proxies of the environment are not used: one would look names up anew, where nobody checks them. No cookies, nothing
secret is sent. The transport is httpcore2, on which httpx2 stands: it lets the connection be made here.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin

import httpcore2

from summarize.archive.addresses import Address, checked, told
from summarize.archive.codings import headers_of, uncoded
from summarize.archive.files import idents
from summarize.archive.members import shown
from summarize.archive.pages import HTML, TEXT, media_type, told_version
from summarize.archive.records import MAX_BYTES, too_long
from summarize.errors import InputError, NoArticle
from summarize.news import Version
from summarize.version import __version__

Clock = Callable[[], float]

_HOPS: Final = 5  # redirects followed
_LONGEST_HEADER: Final = 2_000  # characters of a header's value that are looked at
_OK, _REDIRECTS = 200, frozenset({301, 302, 303, 307, 308})
_CLOSED: Final = {401: "a login", 402: "a payment", 403: "more than a plain request", 407: "a login", 451: "other laws"}
_SAVE: Final = "open it in a browser and save the page as .html"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may take: seconds in all and between two bytes; `private`: also from hosts that are not public."""

    seconds: float = 30.0
    idle: float = 30.0
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with status 200 whose body is still to come: its address, its headers by names in lower case.

    `first` is the host that was asked first, before redirects.
    """

    address: Address
    first: str
    headers: Mapping[str, str]
    body: Iterator[bytes]


def fetched(url: str, *, private: bool = False, timeout: float = 30.0, clock: Clock = time.monotonic) -> Version:
    """The article at `url`, in `timeout` seconds at most (name look-up as the system has it).

    `private` permits hosts of this machine and its network. Raises InputError, of the URL, for an answer that is
    none, not 200, too large, neither HTML nor text, or holds no article, and for a host that is not public.
    """
    where = told(url)
    with answered(url, Limits(timeout, timeout, private), coding="gzip, deflate", clock=clock) as answer:
        media = media_type(answer.headers.get("content-type", ""))
        if media and media not in HTML | TEXT:
            raise InputError(f"this is no page and no text, but {shown(media[:80])}", where=where)
        raw = _capped(answer.body, where)
    body = uncoded(raw, answer.headers.get("content-encoding", ""), where)
    name, final = idents([url])[0], answer.address
    try:
        version = told_version(body.data, answer.headers.get("content-type", ""), where, name, final.url)
    except NoArticle as error:  # it was asked for by name: that it is none is a fault
        raise InputError(error.what, where=where) from error
    flags = () if body.whole else ("the page is cut off",)
    if final.host.removeprefix("www.") != answer.first.removeprefix("www."):
        flags = (*flags, f"redirected to {shown(final.url[:200])}")
    return replace(version, label=version.outlet or final.host, flags=(*version.flags, *flags))


@contextmanager
def answered(
    url: str, limits: Limits, *, method: str = "GET", coding: str = "identity", clock: Clock = time.monotonic
) -> Iterator[Answer]:
    """What answers at `url` with status 200, after redirects; the connection is closed at the end.

    `coding` is the Accept-Encoding; the body comes as it is sent. Raises InputError, also while the body is read.
    """
    where, until, first = told(url), clock() + limits.seconds, ""
    for _ in range(_HOPS + 1):
        address = checked(url, private=limits.private)
        first = first or address.host
        wire = _Wire(address.ips, limits.idle, until, clock)
        with _as_input(where, limits), _pool(address, wire) as pool:
            request = _request(address, method, coding)
            response = pool.handle_request(request)
            try:
                headers = {k: v[:_LONGEST_HEADER] for k, v in headers_of(response.headers).items()}
                location = headers.get("location", "") if response.status in _REDIRECTS else ""
                if not location:
                    _is_ok(response.status, where)
                    yield Answer(address, first, headers, _body(response, where, limits))
                    return
            finally:
                response.close()
        url = urljoin(address.url, location)
    raise InputError(f"this was redirected more than {_HOPS} times", where=where)


def _request(address: Address, method: str, coding: str) -> httpcore2.Request:
    url = httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
    host = address.url.split("/")[2]
    headers = [
        ("Host", host),
        ("User-Agent", f"retold/{__version__}"),
        ("Accept", "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"),
        ("Accept-Encoding", coding),
        ("Connection", "close"),
    ]
    return httpcore2.Request(method, url, headers=headers)


def _pool(address: Address, wire: _Wire) -> httpcore2.ConnectionPool:
    context: ssl.SSLContext | None = None
    if address.scheme == "https":
        import httpx2  # noqa: PLC0415  # only for its certificates

        context = httpx2.create_ssl_context()
    return httpcore2.ConnectionPool(ssl_context=context, network_backend=wire)


def _is_ok(status: int, where: str) -> None:
    if status in _CLOSED:
        raise InputError(f"the server wants {_CLOSED[status]} (HTTP {status})", where=where, hint=_SAVE)
    if status != _OK:
        raise InputError(f"the server answered HTTP {status}", where=where)


def _body(response: httpcore2.Response, where: str, limits: Limits) -> Iterator[bytes]:
    with _as_input(where, limits):
        yield from response.iter_stream()


def _capped(body: Iterator[bytes], where: str) -> bytes:
    read = bytearray()
    for piece in body:
        read += piece
        if len(read) > MAX_BYTES:
            raise too_long(where)
    return bytes(read)


@contextmanager
def _as_input(where: str, limits: Limits) -> Iterator[None]:
    """What the transport raises, as InputError."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise InputError(f"no whole answer came within {limits.seconds:g} s", where=where) from error
    except httpcore2.ConnectError as error:
        secure = "certificate" in str(error).lower() or "ssl" in str(error).lower()
        what = "its certificate is not to be trusted" if secure else "nobody answers there"
        raise InputError(f"{what}: {_line(error)}", where=where) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise InputError(f"the connection broke: {_line(error)}", where=where) from error


def _line(error: Exception) -> str:
    return shown(" ".join(str(error).split())[:200]) or type(error).__name__


class _Wire(httpcore2.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name means by now, and until a moment only."""

    def __init__(self, ips: tuple[str, ...], idle: float, until: float, clock: Clock) -> None:
        self._ips, self._idle, self._until, self._clock = ips, idle, until, clock
        self._plain = httpcore2.SyncBackend()

    def left(self) -> float:
        """Seconds that the next step may take. Raises ReadTimeout where none are left."""
        left = self._until - self._clock()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is over")
        return min(left, self._idle)

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002  # looked up already
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # that of the whole goes before
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that takes one."""
        failed: Exception = httpcore2.ConnectError("it has no address")
        for ip in self._ips:
            try:
                found = self._plain.connect_tcp(ip, port, self.left(), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _Timed(found, self)
        raise failed


class _Timed(httpcore2.NetworkStream):
    """A connection that ends when its time is over, however slowly the other side sends."""

    def __init__(self, stream: httpcore2.NetworkStream, wire: _Wire) -> None:
        self._stream, self._wire = stream, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # as above
        """Some bytes."""
        return self._stream.read(max_bytes, self._wire.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # as above
        """All of the bytes."""
        self._stream.write(buffer, self._wire.left())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the certificate must be that of the name, not of the address."""
        del timeout
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._wire.left()), self._wire)

    def get_extra_info(self, info: str) -> object:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
