r"""Tables as files: JSON Lines, CSV and Parquet, written row by row, whole or not at all.

What no UTF-8 can hold (half a surrogate pair) becomes U+FFFD in all three. A line of JSON Lines is one row, by
anybody's count of lines. CSV is RFC 4180's in UTF-8 with "\n" between rows; a value that is not known is an empty
cell, an empty text is `""`. Parquet has the declared types and each column's description.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, TypeAlias

from summarize.errors import LedgerError, SettingsError
from summarize.tables.columns import TABLES, Column, Row

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema

Form = Literal["jsonl", "csv", "parquet"]
TextForm = Literal["jsonl", "csv"]
Value: TypeAlias = "str | int | float | None"

GROUP_ROWS: Final = 20_000  # of a row group of Parquet: what is held in memory, with …
GROUP_CHARS: Final = 8_000_000  # … so many code points at most, and one row more
_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_HALF: Final = re.compile("[\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("[\x7f-\x9f\u2028\u2029]")  # not escaped by json: line ends to some, orders to terminals
_QUOTED: Final = re.compile(r'[",;\t\r\n]|^\s|\s$')
# What spreadsheets pass over before a formula: white space, controls, characters of no width.
_PASSED: Final = "[\\s\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffd]*"
_FORMULA: Final = re.compile(f"'*(?:[\t\r\n]|{_PASSED}[=+\\-@＝＋－＠])")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def write(name: str, rows: Iterable[Row], path: Path, form: Form) -> int:
    """Write a table's `rows` to `path`; how many there were.

    What was there is replaced when all is written, and stays if anything fails on the way; into a device or a pipe
    it is written as it comes. Raises SettingsError where `path` cannot be written, the table is none, or pyarrow
    is missing; LedgerError for a row that does not fit the table.
    """
    counted = _Counted(rows)
    put = _parquet(name, counted) if form == "parquet" else _text(lines(name, counted, form))
    target = path.resolve()
    beside = target.with_name(f".retold.{os.getpid()}.tmp")
    try:
        if path.exists() and not path.is_file():
            _put(path, put)
            return counted.count
        try:
            _put(beside, put)
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o7777)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        hint = "is the disk full? make room, and export again" if error.errno in _FULL else ""
        raise SettingsError(f"cannot write: {error.strerror or error}", where=str(path), hint=hint) from error
    return counted.count


def lines(name: str, rows: Iterable[Row], form: TextForm) -> Iterator[str]:
    """A table as text, a row at a time with its line end; CSV has a header. Raises as `write` does."""
    columns = _columns(name)
    return _jsonl(name, columns, rows) if form == "jsonl" else _csv(name, columns, rows)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula: such a one gets an apostrophe before it.

    A formula begins with = + - @ (full-width ones too, and after white space or what cannot be seen), a tab or a
    line end; a plain number ("-5") is none. Apostrophes before all that count as part of it, so that `unguarded`
    is exact. NUL, on which readers of CSV stop, becomes U+FFFD.
    """
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell of: without its first apostrophe if a formula comes after those."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _columns(name: str) -> tuple[Column, ...]:
    if name not in TABLES:
        raise SettingsError(f"there is no table {name!r}", hint=f"there are {', '.join(TABLES)}")
    return TABLES[name]


def _jsonl(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    names = [column.name for column in columns]
    for row in _checked(name, columns, rows):
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False)
        yield _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n"


def _csv(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    yield ",".join(column.name for column in columns) + "\n"
    for row in _checked(name, columns, rows):
        yield ",".join(map(_cell, row)) + "\n"


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    cell = guarded(value)
    return '"{}"'.format(cell.replace('"', '""')) if not cell or _QUOTED.search(cell) else cell


def _checked(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[tuple[Value, ...]]:
    """The rows with values of the declared kinds. Raises LedgerError for a row that has others."""
    fit = [_FIT[column.kind] for column in columns]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            what = f"row {number} of the table {name} has {len(row)} values, not {len(columns)}"
            raise LedgerError(what, hint="the file was changed by something else, or is damaged")
        try:
            yield tuple(None if value is None else as_kind(value) for as_kind, value in zip(fit, row, strict=True))
        except (TypeError, ValueError) as error:
            what = f"row {number} of the table {name} has a value of another kind: {error}"
            raise LedgerError(what, hint="the file was changed by something else, or is damaged") from error


def _as_text(value: Value) -> Value:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value if value.isascii() else _HALF.sub("\ufffd", value)


def _as_integer(value: Value) -> Value:
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise TypeError(f"{value!r:.80} is no whole number of 64 bits")
    return int(value)


def _as_real(value: Value) -> Value:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r:.80} is no number")
    return float(value) if math.isfinite(value) else None


_FIT: Final[dict[str, Callable[[Value], Value]]] = {"text": _as_text, "integer": _as_integer, "real": _as_real}


def _text(pieces: Iterable[str]) -> Callable[[BinaryIO], None]:
    return lambda file: file.writelines(piece.encode("utf-8") for piece in pieces)


def _put(path: Path, put: Callable[[BinaryIO], None]) -> None:
    with path.open("wb") as file:
        put(file)


def _parquet(name: str, rows: Iterable[Row]) -> Callable[[BinaryIO], None]:
    """What writes the rows as Parquet. Raises SettingsError where pyarrow is missing."""
    columns = _columns(name)
    try:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415  # an extra, and slow to import
    except ImportError as error:
        hint = "pip install 'retold[parquet]', or export as jsonl or csv"
        raise SettingsError("writing Parquet needs pyarrow, which is not installed", hint=hint) from error
    schema = _schema(columns)

    def put(file: BinaryIO) -> None:
        with ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in _batches(schema, _checked(name, columns, rows)):
                writer.write_batch(batch)

    return put


def _schema(columns: Sequence[Column]) -> Schema:
    import pyarrow as pa  # noqa: PLC0415  # an extra, and slow to import

    kinds = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64()}
    return pa.schema([pa.field(c.name, kinds[c.kind], metadata={"description": c.about}) for c in columns])


def _batches(schema: Schema, rows: Iterable[tuple[Value, ...]]) -> Iterator[RecordBatch]:
    """Rows by the group, each of bounded size."""
    import pyarrow as pa  # noqa: PLC0415  # an extra, and slow to import

    def batch() -> RecordBatch:
        columns = zip(zip(*held, strict=True), schema, strict=True)
        return pa.record_batch([pa.array(values, field.type) for values, field in columns], schema=schema)

    held: list[tuple[Value, ...]] = []
    chars = 0
    for row in rows:
        held.append(row)
        chars += sum(len(value) for value in row if isinstance(value, str))
        if len(held) >= GROUP_ROWS or chars >= GROUP_CHARS:
            yield batch()
            held, chars = [], 0
    if held:
        yield batch()


class _Counted:
    """Rows, counted as they are drawn."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row
