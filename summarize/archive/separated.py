"""CSV and TSV: rows of a table whose first line names its columns.

Cells are read strictly: a quote that stands where none may stand is an error of its row, not a changed text. After
an error reading goes on at the next line; what is not as wide as the header is then no row, so that the lines of an
article whose quotes are wrong are not taken for articles.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import BinaryIO, Final, Literal, NamedTuple

from summarize.archive.columns import Cells, Columns, Row, guessed, settled, shown, unreadable
from summarize.archive.lines import LONGEST, Line, lines, opened, text_of
from summarize.archive.records import MAX_CHARS, too_long
from summarize.errors import InputError

_SEPARATORS: Final = (",", ";", "\t", "|")
_LOOKED_AT = 20  # lines that the separator is told from
_SAMPLE = 65_536  # … and bytes of them
_SAID = re.compile(rb'"?sep=([,;\t|])"?[\r\n]*')  # a first line that only Excel knows
_LONGEST_CELL = 2 * MAX_CHARS  # csv's limit; that of an article is checked by itself
# A quote closed within its cell: the file does not quote its cells, it just has quotation marks.
_BARE = re.compile(r'(?:^|\t)"[^"\t\r\n]*"(?=[^"\t\r\n])', re.MULTILINE)


class _TooLongError(Exception):
    """A line, or a row of many lines, that is longer than any article."""


class _Drawn(NamedTuple):
    """A row of cells, or why there is none; `line` is 0 for what is wrong with the file itself."""

    line: int
    cells: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    error: InputError | None = None


class _Feed:
    """The lines that csv draws for a row, and what was noticed while it did."""

    def __init__(self, drawn: Iterator[Line], place: str) -> None:
        self._lines, self._place = drawn, place
        self.fault: InputError | None = None
        self.begin()

    def begin(self) -> None:
        """A new row."""
        self.first = self.last = self.size = 0
        self.cut = False
        self.flags: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if line.fault is not None:
            self.fault = line.fault
            raise StopIteration
        self.first, self.last = self.first or line.number, line.number
        self.size += len(line.raw or b"")
        if line.raw is None or self.size > LONGEST:
            raise _TooLongError
        self.cut = line.cut
        text, flags = text_of(line.raw, f"{self._place}:{line.number}")
        self.flags = (*self.flags, *(flag for flag in flags if flag not in self.flags))
        return text


def rows(
    stream: BinaryIO, place: str, given: Columns, note: Callable[[str], None], *, tabs: bool = False
) -> Iterator[Row]:
    """The rows of a table, each at `place`:line, the line where it starts; the header is none.

    The separator is what a line before the header says ("sep=;"), else a tab, else told from the first lines: , ; tab
    or |. A table without a column for the text, or without one that was given, is one row that says so. Never raises.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    source = opened(stream, place)
    if source.binary is not None:
        yield unreadable(place, source.binary)
        return
    end = b"\r" if b"\r" in source.head and b"\n" not in source.head else b"\n"
    drawn = lines(source, end=end)
    first = _first(drawn)
    said = _SAID.fullmatch(first[0].raw or b"") if first else None
    first = first[1:] if said else first
    sample = [text_of(line.raw, place)[0] for line in first if line.raw and _is_text(line.raw, place)]
    separator = said[1].decode() if said else "\t" if tabs else _separator(sample, given)
    quoting: Literal[0, 3] = (
        csv.QUOTE_NONE if separator == "\t" and _BARE.search("".join(sample)) else csv.QUOTE_MINIMAL
    )
    feed = _Feed(chain(first, drawn), place)
    reader = csv.reader(feed, delimiter=separator, strict=True, quoting=quoting)
    found = _found(reader, feed, place)
    header = next(found, None)
    if header is None:
        return
    yield from _table(header, found, _Table(place, given, source.flags), note)


class _Table(NamedTuple):
    """What is known of a table before its header is read."""

    place: str
    given: Columns
    flags: tuple[str, ...]


def _table(header: _Drawn, found: Iterator[_Drawn], table: _Table, note: Callable[[str], None]) -> Iterator[Row]:
    place = table.place
    try:
        if header.error is not None:
            raise header.error
        names = tuple(name.strip().lstrip("\ufeff") for name in header.cells)
        columns = settled((name for name in dict.fromkeys(names) if name), table.given, place)
    except InputError as error:
        yield unreadable(place, error)
        return
    note(f"{place}: {columns.told()}")
    twice = [name for name in columns.named().values() if names.count(name) > 1]
    flags = (*table.flags, *(f"two columns are named “{shown(name)}”: the first is read" for name in twice))
    shape = _Shape({name: names.index(name) for name in columns.named().values()}, len(names), columns)
    adrift = 0  # line of a row that could not be read, until one is as wide as the header
    for drawn in found:
        where = f"{place}:{drawn.line}" if drawn.line else place
        adrift = 0 if drawn.error is None and len(drawn.cells) == len(names) else adrift
        if drawn.error is not None:
            adrift = drawn.line
            yield unreadable(where, drawn.error)
        elif adrift:
            yield unreadable(where, InputError(f"this may be the rest of the row at line {adrift}", where=where))
        else:
            yield Row(where, partial(_cells, drawn, shape, flags, where))


class _Shape(NamedTuple):
    """Where in a row the cells stand that are used, and how many a row has."""

    used: dict[str, int]
    width: int
    columns: Columns


def _cells(drawn: _Drawn, table: _Shape, flags: tuple[str, ...], where: str) -> Cells:
    count = len(drawn.cells)
    uneven = f"the row has {count} cells, the header {table.width}"
    if count <= table.used[table.columns.text or ""]:
        raise InputError(f"{uneven}: no text", where=where)
    values = {name: drawn.cells[at] for name, at in table.used.items() if at < count}
    odd = (uneven,) if count != table.width else ()
    return Cells(values, table.columns, (*flags, *drawn.flags, *odd))


def _found(reader: Iterator[list[str]], feed: _Feed, place: str) -> Iterator[_Drawn]:
    """Row after row, blank lines left out, and at the end what is wrong with the file."""
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except _TooLongError:
            where = f"{place}:{feed.first}"
            yield _Drawn(feed.first, error=too_long(where))
        except InputError as error:  # a line that is no text
            yield _Drawn(feed.first, error=error)
        except csv.Error as error:
            yield _Drawn(feed.first, error=_misread(error, feed, f"{place}:{feed.first}"))
        else:
            if feed.cut:
                yield _Drawn(feed.first, error=InputError("the row is cut off here", where=f"{place}:{feed.first}"))
            elif cells:
                yield _Drawn(feed.first, tuple(cells), feed.flags)
    if feed.fault is not None:
        yield _Drawn(0, error=feed.fault)


def _misread(error: csv.Error, feed: _Feed, where: str) -> InputError:
    if "field larger" in str(error):
        return too_long(where)
    if "unexpected end" not in str(error):
        return InputError(f"the row cannot be told into cells: {error}", where=where)
    if feed.fault is not None:
        return InputError("the row is cut off here", where=where)
    to = f": all to line {feed.last} was taken for one row" if feed.last > feed.first else ""
    return InputError(f"a quotation mark opens a cell here and none closes it{to}", where=where)


def _first(drawn: Iterator[Line]) -> list[Line]:
    found: list[Line] = []
    size = 0
    for line in drawn:
        found.append(line)
        size += len(line.raw or b"")
        if len(found) >= _LOOKED_AT or size > _SAMPLE:
            break
    return found


def _is_text(raw: bytes, place: str) -> bool:
    try:
        text_of(raw, place)
    except InputError:
        return False
    return True


def _separator(sample: Sequence[str], given: Columns) -> str:
    """The separator with which the header names a text and most rows are as wide as the header."""
    return max(_SEPARATORS, key=lambda separator: _fit(sample, separator, given))


def _fit(sample: Sequence[str], separator: str, given: Columns) -> tuple[bool, float, int]:
    table: list[list[str]] = []
    with suppress(csv.Error):
        table.extend(row for row in csv.reader(iter(sample), delimiter=separator) if row)
    if not table:
        return False, 0.0, 0
    header = [name.strip().lstrip("\ufeff") for name in table[0]]
    even = sum(len(row) == len(header) for row in table) / len(table)
    text = given.text in header if given.text is not None else guessed(header, given).text is not None
    return text, even if len(header) > 1 else 0.0, len(header)
