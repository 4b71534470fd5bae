"""Whether a change denies or affirms, doubts or asserts: negations and hedges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from summarize.revisions.sides import Half
from summarize.text.hedges import hedging
from summarize.text.lists import entries
from summarize.text.span import Span
from summarize.text.words import Phrases

Lists = tuple[list[str], list[str]]

_OPPOSITE = ("un", "in", "im", "il", "ir", "dis", "non")
_SHORT = 4  # letters below which a word is not turned round by a prefix


def negations(before: Half, after: Half) -> Lists:
    """Negations that one half has more of, or words that a prefix turned round ("likely", "unlikely")."""
    found = [[half.side.text[slice(*s)] for s in _denied(half)] for half in (before, after)]
    return _more(*found) if len(found[0]) != len(found[1]) else _opposites(before, after)


def hedges(before: Half, after: Half) -> Lists:
    """Hedges that one half has more of; "might" for "may" is no change."""
    return _more(*([half.side.text[slice(*s)] for s in _hedged(half)] for half in (before, after)))


def _more(mine: Sequence[str], theirs: Sequence[str]) -> Lists:
    """What either list has that the other has not, as many as it is longer by."""
    counts = [Counter(w.lower() for w in found) for found in (mine, theirs)]
    left = list((counts[0] - counts[1]).elements()), list((counts[1] - counts[0]).elements())
    return left[0][: max(0, len(mine) - len(theirs))], left[1][: max(0, len(theirs) - len(mine))]


def _denied(half: Half) -> Iterator[Span]:
    for i in range(*half.run):
        found = half.side.words[i]
        for match in _negating().find(found):
            span = Span(found[match.first].start, found[match.last].end)
            if not _in_a_name(half, span):
                yield span
        yield from (Span(w.start, w.end) for w in found if w.low.endswith("n't"))


def _in_a_name(half: Half, span: Span) -> bool:
    """Whether words belong to a name ("Doctors Without Borders")."""
    return any(a.span.start < span.start and span.end <= a.span.end for a in half.anchors("name"))


@cache
def _negating() -> Phrases[None]:
    return Phrases(((row[0], None) for row in entries("negations.txt") if row[0] != "n't"), inflected=False)


def _opposites(before: Half, after: Half) -> Lists:
    lows = [{t.low for t in half.tokens()} for half in (before, after)]
    gone, new = sorted(lows[0] - lows[1]), sorted(lows[1] - lows[0])
    pairs = [(a, b) for a in gone for b in new if _turned(a, b) or _turned(b, a)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _turned(word: str, other: str) -> bool:
    return len(word) >= _SHORT and any(other == prefix + word for prefix in _OPPOSITE)


def _hedged(half: Half) -> Iterator[Span]:
    """Listed hedges, "could not" left out, which tells of inability; and question marks."""
    for i in range(*half.run):
        found = half.side.words[i]
        for match in hedging(found):
            yield Span(found[match.first].start, found[match.last].end)
        yield from (Span(t.start, t.end) for t in half.side.tokens[i] if t.norm == "?")
