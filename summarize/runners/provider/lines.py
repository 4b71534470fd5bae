"""The files of a batch: JSON Lines, one question out, one answer in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

ENDPOINT: Final = "/v1/chat/completions"
_LONGEST: Final = 32_000_000  # bytes of a line; nothing honest comes near
_HTTP: Final = range(100, 600)


@dataclass(frozen=True, slots=True)
class Delivered:
    """An answer to the question `key`: HTTP's `status` and the response's JSON; 0 where no request was made."""

    key: str
    status: int
    text: str


def written(key: str, body: bytes) -> bytes:
    """The line that asks; `body` is JSON without a line's end in it."""
    head = json.dumps({"custom_id": key, "method": "POST", "url": ENDPOINT})
    return b"".join((head[:-1].encode(), b', "body": ', body, b"}\n"))


def read(file: BinaryIO) -> Iterator[Delivered]:
    """The answers in a file, one in memory at a time. What is no such line (cut off, another's) is left out."""
    while raw := file.readline(_LONGEST):
        if len(raw) == _LONGEST and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_LONGEST)
            continue
        delivered = _delivered(raw)
        if delivered is not None:
            yield delivered


def _delivered(raw: bytes) -> Delivered | None:
    try:
        found: object = json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    key = found.get("custom_id") if isinstance(found, dict) else None
    if not (isinstance(found, dict) and isinstance(key, str)):
        return None
    response = found.get("response")
    if response is None:
        return Delivered(key, 0, "")
    status = response.get("status_code") if isinstance(response, dict) else None
    if not (isinstance(status, int) and status in _HTTP and "body" in response):
        return None
    return Delivered(key, status, json.dumps(response["body"]))
