"""From bytes to text. A byte-order mark is removed; nothing else is changed, line ends included.

byte-order mark           decides
valid UTF-8               is UTF-8
UTF-8 with stray bytes    stays UTF-8, the strays become U+FFFD; flagged
English in cp1252         is cp1252; flagged
otherwise                 the encoding is guessed (charset-normalizer); flagged
control characters        binary: refused, with the kind of file where its first bytes tell
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from summarize.errors import InputError
from summarize.text.words import is_english

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"%PDF", "a PDF"), (b"PK\x03\x04", "a ZIP, DOCX or ODT"), (b"\x1f\x8b", "a gzip"), (b"\x89PNG", "a PNG"),
    (b"\xff\xd8\xff", "a JPEG"), (b"GIF8", "a GIF"), (b"\xd0\xcf\x11\xe0", "an old Office"), (b"{\\rtf", "an RTF"),
    (b"SQLite format", "an SQLite"),
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_BINARY = 0.002  # share of control characters above which a text is none
_SAMPLE = 65_536  # bytes that the guess is made from
_STRAYS = 0.01  # share of undecodable characters up to which a text stays UTF-8


class Decoded(NamedTuple):
    """A text and what was noticed while decoding it."""

    text: str
    flags: tuple[str, ...] = ()


def decode(raw: bytes, where: str) -> Decoded:
    """The text in `raw`. Raises InputError for what is no text; `where` names it in the error."""
    for magic, kind in _KINDS:
        if raw.startswith(magic):
            raise InputError(
                f"this is {kind} file, not plain text", where=where, hint="save the article as .txt or .md"
            )
    decoded = _decode(raw, where)
    controls = len(_CONTROL.findall(decoded.text))
    if controls > _BINARY * len(decoded.text):
        raise InputError("this is binary data, not text", where=where, hint="save the article as .txt or .md")
    return decoded


def _decode(raw: bytes, where: str) -> Decoded:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _marked(raw[len(mark) :], encoding)
    unmarked = _unmarked_utf16(raw)
    if unmarked is not None:
        return unmarked
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _mended(raw) or _guessed(raw, where)


def _marked(raw: bytes, encoding: str) -> Decoded:
    text = raw.decode(encoding, "replace")
    strays = text.count("\ufffd") - raw.count("\ufffd".encode(encoding))
    flags = (f"{strays} characters could not be decoded as {encoding}",) if strays > 0 else ()
    return Decoded(text, flags)


def _unmarked_utf16(raw: bytes) -> Decoded | None:
    """UTF-16 without its mark: every second byte of Western text is zero."""
    sample = raw[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) > 0.4 * len(zeros) and sample.count(0) < 0.6 * len(sample):  # noqa: PLR2004
            try:
                return Decoded(raw.decode(encoding), (f"encoding guessed: {encoding}",))
            except UnicodeDecodeError:
                return None
    return None


def _mended(raw: bytes) -> Decoded | None:
    """UTF-8 with a few stray bytes, if it has characters that only UTF-8 explains."""
    text = raw.decode("utf-8", "replace")
    strays = text.count("\ufffd")
    proven = sum(c > "\x7f" and c != "\ufffd" for c in text)
    if proven <= strays or strays > _STRAYS * len(text):
        return None
    return Decoded(text, (f"not quite UTF-8: {strays} undecodable places are shown as \ufffd",))


def _guessed(raw: bytes, where: str) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # not at start-up

    best = from_bytes(raw[:_SAMPLE]).best()
    for encoding in ("cp1252", best.encoding if best else "latin-1", "latin-1"):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        # a guess made from a few bytes takes "£" for "Ł"; English words tell more
        if (
            encoding != "cp1252"
            or best is None
            or is_english(text[:_SAMPLE])
            or text == raw.decode(best.encoding, "replace")
        ):
            return Decoded(text, (f"encoding guessed: {encoding}",))
    raise InputError("the encoding cannot be told", where=where, hint="save the article as UTF-8")
