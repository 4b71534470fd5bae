"""How much of one statement another one says: weighted coverage of content words.

A word weighs by its rarity among the statements compared (inverse document frequency; Spärck Jones
1972). It is covered by the same stem, or, for a part, by a word that tells the same fact in news
English (data/synonyms.tsv). Coverage runs from 0 to 1 and has a direction: of A by B.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from summarize.text.words import Word, content, synonyms, words

_SYNONYM = 0.85  # how much of a word a synonym covers
_BACK, _RUNS = 0.2, 1.5  # what covering in the other direction and shared runs add to a rank
_TRIED = 24  # statements, those that cover most, that are ranked


@dataclass(frozen=True)
class Bag:
    """The distinct content stems of a statement, and its runs of three words, function words included."""

    stems: frozenset[str]
    runs: frozenset[tuple[str, str, str]] = frozenset()

    @classmethod
    def of(cls, text: str | Sequence[Word]) -> Bag:
        """The bag of a text, or of words already found."""
        found = words(text) if isinstance(text, str) else text
        stems = [w.stem for w in found]
        return cls(frozenset(w.stem for w in content(found)), frozenset(zip(stems, stems[1:], stems[2:], strict=False)))

    @cached_property
    def sets(self) -> frozenset[str]:
        """The sets of synonyms that its stems are in."""
        return frozenset().union(*(synonyms().get(stem, ()) for stem in self.stems))

    def shared_runs(self, other: Bag) -> float:
        """The share of its runs that `other` has, 0 to 1."""
        return len(self.runs & other.runs) / max(1, len(self.runs))

    def __or__(self, other: Bag) -> Bag:
        """What two statements say together."""
        return Bag(self.stems | other.stems, self.runs | other.runs)


class Likely(NamedTuple):
    """The statement at index `place` covers so much of another one and has so many of its runs (0 to 1 each)."""

    place: int
    cover: float
    runs: float


class Likeness:
    """An index of `statements` to find likely ones by, with weights learnt from them and from `others`."""

    def __init__(self, statements: Sequence[Bag], others: Sequence[Bag] = ()) -> None:
        self._statements = statements
        total = len(statements) + len(others)
        counts = Counter(stem for bag in (*statements, *others) for stem in bag.stems)
        self._weights = {stem: math.log(1 + total / n) for stem, n in counts.items()}
        self._unknown = math.log(1 + max(total, 1))
        self._places: dict[str, list[int]] = {}
        for i, bag in enumerate(statements):
            for key in bag.stems | bag.sets:
                self._places.setdefault(key, []).append(i)

    def weight(self, stem: str) -> float:
        """How telling a stem is; unknown ones are the rarest."""
        return self._weights.get(stem, self._unknown)

    def coverage(self, of: Bag, by: Bag) -> float:
        """The weighted share of `of` that `by` says, 0 to 1; 0 for an empty statement."""
        total = math.fsum(map(self.weight, of.stems))
        if not total:
            return 0.0
        said = [self.weight(stem) for stem in of.stems & by.stems]
        said += [
            _SYNONYM * self.weight(stem)
            for stem in of.stems - by.stems
            if not by.sets.isdisjoint(synonyms().get(stem, ()))
        ]
        return math.fsum(said) / total

    def covers(self, bag: Bag) -> dict[int, float]:
        """Coverage of `bag` by each statement that says any of it, by place. Equal to `coverage`."""
        total = math.fsum(map(self.weight, bag.stems))
        said: dict[int, float] = {}
        for stem in sorted(bag.stems):
            weight = self.weight(stem) / total
            exact = self._places.get(stem, [])
            alike = {i for key in synonyms().get(stem, ()) for i in self._places.get(key, ())}.difference(exact)
            for i in exact:
                said[i] = said.get(i, 0.0) + weight
            for i in alike:
                said[i] = said.get(i, 0.0) + _SYNONYM * weight
        return said

    def rank(self, of: Bag, by: Bag) -> float:
        """How good a match `by` is for `of`: it covers much, shares runs, and says little besides.

        A run of the same three words tells more than the same words apart: two sentences about one
        matter share words, two tellings of one fact share turns of phrase.
        """
        return self.coverage(of, by) + _BACK * self.coverage(by, of) + _RUNS * of.shared_runs(by)

    def best(self, bag: Bag) -> list[Likely]:
        """The likeliest statements for `bag`, the best match first."""
        covers = self.covers(bag)
        tried = sorted(covers, key=lambda i: (-round(covers[i], 9), i))[:_TRIED]
        ranked = sorted(tried, key=lambda i: (-self.rank(bag, self._statements[i]), i))
        return [Likely(i, covers[i], bag.shared_runs(self._statements[i])) for i in ranked]


def jaccard(a: Iterable[str], b: Iterable[str]) -> float:
    """Shared part of two sets, 0 to 1; 1 for two empty ones (Jaccard 1901)."""
    left, right = set(a), set(b)
    return len(left & right) / len(left | right) if left | right else 1.0
