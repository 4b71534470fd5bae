"""Lines of text, and the values of a JSON array, from a stream: never more than one in memory, each with its number.

The encoding is decided once, by the start of the file and the rules of decoding.py; from there on all is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from summarize.archive.decoding import MARKS, decode
from summarize.archive.records import MAX_BYTES
from summarize.errors import InputError

LONGEST: Final = 4 * MAX_BYTES  # bytes of a line: an article whose every letter is escaped
SAMPLE: Final = 65_536  # bytes that the encoding is decided from
_READ = 65_536
_GUESSED = "encoding guessed: "
_PACKED = (
    (b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh9", "bzip2"), (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "ZIP"), (b"PAR1", "Parquet"), (b"%PDF", "PDF"),
)  # fmt: skip
_BLANK = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Source:
    """A file on its way to lines: `chunks` are UTF-8 but for strays, `head` is how they begin.

    `binary` says why the file is none of text, if it is none. Drawing a chunk raises InputError where the file is
    damaged.
    """

    chunks: Iterator[bytes]
    head: bytes
    flags: tuple[str, ...]
    binary: InputError | None


@dataclass(frozen=True, slots=True)
class Line:
    """The bytes of a line, its end included; None where it is longer than it may be.

    `number` counts from 1. `cut`: the file is damaged within it. `fault` is what is wrong with the file behind the
    line before; the bytes are then empty, and no line follows.
    """

    number: int
    raw: bytes | None
    cut: bool = False
    fault: InputError | None = None

    @property
    def blank(self) -> bool:
        """Nothing but white space is in it."""
        return self.fault is None and self.raw is not None and not self.raw.strip(_BLANK)


def opened(stream: BinaryIO, place: str) -> Source:
    """`stream`, its encoding decided. Reads the first SAMPLE bytes of it; never raises."""
    raw, head, fault = _chunks(stream, place), bytearray(), None
    try:
        for chunk in raw:
            head += chunk
            if len(head) >= SAMPLE:
                break
    except InputError as error:
        fault = error
    encoding, flags, binary = _marked(head) or _encoding(bytes(head), place)
    chunks = _rest(bytes(head), fault, raw)
    if encoding != "utf-8":
        chunks = _utf8(chunks, encoding)
    first, fault = b"", None
    try:
        first = next(chunks, b"")
    except InputError as error:
        fault = error
    return Source(_rest(first, fault, chunks), first, flags, binary)


def _chunks(stream: BinaryIO, place: str) -> Iterator[bytes]:
    read = getattr(stream, "read1", stream.read)  # read may lose what stands before an error
    while True:
        try:
            chunk = read(_READ)
        except InputError:
            raise
        except Exception as error:  # whatever the stream is made of
            raise InputError(f"this cannot be read further: {error}", where=place) from error
        if not chunk:
            return
        yield chunk


def _rest(head: bytes, fault: InputError | None, chunks: Iterable[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    if fault is not None:
        raise fault
    yield from chunks


def _marked(head: bytearray) -> tuple[str, tuple[str, ...], InputError | None] | None:
    """What a byte-order mark tells; the mark is taken away."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            del head[: len(mark)]
            return encoding, (), None
    return None


def _encoding(head: bytes, place: str) -> tuple[str, tuple[str, ...], InputError | None]:
    """The encoding of a file that begins with `head`, flags, and why it is no text."""
    for magic, kind in _PACKED:
        if head.startswith(magic):
            what = f"this is {kind} data, not lines of text"
            return "utf-8", (), InputError(what, where=place, hint="a file's name must end as what it is")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        pass
    else:
        if b"\0" not in head:
            return "utf-8", (), None
    try:
        whole = head if b"\0" in head else head[: head.rfind(b"\n") + 1] or head
        text, flags = decode(whole, place)
    except InputError:
        return "utf-8", (), None  # line for line there may be text in it
    guess = next((flag.removeprefix(_GUESSED) for flag in flags if flag.startswith(_GUESSED)), "utf-8")
    if guess == "utf-8" or (b"\0" not in head and text.count("\n") != whole.count(b"\n")):
        return "utf-8", (), None  # a guess that makes letters of line ends would swallow lines
    return guess, flags, None


def _utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        if found := decoder.decode(chunk).encode("utf-8", "replace"):
            yield found
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def text_of(raw: bytes, place: str) -> tuple[str, tuple[str, ...]]:
    """The text of a line and flags. Raises InputError where it is none."""
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        return tuple(decode(raw, place))  # type: ignore[return-value]  # a NamedTuple of the two


@dataclass(slots=True)
class _Held:
    """The bytes of a line as they come in; forgotten once they are more than LONGEST."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > LONGEST:
            self.parts.clear()
        elif part:
            self.parts.append(part)

    def line(self, number: int, *, cut: bool = False) -> Line:
        raw = b"".join(self.parts) if self.size <= LONGEST else None
        self.parts.clear()
        self.size = 0
        return Line(number, raw, cut)


def lines(source: Source, end: bytes = b"\n") -> Iterator[Line]:
    """The lines of `source`, those of more than LONGEST bytes without their bytes. Never raises."""
    number, held, fault = 1, _Held(), None
    try:
        for chunk in source.chunks:
            first, *others = chunk.split(end)
            held.add(first)
            for other in others:
                held.add(end)
                yield held.line(number)
                number += 1
                held.add(other)
    except InputError as error:
        fault = error
    if held.size:
        yield held.line(number, cut=fault is not None)
        number += 1
    if fault is not None:
        yield Line(number, b"", fault=fault)


_OUTSIDE = re.compile(rb'["{}\[\],\n]')
_INSIDE = re.compile(rb'["\\\n]')


class _Scan:
    """Where the values of a JSON array, or objects one after another, begin and end. A line end ends a string."""

    def __init__(self) -> None:
        self.held = _Held()
        self.number = self.start = 1
        self.depth = 0
        self.base = 0  # depth at which values stand: 1 within the array
        self.inside = self.escaped = False
        self.empty = True

    def add(self, part: bytes) -> None:
        """More of a value, or white space before it."""
        if self.empty:
            part = part.lstrip(_BLANK)
            self.start = self.number
        if part:
            self.held.add(part)
            self.empty = False

    def done(self, *, cut: bool = False) -> Iterator[Line]:
        """The value that ends here, if one has begun."""
        if not self.empty:
            yield self.held.line(self.start, cut=cut)
        self.empty, self.depth = True, self.base

    def scanned(self, chunk: bytes) -> Iterator[Line]:
        """The values that end in `chunk`."""
        at = 0
        while at < len(chunk):
            if self.escaped:
                self.escaped = False
                self.add(chunk[at : at + 1])
                self.number += chunk[at] == ord("\n")
                at += 1
                continue
            mark = (_INSIDE if self.inside else _OUTSIDE).search(chunk, at)
            self.add(chunk[at : mark.start() if mark else len(chunk)])
            if mark is None:
                return
            at = mark.end()
            yield from self.marked(mark[0])

    def marked(self, mark: bytes) -> Iterator[Line]:
        """What `mark` does to where we are, and the value that it ends."""
        opens = mark == b"[" and self.base == 0 and self.empty
        closes = mark == b"]" and self.base == 1 and self.depth == 1
        between = self.depth == self.base and mark in b",\n"
        if not self.inside and (opens or closes or between):
            yield from self.done()
            self.base = self.depth = 1 if opens else 0 if closes else self.base
        else:
            self.add(mark)
        if mark == b"\n":
            self.number += 1
            self.inside = False
        elif mark == b'"':
            self.inside = not self.inside
        elif mark == b"\\":
            self.escaped = True
        elif not self.inside and not opens and mark in b"{[":
            self.depth += 1
        elif not self.inside and not closes and mark in b"}]":
            self.depth -= 1
            if self.depth <= self.base:
                yield from self.done()


def values(source: Source, place: str) -> Iterator[Line]:
    """The values of the JSON array in `source`, or the objects in it, each as the Line that it begins in.

    What stands between them and is no value comes as a line too. Never raises.
    """
    scan, fault = _Scan(), None
    try:
        for chunk in source.chunks:
            yield from scan.scanned(chunk)
    except InputError as error:
        fault = error
    yield from scan.done(cut=True)
    if fault is None and scan.base:
        fault = InputError("the array is not closed: the file is cut off here", where=place)
    if fault is not None:
        yield Line(scan.number, b"", fault=fault)
