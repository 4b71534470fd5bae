"""Versions that cannot both be right: other figures for the same thing, or another fact.

Two rows mirror each other where each version contradicts the other's claim; they, and all rows that rest on the
same sentences, are one difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from summarize.anchors import Anchor
from summarize.comparison.ground import FIGURES, Ground, numbers, quote
from summarize.comparison.model import Difference, Row
from summarize.comparison.voicing import alike, conditional
from summarize.evidence import Evidence
from summarize.reading import Position
from summarize.text.likeness import Bag

Sides: TypeAlias = "dict[str, tuple[Evidence, ...]]"


def contradictions(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Numeric differences and contradictions."""
    mirrored: dict[object, list[tuple[Row, Sides]]] = {}
    for row in rows:
        against = {
            v: p.evidence
            for v, p in row.positions.items()
            if p.status == "contradicts" and not alike(ground, row, v, p) and not _reported(row, p)
        }
        told = {v: p.evidence for v, p in row.telling().items()}
        if not against or not told:
            continue
        sides = {**told, **against}
        where = frozenset((v, min(numbers(evidence))) for v, evidence in sides.items() if evidence)
        mirrored.setdefault(where, []).append((row, sides))
    for group in mirrored.values():
        group.sort(key=lambda one: sum(map(len, one[1].values())))  # the fewest words that show it
        sides = group[0][1]
        claims = tuple(row.id for row, _ in group)
        every = {v: tuple(sorted({e for _, told in group for e in told[v]})) for v in sides}
        figures = _own_figures(ground, every)
        kinds = [{a.kind for a, _ in found} for found in figures.values() if found]
        if len(kinds) > 1 and set.intersection(*kinds):
            evidence = {v: tuple(e for _, e in found) for v, found in figures.items() if found}
            told_each = "; ".join(
                f"{ground.label(v)} has {_words(e)}" for v in ground.in_order(evidence) if (e := evidence[v])
            )
            poles = ground.order_of(evidence)
            yield Difference("numeric", tuple(evidence), f"{told_each}.", evidence, claims, direction=poles)
        elif not any(conditional(e, group[0][0].text) for e in sides.values()):
            told_each = "; ".join(f"{ground.label(v)}: {_words(e)}" for v in ground.in_order(sides) if (e := sides[v]))
            poles = {v: "contradicts" if group[0][0].positions[v].status == "contradicts" else "states" for v in sides}
            yield Difference("contradiction", tuple(sides), f"{told_each}.", sides, claims, direction=poles)


def _reported(row: Row, position: Position) -> bool:
    """Whether a speaker is set against a version's own voice, or another speaker: the versions do not differ."""
    return not any(_one_voice(position, p) for p in row.telling().values())


def _one_voice(one: Position, other: Position) -> bool:
    if "author" in (one.voice, other.voice):
        return one.voice == other.voice
    mine, theirs = (Bag.of(p.speaker or "").stems for p in (one, other))
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _own_figures(ground: Ground, sides: Sides) -> dict[str, list[tuple[Anchor, Evidence]]]:
    """For each version, the figures in its evidence that not all of the others have, as often, there."""
    found = {v: ground.within(evidence, FIGURES) for v, evidence in sides.items()}
    counts = {v: Counter(a.key for a, _ in listed) for v, listed in found.items()}
    fewest = {key: min(counts[v][key] for v in sides) for counted in counts.values() for key in counted}
    return {v: [(a, e) for a, e in listed if counts[v][a.key] > fewest[a.key]] for v, listed in found.items()}


def _words(evidence: Iterable[Evidence]) -> str:
    return ", ".join(quote(e.exact) for e in evidence)
