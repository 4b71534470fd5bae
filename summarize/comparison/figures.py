"""The numbers of a story side by side: each quantity, and what every version has for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from summarize.comparison.ground import Ground
from summarize.comparison.joined import backing, joined
from summarize.comparison.measured import Mention, mentions
from summarize.comparison.model import FigureRow, Row


def figures(ground: Ground, rows: Sequence[Row]) -> tuple[FigureRow, ...]:
    """Each quantity that a version tells, told by more versions first, then by place.

    Which figures are one quantity: see joined.py. `same` compares all pairs of versions: each figure of one
    must be one of the other's, if that has any rounded in the same way, else be able to be one (see
    rounding.py). `claims` are the rows of the matrix that tell a value of it, with it in their evidence.
    """
    told = [m for v in ground.articles for m in mentions(ground, v)]
    backed = backing(rows, told)
    order = {row.id: i for i, row in enumerate(rows)}
    found: list[tuple[float, FigureRow]] = []
    for group in joined(ground, told, backed):
        claims = {row for i in group for row, tells in backed.get(i, {}).items() if tells}
        here = [told[i] for i in group]
        found.append((_place(ground, here), _row(ground, here, sorted(claims, key=order.__getitem__))))
    found.sort(key=lambda item: (-len(item[1].figures), item[0], item[1].what, _values(item[1])))
    return tuple(row for _, row in found)


def _row(ground: Ground, told: Sequence[Mention], claims: Iterable[str]) -> FigureRow:
    by_version: dict[str, list[Mention]] = {}
    for m in told:
        by_version.setdefault(m.version, []).append(m)
    sides = {v: by_version[v] for v in ground.articles if v in by_version}
    same = all(
        _has(there, m)
        for one, other in combinations(sides.values(), 2)
        for mine, there in ((one, other), (other, one))
        for m in mine
    )
    told_by = {v: tuple(m.figure for m in mine) for v, mine in sides.items()}
    return FigureRow(_what(told), told_by, same, tuple(claims))


def _has(there: Sequence[Mention], m: Mention) -> bool:
    """Whether one of the figures of a version is, or can be, this one."""
    alike = [o for o in there if o.told.way == m.told.way]
    if alike or m.kind == "tally":
        return any(o.figure.value == m.figure.value for o in (alike or there))
    return any(m.told.compatible(o.told) for o in there)


def _what(told: Sequence[Mention]) -> str:
    """What most versions name it; of several such names the longest."""
    sure = [m for m in told if m.named]
    named = Counter(m.what for m in sure or told if m.what)
    return min(named, key=lambda what: (-named[what], -len(what), what), default="")


def _place(ground: Ground, told: Sequence[Mention]) -> float:
    """Where, on average, the versions first tell it (0: the start, 1: the end)."""
    first: dict[str, int] = {}
    for m in told:
        sentence = m.figure.evidence.sentence
        first[m.version] = min(sentence, first.get(m.version, sentence))
    places = [ground.place(v, sentence)[1] for v, sentence in first.items()]
    return round(sum(places) / len(places), 6)


def _values(row: FigureRow) -> list[tuple[str, int]]:
    return sorted((f.evidence.version, f.evidence.start) for side in row.figures.values() for f in side)
