"""Pieces of output that come in any order and go out in the order of their articles, held on disk meanwhile.

So a run over tens of thousands of articles takes no more memory than one over ten.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

_IN_MEMORY = 4_000_000  # bytes before a file is made


class Spool:
    """Texts by lane (what they are) and index (whose they are). A context manager; its file goes with it."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by __exit__
        self._places: dict[str, list[tuple[int, int, int]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, lane: str, index: int, text: str) -> None:
        """Hold `text`."""
        raw = text.encode("utf-8", "surrogatepass")
        self._file.seek(0, 2)
        self._places.setdefault(lane, []).append((index, self._file.tell(), len(raw)))
        self._file.write(raw)

    def count(self, lane: str) -> int:
        """How many texts are in a lane."""
        return len(self._places.get(lane, ()))

    def lane(self, lane: str) -> Iterator[str]:
        """The texts of a lane, by index; those of one index in the order in which they came."""
        for _, at, length in sorted(self._places.get(lane, ())):
            self._file.seek(at)
            yield self._file.read(length).decode("utf-8", "surrogatepass")
