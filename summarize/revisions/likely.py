"""How alike two sentences of two revisions are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from summarize.revisions.sides import Run, Side
from summarize.text.likeness import Bag, Likeness

# Measured on the revisions of eight articles (New York Times, BBC, Guardian).
EXPECTED, ELSEWHERE = 0.36, 0.5  # likeness from which a sentence became another, between the same neighbours or not
_IN_PLACE = 0.7  # the same for one of as many sentences between the same neighbours and its counterpart
_FRAME = 0.6  # share of words in their order that frames a changed word
_TRIED = 4  # candidates for one sentence that are looked at closely
_GAIN, _COVERED = 0.06, 0.8  # what a joined sentence adds to likeness, or how much of it the other side covers
_EVERYWHERE = 200  # sentences with a stem from which it finds no candidates: looking at all would be quadratic
_LONG = 600  # words of a sentence above which word order is not looked at


class Resemblance:
    """Likeness of the sentences of two sides; words weigh by their rarity in both."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self._index = Likeness(after.bags, before.bags)

    def candidates(
        self, gone: Sequence[int], new: Sequence[int], expected: Callable[[int, int], bool]
    ) -> Iterator[tuple[float, int, int]]:
        """(likeness, place before, place after) of free sentences that may have become each other."""
        bags = [self.after.bags[j] for j in new]
        index = Likeness(bags, self.before.bags)
        counts = Counter(stem for bag in bags for stem in bag.stems)
        everywhere = frozenset(stem for stem, n in counts.items() if n > _EVERYWHERE)
        for i in gone:
            bag = self.before.bags[i]
            likely = index.best(Bag(bag.stems - everywhere, bag.runs))
            near = [x for x in likely if expected(i, new[x.place])]
            for j in dict.fromkeys(new[x.place] for x in (*likely[:_TRIED], *near[:_TRIED])):
                value = self.of(Run(i, i + 1), Run(j, j + 1))
                at_home = expected(i, j)
                if value >= (EXPECTED if at_home else ELSEWHERE):
                    yield value + 0.1 * at_home, i, j

    def counterparts(self, b: Run, a: Run, *, alone: bool) -> bool:
        """Whether two sentences at one place became each other; `alone`: no other there changed.

        The one word that carries content may be what changed: then the others will do.
        """
        value = self.of(b, a)
        return value >= _IN_PLACE or (alone and (value >= EXPECTED or self._order(b, a) >= _FRAME))

    def of(self, b: Run, a: Run) -> float:
        """Likeness of two runs, 0 to 1: the mean of shared content and of shared words in their order."""
        return (self.content(b, a) + self._order(b, a)) / 2

    def content(self, b: Run, a: Run) -> float:
        """The weighted share of content words that two runs share, synonyms for a part (Dice 1945), 0 to 1."""
        one, other = self._bag(self.before, b), self._bag(self.after, a)
        weights = [sum(map(self._index.weight, bag.stems)) for bag in (one, other)]
        if not all(weights):
            return float(one.stems == other.stems)
        covered = self._index.coverage(one, other) * weights[0] + self._index.coverage(other, one) * weights[1]
        return covered / sum(weights)

    def _order(self, b: Run, a: Run) -> float:
        one = [w.stem for i in range(*b) for w in self.before.terms[i]]
        other = [w.stem for i in range(*a) for w in self.after.terms[i]]
        if len(one) + len(other) > _LONG:
            return self.content(b, a)
        return SequenceMatcher(None, one, other, autojunk=False).ratio()

    def gains(self, pair: tuple[Run, Run], grown: tuple[Run, Run]) -> bool:
        """Whether a pair is more alike with one more sentence on a side, which has words the other has besides."""
        gain = self.of(*grown) - self.of(*pair)
        if gain >= _GAIN or gain <= 0:
            return gain > 0
        bags = [self._bag(side, run) for side, run in zip((self.before, self.after), pair, strict=True)]
        big = [self._bag(side, run) for side, run in zip((self.before, self.after), grown, strict=True)]
        at = int(pair[0] == grown[0])
        return self._index.coverage(Bag(big[at].stems - bags[at].stems), Bag(bags[1 - at].stems)) >= _COVERED

    @staticmethod
    def _bag(side: Side, run: Run) -> Bag:
        bag = side.bags[run.first]
        for i in range(run.first + 1, run.stop):
            bag |= side.bags[i]
        return bag
