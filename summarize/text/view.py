"""A text as somebody else sees it, with the way back to the offsets of the original.

A *view* is made from a stretch of the unmodified text by replacing (masks) or folding (typography,
white space). Each of its characters knows which characters of the original it stands for, so that
words found in the view resolve to a span of the original.

What folding may do: curly to straight quotation marks, dashes and non-breaking hyphens to "-", runs
of white space to one space, "…" to "...", soft hyphens and zero-width characters to nothing.
What it may never do: touch a digit, a letter, a negation, a name or a unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from summarize.text.span import Span

_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_FOLD = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(_NOTHING, ""),
    "…": "...",
}
_FOLDABLE = re.compile("[" + "".join(_FOLD) + rf"]|\s[\s{_NOTHING}]*")
# Scripts written without spaces have no word boundaries to respect.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class View:
    """`text`, whose character i stands for `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def find(self, words: str) -> Span | None:
        """Span of the original for the first whole-word occurrence of `words` in this view."""
        at = self.text.find(words) if words else -1
        while at >= 0:
            if _whole(self.text, at, at + len(words)):
                return Span(self.starts[at], self.ends[at + len(words) - 1])
            at = self.text.find(words, at + 1)
        return None


def view(text: str, span: Span, masks: Iterable[tuple[Span, str]] = ()) -> View:
    """`text[span]` with each mask's span replaced by its label (masks in order, without overlap)."""
    inside = [(m, label) for m, label in masks if m.end > span.start and m.start < span.end]
    return _replaced(text, span, inside)


def folded(text: str) -> View:
    """`text` with typography and white space folded."""
    found = ((Span(*m.span()), _FOLD.get(m[0], " ")) for m in _FOLDABLE.finditer(text))
    return _replaced(text, Span(0, len(text)), found)


def find(seen: View, words: str) -> Span | None:
    """Span of the original for `words` in `seen`: as they stand, else with both sides folded.

    >>> find(view("He said “no” twice.", Span(0, 19)), '"no"')
    Span(start=8, end=12)
    """
    exact = seen.find(words)
    if exact is not None:
        return exact
    flat = folded(seen.text)
    there = flat.find(folded(words).text.strip())
    return None if there is None else Span(seen.starts[there.start], seen.ends[there.end - 1])


def fold(text: str) -> str:
    """`text` folded, for comparing two stretches of text."""
    return folded(text).text


def _replaced(text: str, span: Span, changes: Iterable[tuple[Span, str]]) -> View:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = span.start
    for change, label in changes:
        start, end = max(change.start, at), min(change.end, span.end)
        parts += (text[at:start], label)
        starts += [*range(at, start), *[start] * len(label)]
        ends += [*range(at + 1, start + 1), *[end] * len(label)]
        at = end
    parts.append(text[at : span.end])
    starts += range(at, span.end)
    ends += range(at + 1, span.end + 1)
    return View("".join(parts), tuple(starts), tuple(ends))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` cuts no word and no number ("67" is not in "167", nor "196" in "196.5")."""
    return not (_glued(text, start) or _glued(text, end))


def _glued(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.combining(right) or (right in "'’" and left.isalpha() and text[at + 1 : at + 2] in {"t", "T"}):
        return True  # an accent belongs to its letter; "can" is not in "can't"
    if left.isalnum() and right.isalnum():
        return not (_UNSPACED.match(left) or _UNSPACED.match(right))
    if right in ".,":
        return left.isdigit() and text[at + 1 : at + 2].isdigit()
    return left in ".," and right.isdigit() and text[at - 2 : at - 1].isdigit()
