"""Which sentences of a revision became which of the next one.

Sentences that say the same are paired first: those that occur once on each side, then their neighbours as far
as these go on the same, then repeated ones in their order. Then runs of sentences that say the same together
(split, joined), then what is like enough: first where it is expected, between the same neighbours. Every
sentence of both sides is in exactly one pair, or gone, or new.

What moved are the pairs outside of a longest increasing subsequence (Schensted 1961), so that an inserted
paragraph moves nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from summarize.revisions.likely import Resemblance
from summarize.revisions.sides import Run, Side

_LONGEST = 4  # sentences that one may be split into


@dataclass(frozen=True, slots=True)
class Pair:
    """Run `before` became run `after`; `moved` if it stands elsewhere among the others."""

    before: Run
    after: Run
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs in the order of the later text, and the places of sentences that are `gone` and `new`."""

    pairs: tuple[Pair, ...]
    gone: tuple[int, ...]
    new: tuple[int, ...]


def align(before: Side, after: Side, likeness: Resemblance) -> Alignment:
    """The sentences of two revisions, each in exactly one place of the alignment."""
    work = _Work(before, after, likeness)
    work.same()
    work.date_lines()
    work.regrouped()
    work.alike()
    work.absorbed()
    found = sorted(work.pairs, key=lambda p: p[1])
    kept = set(increasing([b.first for b, _ in found]))
    pairs = tuple(Pair(b, a, moved=i not in kept) for i, (b, a) in enumerate(found))
    return Alignment(pairs, tuple(work.free[0]), tuple(work.free[1]))


def increasing(numbers: Sequence[int]) -> list[int]:
    """Places of a longest strictly increasing subsequence of `numbers`, in order.

    >>> increasing([3, 1, 2, 5, 4])
    [1, 2, 4]
    """
    ends: list[int] = []
    values: list[int] = []
    back: list[int] = []
    for i, number in enumerate(numbers):
        at = bisect_left(values, number)
        back.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [i]
        values[at : at + 1] = [number]
    found: list[int] = []
    i = ends[-1] if ends else -1
    while i >= 0:
        found.append(i)
        i = back[i]
    return found[::-1]


class _Work:
    """An alignment in the making."""

    def __init__(self, before: Side, after: Side, likeness: Resemblance) -> None:
        self.before, self.after, self.likeness = before, after, likeness
        self.pairs: list[tuple[Run, Run]] = []
        self._taken: tuple[set[int], set[int]] = (set(), set())

    @property
    def free(self) -> tuple[list[int], list[int]]:
        """Places of both sides that are in no pair."""
        gone, new = (range(len(side.sentences)) for side in (self.before, self.after))
        return [i for i in gone if i not in self._taken[0]], [j for j in new if j not in self._taken[1]]

    def _pair(self, b: Run, a: Run) -> None:
        self.pairs.append((b, a))
        self._take(b, a)

    def _take(self, b: Run, a: Run) -> None:
        self._taken[0].update(range(*b))
        self._taken[1].update(range(*a))

    def same(self) -> None:
        """Pair the sentences that say the same, exactly the same words first."""
        exact = [[side.text[slice(*s.span)] for s in side.sentences] for side in (self.before, self.after)]
        for keys in (exact, [self.before.keys, self.after.keys]):
            self._grow([(-1, -1), (len(self.before.sentences), len(self.after.sentences))], keys)
            once = self._once(keys)
            self._grow(once, keys)
            self._repeated(keys)

    def _says(self, i: int) -> bool:
        return bool(self.before.keys[i].strip())

    def _once(self, keys: list[list[str]]) -> list[tuple[int, int]]:
        """Pair what occurs once on each side."""
        counts = [Counter(keys[n][i] for i in self.free[n]) for n in (0, 1)]
        places = {keys[1][j]: j for j in self.free[1] if counts[1][keys[1][j]] == 1}
        said = [i for i in self.free[0] if counts[0][keys[0][i]] == 1 and self._says(i)]
        found = [(i, places[keys[0][i]]) for i in said if keys[0][i] in places]
        for i, j in found:
            self._pair(Run(i, i + 1), Run(j, j + 1))
        return found

    def _grow(self, seeds: list[tuple[int, int]], keys: list[list[str]]) -> None:
        """From each pair of places on, both ways, pair neighbours that are the same."""
        for step in (1, -1):
            for seed in seeds:
                i, j = seed[0] + step, seed[1] + step
                while (
                    0 <= i < len(keys[0])
                    and 0 <= j < len(keys[1])
                    and i not in self._taken[0]
                    and j not in self._taken[1]
                    and keys[0][i] == keys[1][j]
                ):
                    self._pair(Run(i, i + 1), Run(j, j + 1))
                    i, j = i + step, j + step

    def _repeated(self, keys: list[list[str]]) -> None:
        """Pair what is left of repeated sentences, in order."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for j in reversed(self.free[1]):
            waiting[keys[1][j]].append(j)
        for i in self.free[0]:
            if waiting.get(keys[0][i]) and self._says(i):
                j = waiting[keys[0][i]].pop()
                self._pair(Run(i, i + 1), Run(j, j + 1))

    def date_lines(self) -> None:
        """Pair date lines, in order: there is nothing to tell them apart by."""
        gone, new = self.free
        dated = [i for i in gone if self.before.dated(i)], [j for j in new if self.after.dated(j)]
        for i, j in zip(*dated, strict=False):
            self._pair(Run(i, i + 1), Run(j, j + 1))

    def regrouped(self) -> None:
        """Pair runs that say the same together, cut into sentences otherwise."""
        runs = [list(_runs(free)) for free in self.free]
        known = {key: run for run in runs[0] if (key := self.before.key(run)).strip()}
        for run in sorted(runs[1], key=lambda r: (r.first - r.stop, r.first)):
            other = known.get(self.after.key(run))
            if other is not None and self._open(other, run):
                self._pair(other, run)

    def _open(self, b: Run, a: Run) -> bool:
        return self._taken[0].isdisjoint(range(*b)) and self._taken[1].isdisjoint(range(*a))

    def alike(self) -> None:
        """Pair what is like enough, the likeliest first; less is enough between the same neighbours."""
        self._in_place()
        expected = self._expected()
        candidates = self.likeness.candidates(*self.free, expected)
        for _, i, j in sorted(candidates, key=lambda c: (-c[0], abs(c[1] - c[2]), c[1:])):
            if i not in self._taken[0] and j not in self._taken[1]:
                self._pair(Run(i, i + 1), Run(j, j + 1))

    def _in_place(self) -> None:
        """Where as many sentences are free on both sides between the same neighbours, pair those alike, in order."""
        befores, afters = self._firm()
        gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, (places, firm) in enumerate(zip(self.free, (befores, afters), strict=True)):
            for i in places:
                gaps[bisect_right(firm, i)][side].append(i)
        for gone, new in gaps.values():
            for i, j in zip(gone, new, strict=False) if len(gone) == len(new) else ():
                b, a = Run(i, i + 1), Run(j, j + 1)
                if self.likeness.counterparts(b, a, alone=len(gone) == 1):
                    self._pair(b, a)

    def _expected(self) -> Callable[[int, int], bool]:
        """Whether two places lie between the same neighbours, among the pairs that did not move."""
        befores, afters = self._firm()
        return lambda i, j: bisect_right(befores, i) == bisect_right(afters, j)

    def _firm(self) -> tuple[list[int], list[int]]:
        """Places before and after of the pairs that did not move."""
        found = sorted(((b.first, a.first) for b, a in self.pairs), key=itemgetter(1))
        firm = [found[k] for k in increasing([b for b, _ in found])]
        return [b for b, _ in firm], [a for _, a in firm]

    def absorbed(self) -> None:
        """Join to a pair the free neighbours that make it more alike: a sentence was split and changed."""
        for k, pair in enumerate(self.pairs):
            if self.before.key(pair[0]) != self.after.key(pair[1]):
                for step in (1, -1):
                    self.pairs[k] = self._joined(self.pairs[k], step)
        self.pairs.sort()

    def _joined(self, pair: tuple[Run, Run], step: int) -> tuple[Run, Run]:
        """A pair with free sentences before (-1) or behind it (1), on the side that has no single one to match them."""
        before, after = pair
        for grown in ((_grown(before, step), after), (before, _grown(after, step))):
            single = after if grown[1] == after else before
            if single.stop - single.first == 1 and self._has_room(pair, grown) and self.likeness.gains(pair, grown):
                self._take(*grown)
                return grown
        return pair

    def _has_room(self, pair: tuple[Run, Run], grown: tuple[Run, Run]) -> bool:
        """Whether what a pair has grown by is there and free."""
        sizes = len(self.before.sentences), len(self.after.sentences)
        more = [set(range(*big)) - set(range(*small)) for small, big in zip(pair, grown, strict=True)]
        return all(
            0 <= i < size and i not in taken
            for places, taken, size in zip(more, self._taken, sizes, strict=True)
            for i in places
        )


def _grown(run: Run, step: int) -> Run:
    return Run(run.first, run.stop + 1) if step > 0 else Run(run.first - 1, run.stop)


def _runs(free: list[int]) -> Iterator[Run]:
    """All runs of up to four neighbouring places of `free`."""
    for at, first in enumerate(free):
        for length in range(1, _LONGEST + 1):
            if at + length > len(free) or free[at + length - 1] != first + length - 1:
                break
            yield Run(first, first + length)
