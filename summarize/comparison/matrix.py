"""The claim-by-version matrix: distinct claims of a story, and each version's position on them.

The claims of all versions go to the inventory unlabelled and in an order that hangs on their words
alone, so neither the versions' order nor their origin can sway it. Code then checks the answer: every
claim is in exactly one group, and claims with different figures, or a claim and its denial, are never one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from summarize.comparison.ground import Ground
from summarize.comparison.model import Row
from summarize.reading import Claim, ClaimKind, Position
from summarize.text.lists import negations
from summarize.text.numbers import quantities
from summarize.text.view import fold
from summarize.text.words import content, words

_FEW = 3  # content words below which two claims are equal only letter by letter
_NOT_FOUND = Position(0, "not found", "author", None, "asserted", ())


@dataclass(frozen=True, slots=True)
class Distinct:
    """A claim of the story: its text, and the versions' claims it was made of."""

    text: str
    members: tuple[Claim, ...]


def gather(ground: Ground) -> list[Distinct]:
    """All versions' claims, equal and nearly equal ones together, shuffled by the hash of their words.

    Nearly equal are claims of the same content words in the same order, with the same figures and negations.
    """
    found: dict[object, list[Claim]] = {}
    for version in ground.articles:
        for claim in ground.readings[version].claims:
            found.setdefault(_near_words(claim.text), []).append(claim)
    made = [Distinct(min(claim.text for claim in claims), tuple(claims)) for claims in found.values()]
    return sorted(made, key=lambda one: hashlib.sha256(one.text.encode("utf-8", "replace")).digest())


def _near_words(text: str) -> object:
    flat = " ".join(fold(text).split())
    stems = tuple(w.stem for w in content(words(flat)))
    return (stems, held_to(flat)) if len(stems) >= _FEW else flat.lower()


def merged(claims: Sequence[Distinct], answer: Mapping[str, object]) -> list[Distinct]:
    """`claims`, those together that a valid answer to the inventory question (numbered from 1) puts together.

    The answer is checked: each claim is in one group at most, claims with different figures or negations are
    never one, and the text given for a group counts only if it is held to what the group is held to.
    """
    placed: set[int] = set()
    found: list[Distinct] = []
    for item in cast("list[Mapping[str, object]]", answer["inventory"]):
        mine = [n for n in dict.fromkeys(cast("list[int]", item["claims"])) if 0 < n <= len(claims)]
        mine = [n for n in mine if n not in placed]
        placed.update(mine)
        found += _together(str(item["text"]), [claims[n - 1] for n in mine])
    return found + [claims[n - 1] for n in range(1, len(claims) + 1) if n not in placed]


def _together(text: str, claims: Sequence[Distinct]) -> list[Distinct]:
    """One distinct claim, or as many as there are different anchors among those put together."""
    groups: dict[object, list[Distinct]] = {}
    for claim in claims:
        groups.setdefault(held_to(claim.text), []).append(claim)
    whole = len(groups) == 1 and held_to(text) in groups
    return [
        Distinct(
            text if whole and len(group) > 1 else min(claim.text for claim in group),
            sum((claim.members for claim in group), ()),
        )
        for group in groups.values()
    ]


@lru_cache(maxsize=8192)
def held_to(text: str) -> tuple[frozenset[str], bool]:
    """What two claims must share to be one: their figures, and whether they deny."""
    low = {w.low for w in words(text)}
    denies = any(word in negations() or word.endswith("n't") for word in low)
    return frozenset(q.value for q in quantities(text)), denies


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
