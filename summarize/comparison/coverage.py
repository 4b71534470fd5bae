"""Anchors are covered: each number, date and quotation of a version is in a claim of it, or listed."""

from __future__ import annotations

from collections.abc import Iterable

from summarize.anchors import Anchor, quoted
from summarize.comparison.ground import FIGURES
from summarize.reading import Claim, Reading
from summarize.text.numbers import quantities
from summarize.text.view import fold


def uncovered(reading: Reading, anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Numbers, dates and quotations among a version's `anchors` that no claim has which cites their sentence."""
    citing: dict[int, list[Claim]] = {}
    for claim in reading.claims:
        for e in claim.evidence:
            citing.setdefault(e.sentence, []).append(claim)
    return tuple(
        a
        for a in anchors
        if a.kind in {*FIGURES, "quotation"} and not any(_has(c, a) for c in citing.get(a.sentence, ()))
    )


def _has(claim: Claim, anchor: Anchor) -> bool:
    """Whether a claim holds a figure, or is about a quotation (a claim may tell that in other words)."""
    if anchor.kind == "quotation":
        return claim.kind == "quote" or claim.voice == "attributed" or anchor.value in quoted(claim.text)
    return anchor.value in {q.value for q in quantities(fold(claim.text))}
