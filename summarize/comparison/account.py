"""The neutral account: what all versions state; and what a reader of one version alone would not know."""

from __future__ import annotations

from collections.abc import Sequence

from summarize.comparison.ground import Ground
from summarize.comparison.model import Common, Row
from summarize.reading import Position
from summarize.text.likeness import Bag
from summarize.text.speech import speeches

_FEW = 3  # content words below which a claim is a scrap ("WASHINGTON —"), no sentence


def account(ground: Ground, rows: Sequence[Row]) -> tuple[Common, ...]:
    """A sentence for each claim that every version states, in the order in which the story comes to it.

    Each cites every version. What a version hedges or attributes is not told as a fact: the sentence says who
    does so. Of equal sentences the first is kept.
    """
    found: list[Common] = []
    for row in rows:
        if row.kind == "quote" or len(row.stating()) < len(row.positions) or len(Bag.of(row.text).stems) < _FEW:
            continue
        text = _sentence(ground, row)
        if all(text != other.text for other in found):
            found.append(Common(text, row.id, {v: p.evidence for v, p in row.positions.items()}))
    return tuple(found)


def _sentence(ground: Ground, row: Row) -> str:
    text = row.text.strip().rstrip(".")
    said = [_reserve(ground, row, "attributed", "attributed to somebody"), _reserve(ground, row, "hedged", "hedged")]
    said.append(_reserve(ground, row, "unconfirmed", "unconfirmed"))
    reserves = "; ".join(one for one in said if one)
    return f"{text[:1].upper()}{text[1:]}{f' ({reserves})' if reserves else ''}."


def _reserve(ground: Ground, row: Row, what: str, words: str) -> str:
    """Which versions do not tell it as a fact of their own: "attributed in all versions", "hedged in A"."""
    having = [v for v, p in row.positions.items() if what in (p.voice, p.certainty)]
    if not having:
        return ""
    everywhere = len(having) == len(row.positions)
    if what == "attributed" and (speaker := _one_speaker([row.positions[v] for v in having])):
        if speeches(row.text, 0, len(row.text)):
            return ""  # the claim says itself who says it
        words = f"according to {speaker}"
    return words if everywhere else f"{words} in {ground.listed(having)}"


def _one_speaker(positions: Sequence[Position]) -> str:
    """The speaker, if all name the same one in the same words."""
    named = {p.speaker for p in positions}
    return (named.pop() or "") if len(named) == 1 else ""


def unknown(ground: Ground, rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """For each version the claims (row ids) on which it is silent and another version is not.

    Those told by most independent origins come first, then those at the top of a version, then the story's order.
    """
    found: dict[str, tuple[str, ...]] = {}
    for version in ground.articles:
        lacking = [row for row in rows if row.positions[version].status == "silent" and row.stating()]
        lacking.sort(key=lambda row: (-ground.origins_of(row.stating()), not _at_top(ground, row)))
        found[version] = tuple(row.id for row in lacking)
    return found


def _at_top(ground: Ground, row: Row) -> bool:
    return any(ground.top(v, e.sentence) for v, p in row.stating().items() for e in p.evidence)
