"""What became of each claim from one revision to the next: asserted, hedged, gone, told again.

A stage says what one revision does with a claim; a course is the stages of a claim over all of them. A *flip*
is a claim that is told, gone or contradicted, and told again, or a figure that goes from A to B and back to A.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from summarize.comparison.ground import FIGURES, Ground
from summarize.comparison.model import Course, Row, Stage
from summarize.reading import Position
from summarize.text.lists import stopwords
from summarize.text.words import words

_TOLD = frozenset({"states", "partly"})
_DENIED = frozenset({"silent", "contradicts"})
_UNTOLD = frozenset({"gone", "not yet", "not found"})


def timeline(ground: Ground, rows: Sequence[Row], order: Sequence[str]) -> tuple[Course, ...]:
    """The courses of the claims that change between versions that follow one another in `order`, flips first.

    `order` has ids of versions of the story, in time; a KeyError is raised for another. Whether a claim is
    silently missing or just not found is no change. A speaker in more or fewer words is none either.
    """
    found = [_course(ground, row, order) for row in rows]
    changed = [course for course in found if course.flip or any(map(_differ, *_neighbours(course.stages)))]
    changed.sort(key=lambda course: not course.flip)
    told: dict[object, Course] = {}
    for course in changed:  # two claims that mirror each other ("12 hurt", "15 hurt") are one change
        told.setdefault(frozenset(e for stage in course.stages for e in stage.evidence), course)
    return tuple(told.values())


def _neighbours(stages: Sequence[Stage]) -> tuple[Sequence[Stage], Sequence[Stage]]:
    return stages[:-1], stages[1:]


def _course(ground: Ground, row: Row, order: Sequence[str]) -> Course:
    stages: list[Stage] = []
    told = False
    for version in order:
        position = row.positions.get(version)
        stages.append(Stage(version, _says(position, told=told), position.evidence if position else ()))
        told = told or (position is not None and position.status in _TOLD | {"contradicts"})
    text = ", ".join(_told(ground, says, list(run)) for says, run in groupby(stages, key=lambda s: s.says))
    swung = _swung(ground, row, order)
    if swung:
        text += f"; the figure is {swung[0]} again, after {swung[1]}"
    return Course(row.id, tuple(stages), text, bool(swung) or _returns(row, order))


def _says(position: Position | None, *, told: bool) -> str:
    if position is None or position.status == "not found":
        return "not found"
    if position.status == "silent":
        return "gone" if told else "not yet"
    if position.status != "states":
        return "in part" if position.status == "partly" else "contradicted"
    by = f" by {position.speaker or 'somebody'}" if position.voice == "attributed" else ""
    return f"{position.certainty}{by}"


def _told(ground: Ground, says: str, run: Sequence[Stage]) -> str:
    """One or more stages that say the same: "asserted in v1, v2 and v3"."""
    labels = [ground.label(stage.version) for stage in run]
    return f"{says} in {' and '.join(filter(None, (', '.join(labels[:-1]), labels[-1])))}"


def _differ(one: Stage, other: Stage) -> bool:
    """Whether two stages say different things."""
    if one.says == other.says or {one.says, other.says} <= _UNTOLD:
        return False
    (how, by, who), (how_too, by_too, who_too) = one.says.partition(" by "), other.says.partition(" by ")
    return (how, by) != (how_too, by_too) or not _same_speaker(who, who_too)


def _same_speaker(one: str, other: str) -> bool:
    """Whether the words of one speaker are among those of the other."""
    named = [{w.stem for w in words(who) if w.low not in stopwords()} for who in (one, other)]
    return named[0] <= named[1] or named[1] <= named[0]


def _returns(row: Row, order: Sequence[str]) -> bool:
    """Whether a claim is told, then silently missing or contradicted, then told again."""
    told = lost = False
    for version in order:
        position = row.positions.get(version)
        if position is None:
            continue
        if position.status in _TOLD:
            if lost:
                return True
            told = True
        lost = lost or (told and position.status in _DENIED)
    return False


def _swung(ground: Ground, row: Row, order: Sequence[str]) -> tuple[str, str] | None:
    """A figure that gave way to another for the same kind of thing and came back, and what it came back after."""
    telling = row.telling()
    told = [v for v in order if v in telling]
    left: set[str] = set()
    for first, second in pairwise(told):
        swaps = sorted(_swapped(ground, telling, first, second))
        back = next(((new, old) for old, new in swaps if new in left), None)
        if back is not None:
            return back
        left.update(old for old, _ in swaps)
    return None


def _swapped(ground: Ground, telling: Mapping[str, Position], first: str, second: str) -> Iterator[tuple[str, str]]:
    """Figures that one version has for a claim and the next has another for: (value, other value)."""
    mine, theirs = ([a for a, _ in ground.within(telling[v].evidence, FIGURES)] for v in (first, second))
    there, here = {a.value for a in theirs}, {a.value for a in mine}
    for a in mine:
        if a.value not in there:
            alike = ground.comparable(second, first, a)
            yield from ((a.value, b.value) for b in theirs if b in alike and b.value not in here)
