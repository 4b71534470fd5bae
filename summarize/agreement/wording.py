"""The vote on loaded words: spans of several readings that overlap speak of the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from summarize.agreement.votes import Row, each, label, many, most, present
from summarize.reading import Label, Reading, Wording
from summarize.text.span import Span


def wordings(readings: Sequence[Reading]) -> tuple[tuple[Wording, ...], list[Label]]:
    """Words that more than half of the readings mark, by overlap.

    Of spans that overlap the shortest is kept: it is what all of them hold to be loaded. Its technique is
    the most frequent one (of equals the first by alphabet), its neutral words those given for just this
    span, if possible with this technique.
    """
    voted = []
    for span, row in _rows(readings):
        same = [w for w in present(row) if _span(w) == span]
        technique = most(w.technique for w in present(row)) if many(row) else None
        kept = min(same, key=lambda w: w.technique != technique)
        place = next((i, readings[i].wording.index(w)) for i, w in enumerate(row) if w)
        of = label("wording", kept.words, each(row, lambda w: w.technique), technique)
        voted.append((place, technique and replace(kept, technique=technique), of))
    voted.sort(key=lambda vote: vote[0])
    return tuple(kept for _, kept, _ in voted if kept), [of for *_, of in voted]


def _rows(readings: Sequence[Reading]) -> Iterator[tuple[Span, Row[Wording]]]:
    """Each span voted on, with what each reading marks there; the shortest spans come first.

    A reading answers with what overlaps the span most and has not yet answered for another; where all
    has, with that: one long span stands by two short ones that it holds.
    """
    left = [list(r.wording) for r in readings]
    while any(left):
        span = _span(min((w for marked in left for w in marked), key=_order))
        free = [_nearest(span, marked) for marked in left]
        for marked, answer in zip(left, free, strict=True):
            if answer:
                marked.remove(answer)
        yield span, tuple(a or _nearest(span, r.wording) for a, r in zip(free, readings, strict=True))


def _nearest(span: Span, marked: Iterable[Wording]) -> Wording | None:
    """The wording that shares most with `span`; of equals the shortest, then the first by its words."""
    over = [w for w in marked if _shared(span, _span(w)) > 0]
    return min(over, key=lambda w: (-_shared(span, _span(w)), *_order(w)), default=None)


def _shared(a: Span, b: Span) -> float:
    """The shared part of two spans, 0 to 1 (Jaccard 1901)."""
    shared = min(a.end, b.end) - max(a.start, b.start)
    return max(0, shared) / (max(a.end, b.end) - min(a.start, b.start))


def _order(wording: Wording) -> tuple[int, int, str, str]:
    span = _span(wording)
    return span.end - span.start, span.start, wording.technique, wording.neutral


def _span(wording: Wording) -> Span:
    return wording.evidence[0].span
