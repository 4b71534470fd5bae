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
from typing import NamedTuple

from summarize.text.words import Word, content, synonyms, words

_SYNONYM = 0.85  # how much of a word a synonym covers
_BACK, _RUNS = 0.2, 1.5  # what covering in the other direction and shared runs add to a rank
_COMMON = 0.5  # a word in more than this share of many statements finds no candidates


@dataclass(frozen=True, slots=True)
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
    """An index of `statements` to find candidates by, with weights learnt from them and from `others`."""

    def __init__(self, statements: Sequence[Bag], others: Sequence[Bag] = ()) -> None:
        self._statements = statements
        counts = Counter(stem for bag in (*statements, *others) for stem in bag.stems)
        self._total = len(statements) + len(others)
        self._weights = {stem: math.log(1 + self._total / n) for stem, n in counts.items()}
        self._index: dict[str, list[int]] = {}
        for i, bag in enumerate(statements):
            for key in self._keys(bag):
                self._index.setdefault(key, []).append(i)

    @staticmethod
    def _keys(bag: Bag) -> set[str]:
        return {*bag.stems, *(g for stem in bag.stems for g in synonyms().get(stem, ()))}

    def weight(self, stem: str) -> float:
        """How telling a stem is; unknown ones are the rarest."""
        return self._weights.get(stem, math.log(1 + max(self._total, 1)))

    def coverage(self, of: Bag, by: Bag) -> float:
        """The weighted share of `of` that `by` says, 0 to 1; 0 for an empty statement."""
        total = sum(self.weight(stem) for stem in sorted(of.stems))
        if not total:
            return 0.0
        groups = {g for stem in by.stems for g in synonyms().get(stem, ())}
        said = 0.0
        for stem in sorted(of.stems):
            if stem in by.stems:
                said += self.weight(stem)
            elif not groups.isdisjoint(synonyms().get(stem, ())):
                said += _SYNONYM * self.weight(stem)
        return said / total

    def candidates(self, bag: Bag) -> list[int]:
        """Indices of the statements that share a telling word with `bag`."""
        limit = max(20, int(len(self._statements) * _COMMON))
        found: set[int] = set()
        for key in self._keys(bag):
            places = self._index.get(key, [])
            if len(places) <= limit:
                found.update(places)
        return sorted(found)

    def rank(self, of: Bag, by: Bag) -> float:
        """How good a match `by` is for `of`: it covers much, shares runs, and says little besides.

        A run of the same three words tells more than the same words apart: two sentences about one
        matter share words, two tellings of one fact share turns of phrase.
        """
        return self.coverage(of, by) + _BACK * self.coverage(by, of) + _RUNS * of.shared_runs(by)

    def best(self, bag: Bag) -> list[Likely]:
        """The candidates for `bag`, the best match first."""
        found = [(self.rank(bag, self._statements[i]), i) for i in self.candidates(bag)]
        return [
            Likely(i, self.coverage(bag, self._statements[i]), bag.shared_runs(self._statements[i]))
            for _, i in sorted(found, key=lambda f: (-f[0], f[1]))
        ]


def jaccard(a: Iterable[str], b: Iterable[str]) -> float:
    """Shared part of two sets, 0 to 1; 1 for two empty ones (Jaccard 1901)."""
    left, right = set(a), set(b)
    return len(left & right) / len(left | right) if left | right else 1.0
