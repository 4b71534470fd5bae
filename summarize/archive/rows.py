"""Rows of JSONL, CSV, TSV and Parquet as records, and a row as a Version.

    stream ──opened──▶ lines ──▶ rows: place, and how to read the cells ──row_version──▶ Version

A blank line is no record; whatever else stands in a file is one. What is wrong with the file itself is its last
record, and loads as the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import BinaryIO, Final, Literal, TypeAlias

from summarize.archive import parquet, separated
from summarize.archive.columns import Cells, Columns, Row, names_of, settled, shown, unreadable, value
from summarize.archive.lines import Line, lines, opened, text_of, values
from summarize.archive.members import as_input
from summarize.archive.records import MAX_BYTES, MAX_CHARS, Record, too_long
from summarize.errors import InputError
from summarize.news import Version

Kind: TypeAlias = Literal["jsonl", "csv", "tsv", "parquet"]
Note: TypeAlias = Callable[[str], None]

LONGEST_VALUE: Final = 2_000  # characters of a headline, an outlet and the like
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_PAGE = ("<!doctype", "<html")
_NESTED = 4  # objects and lists that a value may be wrapped in
_SECONDS = re.compile(r"\d{9,19}(?:\.\d+)?")
_CALENDAR = re.compile(r"(?:19|20)\d{6}(?:\d{6})?")
_SEARCHED = 1_000  # characters within which a page begins
_LATEST = 4_102_444_800  # seconds from 1970 to 2100: what is larger counts in milliseconds or less


def records(
    kind: Kind, stream: BinaryIO, place: str, columns: Columns | None = None, note: Note = lambda _: None
) -> Iterator[Record]:
    """The records in `stream`, a file of this kind: each stands at `place`:line, or :row for Parquet, from 1.

    `columns` are those that the user named, the others are guessed, and `note` is told once how. JSONL may also
    be a JSON array of objects. Raises InputError at the first record where the extra for Parquet is not installed;
    later nothing: a file that cannot be read, or not further, ends in a record that says so.
    """
    for row in _rows(kind, stream, place, columns or Columns(), note):
        yield Record(row.place, partial(_load, row))


def _rows(kind: Kind, stream: BinaryIO, place: str, given: Columns, note: Note) -> Iterator[Row]:
    if kind == "parquet":
        return parquet.rows(stream, place, given, note)
    if kind == "jsonl":
        return _objects(stream, place, given, note)
    return separated.rows(stream, place, given, note, tabs=kind == "tsv")


def _load(row: Row) -> Version:
    with as_input(row.place):
        cells = row.read()
        version = row_version(cells.values, cells.columns, row.place)
    return replace(version, flags=(*cells.flags, *version.flags)) if cells.flags else version


def _objects(stream: BinaryIO, place: str, given: Columns, note: Note) -> Iterator[Row]:
    """The objects in JSON Lines, in a JSON array, or one after another over several lines."""
    source = opened(stream, place)
    if source.binary is not None:
        yield unreadable(place, source.binary)
        return
    told = False
    for line in values(source, place) if _is_array(source.head) else lines(source):
        if line.blank:
            continue
        where = f"{place}:{line.number}"
        if line.fault is not None:
            yield unreadable(place, line.fault)
        elif line.raw is None:
            yield unreadable(where, too_long(where))
        else:
            if not told:
                told = _told(line, where, given, lambda words: note(f"{place}: {words}"))
            yield Row(where, partial(_object, line, where, given, source.flags))


def _is_array(head: bytes) -> bool:
    """Whether a file that begins so is a JSON array of objects, or objects laid out over lines: no JSON Lines."""
    head = head.lstrip(b" \t\r\n")
    if head.startswith(b"["):
        return head[1:].lstrip(b" \t\r\n")[:1] in {b"{", b"]", b""}
    return re.match(rb"\{[ \t\r]*\n", head) is not None


def _told(line: Line, where: str, given: Columns, note: Note) -> bool:
    """Whether there was something to say: how the columns of the first object are read."""
    try:
        note(_object(line, where, given, ()).columns.told())
    except InputError:
        return False
    return True


def _object(line: Line, where: str, given: Columns, flags: tuple[str, ...]) -> Cells:
    """The object on a line, its columns by the names in itself: no row hangs on those before it."""
    text, strays = text_of(line.raw or b"", where)
    try:
        found = json.loads(text, strict=False)
    except RecursionError as error:
        raise InputError("this JSON is nested too deeply", where=where) from error
    except ValueError as error:
        raise _no_json(text, error, line, where) from error
    if not isinstance(found, dict):
        what = f"this is {_type(found)}, not an object with named values"
        raise InputError(what, where=where, hint="JSON Lines has one object on each line")
    return Cells(found, settled(names_of(found, given), given, where), (*flags, *strays))


def _no_json(text: str, error: ValueError, line: Line, where: str) -> InputError:
    if line.cut:
        return InputError("the line is cut off here", where=where)
    if not isinstance(error, json.JSONDecodeError):  # Python's guard against numbers that take minutes
        return InputError("this is no JSON that can be read: a number in it has too many digits", where=where)
    at = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno} of it, column {error.colno}"
    near = shown(text[max(0, error.pos - 10) :].strip() or text.strip(), 40)
    what = f"this is not JSON at {at} ({error.msg}), near “{near}”"
    return InputError(what, where=where, hint="JSON Lines has one object on each line")


def row_version(row: Mapping[str, object], columns: Columns, place: str) -> Version:
    """The article in a row.

    The text is that of its column, unmodified but for NUL and lone surrogates, which become U+FFFD one for one and
    are flagged; a whole HTML page is read as one. Other values are cut at 2,000 characters; numbers that are moments
    become ISO 8601. The id is that of the row, else its URL, else the end of `place`. Raises InputError where the
    text is missing, empty, none, or longer than an article.
    """
    text = _text(row, columns.text, place)
    url = _words(_cell(row, columns.url))
    ident = _words(_cell(row, columns.id)) or url or re.split(r"[/\\!]", place)[-1]
    text, strays = _NO_TEXT.subn("\ufffd", text)
    page = text[:_SEARCHED].lstrip("\ufeff \t\r\n").lower().startswith(_PAGE)
    version = _page(text, place, ident, url) if page else Version(text, id=ident)
    if len(version.text) > MAX_CHARS:
        raise too_long(place)
    outlet = _words(_cell(row, columns.outlet)) or version.outlet
    odd = (f"{strays} characters that are none were replaced by \ufffd",) if strays else ()
    return replace(
        version,
        label=outlet or ident,
        headline=_words(_cell(row, columns.headline)) or version.headline,
        outlet=outlet,
        published=_moment(_cell(row, columns.published)) or version.published,
        url=url or version.url,
        story=_words(_cell(row, columns.story)),
        flags=(*odd, *version.flags),
    )


def _text(row: Mapping[str, object], name: str | None, place: str) -> str:
    found = _cell(row, name)
    if found is None or (isinstance(found, float) and found != found):  # noqa: PLR0124  # NaN: what pandas calls empty
        raise InputError("the text is empty", where=place)
    if not isinstance(found, str):
        raise InputError(f"the text in “{shown(name or '')}” is {_type(found)}", where=place)
    if not found.strip("\0\ufeff \t\r\n") or not found.strip():
        raise InputError("the text is empty", where=place)
    if len(found) > MAX_BYTES:
        raise too_long(place)
    return found


def _page(text: str, place: str, ident: str, url: str | None) -> Version:
    """The article in a page."""
    from summarize.archive.pages import page_version  # noqa: PLC0415  # few rows hold pages

    return page_version(text.encode("utf-8"), place, ident, url, charset="utf-8")


def _cell(row: Mapping[str, object], name: str | None) -> object:
    try:
        return None if name is None else value(row, name)
    except KeyError:
        return None


def _words(found: object) -> str | None:
    """A value in words: a thing's name, the first of several; None where it says nothing."""
    for _ in range(_NESTED):
        if isinstance(found, Mapping):
            found = found.get("name")
        elif isinstance(found, list | tuple):
            found = found[0] if found else None
    if found is None or isinstance(found, bool | bytes | Mapping | list | tuple):
        return None
    if isinstance(found, float):
        if found != found:  # noqa: PLR0124  # NaN
            return None
        found = int(found) if found.is_integer() else found  # pandas makes 17.0 of 17 where others are missing
    words = str(found)[: 10 * LONGEST_VALUE]  # white space is folded in what may be kept, whatever was given
    words = " ".join(_NO_TEXT.sub("\ufffd", words).split())[:LONGEST_VALUE]
    return words or None


def _moment(found: object) -> str | None:
    """A date or time: as it stands where it is in words, in ISO 8601 where it is a number or a date."""
    if isinstance(found, date):
        return found.isoformat()
    words = _words(found)
    if words is not None and _CALENDAR.fullmatch(words):
        with suppress(ValueError):  # no day has this number
            day = date.fromisoformat(words[:8]).isoformat()
            return f"{day}T{time.fromisoformat(words[8:]).isoformat()}" if words[8:] else day
    if words is None or not _SECONDS.fullmatch(words):
        return words
    seconds = float(words)
    while seconds > _LATEST:
        seconds /= 1_000
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _type(found: object) -> str:
    """What a value is, in words."""
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    if found is None:
        return "nothing (null)"
    return names.get(type(found), f"a {type(found).__name__}")
