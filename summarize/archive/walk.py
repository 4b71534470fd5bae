"""Any source, record by record: a folder, a file of any kind, an archive, standard input, an address.

    source ─┬─ folder, ZIP, tar ─▶ members ─┐ by the ending of each name
            ├─ one file ────────────────────┼─▶ text, page ──────────▶ one record
            ├─ scheme://… ──▶ remote ───────┤   rows, WARC ──────────▶ a record for each in it
            └─ "-" ─▶ by its first bytes ───┘   ZIP, tar in a folder ▶ its members; in an archive: refused

Once begun nothing is raised but a stop: what breaks in one place is a record that says so, and the next place is read.
"""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from summarize.archive import folders, tarred, zipped
from summarize.archive.files import version_of
from summarize.archive.members import (
    CHUNK,
    Kind,
    Member,
    Reader,
    as_input,
    capped,
    failure,
    kind_of,
    poured,
    shown,
    unread,
)
from summarize.archive.records import MAX_BYTES, PUBLIC, Record, Web, refused, too_long
from summarize.errors import InputError, NoArticle

if TYPE_CHECKING:
    from summarize.archive.columns import Columns
    from summarize.news import Version

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_PIPED = "standard input"
_HEAD = 512  # bytes that tell what a stream holds; a tar's mark stands at 257
_BLANK = b" \t\r\n\xef\xbb\xbf"
_SEPARATORS = re.compile("[,;\t|]")
_OBJECTS = re.compile(rb"[ \t\r\n\xef\xbb\xbf]*(?:\{|\[\s*\{)")
_PACKED = ((b"\x1f\x8b", ".gz"), (b"\x28\xb5\x2f\xfd", ".zst"), (b"BZh", ".bz2"), (b"\xfd7zXZ\0", ".xz"))
_MARKS: tuple[tuple[bytes, Reader], ...] = (
    (b"PK\3\4", "zip"), (b"PK\5\6", "zip"), (b"PAR1", "parquet"), (b"WARC/", "warc"),
)  # fmt: skip
_KNOWN = ".txt .md .html .jsonl .csv .tsv .parquet .warc .zip .tar, most also with .gz or .zst"


def records(
    source: str, columns: Columns | None = None, *, note: Callable[[str], None] = lambda _: None, web: Web = PUBLIC
) -> Iterator[Record]:
    """All that is in `source`, in an order that is the same each time; `columns` name what rows hold.

    `web` says what may be fetched where it lies on a web server. `note` is told, in one line each, what a user may
    want to know of how it is read. Raises InputError at once where there is no such source or its name is of no known
    kind; later, what is wrong is a record that says so.
    """
    way = _Way(columns, note, web)
    place = shown(source)
    if source == "-":
        return _guarded(way.piped(), _PIPED)
    if _ADDRESS.match(source):
        from summarize.archive.addresses import told  # noqa: PLC0415  # the network

        return _guarded(way.remote(source), told(source))
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            raise failure(error, place) from error
        raise InputError("there is no such file or folder", where=place) from error
    if stat.S_ISDIR(mode):
        return _guarded(way.all(folders.members(source)), place)
    if not stat.S_ISREG(mode):
        return _guarded(way.special(path), place)
    if kind_of(path.name) is None:
        raise _unknown(place)
    return _guarded(way.member(Member(shown(path.name), place, lambda: path.open("rb"))), place)


@dataclass(frozen=True, slots=True)
class _Way:
    """From sources and members to records."""

    columns: Columns | None
    note: Callable[[str], None]
    web: Web

    def all(self, found: Iterator[Member | Record], *, within: bool = False) -> Iterator[Record]:
        """The records of members, `within` an archive or else in a folder."""
        for one in found:
            if isinstance(one, Record):
                yield one
            elif why := unread(one.name):
                yield refused(one.place, NoArticle(why, where=one.place))
            else:
                yield from _guarded(self.member(one, within=within), one.place)

    def member(self, member: Member, *, within: bool = False) -> Iterator[Record]:
        """The records of one file. Raises InputError where its name is of no known kind."""
        kind = kind_of(member.name)
        if kind is None:
            raise _unknown(member.place)
        if kind.reader in {"text", "page"}:
            yield Record(member.place, partial(_article, member, kind))
        elif within and kind.reader in {"zip", "tar", "parquet"}:
            what = "a Parquet file inside an archive" if kind.reader == "parquet" else "an archive inside an archive"
            raise InputError(what, where=member.place, hint="unpack the outer one to a folder first")
        else:
            with member.opened() as stream:
                yield from self.many(kind.reader, _unpacked(stream, kind, member.place), member.place)

    def many(self, reader: Reader, stream: BinaryIO, place: str) -> Iterator[Record]:
        """The records of a stream that holds many."""
        if reader == "zip":
            return self.all(zipped.members(stream, place), within=True)
        if reader == "tar":
            return self.all(tarred.members(stream, place), within=True)
        if reader == "warc":
            from summarize.archive import warc  # noqa: PLC0415  # few archives are

            return warc.records(stream, place)
        if reader == "text" or reader == "page":  # noqa: PLR1714  # mypy sees what is left
            raise ValueError("one article, not many")
        from summarize.archive import rows  # noqa: PLC0415  # few archives are

        return rows.records(reader, stream, place, self.columns, self.note)

    def special(self, path: Path) -> Iterator[Record]:
        """A pipe with a name, such as the shell makes for <(…)."""
        with path.open("rb") as stream:
            yield from self.sniffed(stream, shown(str(path)))

    def piped(self) -> Iterator[Record]:
        """Standard input."""
        if sys.stdin is None:
            raise InputError("standard input is closed", where=_PIPED)
        yield from self.sniffed(sys.stdin.buffer, _PIPED)

    def sniffed(self, stream: BinaryIO, place: str, *, packed: bool = False) -> Iterator[Record]:
        """A stream without a name, by its first bytes: an archive, rows if an object comes first, else one article."""
        head = _head(stream)
        whole = poured(chain([head], iter(partial(_some, stream), b"")))
        packing = next((suffix for magic, suffix in _PACKED if head.startswith(magic)), "")
        if packing and not packed:
            yield from self.sniffed(_unpacked(whole, Kind("text", "", packing), place), place, packed=True)
            return
        reader = next((reader for magic, reader in _MARKS if head.startswith(magic)), None)
        if head[257:262] == b"ustar":
            reader = "tar"
        elif _OBJECTS.match(head):
            reader = "jsonl"
        elif reader is None and self.is_headed(head):
            reader = "csv"  # a tab is one of the separators that it looks for
        if reader is None:
            yield Record(place, partial(_piped_article, whole, head, place))
        else:
            ends = reader in {"zip", "parquet"} and stream.seekable()
            yield from self.many(reader, stream if ends else whole, place)

    def is_headed(self, head: bytes) -> bool:
        """Whether a stream begins with the names of columns, of which one holds texts and another something else."""
        line = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
        names = [name.strip(' "\r') for name in _SEPARATORS.split(line)]
        from summarize.archive.columns import Columns, guessed  # noqa: PLC0415  # few streams are asked

        found = guessed(names, self.columns or Columns()).named()
        return "text" in found and len(found) > 1 and set(found.values()) <= set(names)

    def remote(self, address: str) -> Iterator[Record]:
        """What is at an address, or below it."""
        from summarize.archive import remote  # noqa: PLC0415  # the network, and in part an extra

        for url in remote.listed(address):
            member = _addressed(url, address, partial(remote.opened, private=self.web.private, most=self.web.most))
            yield from self.all(iter([member])) if url != address else self.member(member)


def _addressed(url: str, listed: str, opened: Callable[[str], AbstractContextManager[BinaryIO]]) -> Member:
    """What is at one of the addresses that are `listed` below another, or is the same."""
    from summarize.archive.addresses import told  # noqa: PLC0415  # the network

    web = url.lower().startswith(("http://", "https://"))
    if web:
        parts = urlsplit(url)
        name = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc.rpartition("@")[2]
        name = name if kind_of(name) else f"{name}.html"  # the web has pages without an ending
    else:
        path, top = (one.partition("://")[2].strip("/") for one in (url, listed))
        name = path.removeprefix(f"{top}/") if path != top else path.rpartition("/")[2]
    return Member(shown(name), told(url), partial(opened, url), url=url if web else None)


def _unknown(place: str) -> InputError:
    return InputError("its name is of no kind that is read", where=place, hint=f"known are {_KNOWN}")


def _article(member: Member, kind: Kind) -> Version:
    """Raises InputError, whatever the file holds."""
    with as_input(member.place):
        if member.size is not None and member.size > MAX_BYTES and not kind.packing:
            raise too_long(member.place)
        with member.opened() as stream:
            raw = capped(_unpacked(stream, kind, member.place), member.place)
        return version_of(raw, member.place, name=member.name, url=member.url)


def _piped_article(stream: BinaryIO, head: bytes, place: str) -> Version:
    """Raises InputError, whatever the stream holds."""
    page = head.lstrip(_BLANK)[:14].lower().startswith((b"<!doctype html", b"<html"))
    with as_input(place):
        version = version_of(capped(stream, place), place, name="stdin.html" if page else "stdin.md")
        return replace(version, id="stdin")


def _unpacked(stream: BinaryIO, kind: Kind, place: str) -> BinaryIO:
    if not kind.packing or (kind.reader, kind.packing) == ("warc", ".gz"):
        return stream  # a WARC is compressed record by record, which its reader knows
    from summarize.archive import compressed  # noqa: PLC0415  # few files are

    return compressed.plain(stream, kind.packing, place)


def _guarded(found: Iterator[Record], place: str) -> Iterator[Record]:
    """`found`; where it breaks, a record that says so is the last."""
    try:
        with as_input(place):
            yield from found
    except InputError as error:
        yield refused(place, error)


def _some(stream: BinaryIO) -> bytes:
    """What a stream has, without waiting for more; b"" at its end."""
    return stream.read1(CHUNK) if hasattr(stream, "read1") else stream.read(CHUNK)


def _head(stream: BinaryIO) -> bytes:
    """The first bytes of a stream, enough to tell what it holds; what breaks it breaks the next reading too."""
    head = b""
    try:
        while len(head) < CHUNK and (len(head) < _HEAD or not head.strip(_BLANK)) and (piece := _some(stream)):
            head += piece
    except InputError:
        pass
    return head
