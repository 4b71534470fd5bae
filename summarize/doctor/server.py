"""A server, looked at from outside: what models it lists, and what else it tells of itself.

The list is fetched by OpenAI's own client, as other programs would. Every wait ends with the timeout, no
redirect is followed, and nothing that OPENAI_* variables hold but the key given here is sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit, urlunsplit

from summarize.errors import EngineError, TransientError, UnreachableError

if TYPE_CHECKING:
    from types import TracebackType

    import openai

_LARGEST = 32_000_000  # bytes of a list; the longest known has two million
_OK = 200
_NO_KEY = "none"  # the client wants some string; it is not sent


@dataclass(frozen=True, slots=True)
class Listing:
    """The `models` listed, by name, each with all that is said of it; `status` is 200 where there was a list."""

    status: int
    models: Mapping[str, Mapping[str, object]]


class Server:
    """What is at a base URL: a context manager. `timeout` in seconds, for connecting and for each answer."""

    def __init__(self, base_url: str, key: str, timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._key, self._timeout, self._clock = base_url.rstrip("/"), key, timeout, clock
        parts = urlsplit(self._url)
        self.host = parts.netloc.rpartition("@")[2]
        self.shown = urlunsplit((parts.scheme, self.host, parts.path, "", ""))
        self.hostname, self.scheme = parts.hostname or "", parts.scheme
        self._secrets = [secret for secret in (key, parts.password) if secret]
        self._silent = False

    def __enter__(self) -> Self:
        import httpx2  # noqa: PLC0415  # not at start-up

        headers = {"User-Agent": "retold"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        try:
            self._http = httpx2.Client(headers=headers, timeout=self._timeout, follow_redirects=False)
        except (OSError, ImportError, ValueError) as error:  # proxies and certificates by environment
            raise EngineError(f"no connection can be made: {self._line(error)}", where=self.host) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def said(self, text: str) -> str:
        """Words that are not ours without the key, which some servers repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text

    def models(self) -> Listing:
        """What GET …/models lists.

        Raises UnreachableError where nobody answers, TransientError for an answer that does not come or breaks
        off, EngineError where no request can be made.
        """
        import httpx2  # noqa: PLC0415  # not at start-up
        import openai  # noqa: PLC0415  # 0.6 s

        extra = {} if self._key else {"Authorization": openai.Omit()}
        try:
            with self._sdk().with_streaming_response.models.list(extra_headers=extra) as response:
                return Listing(_OK, _entries(self._read(response.iter_bytes())))
        except openai.APIStatusError as error:
            return Listing(error.status_code, {})
        except openai.APIConnectionError as error:
            raise self._broken(error.__cause__ or error) from error
        except httpx2.TransportError as error:
            raise self._broken(error) from error
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise EngineError(f"no request can be made: {self._line(error)}", where=self.host) from error

    def at(self, path: str, body: Mapping[str, object] | None = None) -> Mapping[str, object]:
        """The JSON object at `path` beside the base URL's /v1 (posted to, with a `body`); empty if there is none.

        After one that never came nothing more is asked for.
        """
        import httpx2  # noqa: PLC0415  # not at start-up

        if self._silent:
            return {}
        found: object = None
        with suppress(httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
            try:
                url = self._url.removesuffix("/v1") + path
                with self._http.stream("POST" if body else "GET", url, json=body) as response:
                    if response.status_code == _OK:
                        found = json.loads(self._read(response.iter_bytes()))
            except (httpx2.TimeoutException, TransientError):
                self._silent = True
        return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}

    def _sdk(self) -> openai.OpenAI:
        import openai  # noqa: PLC0415

        key = self._key or _NO_KEY
        client = openai.OpenAI(
            base_url=self._url, api_key=key, timeout=self._timeout, max_retries=0, http_client=self._http
        )
        # it takes these from OPENAI_* variables, and would send them to any host
        client.organization = client.project = client.admin_api_key = None
        client._custom_headers = {}  # noqa: SLF001  # no public way
        return client

    def _read(self, pieces: Iterable[bytes]) -> bytes:
        """All of an answer. Raises TransientError for one that drips on beyond the timeout or has no end."""
        read, started = bytearray(), self._clock()
        for piece in pieces:
            read += piece
            if len(read) > _LARGEST or self._clock() - started > self._timeout:
                raise TransientError("the answer does not end", where=self.host)
        return bytes(read)

    def _broken(self, error: BaseException) -> EngineError:
        import httpx2  # noqa: PLC0415  # not at start-up

        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
            hint = "check --base-url, and that the server runs"
            return UnreachableError(f"nobody can be reached: {self._line(error)}", where=self.host, hint=hint)
        if isinstance(error, httpx2.TimeoutException):
            return TransientError(f"no answer within {self._timeout:g} s", where=self.host)
        return TransientError(f"the connection broke: {self._line(error)}", where=self.host)

    def _line(self, what: object) -> str:
        return self.said(" ".join(str(what).split()) or type(what).__name__)[:300]


def _entries(text: bytes) -> dict[str, Mapping[str, object]]:
    """The models in a list of any of the shapes there are, by name. Empty for what is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, dict):
        found = found.get("data") or found.get("models")
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    named = [(entry.get("id") or entry.get("name"), entry) for entry in entries]
    return {name: entry for name, entry in named if isinstance(name, str)}
