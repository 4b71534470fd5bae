"""The wire to a server: HTTP requests below one base URL, with one key, and what can go wrong on the way.

Connections are kept alive, one for each thread that asks. Keys are in no error, and are sent to no other host:
redirects are not followed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from summarize.engines import completions
from summarize.errors import TransientError, UnreachableError

if TYPE_CHECKING:
    import ssl

    import httpx2

R = TypeVar("R")
CHAT = "/chat/completions"
_SECRET = 16  # characters of a key; shorter ones are placeholders, and could be words of an answer
_CONNECT = 10.0  # seconds to wait for a connection


class Connection:
    """What is sent to `base_url`, from any number of threads; `timeout` in seconds."""

    def __init__(self, base_url: str, key: str, timeout: float) -> None:
        self._url, self._key, self._timeout = base_url.rstrip("/"), key, timeout
        self.host = urlsplit(self._url).netloc.rpartition("@")[2]
        self._lock = threading.Lock()
        self._own = threading.local()
        self._clients: list[httpx2.Client] = []
        self._verify: ssl.SSLContext | None = None
        self._chat: httpx2.URL | None = None

    @property
    def secret(self) -> bool:
        """Whether the key is long enough to be one."""
        return len(self._key) >= _SECRET

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            client.close()

    def call(
        self,
        method: str,
        path: str,
        content: bytes | Iterable[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        *,
        take: Callable[[httpx2.Response], R],
    ) -> R:
        """What `take` makes of the response to one request at `path` below the base URL.

        Raises UnreachableError and TransientError for what happened on the way; statuses are for `take`.
        """
        import httpx2  # noqa: PLC0415  # not at start-up

        try:
            client = self._client()
            told = httpx2.Headers({**client.headers, **headers}) if headers else client.headers
            request = httpx2.Request(method, self._address(path), headers=told, content=content)
            request.extensions["timeout"] = client.timeout.as_dict()
            response = client.send(request, stream=True)
            try:
                return take(response)
            finally:
                response.close()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
            hint = "check --base-url, and that the server runs"
            raise UnreachableError(f"nobody can be reached: {self.shown(error)}", where=self.host, hint=hint) from error
        except (httpx2.TimeoutException, TimeoutError) as error:
            what = f"no answer within {self._timeout:g} s"
            raise TransientError(what, where=self.host, hint="raise the timeout", sent=True) from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            what = f"the connection broke: {self.shown(error)}"
            raise TransientError(what, where=self.host, sent=True) from error
        except (httpx2.InvalidURL, ValueError) as error:
            raise UnreachableError(f"no request can be made: {self.shown(error)}", where=self.host) from error

    def whole(self) -> Callable[[httpx2.Response], completions.Response]:
        """For `call`: takes a response as a whole, within the timeout from now on."""
        return partial(completions.capped, clock=time.monotonic, until=time.monotonic() + self._timeout)

    def _address(self, path: str) -> httpx2.URL:
        import httpx2  # noqa: PLC0415  # not at start-up

        if path != CHAT:
            return httpx2.URL(self._url + path)
        if self._chat is None:  # taken apart once, not for each request
            self._chat = httpx2.URL(self._url + CHAT)
        return self._chat

    def _client(self) -> httpx2.Client:
        """The client of the thread that asks, with one kept-alive connection.

        A pool that all threads share looks through all of its connections for each request, under one lock: with a
        hundred hands that costs more than the request.
        """
        known: httpx2.Client | None = getattr(self._own, "client", None)
        if known is None:
            with self._lock:
                known = self._own.client = self._opened()
                self._clients.append(known)
        return known

    def _opened(self) -> httpx2.Client:
        import httpx2  # noqa: PLC0415  # not at start-up

        headers = {"Content-Type": "application/json", "User-Agent": "retold"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx2.Timeout(self._timeout, connect=min(_CONNECT, self._timeout))
        try:
            if self._verify is None:
                self._verify = httpx2.create_ssl_context()
            return httpx2.Client(headers=headers, timeout=timeout, verify=self._verify, follow_redirects=False)
        except (OSError, ImportError, ValueError) as error:  # proxies and certificates by environment
            raise UnreachableError(f"no connection can be made: {self.shown(error)}", where=self.host) from error

    def without_key(self, text: str) -> str:
        """`text` without the key, which some servers repeat."""
        if not self._key:
            return text
        return text.replace(self._key, "[key]").replace(self._key.replace("/", "\\/"), "[key]")  # as PHP writes JSON

    def shown(self, what: object) -> str:
        """Words that are not ours, cut, on one line, and without the key, which some repeat."""
        return self.without_key(" ".join(str(what).split()))[:300]
