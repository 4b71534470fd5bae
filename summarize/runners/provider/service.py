"""OpenAI's Batch API: a file goes up, a batch is made of it, and two files come down.

    POST /files         purpose=batch, a file of lines                  → the file's id
    POST /batches       of a file, within 24 hours, with our name       → the batch's id
    GET  /batches/ID    its status, and in the end the ids of its files
    GET  /batches       all of them, newest first, in pages
    GET  /files/ID/content

Each call is one request. It raises TransientError or UnreachableError for what may pass, Gone for what is not there
(any more), and else what the refusal means (see engines.faults).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from urllib.parse import quote

from summarize.engines import completions
from summarize.engines.openai import OpenAI
from summarize.errors import EngineError, ModelError, ReplyError, TransientError
from summarize.runners.provider.lines import ENDPOINT

if TYPE_CHECKING:
    import httpx2

ENDED: Final = frozenset({"completed", "failed", "expired", "cancelled"})
_ID: Final = re.compile(r"[\w.=+:~-]{1,1000}", re.ASCII)
_NAME: Final = "retold"  # under which our own id stands in a batch's metadata
_PAGE, _PAGES = 100, 1_000
_DAY: Final = 86_400  # seconds by which two clocks may differ
_MOST: Final = 4_000_000_000  # bytes of a file that comes down
_LONGEST: Final = 7_200.0  # seconds that it may take
_NOT_THERE: Final = frozenset({404, 410})
_GOOD: Final = range(200, 300)


class Gone(EngineError):  # noqa: N818  # an end, which is dealt with
    """A batch or file that the provider does not know (any more)."""

    status = "gone"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a batch as a whole, or with the line of this number (from 1)."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the provider shows it; ids are empty where there is no such file, `completed` counts answers."""

    id: str
    status: str
    output: str = ""
    errors: str = ""
    completed: int = 0
    faults: tuple[Fault, ...] = ()


class Service:
    """The batches of the server that a model is asked at, with its connection and key."""

    def __init__(self, server: OpenAI) -> None:
        self._server = server

    def upload(self, ours: str, lines: Callable[[], Iterable[bytes]]) -> str:
        """The id of the file made of `lines`, which are drawn twice: to be counted, and to be sent."""
        edge = f"retold-{ours}"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="retold-{ours}.jsonl"\r\n'
            "Content-Type: application/jsonl\r\n\r\n"
        ).encode()
        tail = f"\r\n--{edge}--\r\n".encode()
        size = len(head) + sum(map(len, lines())) + len(tail)

        def content() -> Iterator[bytes]:
            yield head
            yield from lines()
            yield tail

        headers = {"content-type": f"multipart/form-data; boundary={edge}", "content-length": str(size)}
        return _ident(self._asked("POST", "/files", content(), headers))

    def create(self, file_id: str, ours: str) -> str:
        """The id of a new batch. Where TransientError is raised there may be one: see `find`."""
        told = {
            "input_file_id": file_id,
            "endpoint": ENDPOINT,
            "completion_window": "24h",
            "metadata": {_NAME: ours},
        }
        return _ident(self._asked("POST", "/batches", json.dumps(told).encode()))

    def find(self, ours: str, file_id: str, since: float) -> str:
        """The id of the batch with our name or our file, made after `since` (seconds since 1970); "" if none was."""
        after = ""
        for _ in range(_PAGES):
            page = self._asked("GET", f"/batches?limit={_PAGE}{after}")
            listed = page.get("data")
            batches = [b for b in listed if isinstance(b, dict)] if isinstance(listed, list) else []
            for batch in batches:
                if _table(batch.get("metadata")).get(_NAME) == ours or batch.get("input_file_id") == file_id:
                    return _ident(batch)
            oldest = batches[-1].get("created_at") if batches else None
            if not (batches and page.get("has_more")) or (isinstance(oldest, int) and oldest < since - _DAY):
                return ""
            after = f"&after={quote(_ident(batches[-1]), safe='')}"
        return ""

    def look(self, batch_id: str) -> Batch:
        """The batch as it is now."""
        found = self._asked("GET", f"/batches/{quote(batch_id, safe='')}")
        status = found.get("status")
        if not isinstance(status, str):
            raise TransientError("the batch has no status", where=self._server.host)
        completed = _table(found.get("request_counts")).get("completed")
        listed = _table(found.get("errors")).get("data")
        return Batch(
            batch_id,
            status,
            _word(found.get("output_file_id")),
            _word(found.get("error_file_id")),
            completed if isinstance(completed, int) else 0,
            tuple(map(_fault, listed)) if isinstance(listed, list) else (),
        )

    def download(self, file_id: str, into: BinaryIO, alive: Callable[[], None]) -> None:
        """Append a file's bytes to `into`, a chunk in memory at a time; `alive` is called between, and may raise."""
        until = time.monotonic() + _LONGEST

        def take(response: httpx2.Response) -> completions.Response | None:
            if response.status_code not in _GOOD:
                return self._server.connection.whole()(response)
            size = 0
            plain = "content-encoding" not in response.headers
            for chunk in response.iter_raw() if plain else response.iter_bytes():
                alive()
                size += len(chunk)
                if size > _MOST:
                    raise EngineError(f"the file has more than {_MOST} bytes", where=self._server.host)
                if time.monotonic() > until:
                    raise TimeoutError
                into.write(chunk)
            return None

        refused = self._server.connection.call("GET", f"/files/{quote(file_id, safe='')}/content", take=take)
        if refused is not None:
            raise self._refused(refused)

    def _asked(
        self, method: str, path: str, content: bytes | Iterable[bytes] = b"", headers: Mapping[str, str] | None = None
    ) -> Mapping[str, object]:
        try:
            connection = self._server.connection
            response = connection.call(method, path, content, headers, take=connection.whole())
        except ReplyError as large:
            raise TransientError(large.what, where=self._server.host, sent=True) from large
        if response.status not in _GOOD:
            error = self._refused(response)
            if path == "/files" and isinstance(error, Gone):
                what, hint = "there are no batches at this address", "ask it at once, without a batch"
                raise ModelError(what, where=self._server.host, hint=hint) from error
            raise error
        try:
            found: object = json.loads(response.text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise TransientError("the response is no JSON object", where=self._server.host, sent=True)
        return found

    def _refused(self, response: completions.Response) -> EngineError:
        error = self._server.refused(response.status, response)
        return Gone(error.what, where=error.where) if response.status in _NOT_THERE else error


def _ident(found: Mapping[str, object]) -> str:
    """An id that can stand in an address."""
    ident = found.get("id")
    if not (isinstance(ident, str) and _ID.fullmatch(ident)):
        raise TransientError("the response has no id", sent=True)
    return ident


def _fault(found: object) -> Fault:
    about = _table(found)
    line = about.get("line")
    number = line if isinstance(line, int) and not isinstance(line, bool) else None
    return Fault(_word(about.get("code")), _word(about.get("message")), number)


def _table(found: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}


def _word(found: object) -> str:
    return found if isinstance(found, str) else ""
