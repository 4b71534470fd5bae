"""Silence is earned: a version is silent on a claim only if nothing in it may be that claim.

    "silent", answered ── doubts ─▶ sentences that may be it? none: silent
                                          │ some: asked once more, about these sentences and the whole
                                          ▼
    settled: told after all ─▶ its position · unclear ─▶ not found
             silent again   ─▶ not found if an anchor of the claim stands there (number, date, quotation,
                               telling name), else silent

A sentence is not counted if it is *accounted for*: a version that tells the claim has this very sentence
besides it, word for word. What a teller holds apart is not the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from summarize.anchors import Anchor
from summarize.comparison.ground import FIGURES, Ground, numbers, sites
from summarize.comparison.model import Row
from summarize.reading import Position
from summarize.text.likeness import Bag
from summarize.text.numbers import quantities
from summarize.text.view import fold

CLOSE = 0.22  # coverage of a claim from which a sentence is too close for silence
_FEW = 3  # content words of a claim below which words cannot tell whether another text has it
CLOSE_PAIR = 0.35  # the same for two neighbouring sentences together, which cover more by chance
_LOOKED_AT = 8  # sentences, the likest, that are named when a version is asked once more
_SLIGHT = re.compile(r"1|\d+th|mon|tue|wed|thu|fri|sat|sun")
_SMALL = re.compile(r"\d|1[0-2]|[a-z]+s")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a version that answered "silent" may tell a claim after all: `sentences` to look at, in order.

    `held`: an anchor of the claim stands in one of them. No sentence: the claim is too short to be told apart.
    """

    sentences: tuple[int, ...]
    held: bool


class _Silence:
    def __init__(self, ground: Ground, rows: tuple[Row, ...]) -> None:
        self.ground = ground
        self.aligned = _aligned(rows)

    def doubt(self, row: Row, version: str) -> Doubt | None:
        """What in `version` may be the claim of `row`; None if nothing is."""
        if len(Bag.of(row.text).stems) < _FEW and not _is_cut(self.ground, row, version):
            return Doubt((), held=True)
        if any(self.ground.english(v) != self.ground.english(version) for v in row.telling()):
            return Doubt((), held=True)  # in another language no word could show that it is told
        told = self._anchors(row)
        held = {n for a, v in told for n in self._holding(version, a, v)}
        near = {n for a, _ in told for n in self.ground.occurrences(version, a)}
        near |= {o.sentence for a, v in told for o in self.ground.comparable(version, v, a)}
        near |= {n for a, _ in told if a.kind == "name" for n in self.ground.named_in_part(version, a)}
        near |= {n for e in row.telling().values() for site in sites(e.evidence) for n in self._matched(site, version)}
        loose = [n for n in near | self._close(row, version) if not self._accounted(row, version, n)]
        claim, bags = Bag.of(row.text), self.ground.bags[version]
        loose.sort(key=lambda n: (n not in held, -round(self.ground.likeness.coverage(claim, bags[n]), 9), n))
        return Doubt(tuple(sorted(loose[:_LOOKED_AT])), held=not held.isdisjoint(loose)) if loose else None

    def _holding(self, version: str, anchor: Anchor, teller: str) -> list[int]:
        """Sentences that hold the same anchor, a small number only where it may count the same thing.

        A day of the week, an ordinal or a number as a pronoun stands anywhere: it holds a claim to nothing.
        """
        if _SLIGHT.fullmatch(anchor.value):
            return []
        small = anchor.kind == "number" and _SMALL.fullmatch(anchor.value)
        return [
            other.sentence
            for other in self.ground.same(version, anchor)
            if not small or self.ground.one_thing(teller, anchor, version, other)
        ]

    def _matched(self, site: tuple[str, int], version: str) -> set[int]:
        """Sentences of `version` that tell, by another row, what the sentence at `site` tells too."""
        return self.aligned.get((*site, version), set())

    def _anchors(self, row: Row) -> list[tuple[Anchor, str]]:
        """Anchors of the claim itself, each with the version that tells it so."""
        flat, figures = fold(row.text), {q.value for q in quantities(row.text)}
        found = self.ground.within(
            (e for p in row.telling().values() for e in p.evidence), (*FIGURES, "name", "quotation")
        )
        return [
            (a, e.version)
            for a, e in found
            if (a.kind in FIGURES and a.value in figures)
            or (a.kind == "quotation" and a.value in flat)
            or (a.kind == "name" and a.value in flat and not self.ground.common(a))
        ]

    def _close(self, row: Row, version: str) -> set[int]:
        """Sentences too close to the claim for silence; a heading between paragraphs only if it is the claim.

        A headline sums a text up in words of its own: all of a version may be what another's headline says.
        """
        if self._is_headline(row):
            return {s.number for s in self.ground.read[version]}
        article = self.ground.articles[version]
        return {
            n
            for n in self.ground.close(version, row.text, CLOSE, CLOSE_PAIR)
            if article.sentences[n - 1].role != "subhead"
            or self.ground.words(version, article.sentences[n - 1]) == row.text
        }

    def _is_headline(self, row: Row) -> bool:
        """Whether a headline tells the claim."""
        told = ((v, n) for v, p in row.telling().items() for n in numbers(p.evidence))
        return any(self.ground.articles[v].sentences[n - 1].role == "headline" for v, n in told)

    def _accounted(self, row: Row, version: str, number: int) -> bool:
        """Whether a teller of the claim has this very sentence besides it."""
        return any(
            self.ground.copies(version, number, teller) - numbers(position.evidence)
            for teller, position in row.telling().items()
            if teller != version
        )


def _aligned(rows: tuple[Row, ...]) -> dict[tuple[str, int, str], set[int]]:
    """For a sentence and another version: the sentences there that state a claim which it states too."""
    found: dict[tuple[str, int, str], set[int]] = {}
    for row in rows:
        told = {v: p for v, p in row.positions.items() if p.status == "states"}
        for one, other in permutations(told, 2):
            for number in numbers(told[one].evidence):
                found.setdefault((one, number, other), set()).update(numbers(told[other].evidence))
    return found


def _held_apart(ground: Ground, row: Row, version: str) -> bool:
    """Whether all that `version` has for a claim is copied from sentences its tellers have besides it.

    Then it has what they have besides the claim, not the claim: neither a part of it nor its opposite. A teller's
    own sentence that stands in `version` too is the claim, though another one was cited for it.
    """
    tellers = {v: p for v, p in row.telling().items() if v != version and p.status == "states"}
    return bool(tellers) and all(
        (copies := ground.copies(version, number, teller))
        and not copies & numbers(position.evidence)
        and not any(ground.copies(teller, n, version) for n in numbers(position.evidence))
        for number in numbers(row.positions[version].evidence)
        for teller, position in tellers.items()
    )


def _apart(ground: Ground, row: Row) -> Row:
    silent = Position(0, "silent", "author", None, "asserted", ())
    return replace(
        row,
        positions={
            v: silent if p.status in {"partly", "contradicts"} and _held_apart(ground, row, v) else p
            for v, p in row.positions.items()
        },
    )


def cuts(ground: Ground, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows, with a sentence that was only cut out counted as left out, for the differences.

    In a version that holds nothing but sentences of a teller, what it has for a claim may be what the
    teller repeats elsewhere. The matrix says, rightly, that it states the claim; but the sentence is gone.
    """
    return tuple(
        replace(
            row,
            positions={
                v: replace(p, status="silent")
                if p.status == "states" and _held_apart(ground, row, v) and _is_cut(ground, row, v)
                else p
                for v, p in row.positions.items()
            },
        )
        for row in rows
    )


def _is_cut(ground: Ground, row: Row, version: str) -> bool:
    return any(ground.is_cut(version, teller) for teller in row.telling() if teller != version)


def held_apart(ground: Ground, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, with a part or an opposite that is only what a teller has besides the claim as silence."""
    return tuple(_apart(ground, row) for row in rows)


def doubts(ground: Ground, rows: tuple[Row, ...]) -> dict[str, dict[str, Doubt]]:
    """For each version: the claims (row ids) that it answered "silent" to and may tell after all."""
    silence = _Silence(ground, rows)
    found: dict[str, dict[str, Doubt]] = {v: {} for v in ground.articles}
    for row in rows:
        for version, position in row.positions.items():
            if position.status == "silent" and (doubt := silence.doubt(row, version)):
                found[version][row.id] = doubt
    return found


def settled(
    ground: Ground,
    rows: Sequence[Row],
    doubted: Mapping[str, Mapping[str, Doubt]],
    again: Mapping[str, Mapping[str, Position]],
) -> tuple[Row, ...]:
    """The rows, with what the versions answered `again` (version → row id → position) about doubtful silence.

    A part or an opposite that is only what a teller has besides the claim is silence, here too.
    """

    def position(row: Row, version: str, first: Position) -> Position:
        doubt = doubted[version].get(row.id)
        if doubt is None:
            return first
        second = again.get(version, {}).get(row.id)
        if second is None:
            return replace(first, status="not found")
        second = _apart(ground, replace(row, positions={**row.positions, version: second})).positions[version]
        return replace(first, status="not found") if second.status == "silent" and doubt.held else second

    return tuple(
        replace(row, positions={v: position(row, v, first) for v, first in row.positions.items()}) for row in rows
    )
