"""The records of a web archive (WARC), read by fastwarc where it is installed, else by warcio.

    stream ──gzip──▶ WARC ──fastwarc | warcio──▶ headers, block ──▶ Record
                                                                      │ load
                          HTTP: status, chunks, compression ──page──▶ Version

The two readers find where records begin and what their headers say; all else is done here, so that they give the
same versions. Every WARC record is a Record: pages and texts are articles, the rest says what it is. Once a length
in the archive is wrong, nothing after it can be found: that is a failed record, and the last.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import BinaryIO, Final, NamedTuple, cast
from urllib.parse import urlsplit

from summarize.archive.codings import Body, headers_of, unchunked, uncoded
from summarize.archive.compressed import plain
from summarize.archive.members import CHUNK, poured, shown
from summarize.archive.pages import HTML, TEXT, media_type, told_version
from summarize.archive.records import MAX_BYTES, Record, refused, too_long
from summarize.errors import InputError, NoArticle
from summarize.news import Version

_MAX_HEADER: Final = 65_536  # bytes of an HTTP header
_MAX_GAP: Final = 262_144  # bytes within which a record must begin: its header, and what a reader holds in advance
_LONGEST_LENGTH = 15  # digits of a record's length
_SHOWN, _LONGEST_URI = 200, 2_000  # characters of an address: in a place, and in a version
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?Z?)?")
_LOST: Final = "what comes after this place in the archive was not read"
_OTHERS: Final = {
    "warcinfo": "what the crawler says of itself (warcinfo)",
    "request": "what the crawler asked for (request)",
    "metadata": "what the crawler noted (metadata)",
    "revisit": "a page that was found unchanged (revisit)",
    "continuation": "a part of another record (continuation)",
}


class _Raw(NamedTuple):
    """A WARC record as a reader gives it: headers by their names in lower case, and its block to be read on."""

    headers: Mapping[str, str]
    read: Callable[[int], bytes]


class _Block(NamedTuple):
    """What was kept of a record's block; `cut`: it was too long to be kept."""

    headers: Mapping[str, str]
    data: bytes
    cut: bool


class _Source(io.RawIOBase):
    """What the readers read: it never raises, for they would not pass that on, but ends, and keeps the `fault`.

    `left` is how many bytes it gives until then, None for any number; `overrun`: it ended because none was left.
    """

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream, self._at = stream, 0
        self.fault: Exception | None = None
        self.left: int | None = None
        self.overrun = False

    def readable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """How many bytes were given."""
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, of at most `size`; none at the end, however it came."""
        wanted = CHUNK if size is None or size < 0 else min(size, CHUNK)
        if self.fault is not None:
            return b""
        if self.left is not None and self.left <= 0:
            self.fault, self.overrun = InputError("no record begins where one should"), True
            return b""
        try:
            found = self._stream.read1(wanted)
        except Exception as error:  # noqa: BLE001  # kept, and told in place of what was not read
            self.fault = error
            return b""
        self._at += len(found)
        self.left = None if self.left is None else self.left - len(found)
        return found


def records(stream: BinaryIO, place: str) -> Iterator[Record]:
    """Every record of the WARC in `stream`, plain or gzipped; each stands at `place`:number, then its address.

    Raises InputError at the first record where neither fastwarc nor warcio is installed; later nothing: what is
    wrong with the archive is a record that says so, and the last.
    """
    opener = _reader(place)
    head = stream.read(2)
    whole = poured(_joined(head, stream))
    opened = plain(whole, ".gz", place) if head == b"\x1f\x8b" else whole
    source = _Source(cast("io.BufferedIOBase", opened))  # what is had before a fault comes from read1 alone
    number = 0
    for found in _found(opener, source):
        number += 1
        record, further = _record(found, source, f"{place}:{number}")
        yield record
        if not further:
            return
    if source.tell() == 0 and source.fault is None:
        yield refused(place, InputError("the file is empty", where=place))
    elif source.fault is not None or number == 0:
        where = f"{place}:{number + 1}"
        what = f"what follows record {number:,} is no WARC record" if number else "this is no WARC"
        yield refused(where, _broken(source.fault, where, what))


def _found(opener: Callable[[_Source], Iterator[_Raw]], source: _Source) -> Iterator[_Raw]:
    """What a reader finds; why it stopped is left in `source`."""
    try:
        source.left = _MAX_GAP
        for raw in opener(source):
            if source.overrun:  # a reader may take what it got for a record
                return
            source.left = None
            yield raw
            source.left = _MAX_GAP
    except BaseException as error:  # fastwarc's panics are no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        source.fault = source.fault or InputError("this is no WARC")


def _joined(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    while piece := stream.read(CHUNK):
        yield piece


def _broken(fault: Exception | None, where: str, otherwise: str) -> InputError:
    """Why an archive is not read further: the fault of its stream where there is one."""
    what, hint = otherwise, _LOST
    if isinstance(fault, InputError) and fault.where:
        what, hint = fault.what, fault.hint or _LOST
    elif isinstance(fault, OSError) and fault.strerror:
        what = f"the archive cannot be read further: {fault.strerror}"
    return InputError(what, where=where, hint=hint)


def _reader(place: str) -> Callable[[_Source], Iterator[_Raw]]:
    try:
        import fastwarc.warc  # noqa: F401, PLC0415  # need not be there
    except ImportError:
        pass
    else:
        return _fast
    try:
        import warcio.archiveiterator  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        what = "reading web archives needs warcio or fastwarc"
        raise InputError(what, where=place, hint="pip install 'retold[warc]'") from error
    return _slow


def _fast(source: _Source) -> Iterator[_Raw]:
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415  # need not be there

    for record in ArchiveIterator(source, parse_http=False, stream_detect=False):
        yield _Raw(headers_of(record.headers.items_bytes()), record.reader.read)


def _slow(source: _Source) -> Iterator[_Raw]:
    from warcio.archiveiterator import WARCIterator  # noqa: PLC0415  # an extra

    logging.getLogger("warcio").addHandler(logging.NullHandler())  # what is wrong is told in records
    found = WARCIterator(source, no_record_parse=True)
    found.INC_RECORD = ""  # what it would write to standard error
    for record in found:
        if found.err_count:
            raise InputError("a record does not end where it says")
        headers: dict[str, str] = {}
        for name, value in record.rec_headers.headers:
            headers.setdefault(name.lower(), value.strip())
        yield _Raw(headers, record.raw_stream.read)


def _record(raw: _Raw, source: _Source, place: str) -> tuple[Record, bool]:
    """The record, read to its end, and whether another may follow it."""
    uri = _uri(raw.headers)
    place = f"{place} {uri[:_SHOWN]}" if uri else place
    length = raw.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) <= _LONGEST_LENGTH):
        what = "the record does not say how long it is" if not length else f"the record's length is “{length[:40]}”"
        return refused(place, InputError(what, where=place, hint=_LOST)), False
    kind = raw.headers.get("warc-type", "").lower()
    wanted = kind in {"response", "resource", "conversion"}
    block, read = _block(raw, MAX_BYTES + _MAX_HEADER if wanted else 0)
    if read < int(length):
        return refused(place, _broken(source.fault, place, "the archive ends inside this record")), False
    if not wanted:
        what = _OTHERS.get(kind, f"a record of another kind ({shown(kind[:40]) or 'none'})")
        return refused(place, NoArticle(what, where=place)), True
    return Record(place, partial(_load, block, kind, uri, place)), True


def _block(raw: _Raw, most: int) -> tuple[_Block, int]:
    """What is kept of the block, and how many bytes it has in all."""
    kept, read = bytearray(), 0
    while piece := raw.read(CHUNK):
        read += len(piece)
        if len(kept) < most:
            kept += piece[: most - len(kept)]
    return _Block(raw.headers, bytes(kept), read > most), read


def _uri(headers: Mapping[str, str]) -> str:
    """The address, as it may be shown."""
    return shown(headers.get("warc-target-uri", "").strip("<>").replace(" ", "%20"))[:_LONGEST_URI]


def _load(block: _Block, kind: str, uri: str, place: str) -> Version:
    if block.cut:
        raise too_long(place)
    told, data = block.headers.get("content-type", ""), block.data
    whole = True
    if kind == "response" and (told.lower().startswith("application/http") or data.startswith(b"HTTP/")):
        (data, whole), told = _answer(data, place)
    ident = uri or place.rpartition("/")[2]
    version = told_version(data, told, place, ident, uri or None)
    label = version.outlet or _host(uri) or ident
    return replace(version, label=label, url=uri or None, flags=(*version.flags, *_flags(block, whole=whole)))


def _flags(block: _Block, *, whole: bool) -> Iterator[str]:
    truncated, date = block.headers.get("warc-truncated", ""), _DATE.fullmatch(block.headers.get("warc-date", ""))
    if truncated:
        yield f"the archive kept only a part of this page ({shown(truncated[:40])})"
    elif not whole:
        yield "the page is cut off"
    if date:
        yield f"crawled {date[0]}"


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""


def _answer(data: bytes, place: str) -> tuple[Body, str]:
    """The body of an HTTP response and its content type. Raises NoArticle where it is none with status 200."""
    status, end = _STATUS.match(data), _HEADER_END.search(data, 0, _MAX_HEADER)
    if status is None:
        raise InputError("this is no HTTP response", where=place)
    if status[1] != b"200":
        raise NoArticle(f"HTTP {int(status[1])}", where=place)
    if end is None:
        raise InputError("the HTTP header has no end", where=place)
    headers = headers_of(line.partition(b":")[::2] for line in data[: end.start()].splitlines()[1:])
    media = headers.get("content-type", "")
    if media and media_type(media) not in HTML | TEXT:
        return Body(b""), media  # no picture need be unpacked to be left out
    body = Body(data[end.end() :])
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = unchunked(body.data)
    plain_body = uncoded(body.data, headers.get("content-encoding", ""), place)
    return Body(plain_body.data, body.whole and plain_body.whole), media
