"""Which numbers of a story's versions are one quantity.

They are joined in three steps, the surest first; two rows are better than one wrong row.

    1. the same words around them, all numbers masked: two tellings of one sentence
    2. the same value, or rounded values that can be the same, of the same thing in a like context; a value with
       three telling digits ("1,761") needs less of it
    3. other values of the same thing in a like context, between versions of which none has both values; each
       with the other as its only match. Where a row of the matrix has both in its evidence, less
       will do, least for counts that are close

Nothing is joined across different kinds (a count and a share), currencies, bases ("of Republicans", "of
Democrats"), dates ("in 2022", "in 2023"), nor, but for telling values, across other names near by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, zip_longest
from typing import TypeAlias

from summarize.comparison.ground import Ground
from summarize.comparison.measured import Mention
from summarize.comparison.model import Row
from summarize.text.numbers import quantities
from summarize.text.words import content, words

Backed: TypeAlias = "Mapping[int, Mapping[str, bool]]"

_TELLING = 3  # digits of a value that no other quantity of the story is likely to have
_LIKE = 0.3  # likeness of contexts from which one value is one quantity
_OTHER = 0.5  # likeness of contexts from which two values are told for one quantity
# The same where a row of the matrix has both: by whether they are counts, and whether the values are close.
_BACKED = {(True, True): 0.2, (True, False): 0.3, (False, True): 0.3, (False, False): 0.5}
_CLOSE = 1.25  # factor up to which two values are close
_CLEAR = 0.05  # by which a match must be better than the next
_APART = 5.0  # factor from which two values are hardly told for one quantity
_FEW = 2  # stems of a context, or digits of an amount, below which they say nothing


def joined(ground: Ground, told: Sequence[Mention], backed: Backed) -> list[list[int]]:
    """Places in `told` of the mentions of each quantity."""
    classes = Classes(told)
    _by_sides(classes)
    _by_value(ground, classes, backed)
    _by_context(ground, classes, backed)
    return [sorted(group) for group in classes.members.values()]


class Classes:
    """Mentions, and which of them are one quantity."""

    def __init__(self, told: Sequence[Mention]) -> None:
        self.told = told
        self.root = list(range(len(told)))
        self.members = {i: [i] for i in self.root}

    def join(self, one: int, other: int) -> None:
        """Make one quantity of two mentions' quantities."""
        low, high = sorted((self.root[one], self.root[other]))
        if low != high:
            for i in self.members[high]:
                self.root[i] = low
            self.members[low] += self.members.pop(high)

    def versions(self, one: int) -> set[str]:
        """The versions that tell the quantity of a mention."""
        return {self.told[i].version for i in self.members[self.root[one]]}

    def key(self, one: int) -> tuple[str, int]:
        """What a mention is known by, whatever the order of the versions."""
        evidence = self.told[one].figure.evidence
        return evidence.version, evidence.start


def _by_sides(classes: Classes) -> None:
    """Join what stands between the same words: where they stand there several times, in their order."""
    found: dict[tuple[str, ...], dict[str, list[int]]] = {}
    for i, m in enumerate(classes.told):
        if m.sides:
            found.setdefault(m.sides, {}).setdefault(m.version, []).append(i)
    for by_version in found.values():
        for column in zip_longest(*by_version.values()):
            here = [i for i in column if i is not None]
            for i in here[1:]:
                classes.join(here[0], i)


def _by_value(ground: Ground, classes: Classes, backed: Backed) -> None:
    """Join the same value of the same thing."""
    times = Counter((m.version, m.figure.value, noun) for m in classes.told for noun in m.thing)
    single = [any(times[m.version, m.figure.value, noun] == 1 for noun in m.thing) for m in classes.told]
    for listed in _by_kind(classes.told).values():
        ordered = sorted(listed, key=lambda i: classes.told[i].told.bounds)
        for place, i in enumerate(ordered):
            top = classes.told[i].told.bounds[1]
            for j in ordered[place + 1 :]:
                if classes.told[j].told.bounds[0] > top:
                    break
                if classes.root[i] == classes.root[j]:
                    continue
                surer = _is_backed(backed, i, j) or (single[i] and single[j])
                if _one_value(ground, classes.told[i], classes.told[j], surer=surer):
                    classes.join(i, j)


def _by_kind(told: Sequence[Mention]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for i, m in enumerate(told):
        found.setdefault(m.kind, []).append(i)
    return found


def _one_value(ground: Ground, a: Mention, b: Mention, *, surer: bool) -> bool:
    """Whether two mentions of one kind tell one quantity with one value.

    `surer`: a row of the matrix has both, or each version tells so many of the thing only there.
    """
    equal = a.figure.value == b.figure.value
    rounded = a.version != b.version and a.kind != "tally" and a.told.compatible(b.told)
    if not (equal or rounded) or _clash(a, b):
        return False
    alike = _alike(a, b) if not equal or a.nouns.isdisjoint(b.nouns) else True
    telling = equal and min(a.telling, b.telling) >= _TELLING
    if (not telling and _other_names(a, b)) or (a.kind == "age" and not (equal and alike)):
        return False
    if alike is False:
        return telling and _likeness(ground, a, b) >= _LIKE / 2
    surer = surer or (a.kind == "money" and min(a.telling, b.telling) >= _FEW)
    least = _OTHER if not equal else 0.0 if telling else _LIKE / 2 if surer else _LIKE
    return a.kind == "age" or _likeness(ground, a, b) >= least


def _alike(a: Mention, b: Mention) -> bool | None:
    """Whether two mentions count the same thing; None where one of them does not say."""
    if not a.thing or not b.thing:
        return None
    return not a.thing.isdisjoint(b.thing) or not a.synonyms.isdisjoint(b.synonyms)


def _clash(a: Mention, b: Mention) -> bool:
    """Whether the bases or dates of two mentions are different ones, as far as both are told in one form."""
    if a.kind == "money" and a.figure.unit != b.figure.unit:
        return True
    mine, theirs = (_shared_of(m) for m in (a, b))
    if mine and theirs and mine.isdisjoint(theirs):
        return True
    days, others = ({q.value for q in quantities(m.figure.date) if q.is_date} for m in (a, b))
    if days and others and days.isdisjoint(others) and {len(d) for d in days} & {len(d) for d in others}:
        return True
    if a.figure.value == b.figure.value:
        return False
    return bool(a.done and b.done and a.done != b.done) or (a.kind == "count" and bool(mine) != bool(theirs))


def _other_names(a: Mention, b: Mention) -> bool:
    """Whether each context has names, and none that the other has."""
    apart = bool(a.names and b.names) and a.names.isdisjoint(b.names)
    return apart or bool(a.owner and b.owner and a.owner != b.owner)


def _shared_of(m: Mention) -> frozenset[str]:
    """The stems of what a share is of."""
    of, *_ = m.figure.base.split(", ")
    return frozenset(w.stem for w in content(words(of))) if of.startswith("of ") else frozenset()


def _likeness(ground: Ground, a: Mention, b: Mention) -> float:
    """How alike two contexts are, 0 to 1: what each has of the other, on average."""
    if min(len(a.near.stems), len(b.near.stems)) < _FEW:
        return 0.0
    return (ground.likeness.coverage(a.near, b.near) + ground.likeness.coverage(b.near, a.near)) / 2


def _by_context(ground: Ground, classes: Classes, backed: Backed) -> None:
    """Join different values that versions tell for one quantity, where nothing else comes near to being it."""
    versions = {root: {classes.told[i].version for i in group} for root, group in classes.members.items()}
    scores: dict[int, dict[int, float]] = {}
    tells = _told_values(classes.told)
    for i, j in (pair for listed in _by_kind(classes.told).values() for pair in combinations(listed, 2)):
        one, other = classes.root[i], classes.root[j]
        a, b = classes.told[i], classes.told[j]
        if a.near.stems.isdisjoint(b.near.stems) or _alike(a, b) is False:
            continue
        if not versions[one].isdisjoint(versions[other]) or _has_value(tells, a, b) or _has_value(tells, b, a):
            continue
        score = _other_value(ground, a, b, backed=_is_backed(backed, i, j))
        if score > scores.get(one, {}).get(other, 0.0):
            scores.setdefault(one, {})[other] = scores.setdefault(other, {})[one] = score
    pairs = [(score, one, other) for one, found in scores.items() for other, score in found.items() if one < other]
    for score, one, other in sorted(pairs, key=lambda p: (-p[0], sorted((classes.key(p[1]), classes.key(p[2]))))):
        rivals = [
            s
            for mine, theirs in ((one, other), (other, one))
            for rest, s in scores[mine].items()
            if rest != theirs and not versions[rest].isdisjoint(versions[theirs])
        ]
        if score - max(rivals, default=0.0) >= _CLEAR and classes.versions(one).isdisjoint(classes.versions(other)):
            classes.join(one, other)


def _told_values(told: Sequence[Mention]) -> dict[tuple[str, str, str], set[str]]:
    """Version, kind and value → what it tells so many of, a stem each; "" for what has no noun."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for m in told:
        found.setdefault((m.version, m.kind, m.figure.value), set()).update(m.thing or {""})
    return found


def _has_value(tells: Mapping[tuple[str, str, str], set[str]], a: Mention, b: Mention) -> bool:
    """Whether the version of `a` tells the value of `b`, of the same thing, somewhere: then `a` is something else."""
    return not tells.get((a.version, b.kind, b.figure.value), set()).isdisjoint(b.thing or {""})


def _other_value(ground: Ground, a: Mention, b: Mention, *, backed: bool) -> float:
    """The likeness of two mentions that may be different values for one quantity; 0 where they may not."""
    alike = _alike(a, b)
    if a.version == b.version or alike is False or _clash(a, b) or _other_names(a, b):
        return 0.0
    if alike is None and not _may_count_alike(a, b, backed=backed):
        return 0.0
    low, high = sorted((abs(a.told.number), abs(b.told.number)))
    most = _CLOSE if a.kind == "share" and alike is None else _APART * 2 if backed else _APART
    if not low or high / low > most:
        return 0.0
    score = _likeness(ground, a, b)
    least = _OTHER
    if backed and a.kind != "time" and (alike or a.kind != "share"):
        least = _BACKED[a.kind in {"count", "age"}, high / low <= _CLOSE]
    return score if score >= least else 0.0


def _may_count_alike(a: Mention, b: Mention, *, backed: bool) -> bool:
    """Whether two mentions, of which one does not say what it counts, may still count the same thing."""
    if a.kind == "count":
        return bool(a.done) and a.done == b.done
    return a.kind in {"money", "points"} or (backed and a.kind in {"share", "tally"})


def backing(rows: Sequence[Row], told: Sequence[Mention]) -> Backed:
    """Mention (by its place in `told`) → row id → whether the row, in whose evidence it is, tells its value."""
    at: dict[tuple[str, int], list[int]] = {}
    for i, m in enumerate(told):
        at.setdefault((m.version, m.figure.evidence.sentence), []).append(i)
    found: dict[int, dict[str, bool]] = {}
    for row in rows:
        values = {q.value for q in quantities(row.text)}
        for version, position in row.positions.items():
            for e in position.evidence:
                for i in at.get((version, e.sentence), ()):
                    told_at = told[i].figure.evidence
                    if e.start <= told_at.start and told_at.end <= e.end:
                        found.setdefault(i, {})[row.id] = told[i].figure.value in values
    return found


def _is_backed(backed: Backed, i: int, j: int) -> bool:
    mine, theirs = backed.get(i, {}), backed.get(j, {})
    return any(mine[row] or theirs[row] for row in mine.keys() & theirs.keys())
