"""How a vote is taken: what lies side by side, what is kept of it, and whether it is stable.

No rule looks at which reading came first, so the order of the readings changes no kept value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias, TypeVar

from summarize.reading import Label

STABLE = Fraction(2, 3)  # a label is stable where more than this share of the readings gave what is kept

Value: TypeAlias = "str | int | None"
F = TypeVar("F")
V = TypeVar("V", bound=str | int)
Row: TypeAlias = "tuple[F | None, ...]"  # what each reading says of one thing; None where it does not


def label(section: str, of: str, values: Iterable[Value], kept: Value) -> Label:
    """The label of one vote; its share has three decimals.

    It is 0 where nobody gave what is kept: between opposed tones (see `middle`), and where a frame that all
    have as primary makes way for another one.
    """
    given = tuple(values)
    share = Fraction(given.count(kept), len(given))
    return Label(section, of, given, kept, round(float(share), 3), share > STABLE)


def many(row: Sequence[object]) -> bool:
    """Whether more than half of the readings say anything (not None): half of them are no majority."""
    return 2 * sum(value is not None for value in row) > len(row)


def most(values: Iterable[V], cautious: Sequence[V] = ()) -> V:
    """The most frequent value.

    Of equals the one that `cautious` names first, because it asserts least; of others the first by
    alphabet, because that hangs on no order of the readings.
    """
    ranks = {value: rank for rank, value in enumerate(cautious)}
    counts = Counter(values)
    return min(counts, key=lambda v: (-counts[v], ranks.get(v, len(ranks)), v))


def middle(values: Iterable[int]) -> int:
    """The median, which is the value of a majority where there is one.

    Between the two middle values of an even number, the point nearest to 0: half of them say no more
    than that. Where these have opposite signs it is 0, which nobody may have given; either sign would
    be a coin's choice.
    """
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return max(low, min(high, 0))


def aligned(lists: Sequence[Sequence[F]], key: Callable[[F], Hashable]) -> list[Row[F]]:
    """A row for each thing that any reading has, in the order of first appearance.

    Things with one key are one thing. Where a reading names a thing twice, its first mention lies
    beside the first mentions of the others, its second beside their second.
    """
    rows: dict[Hashable, list[F | None]] = {}
    for i, found in enumerate(lists):
        seen: Counter[Hashable] = Counter()
        for item in found:
            k = key(item)
            rows.setdefault((k, seen[k]), [None] * len(lists))[i] = item
            seen[k] += 1
    return [tuple(row) for row in rows.values()]


def each(row: Iterable[F | None], judged: Callable[[F], Value]) -> list[Value]:
    """The value that each reading gives; None where it says nothing."""
    return [None if item is None else judged(item) for item in row]


def present(row: Row[F]) -> list[F]:
    """What the readings say that say anything."""
    return [item for item in row if item is not None]
