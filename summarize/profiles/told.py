"""The rows of a job's tables, story by story: one story in memory at a time.

All tables of results come in the order of their stories, the same in each (ledger/holdings.py). An article that is
in no story, and one whose outlet is not given, is in no comparison of outlets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar

from summarize.errors import LedgerError
from summarize.tables.columns import TABLES, Row

Rows: TypeAlias = "Callable[[str], Iterable[Row]]"  # table → its rows, anew at each call


class Signed(NamedTuple):
    """Whose an article is: its story ("" for none), its outlet as it is spelt ("" for none)."""

    story: str
    outlet: str
    reliability: str | None


class Read(NamedTuple):
    """What is used of a row of `readings`; the fields are columns, the outlet its key (see outlet_key)."""

    story: str
    outlet: str
    tone_headline: int | None
    intensity_headline: int | None
    tone_author: int | None
    intensity_author: int | None
    frame: str | None
    read_words: int | None


class Stand(NamedTuple):
    """What is used of a row of `positions`."""

    story: str
    outlet: str
    claim: str
    kind: str
    status: str


class Side(NamedTuple):
    """What is used of a row of `differences`."""

    story: str
    outlet: str
    difference: str
    kind: str
    direction: str | None


class Loaded(NamedTuple):
    """What is used of a row of `wording`."""

    story: str
    outlet: str


class Voice(NamedTuple):
    """What is used of a row of `voices`."""

    story: str
    outlet: str
    named: int | None
    kind: str
    manner: str
    share: float | None


R = TypeVar("R", Read, Stand, Side, Loaded, Voice)


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of one story, of articles whose outlet is given; `outlets`: those that tell it, and their articles."""

    story: str
    outlets: Mapping[str, int]
    readings: list[Read]
    positions: list[Stand]
    differences: list[Side]
    wording: list[Loaded]
    voices: list[Voice]


@lru_cache(maxsize=4_096)
def outlet_key(name: str | None) -> str:
    """What makes two names one outlet: white space and case do not count. Empty for none.

    >>> outlet_key("  The Daily  EXAMPLE ")
    'the daily example'
    """
    return " ".join((name or "").split()).casefold()


def signed(rows: Rows) -> Iterator[Signed]:
    """Every article that was read, those in no story too."""
    for story, outlet, reliability in map(_columns("readings", Signed._fields), rows("readings")):
        yield Signed(story, " ".join((outlet or "").split()), reliability)


def told(rows: Rows) -> Iterator[Told]:
    """Every story, with what is known of it. Raises LedgerError for tables that do not fit together."""
    positions, differences = _Stream(rows, "positions", Stand), _Stream(rows, "differences", Side)
    wording, voices = _Stream(rows, "wording", Loaded), _Stream(rows, "voices", Voice)
    every = _slim(rows("readings"), "readings", Read)
    for story, group in groupby((r for r in every if r.story), key=attrgetter("story")):
        readings = [r for r in group if r.outlet]
        of = positions.of(story), differences.of(story), wording.of(story), voices.of(story)
        yield Told(story, Counter(r.outlet for r in readings), readings, *of)
    for stream in (positions, differences, wording, voices):
        stream.end()


class _Stream:  # not generic: mypy cannot tell a NamedTuple's fields from its type
    """A table that is read beside `readings`."""

    def __init__(self, rows: Rows, table: str, kind: type[Any]) -> None:
        self._table = table
        self._groups = groupby((r for r in _slim(rows(table), table, kind) if r.story), key=attrgetter("story"))
        self._next = next(self._groups, None)

    def of(self, story: str) -> list[Any]:
        """The rows of this story, which may be none."""
        if self._next is None or self._next[0] != story:
            return []
        found = [row for row in self._next[1] if row.outlet]
        self._next = next(self._groups, None)
        return found

    def end(self) -> None:
        """Raise LedgerError if there are stories left that nobody asked for."""
        if self._next is not None:
            what = f"the tables readings and {self._table} have other stories, or in another order"
            raise LedgerError(what, where=str(self._next[0]), hint="run the batch again")


def _slim(rows: Iterable[Row], table: str, kind: type[R]) -> Iterator[R]:
    """The columns that are used (a story's rows are held in memory), the outlet's name as its key, "" for none."""
    wanted = map(_columns(table, kind._fields), rows)
    return (kind(story, outlet_key(outlet), *rest) for story, outlet, *rest in wanted)


def _columns(table: str, names: Sequence[str]) -> Callable[[Row], Any]:
    """Takes these columns out of a row of the table."""
    every = [column.name for column in TABLES[table]]
    return itemgetter(*(every.index(name) for name in names))
