"""Section `stance`: what one version does with each claim, by aligning sentences.

A claim is looked for in every sentence, and in two neighbouring ones. Words decide how much of it a
sentence covers; anchors decide whether it may count: a sentence that tells the same with another
figure, another name, or a negation *contradicts*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarize.engines.lexicon.inventory import same
from summarize.engines.lexicon.passage import Analysed, Passage, Sentence
from summarize.text.hedges import hedging
from summarize.text.likeness import Bag, Likely, Likeness
from summarize.text.words import content

STATES, PARTLY = 0.62, 0.4  # coverage of a claim from which a version states it, or a part of it
_ALIKE = 0.7  # coverage both ways from which a difference in anchors is a contradiction
_DENIED = 0.85  # the same where all that differs is a name or a negation
_REST = 2  # content words that must be left beside the anchors, or there is nothing to be alike
_BESIDE = 0.25  # coverage of what a claim says besides names: names alone are no part of it
_SHORT, _SHORT_STATES = 4, 0.8  # a claim of so few content words is stated only where nearly all are
_PAIR_GAIN = 0.12  # what a second sentence must add
_CITED = 12  # most sentences that an answer may cite (prompts/stance.schema.json)
_TRIED = 6  # best lines looked at for a contradiction


@dataclass(frozen=True, slots=True)
class _Found:
    status: str
    sentences: tuple[Sentence, ...] = ()


def stance(passage: Passage) -> dict[str, object]:
    """A position for each claim, in order.

    Asked a second time, about sentences that code found close, it cannot tell: the same rules would say the same.
    """
    if passage.near:
        asked = list(enumerate(passage.near, start=passage.first))
        return {
            "told": [_unclear(n, near) for n, near in asked if near],
            "silent": [n for n, near in asked if not near],
        }
    aligner = _Aligner(passage)
    found = [aligner.find(i) for i in range(len(passage.claims))]
    return {
        "told": [_position(passage, i, f) for i, f in enumerate(found) if f.sentences],
        "silent": [i + passage.first for i, f in enumerate(found) if not f.sentences],
    }


def _unclear(number: int, near: Sequence[int]) -> dict[str, object]:
    who = {"voice": "author", "speaker": None, "certainty": "asserted"}
    return {"claim": number, "cites": list(near[:_CITED]), "status": "unclear", **who}


def _position(passage: Passage, index: int, found: _Found) -> dict[str, object]:
    attributed = next((a for s in found.sentences if (a := passage.attributions.get(s.number))), None)
    claim = passage.claims[index].bag.stems
    levels = {_certainty_about(claim, s) for s in found.sentences[:1]}
    return {
        "claim": index + passage.first,
        "cites": [s.number for s in found.sentences],
        "status": found.status,
        "voice": "attributed" if attributed else "author",
        "speaker": attributed.speaker[:200] if attributed else None,
        "certainty": next(iter(levels), "asserted"),
    }


def _certainty_about(claim: frozenset[str], s: Sentence) -> str:
    """How certain a sentence is of a claim: its hedges count where the word they hedge is in the claim."""
    for match in hedging(s.own_words):
        hedged = next((w for w in content(s.own_words[match.last + 1 :]) if not w.low.endswith("ly")), None)
        if hedged is not None and hedged.stem in claim:
            return match.what
    return "asserted"


class _Aligner:
    """Sentences of a version against the claims of a story."""

    def __init__(self, passage: Passage) -> None:
        self.claims = passage.claims
        self.lines = [s for s in passage.telling if s.bag.stems]
        self.likeness = Likeness([s.full for s in self.lines], [c.bag for c in self.claims])
        self.names = frozenset[str]().union(*(line.held_to.names for line in self.lines))  # of the whole version

    def find(self, index: int) -> _Found:
        """What the version does with the claim at `index`."""
        claim = self.claims[index]
        best = self.likeness.best(claim.bag)
        twins = [i for i, cover, _ in best if cover > _ALIKE and same(self.likeness, claim, self.lines[i])]
        if twins:
            return _Found("states", tuple(self.lines[i] for i in sorted(twins)[:_CITED]))
        for i, _, _ in best[:_TRIED]:
            if self._contradicts(claim, self.lines[i]):
                return _Found("contradicts", (self.lines[i],))
        cover, support = self._support(claim, best)
        if not support:
            return _Found("silent")
        lines = tuple(self.lines[i] for i in support)
        said = frozenset[str]().union(*(line.held_to.figures for line in lines))
        negates = any(line.held_to.negates for line in lines)
        least = _SHORT_STATES if len(claim.bag.stems) <= _SHORT else STATES
        whole = cover >= least and claim.held_to.figures <= said and claim.held_to.negates == negates
        return _Found("states" if whole else "partly", lines)

    def _contradicts(self, claim: Analysed, line: Sentence) -> bool:
        """Whether both tell the same but for an anchor that each has alone, or a negation."""
        mine, theirs = claim.held_to, line.held_to
        figures = bool(mine.figures - theirs.figures) and bool(theirs.figures - mine.figures)
        lone = mine.names - theirs.names
        names = bool(lone - self.names) and bool(theirs.names - mine.names) and mine.figures == theirs.figures
        if figures:
            return self._alike(claim, line, _ALIKE)
        return (names or mine.negates != theirs.negates) and self._alike(claim, line, _DENIED)

    def _alike(self, claim: Analysed, line: Sentence, least: float) -> bool:
        """Whether the two are one statement apart from their anchors: each covers so much of the other."""
        loose = claim.held_to.names ^ line.held_to.names
        rest = [Bag(s.besides.stems - loose) for s in (claim, line)]
        enough = min(len(bag.stems) for bag in rest) >= _REST
        return enough and all(self.likeness.coverage(a, b) >= least for a, b in (rest, rest[::-1]))

    def _support(self, claim: Analysed, best: list[Likely]) -> tuple[float, tuple[int, ...]]:
        """The line, or it and a neighbour, that tell most of `claim`; none where that is too little."""
        if not best:
            return 0.0, ()
        first, cover, runs = best[0]
        chosen: tuple[int, ...] = (first,)
        for i, j in ((first - 1, first), (first, first + 1)):
            if self._neighbours(i, j):
                both = self.likeness.coverage(claim.bag, self.lines[i].full | self.lines[j].full)
                if both >= cover + _PAIR_GAIN:
                    cover, chosen = both, (first, i + j - first)
        said = Bag.of([w for i in chosen for w in self.lines[i].words])
        beside = self.likeness.coverage(Bag(claim.bag.stems - claim.held_to.names), said)
        return (cover, chosen) if cover + runs >= PARTLY and beside >= _BESIDE else (cover, ())

    def _neighbours(self, i: int, j: int) -> bool:
        """Whether lines `i` and `j` follow one another in a paragraph."""
        return i >= 0 and j < len(self.lines) and self.lines[i].paragraph == self.lines[j].paragraph
