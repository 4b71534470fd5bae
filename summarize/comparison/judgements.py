"""Differences between the engine's judgements: tone, framing, portrayal.

They are made only where the engine does not abstain from them (see engines.Engine), and only from
clear contrasts: tone two points apart or of opposite sign, another primary frame, another role.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from summarize.anchors import name_value
from summarize.comparison.ground import Ground
from summarize.comparison.model import Difference
from summarize.reading import SCOPES, Portrayal, Tone

_APART = 2  # points of tone


def judgements(ground: Ground, abstains: frozenset[str]) -> Iterator[Difference]:
    """Differences of the sections that the engine stands by, between every two versions."""
    makers = {"tone": _tones, "framing": _frames, "portrayal": _portrayals}
    for left, right in combinations(ground.articles, 2):
        for section, make in makers.items():
            if section not in abstains:
                yield from make(ground, left, right)


def _tones(ground: Ground, left: str, right: str) -> Iterator[Difference]:
    for scope in SCOPES:
        one, other = (ground.readings[v].tone.get(scope) for v in (left, right))
        if one is None or other is None or not _contrast(one, other):
            continue
        text = (
            f"Tone ({scope}): {ground.label(left)} {one.score:+d}, {ground.label(right)} {other.score:+d} "
            "(−2 hostile to +2 admiring)."
        )
        poles = {left: f"{one.score:+d}", right: f"{other.score:+d}"}
        yield Difference("tone", (left, right), text, {left: one.evidence, right: other.evidence}, direction=poles)


def _contrast(one: Tone, other: Tone) -> bool:
    return abs(one.score - other.score) >= _APART or one.score * other.score < 0


def _frames(ground: Ground, left: str, right: str) -> Iterator[Difference]:
    one, other = (next((f for f in ground.readings[v].frames if f.rank == "primary"), None) for v in (left, right))
    if one is None or other is None or one.frame == other.frame:
        return
    named = [f.frame.replace("_", " ") for f in (one, other)]
    text = f"Main frame: {ground.label(left)} {named[0]}, {ground.label(right)} {named[1]}."
    sides = {left: one.evidence, right: other.evidence}
    yield Difference("framing", (left, right), text, sides, direction=dict(zip((left, right), named, strict=True)))


def _portrayals(ground: Ground, left: str, right: str) -> Iterator[Difference]:
    there = {name_value(p.entity).lower(): p for p in ground.readings[right].portrayal}
    for one in ground.readings[left].portrayal:
        other = there.get(name_value(one.entity).lower())
        if other is None or not _shown_otherwise(one, other):
            continue
        text = (
            f"{one.entity}: {ground.label(left)} {one.role}, tone {one.tone:+d}; "
            f"{ground.label(right)} {other.role}, tone {other.tone:+d}."
        )
        poles = {v: f"{p.role}, {p.tone:+d}" for v, p in ((left, one), (right, other))}
        sides = {left: one.evidence, right: other.evidence}
        yield Difference("portrayal", (left, right), text, sides, direction=poles)


def _shown_otherwise(one: Portrayal, other: Portrayal) -> bool:
    roles = {one.role, other.role}
    return (len(roles) > 1 and "none" not in roles) or one.tone * other.tone < 0 or abs(one.tone - other.tone) >= _APART
