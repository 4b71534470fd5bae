"""From pairs to stories, without chains: a story is joined to another only where all of both are alike.

Links are taken from the strongest down. Two groups become one if their articles need on average what two articles
need by themselves, and no pair of them falls below half of it: group-average linkage (Sokal and Michener: A
statistical method for evaluating systematic relationships, 1958) with a floor under it. A day's reports on one
long affair are alike by pairs and not as a whole; single links would make one story of all of them.
"""

from __future__ import annotations

from itertools import combinations, product

from summarize.stories.features import Features, Figures, Held, compared
from summarize.stories.model import How, Rules
from summarize.stories.shelf import Shelf

_COUNTS = 1.25  # the most that a pair counts for in an average: two copies do not outweigh a stranger
_FLOOR = 0.5
_NAMED = 8  # words


def join(shelf: Shelf, held: Held, rules: Rules) -> None:
    """Put linked articles into clusters on the shelf."""
    for a, b in shelf.each("select a, b from link order by ratio desc, a, b"):
        heads = [_head(shelf, a), _head(shelf, b)]
        if heads[0] == heads[1]:
            continue
        one, other = (_members(shelf, head) for head in heads)
        if len(one) + len(other) <= rules.most and _are_one(held, rules, one, other):
            head = min(heads)
            shelf.put("insert or replace into cluster values (?, ?)", ((rank, head) for rank in one + other))


def _head(shelf: Shelf, rank: int) -> int:
    found = shelf.rows("select head from cluster where rank = ?", rank)
    return int(found[0][0]) if found else rank


def _members(shelf: Shelf, head: int) -> list[int]:
    return [rank for (rank,) in shelf.rows("select rank from cluster where head = ? order by rank", head)] or [head]


def _are_one(held: Held, rules: Rules, one: list[int], other: list[int]) -> bool:
    if len(one) == len(other) == 1:
        return True  # linked by themselves
    total = 0.0
    for a, b in product(one, other):
        ratio = compared(held[a], held[b], rules).ratio
        if ratio < _FLOOR:
            return False
        total += min(ratio, _COUNTS)
    return total >= len(one) * len(other)


def told(held: Held, group: list[Features], rules: Rules) -> tuple[How, str]:
    """How a group came to be one, and why, in words."""
    figures = [compared(a, b, rules) for a, b in combinations(group, 2)]
    if all(figure.copies for figure in figures):
        lowest = min(figure.resemblance for figure in figures)
        return "copies", f"near-copies: {lowest:.0%} of their five-word runs or more are the same{_within(figures)}"
    words = held.words(group)
    named = ", ".join(words[:_NAMED]) + (", …" if len(words) > _NAMED else "")
    mean = sum(figure.similarity for figure in figures) / len(figures)
    alike = f"similarity {mean:.2f}" + (" on average" if len(figures) > 1 else "")
    return "event", f"{len(words)} shared telling words ({named}), {alike}{_within(figures)}"


def _within(figures: list[Figures]) -> str:
    """The time that pairs lie apart at most, in words; "" where none is dated."""
    days = [figure.days for figure in figures if figure.days is not None]
    if not days:
        return ", undated"
    time = f", within {max(1, -int(-max(days) // 1))} day{'s' if max(days) > 1 else ''}"
    return time if len(days) == len(figures) else f"{time} where dated"
