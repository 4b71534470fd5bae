"""What HTTP does to a body on its way: chunks and compression, undone within limits; and its headers.

A body of a kilobyte may expand to gigabytes, so every step stops at MAX_BYTES.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final, NamedTuple

from summarize.archive.records import MAX_BYTES, too_long
from summarize.errors import InputError

_GZIP, _PLAIN = b"\x1f\x8b", b"<"
_STEPS: Final = 3  # codings that one body may have one around another
_MEMBERS: Final = 1_000  # of a gzip
_BITE: Final = 64  # bytes of zstd that expand to a few megabytes at most


class Body(NamedTuple):
    """The bytes of a body; `whole` is False where they end too early."""

    data: bytes
    whole: bool = True


def headers_of(found: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in lower case; of several with one name the first."""
    headers: dict[str, str] = {}
    for name, value in found:
        headers.setdefault(_words(name).lower(), _words(value))
    return headers


def _words(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def uncoded(raw: bytes, codings: str, place: str) -> Body:
    """`raw` without its compressions; `codings` is the header Content-Encoding ("gzip", "deflate, br", …).

    Raises InputError for a coding that is unknown or has no decoder here, what is not in it, and what is too long.
    """
    named = [one for one in (part.strip().lower() for part in codings.split(",")) if one not in {"", "identity"}]
    if len(named) > _STEPS:
        raise InputError(f"this was compressed {len(named)} times over", where=place)
    body = Body(raw)
    for coding in reversed(named):
        body = _step(body, coding, place)
        if len(body.data) > MAX_BYTES:
            raise too_long(place)
    return body


def _step(body: Body, coding: str, place: str) -> Body:
    raw = body.data
    if raw[:64].lstrip()[:1] == _PLAIN:  # crawlers keep the header of what they have decompressed
        return body
    try:
        if coding in {"gzip", "x-gzip"}:
            found = _gunzipped(raw) if raw.startswith(_GZIP) else body
        elif coding == "deflate":
            found = _inflated(raw)
        elif coding == "br":
            found = _unbrotlied(raw, place)
        elif coding == "zstd":
            found = _unzstd(raw, place)
        else:
            raise InputError(f"this is compressed in a way that is not known here: {coding[:40]}", where=place)
    except (zlib.error, ValueError) as error:
        raise InputError(f"this says that it is compressed as {coding}, and is not", where=place) from error
    return Body(found.data, found.whole and body.whole)


def _gunzipped(raw: bytes) -> Body:
    out = bytearray()
    for _ in range(_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            out += member.decompress(raw, MAX_BYTES + 1 - len(out))
        except zlib.error:
            if not out:
                raise
            return Body(bytes(out), whole=False)
        if len(out) > MAX_BYTES or not member.eof:
            return Body(bytes(out), member.eof)
        raw = member.unused_data
        if not raw.startswith(_GZIP):
            return Body(bytes(out))
    return Body(bytes(out), whole=False)


def _inflated(raw: bytes) -> Body:
    try:
        flow = zlib.decompressobj()
        out = flow.decompress(raw, MAX_BYTES + 1)
    except zlib.error:  # some servers leave out what should stand around it
        flow = zlib.decompressobj(-zlib.MAX_WBITS)
        out = flow.decompress(raw, MAX_BYTES + 1)
    return Body(out, flow.eof)


def _unbrotlied(raw: bytes, place: str) -> Body:
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: PLC0415  # need not be there, has no types
    except ImportError as error:
        what = "this is compressed as br, and no decoder is installed"
        raise InputError(what, where=place, hint="pip install 'brotli>=1.2'") from error
    flow = brotli.Decompressor()
    try:
        out: bytes = flow.process(raw, output_buffer_limit=MAX_BYTES + 1)
    except TypeError as error:  # without a limit a kilobyte may take all memory
        what = "this is compressed as br, and the decoder installed knows no limit"
        raise InputError(what, where=place, hint="pip install 'brotli>=1.2'") from error
    except brotli.error as error:
        raise ValueError from error
    return Body(out, bool(flow.is_finished()))


def _unzstd(raw: bytes, place: str) -> Body:
    try:
        import zstandard  # noqa: PLC0415  # an extra
    except ImportError as error:
        what = "this is compressed as zstd, and no decoder is installed"
        raise InputError(what, where=place, hint="pip install 'retold[zstd]'") from error
    try:
        flow = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj(read_across_frames=False)
        out = bytearray()
        for start in range(0, len(raw), _BITE):  # its output has no limit, so its input comes in small pieces
            out += flow.decompress(raw[start : start + _BITE])
            if len(out) > MAX_BYTES or flow.eof:
                break
    except zstandard.ZstdError as error:
        raise ValueError from error
    return Body(bytes(out), bool(flow.eof))


def unchunked(raw: bytes) -> Body:
    """A body in HTTP's chunks as one piece; what has none (crawlers take them out, and leave the header) as it is."""
    out, at = bytearray(), 0
    while True:
        end = raw.find(b"\n", at, at + 1_024)
        size = _size(raw[at:end]) if end >= 0 else None
        if size is None:
            return Body(bytes(out), whole=False) if at else Body(raw)
        if size == 0:
            return Body(bytes(out))
        start = end + 1
        out += raw[start : start + size]
        if start + size > len(raw):
            return Body(bytes(out), whole=False)
        at = start + size
        at += 2 if raw[at : at + 2] == b"\r\n" else 1 if raw[at : at + 1] == b"\n" else 0


def _size(line: bytes) -> int | None:
    """The size that a chunk's first line tells, without its extensions."""
    digits = line.split(b";")[0].strip()
    if not 0 < len(digits) <= 8 or not all(c in b"0123456789abcdefABCDEF" for c in digits):  # noqa: PLR2004
        return None
    return int(digits, 16)
