"""The table of contents at the end of a ZIP, entry by entry, without keeping it.

Python's zipfile keeps all of it, some 600 bytes for each member, and gives up on the whole archive where one entry is
wrong. Here an archive of a million members takes the eight bytes of each that tell where the next one begins.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from summarize.errors import InputError

LOCAL: Final = struct.Struct("<4s2B4HL2L2H")  # what stands before a member's data
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_WANTED = (2, 5, 6, 9, 10, 11, 12, 13, 14)  # system, flags, method, checksum, sizes, lengths of what follows
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_COMMENT = 65_535  # bytes of the longest comment behind the end
_LONGEST = _ENTRY.size + 3 * 65_535  # bytes of the longest entry
_FULL = 0xFFFFFFFF  # the number stands elsewhere, in 64 bits
_UNICODE = 0x800
_UNIX = 3
_FARTHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as the table says.

    `raw` is its name in bytes; `packed` and `size` are bytes before and after unpacking; its own header stands at
    `start` in the file; `mode` is what Unix knows of it (0 without).
    """

    raw: bytes
    flags: int
    method: int
    check: int
    packed: int
    size: int
    start: int
    mode: int

    @property
    def name(self) -> str:
        """Its name: UTF-8 where it is that, as many tools write it without saying so, else the code page 437."""
        try:
            found = self.raw.decode("utf-8")
        except UnicodeDecodeError:
            unicode = self.flags & _UNICODE
            found = self.raw.decode("utf-8", "surrogateescape") if unicode else self.raw.decode("cp437")
        return found.replace("\\", "/")  # as .NET once wrote them; the format knows no other separator


class Directory(NamedTuple):
    """Where the table stands: `size` bytes from `start`; starts in it count from `shift`; it has `number` entries."""

    start: int
    size: int
    shift: int
    number: int


def directory(stream: BinaryIO, place: str) -> Directory:
    """Finds the table of contents. Raises InputError where there is none."""
    length = stream.seek(0, 2)
    tail_start = max(0, length - _END.size - _COMMENT)
    stream.seek(tail_start)
    tail = stream.read(_END.size + _COMMENT)
    at = tail.rfind(b"PK\5\6", 0, max(0, len(tail) - _END.size + 4))
    if at < 0:
        hint = "get it again, or mend it with zip -FF"
        raise InputError("the ZIP is cut off or damaged: it has no table of contents", where=place, hint=hint)
    _, disk, _, _, count, size, offset, _ = _END.unpack_from(tail, at)
    start, found = _end64(stream, tail_start + at, (size, offset, count))
    if disk and start == tail_start + at:
        raise InputError("this is one part of a ZIP in several", where=place, hint="join them with zip -s 0 --out")
    size, offset, count = found
    shift = start - size - offset
    if start < size or shift < 0:
        raise InputError("the ZIP is damaged: its table of contents is not where it says", where=place)
    return Directory(start - size, size, shift, count)


def _end64(stream: BinaryIO, start: int, found: tuple[int, int, int]) -> tuple[int, tuple[int, int, int]]:
    """The numbers in 64 bits that stand before the end, if they do."""
    before = _LOCATOR.size + _END64.size
    if start < before:
        return start, found
    stream.seek(start - before)
    raw = stream.read(before)
    if len(raw) < before or raw[:4] != b"PK\6\6" or raw[_END64.size : _END64.size + 4] != b"PK\6\7":
        return start, found
    *_, count, size, offset = _END64.unpack_from(raw)
    return start - before, (size, offset, count)


def entries(stream: BinaryIO, table: Directory, place: str) -> Iterator[Entry]:
    """The entries of the table, as they stand in it. Raises InputError where it is damaged, after those before."""
    read, end, found = table.start, table.start + table.size, 0
    held, at = b"", 0
    while read < end or at < len(held):
        if len(held) - at < _LONGEST and read < end:
            stream.seek(read)
            piece = stream.read(min(end - read, 4 * _LONGEST))
            held, at, read = held[at:] + piece, 0, read + len(piece) if piece else end
        entry, length = _entry(held, at, table.shift)
        if entry is None:
            what = f"the table of contents is damaged: {found:,} of {table.number:,} members can be found"
            raise InputError(what, where=place)
        yield entry
        at, found = at + length, found + 1
    if (found - table.number) % 65_536:  # old tools count no further
        what = f"the table of contents has {found:,} members and says {table.number:,}"
        raise InputError(what, where=place)


def _entry(held: bytes, at: int, shift: int) -> tuple[Entry | None, int]:
    """The entry that stands at `at`, if one does, and its length in bytes."""
    if len(held) - at < _ENTRY.size or held[at : at + 4] != b"PK\1\2":
        return None, 0
    numbers = _ENTRY.unpack_from(held, at)
    system, flags, method, check, packed, size, named, extra, comment = (numbers[i] for i in _WANTED)
    name_end = at + _ENTRY.size + named
    length = _ENTRY.size + named + extra + comment
    if len(held) - at < length:
        return None, 0
    size, packed, start = _sizes(held[name_end : name_end + extra], (size, packed, numbers[-1]))
    mode = numbers[-2] >> 16 if system == _UNIX else 0
    raw = held[at + _ENTRY.size : name_end]
    return Entry(raw, flags, method, check, packed, size, min(start + shift, _FARTHEST), mode), length


def _sizes(extra: bytes, sizes: tuple[int, int, int]) -> tuple[int, int, int]:
    """`sizes` with those that stand in the extra field, in 64 bits, put in."""
    while len(extra) >= 4 and _FULL in sizes:  # noqa: PLR2004
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 1:
            longer = iter(struct.unpack_from(f"<{min(length, len(extra) - 4) // 8}Q", extra, 4))
            first, second, third = (next(longer, size) if size == _FULL else size for size in sizes)
            return first, second, third
        extra = extra[4 + length :]
    return sizes


def starts(found: Iterator[Entry]) -> array[int]:
    """Where members start, in order. What damages the table ends it: the members are drawn once more, and say so."""
    known = array("Q")
    sorted_so_far = True
    try:
        for entry in found:
            sorted_so_far = sorted_so_far and (not known or known[-1] <= entry.start)
            known.append(entry.start)
    except InputError:
        pass
    return known if sorted_so_far else array("Q", sorted(known))
