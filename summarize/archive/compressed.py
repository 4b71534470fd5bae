"""Compressed data as the plain data in it, bit by bit: gzip, zstd, bzip2, xz.

Everything good is given out before what is wrong is raised, so that whole lines before the damage can be read.
Memory is bounded whatever the data claims: output comes in parts, windows have a limit, and what unpacks to
hundreds of times its size is refused once it is large.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Protocol, cast

from summarize.archive.members import PACKINGS
from summarize.errors import InputError

RATIO: Final = 500  # times its own size that data may unpack to, once it has unpacked to
FREE: Final = 64 << 20  # bytes
_MEMORY: Final = 128 << 20  # bytes that a window may take: what zstd's own program allows
_PART: Final = 1 << 20  # bytes of output at a time
_GZIP_SLICE: Final = 16_384
# What unpacks from the slice in which damage shows is lost, and zstd bounds its output by its input alone:
# 256 bytes are 64 blocks of 128 KiB at most.
_SLICE: Final = 256
_READ: Final = 65_536


class _Unpacker(Protocol):
    """What bz2's and lzma's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Gzip:
    """One member of a gzip file. zlib throws away the good output of a call that fails, so that is had again."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(31)
        self._tail = b""
        self._more = False
        self._fault: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._zlib.eof and self._fault is None

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._more

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        if self._fault is not None:
            raise self._fault
        data, before = self._tail + data, self._zlib.copy()
        try:
            found = self._zlib.decompress(data, max_length)
        except zlib.error as error:
            self._fault, self._more = error, True
            return _salvaged(before, data)
        self._tail = self._zlib.unconsumed_tail
        self._more = bool(self._tail) or len(found) == max_length
        return found


def _salvaged(before: zlib._Decompress, data: bytes) -> bytes:
    """What `data` unpacks to up to the byte that cannot be right."""
    found = bytearray()
    try:
        for at in range(len(data)):
            found += before.decompress(data[at : at + 1])
    except zlib.error:
        pass
    return bytes(found)


class _Zstd:
    """One frame of a zstd file."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard  # noqa: PLC0415  # an extra

        self._object = zstandard.ZstdDecompressor(max_window_size=_MEMORY).decompressobj()

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    def decompress(self, data: bytes, _max_length: int = -1, /) -> bytes:
        return self._object.decompress(data)


def plain(stream: BinaryIO, suffix: str, place: str) -> BinaryIO:
    """What `stream` holds unpacked, to be read once from its start to its end; `stream` itself is left open.

    `suffix` is one of PACKINGS. A read gives less than was asked for rather than lose anything: InputError (cut off,
    damaged, unpacks to too much, needs too much memory), with `place` in it, comes from the first read that finds
    nothing before it, and from each after that. Raises InputError at once where the suffix is none of these or
    the extra for zstd is missing.
    """
    opened, size = _opener(suffix.lower(), place)
    return cast("BinaryIO", _Plain(_unpacked(_slices(stream, size, place), opened, place)))


def _opener(suffix: str, place: str) -> tuple[Callable[[], _Unpacker], int]:
    """What unpacks one member or frame, and how many bytes it is fed at a time."""
    if suffix == ".gz":
        return _Gzip, _GZIP_SLICE
    if suffix == ".bz2":
        import bz2  # noqa: PLC0415  # not in every build of Python

        return bz2.BZ2Decompressor, _SLICE
    if suffix == ".xz":
        import lzma  # noqa: PLC0415  # not in every build of Python

        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), _SLICE
    if suffix != ".zst":
        raise InputError(f"nothing is known that unpacks {suffix}", where=place, hint="one of " + ", ".join(PACKINGS))
    try:
        import zstandard  # noqa: F401, PLC0415  # an extra: is it there?
    except ImportError as error:
        what = "zstandard, which unpacks .zst, is not installed"
        raise InputError(what, where=place, hint="pip install 'retold[zstd]'") from error
    return _Zstd, _SLICE


class _Plain(io.BufferedIOBase):
    """Parts of data as a stream that gives what it has before it raises."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._held, self._at = b"", 0
        self._fault: InputError | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = -1 if size is None or size < 0 else size
        found: list[bytes] = []
        while wanted and self._more():
            end = len(self._held) if wanted < 0 else min(len(self._held), self._at + wanted)
            found.append(self._taken(end))
            wanted -= len(found[-1]) if wanted > 0 else 0
        return self._given(found, size)

    def read1(self, size: int = -1, /) -> bytes:
        found = []
        if size and self._more():
            found = [self._taken(len(self._held) if size < 0 else min(len(self._held), self._at + size))]
        return self._given(found, size)

    def _more(self) -> bool:
        if self._at < len(self._held):
            return True
        if self._fault is not None:
            return False
        try:
            self._held, self._at = next(self._parts, b""), 0
        except InputError as error:
            self._fault = error
            return False
        return bool(self._held)

    def _taken(self, end: int) -> bytes:
        found, self._at = self._held[self._at : end], end
        return found

    def _given(self, found: list[bytes], size: int | None) -> bytes:
        if not found and size != 0 and self._fault is not None:
            raise self._fault
        return b"".join(found)


def _slices(stream: BinaryIO, size: int, place: str) -> Iterator[bytes]:
    """The bytes of `stream`, `size` at a time. Raises InputError where it cannot be read."""
    while True:
        try:
            data = stream.read(_READ)
        except InputError:
            raise
        except Exception as error:  # whatever the source is made of
            raise InputError(f"this cannot be read further: {error}", where=place) from error
        if not data:
            return
        for at in range(0, len(data), size):
            yield data[at : at + size]


def _unpacked(slices: Iterator[bytes], opened: Callable[[], _Unpacker], place: str) -> Iterator[bytes]:
    """What all members unpack to, one after another, in parts that are not empty."""
    unpacker: _Unpacker | None = None
    taken = given = members = 0
    for slice_ in slices:
        data = slice_
        while data:
            if unpacker is None:
                data = data.lstrip(b"\0") if members else data  # padding between members and behind the last
                if not data:
                    break
                unpacker, members = opened(), members + 1
            for part in _drained(unpacker, data, place):
                given += len(part)
                if given > FREE and given > RATIO * (taken + len(slice_)):
                    raise InputError(f"this unpacks to more than {RATIO} times its size", where=place)
                yield part
            data = unpacker.unused_data if unpacker.eof else b""
            unpacker = None if unpacker.eof else unpacker
        taken += len(slice_)
    if unpacker is not None or not taken:
        raise InputError("the archive is cut off here", where=place)


def _drained(unpacker: _Unpacker, data: bytes, place: str) -> Iterator[bytes]:
    """What `data` unpacks to, until the unpacker asks for more."""
    while True:
        try:
            part = unpacker.decompress(data, _PART)
        except Exception as error:  # each library has its own
            raise _damaged(error, place) from error
        if part:
            yield part
        if unpacker.eof or unpacker.needs_input:
            return
        data = b""


def _damaged(error: Exception, place: str) -> InputError:
    if "emory" in str(error):
        return InputError(f"unpacking this takes more than {_MEMORY >> 20} MB of memory", where=place)
    return InputError(f"the compressed data is damaged: {error}", where=place)
