"""Parquet: the rows of a columnar file, only the columns that are used, a few rows at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Final

from summarize.archive.columns import Cells, Columns, Row, names_of, settled, shown, unreadable
from summarize.errors import InputError

_ROWS: Final = 64  # at a time
_BUFFER: Final = 1 << 20  # bytes of a column that are read at a time
_IN_MEMORY: Final = 16 << 20  # bytes of a stream that goes only forward; the rest goes to disk


def _installed(place: str) -> None:
    """Raises InputError where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415  # an extra: is it there?
    except ImportError as error:
        what = "pyarrow, which reads Parquet, is not installed"
        raise InputError(what, where=place, hint="pip install 'retold[parquet]'") from error


def rows(stream: BinaryIO, place: str, given: Columns, note: Callable[[str], None]) -> Iterator[Row]:
    """The rows of a Parquet file, each at `place`:row, counted from 1.

    A stream that cannot go back is copied to a temporary file first. A file that cannot be read, or has no column
    for the text, is one row that says so; so is what cannot be read of a row group, and the next one is read.
    Raises InputError where pyarrow is not installed.
    """
    _installed(place)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        try:
            file = _opened(stream if _goes_back(stream) else _copied(stream, copy), place)
            columns = settled(_names(file.schema_arrow, given), given, place)
        except InputError as error:
            yield unreadable(place, error)
            return
        note(f"{place}: {columns.told()}")
        start = 1
        for group in range(file.metadata.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            yield from _group(file, group, columns, (place, start, start + count - 1))
            start += count


def _goes_back(stream: BinaryIO) -> bool:
    try:
        return stream.seekable()
    except Exception:  # noqa: BLE001  # not every file-like thing can be asked
        return False


def _copied(stream: BinaryIO, copy: Any) -> BinaryIO:  # noqa: ANN401  # a SpooledTemporaryFile is no BinaryIO to mypy
    shutil.copyfileobj(stream, copy, _BUFFER)
    copy.seek(0)
    found: BinaryIO = copy
    return found


def _opened(stream: BinaryIO, place: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    import pyarrow.parquet as pq  # noqa: PLC0415  # an extra

    try:
        return pq.ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False)
    except InputError:
        raise
    except Exception as error:  # pyarrow's own, and those of the stream
        raise InputError(f"this is no Parquet file that can be read: {_reason(error)}", where=place) from error


def _names(schema: Any, given: Columns) -> tuple[str, ...]:  # noqa: ANN401
    """The names in the rows of such a table, as if one were an object."""
    return names_of({column.name: _shape(column.type) for column in schema}, given)


def _shape(kind: Any) -> object:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # an extra

    return {inner.name: _shape(inner.type) for inner in kind} if pa.types.is_struct(kind) else None


def _group(file: Any, group: int, columns: Columns, span: tuple[str, int, int]) -> Iterator[Row]:  # noqa: ANN401
    """The rows of one row group: rows `span[1]` to `span[2]` of the file at `span[0]`."""
    place, row, last = span
    used = sorted(set(columns.named().values()))
    try:
        for batch in file.iter_batches(_ROWS, row_groups=[group], columns=used, use_threads=False):
            taken = {name: _plain(batch.column(i)) for i, name in enumerate(batch.schema.names)}
            for at in range(batch.num_rows):
                where = f"{place}:{row}"
                yield Row(where, partial(_cells, taken, at, columns, where))
                row += 1
    except Exception as error:  # noqa: BLE001  # pyarrow's own, and those of the stream
        rest = f"rows {row} to {last} cannot be read" if last > row else "this row cannot be read"
        where = f"{place}:{row}"
        yield unreadable(where, InputError(f"{rest}: {_reason(error)}", where=where))


def _plain(column: Any) -> Any:  # noqa: ANN401
    """Times in microseconds: Python has no smaller ones; zones it may not know become UTC."""
    import pyarrow as pa  # noqa: PLC0415  # an extra

    if not pa.types.is_timestamp(column.type):
        return column
    return column.cast(pa.timestamp("us", "UTC" if column.type.tz else None), safe=False)


def _cells(taken: Mapping[str, Any], at: int, columns: Columns, where: str) -> Cells:
    values: dict[str, object] = {}
    for name, column in taken.items():
        try:
            found = column[at].as_py()
        except Exception as error:  # a value that Python cannot hold, or text that is no UTF-8
            what = f"the value in “{shown(name)}” cannot be read: {_reason(error)}"
            raise InputError(what, where=where) from error
        values[name] = _text(found) if isinstance(found, bytes) else found
    return Cells(values, columns)


def _text(found: bytes) -> str | bytes:
    """What some writers call bytes is text."""
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError:
        return found


def _reason(error: Exception) -> str:
    return shown(str(error) or type(error).__name__, 200)
