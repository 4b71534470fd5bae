"""A text without damage that says nothing: mojibake, ligatures, accents apart from their letters.

Mojibake is UTF-8 that was read as Windows-1252 or Latin-1 ("â€™" for "’"). The repair is a view, with the
way back to the offsets of the text as it stands; no digit, negation, name or unit is touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from summarize.text.span import Span
from summarize.text.view import View, view

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def _windows(byte: int) -> str:
    """A byte as Windows-1252 shows it; the five that it leaves undefined as Latin-1 does."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


_BYTES = {**{chr(b): b for b in range(0x80, 0x100)}, **{_windows(b): b for b in range(0x80, 0x100)}}
_NEXT = "[" + "".join(re.escape(c) for c, b in _BYTES.items() if b < 0xC0) + "]"  # noqa: PLR2004  # UTF-8's bounds
# Only the leading bytes of Latin letters, punctuation and pictures: another letter may stand before a quote's end.
_MOJIBAKE = rf"(?:[ÂÃÄÅ]{_NEXT}|[âï]{_NEXT}{{2}}|ð{_NEXT}{{3}})+"
_LOST = "â€(?!\\w)"  # a closing quotation mark whose last byte was dropped on the way
_DAMAGE = re.compile(rf"{_MOJIBAKE}|{_LOST}|[{''.join(_LIGATURES)}]|[^\W\d_][\u0300-\u036f]+")


def repaired(text: str) -> View:
    """`text` with damage repaired."""
    return view(text, Span(0, len(text)), _repairs(text))


def _repairs(text: str) -> Iterator[tuple[Span, str]]:
    for m in _DAMAGE.finditer(text):
        whole = _whole(m[0])
        if whole != m[0]:
            yield Span(*m.span()), whole


def _whole(damaged: str) -> str:
    if damaged in _LIGATURES:
        return _LIGATURES[damaged]
    if damaged == "â€":
        return "”"
    if any(c not in _BYTES for c in damaged):
        return unicodedata.normalize("NFC", damaged)
    try:
        decoded = bytes(_BYTES[c] for c in damaged).decode("utf-8")
    except UnicodeDecodeError:
        return damaged
    return _DAMAGE.sub(lambda m: _whole(m[0]), decoded)  # some were misread twice
