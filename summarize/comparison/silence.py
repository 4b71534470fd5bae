"""Silence is earned: a version is silent on a claim only if nothing in it may be that claim.

An engine's "silent" becomes "not found" where an anchor of the claim (number, date, quotation, or a
name that is not everywhere in the story) or a close sentence occurs in the version. A sentence is not
counted if it is *accounted for*: a version that tells the claim has this very sentence besides it, word
for word. What a teller holds apart is not the same.
"""

from __future__ import annotations

from dataclasses import replace
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


class _Silence:
    def __init__(self, ground: Ground, rows: tuple[Row, ...]) -> None:
        self.ground = ground
        self.aligned = _aligned(rows)

    def earned(self, row: Row, version: str) -> bool:
        """Whether nothing in `version` may be the claim of `row`."""
        if len(Bag.of(row.text).stems) < _FEW and not _is_cut(self.ground, row, version):
            return False
        told = self._anchors(row)
        anchors = [a for a, _ in told]
        anchored = {n for a in anchors for n in self.ground.occurrences(version, a)}
        anchored |= {o.sentence for a, v in told for o in self.ground.comparable(version, v, a)}
        anchored |= {n for a in anchors if a.kind == "name" for n in self.ground.named_in_part(version, a)}
        anchored |= {
            n for e in row.telling().values() for site in sites(e.evidence) for n in self._matched(site, version)
        }
        return all(self._accounted(row, version, n) for n in anchored | self._close(row, version))

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

    Then it has what they have besides the claim, not the claim: neither a part of it nor its opposite.
    """
    tellers = {v: p for v, p in row.telling().items() if v != version and p.status == "states"}
    return bool(tellers) and all(
        (copies := ground.copies(version, number, teller)) and not copies & numbers(position.evidence)
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


def check(ground: Ground, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows, with "silent" kept where it is earned and turned into "not found" elsewhere."""
    rows = tuple(_apart(ground, row) for row in rows)
    silence = _Silence(ground, rows)
    return tuple(
        replace(
            row,
            positions={
                v: replace(p, status="not found") if p.status == "silent" and not silence.earned(row, v) else p
                for v, p in row.positions.items()
            },
        )
        for row in rows
    )
