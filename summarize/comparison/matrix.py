"""The claim-by-version matrix: distinct claims of a story, and each version's position on them.

The claims of all versions go to the inventory unlabelled and in an order that hangs on their words
alone, so neither the versions' order nor their origin can sway it. Code then checks the answer: every
claim is in exactly one item, and claims with different figures are never one claim.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from summarize.comparison.ground import Ground
from summarize.comparison.model import Row
from summarize.reading import Claim, ClaimKind, Position
from summarize.text.numbers import quantities
from summarize.text.view import fold

_NOT_FOUND = Position(0, "not found", "author", None, "asserted", ())


@dataclass(frozen=True, slots=True)
class Distinct:
    """A claim of the story: its text, and the versions' claims it was made of."""

    text: str
    members: tuple[Claim, ...]


def gather(ground: Ground) -> list[tuple[str, tuple[Claim, ...]]]:
    """Texts of all versions' claims, equal ones together, shuffled by their hash."""
    found: dict[str, list[Claim]] = {}
    for version in ground.articles:
        for claim in ground.readings[version].claims:
            found.setdefault(" ".join(fold(claim.text).split()), []).append(claim)
    ordered = sorted(found.items(), key=lambda item: hashlib.sha256(item[0].encode("utf-8", "replace")).digest())
    return [(min(claim.text for claim in claims), tuple(claims)) for _, claims in ordered]


def distinct(gathered: Sequence[tuple[str, tuple[Claim, ...]]], answer: Mapping[str, object]) -> list[Distinct]:
    """The story's distinct claims, from a valid answer to the inventory question, checked."""
    placed: set[int] = set()
    found: list[Distinct] = []
    for item in cast("list[Mapping[str, object]]", answer["inventory"]):
        mine = [n for n in dict.fromkeys(cast("list[int]", item["claims"])) if 0 < n <= len(gathered)]
        mine = [n for n in mine if n not in placed]
        placed.update(mine)
        found += _split(str(item["text"]), [gathered[n - 1] for n in mine])
    left = [gathered[n - 1] for n in range(1, len(gathered) + 1) if n not in placed]
    return found + [Distinct(text, members) for text, members in left]


def _split(text: str, merged: Sequence[tuple[str, tuple[Claim, ...]]]) -> list[Distinct]:
    """One distinct claim, or as many as there are different sets of figures among those merged."""
    groups: dict[frozenset[str], list[tuple[str, tuple[Claim, ...]]]] = {}
    for claim in merged:
        groups.setdefault(_figures(claim[0]), []).append(claim)
    # the text given for a merger counts only if it has the figures of what it merges
    whole = len(groups) == 1 and _figures(text) in groups
    return [
        Distinct(text if whole else min(own for own, _ in group), sum((c for _, c in group), ()))
        for group in groups.values()
    ]


def _figures(text: str) -> frozenset[str]:
    return frozenset(q.value for q in quantities(text))


def rows(ground: Ground, claims: Sequence[Distinct], stances: Mapping[str, Mapping[int, Position]]) -> tuple[Row, ...]:
    """A row for each distinct claim, in the order in which the story comes to it, numbered from c1."""
    made = [
        Row(
            "",
            claim.text,
            _kind(claim),
            {v: _position(claim, v, stances[v].get(i, _NOT_FOUND)) for v in ground.articles},
        )
        for i, claim in enumerate(claims, start=1)
    ]
    made.sort(key=lambda row: (_first(ground, row), row.text))
    return tuple(replace(row, id=f"c{i}") for i, row in enumerate(made, start=1))


def _position(claim: Distinct, version: str, answered: Position) -> Position:
    """The position answered; a version whose own claim it is tells it, whatever was answered."""
    own = next((c for c in claim.members if c.evidence and c.evidence[0].version == version), None)
    if own is None or answered.status in {"states", "partly"}:
        return answered
    return Position(answered.claim, "states", own.voice, own.speaker, own.certainty, own.evidence)


def _kind(claim: Distinct) -> ClaimKind:
    counted = Counter(member.kind for member in claim.members)
    return min(counted, key=lambda kind: (-counted[kind], kind))


def _first(ground: Ground, row: Row) -> float:
    """Where, on average, the versions that tell it first do so (0: the start, 1: the end)."""
    places = [ground.place(v, min(e.sentence for e in p.evidence))[1] for v, p in row.telling().items()]
    return round(sum(places) / len(places), 6) if places else 1.0
