"""The members of a ZIP, in the order of its table of contents. Nothing is unpacked to disk.

A member is read as far as the table says it is long, and not into the next one: what is longer, overlaps another
(as bombs do), or has another checksum is refused by itself, and the others are read.
"""

from __future__ import annotations

import stat
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from summarize.archive.members import CHUNK, Member, inside, poured
from summarize.archive.records import Record, refused
from summarize.archive.zip_directory import LOCAL, Directory, Entry, directory, entries, starts
from summarize.errors import InputError, NoArticle, RetoldError

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_CUT = "the member is cut off or damaged"


def members(stream: BinaryIO, place: str) -> Iterator[Member | Record]:
    """The members of the ZIP in `stream`, which is named `place` and can be moved about in; folders in it are none.

    Raises InputError, after all members before, where the table of contents is damaged or missing.
    """
    if not stream.seekable():
        hint = "save it as a file first, or send a tar"
        raise InputError("a ZIP is read from its end, which a pipe does not show", where=place, hint=hint)
    table = directory(stream, place)
    known = starts(entries(stream, table, place))
    for entry in entries(stream, table, place):
        found = _member(stream, entry, _limit(known, table, entry), place)
        if found is not None:
            yield found


def _limit(known: array[int], table: Directory, entry: Entry) -> int:
    """Where the next member begins, or the table; 0 where another member begins in the same place."""
    behind = bisect_right(known, entry.start)
    if behind - bisect_left(known, entry.start) > 1:
        return 0
    return min(known[behind], table.start) if behind < len(known) else table.start


def _member(stream: BinaryIO, entry: Entry, limit: int, archive: str) -> Member | Record | None:
    """The member of an entry; None for a folder."""
    if entry.name.endswith("/") and not entry.size:
        return None
    try:
        name = inside(entry.name, archive)
    except RetoldError as error:
        return refused(error.where, error)
    place = f"{archive}!{name}"
    if stat.S_IFMT(entry.mode) not in {0, stat.S_IFREG}:
        why = "a link" if stat.S_ISLNK(entry.mode) else "a folder, pipe or device"
        return refused(place, NoArticle(why, where=place))
    return Member(name, place, partial(_opened, stream, entry, limit, place), entry.size)


def _opened(stream: BinaryIO, entry: Entry, limit: int, place: str) -> BinaryIO:
    if entry.flags & _ENCRYPTED:
        raise InputError("the member is encrypted", where=place, hint="unpack the archive with its password first")
    if entry.method not in {_STORED, _DEFLATED, _BZIP2}:
        method = _METHODS.get(entry.method, f"method {entry.method}")
        raise InputError(f"compressed with {method}, which is not read", where=place, hint="pack it with Deflate")
    return poured(_checked(_unpacked(_raw(stream, entry, limit, place), entry.method), entry, place))


def _raw(stream: BinaryIO, entry: Entry, limit: int, place: str) -> Iterator[bytes]:
    """The bytes of a member as they are packed."""
    stream.seek(entry.start)
    header = stream.read(LOCAL.size)
    if len(header) < LOCAL.size or header[:4] != b"PK\3\4":
        raise InputError("the member is not where the table of contents says", where=place)
    named, extra = LOCAL.unpack(header)[-2:]
    if stream.read(named) != entry.raw:
        raise InputError("the member has another name than in the table of contents", where=place)
    at = entry.start + LOCAL.size + named + extra
    end = at + entry.packed
    if end > limit:
        raise InputError("the member overlaps another one", where=place)
    while at < end:
        stream.seek(at)  # what is read between two pieces may have moved it
        piece = stream.read(min(CHUNK, end - at))
        if not piece:
            raise InputError(_CUT, where=place)
        at += len(piece)
        yield piece


def _unpacked(raw: Iterator[bytes], method: int) -> Iterator[bytes]:
    """The bytes of a member, at most CHUNK at once."""
    if method == _STORED:
        yield from raw
    elif method == _DEFLATED:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        for piece in raw:
            yield inflate.decompress(piece, CHUNK)
            while inflate.unconsumed_tail:
                yield inflate.decompress(inflate.unconsumed_tail, CHUNK)
        while rest := inflate.decompress(b"", CHUNK):
            yield rest
    else:
        import bz2  # noqa: PLC0415  # not in every build of Python

        unpack = bz2.BZ2Decompressor()
        for piece in raw:
            given = piece
            while given or not (unpack.needs_input or unpack.eof):
                yield unpack.decompress(given, CHUNK)
                given = b""
                if unpack.eof:
                    return


def _checked(pieces: Iterator[bytes], entry: Entry, place: str) -> Iterator[bytes]:
    """`pieces`. Raises InputError where they are not what the table of contents says."""
    size = check = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > entry.size:
                raise InputError("the member is longer than it says", where=place)
            check = zlib.crc32(piece, check)
            yield piece
    except (zlib.error, OSError, EOFError) as error:
        raise InputError(_CUT, where=place) from error
    if size != entry.size or check != entry.check:
        raise InputError(_CUT, where=place)
