"""The members of a tar, one after another as they stand: it is read once, from front to end, and nothing is unpacked.

Headers are read block by block here rather than by tarfile's TarFile, which keeps every member in memory, believes
whatever size an extended header gives, and takes a damaged header for the end. One header is tarfile's to read.

    header, [extended header, its text,] header, data, padding, …, two empty blocks

Of two members of one name both are members. A sparse file, which is not stored as it is, is refused.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from summarize.archive.members import CHUNK, Member, inside, poured, shown
from summarize.archive.records import Record, refused
from summarize.errors import InputError, NoArticle, RetoldError

_BLOCK = tarfile.BLOCKSIZE
_EXTENDED = {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
_LONGEST = 1_048_576  # bytes of an extended header; that of a real one has a few thousand
_BEHIND = 1_048_576  # bytes looked at behind the end, where some padding is usual
_LINKS = {tarfile.LNKTYPE: "a link to another member", tarfile.SYMTYPE: "a link"}
_OTHERS = {tarfile.CHRTYPE: "a device", tarfile.BLKTYPE: "a device", tarfile.FIFOTYPE: "a pipe", **_LINKS}
_CUT = "the archive is cut off here"
_DAMAGED = "the archive is damaged here"


@dataclass(slots=True)
class _Ahead:
    """What extended headers say of the next member, or why it cannot be read."""

    name: str | None = None
    size: int | None = None
    wrong: str = ""


class _Tape:
    """Bytes that are read once; `body` of them belong to the member that was read last, with padding."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.body, self.padding, self.number = stream, 0, 0, 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer where there are no more."""
        pieces = []
        while size and (piece := self._stream.read(min(size, CHUNK))):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def begin(self, size: int) -> None:
        """A member of `size` bytes begins here."""
        self.body, self.padding = size, -size % _BLOCK
        self.number += 1

    def leave(self) -> bool:
        """Passes what is left of the member. False: the archive ends before."""
        left = self.body + self.padding
        while left and (piece := self._stream.read(min(left, CHUNK))):
            left -= len(piece)
        self.body = self.padding = 0
        self.number += 1
        return not left

    def pieces(self, number: int, place: str) -> Iterator[bytes]:
        """The data of the member with this number, while the tape stands in it."""
        while self.number == number and self.body:
            piece = self._stream.read(min(self.body, CHUNK))
            if not piece:
                raise InputError(_CUT, where=place)
            self.body -= len(piece)
            yield piece
        if self.number != number:
            raise InputError("it was read after the members behind it", where=place)


def members(stream: BinaryIO, place: str) -> Iterator[Member | Record]:
    """The members of the tar in `stream`, which is named `place`; folders in it are none.

    Raises InputError, after all members before, where it is cut off or damaged.
    """
    tape, last, ahead = _Tape(stream), "", _Ahead()
    while (info := _header(tape, place, last)) is not None:
        if info.type in _EXTENDED or info.type in {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}:
            _extend(tape, info, ahead)
        else:
            found = _member(tape, info, ahead, place)
            last, ahead = shown(info.name[-80:]), _Ahead()
            if found is not None:
                yield found
        if not tape.leave():
            raise InputError(_CUT, where=_behind(place, last))
    behind = tape.take(_BEHIND)
    if behind.strip(b"\0"):
        hint = "only what stands before it was read; unpack it with tar --ignore-zeros"
        raise InputError("there is something behind the end of the archive", where=place, hint=hint)


def _header(tape: _Tape, place: str, last: str) -> tarfile.TarInfo | None:
    """The next header; None at the end. Raises InputError where there is neither."""
    block = tape.take(_BLOCK)
    if not block and not last:
        raise InputError("the archive is empty", where=place)
    if len(block) < _BLOCK:
        raise InputError(_CUT, where=_behind(place, last))
    if not block.strip(b"\0"):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError) as error:
        what = _DAMAGED if last else "this is no tar archive, or damaged"
        raise InputError(what, where=_behind(place, last)) from error
    if info.size < 0:
        raise InputError(_DAMAGED, where=_behind(place, last))
    more = info.type == tarfile.GNUTYPE_SPARSE and block[482]
    while more:  # a long map of a sparse file stands between its header and its data
        block = tape.take(_BLOCK)
        more = len(block) == _BLOCK and block[504]
    return info


def _behind(place: str, last: str) -> str:
    return f"{place}, behind {last}" if last else place


def _extend(tape: _Tape, info: tarfile.TarInfo, ahead: _Ahead) -> None:
    """Takes from an extended header what it says of the next member."""
    tape.begin(info.size)
    if info.type in {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK}:
        return
    if info.size > _LONGEST:
        ahead.wrong = f"its extended header has {info.size:,} bytes"
        return
    text = tape.take(info.size)
    tape.body = 0
    if len(text) < info.size:
        return
    if info.type == tarfile.GNUTYPE_LONGNAME:
        ahead.name = text.partition(b"\0")[0].decode("utf-8", "surrogateescape")
        return
    try:
        _pax(text, ahead)
    except ValueError:
        ahead.wrong = "its extended header is damaged"


def _pax(text: bytes, ahead: _Ahead) -> None:
    """Reads `length key=value` lines, the length counting all of the line. Raises ValueError for others."""
    at = 0
    while at < len(text) and text[at]:
        digits = text[at : at + 20].partition(b" ")[0]
        end = at + int(digits)
        key, equals, value = text[at + len(digits) + 1 : end - 1].partition(b"=")
        if not equals or not at < end <= len(text) or text[end - 1 : end] != b"\n":
            raise ValueError("no line of an extended header")
        if key in {b"path", b"GNU.sparse.name"}:
            ahead.name = value.decode("utf-8", "surrogateescape")
        elif key == b"size":
            ahead.size = int(value)
        elif key.startswith(b"GNU.sparse."):
            ahead.wrong = "a sparse file"
        at = end


def _member(tape: _Tape, info: tarfile.TarInfo, ahead: _Ahead, archive: str) -> Member | Record | None:
    """The member that a header begins; None for a folder."""
    size = info.size if ahead.size is None else ahead.size
    if size < 0:
        raise InputError(_DAMAGED, where=f"{archive}!{shown(info.name[-80:])}")
    stored = info.type not in _OTHERS and info.type != tarfile.DIRTYPE
    tape.begin(size if stored else 0)
    info.name = info.name if ahead.name is None else ahead.name
    if info.type == tarfile.DIRTYPE or (info.name.endswith("/") and not size):
        return None
    try:
        name = inside(info.name, archive)
    except RetoldError as error:
        return refused(error.where, error)
    place = f"{archive}!{name}"
    if info.type == tarfile.GNUTYPE_SPARSE or ahead.wrong:
        return refused(place, InputError(ahead.wrong or "a sparse file", where=place))
    if info.type not in tarfile.REGULAR_TYPES:
        why = _OTHERS.get(info.type, f"a member of the type {shown(info.type.decode('latin-1'))}")
        return refused(place, NoArticle(why, where=place))
    return Member(name, place, partial(_opened, tape, tape.number, place), size)


def _opened(tape: _Tape, number: int, place: str) -> BinaryIO:
    return poured(tape.pieces(number, place))
