"""What is kept of an outlet: sums over stories, in a bounded number of units.

Up to 200 stories are a unit each; more are put into 200 units by their digest, so that what is kept, and the time a
bootstrap takes, do not grow with the archive. Bundles of independent stories are independent too: their resampling
is that of random groups (Wolter 2007, ch. 2), which tells the spread of a mean as well, to about 5 %.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from summarize.profiles.bootstrap import RESAMPLES, Estimate, Resampler, estimate

UNITS: Final = 200
FIX: Final = 1 << 24  # values are kept in so many parts of one


class Measure(NamedTuple):
    """What is measured: a `section`, what `of` it, and of a difference the `side` of it ("" for any)."""

    section: str
    of: str
    side: str = ""


# A measure, the outlet's own figure, the mean of the others' (both in parts of one), how many it has of it.
Value: TypeAlias = "tuple[Measure, int, int, int]"


@dataclass(slots=True)
class _Sums:
    """Over the stories in each unit, in parts of one: the outlet's values, and the means of the others'.

    `alone` are its values, once more, where no other outlet can be measured.
    """

    own: array[int] = field(default_factory=lambda: array("q"))
    others: array[int] = field(default_factory=lambda: array("q"))
    alone: array[int] = field(default_factory=lambda: array("q"))
    found: int = 0

    def lists(self) -> tuple[array[int], ...]:
        """All that is kept by unit."""
        return self.own, self.others, self.alone


class Base:
    """The stories in which one outlet can be measured in one way, and the sums of what was measured.

    `stories` counts them, `compared` those in which another outlet can be measured too; `items` is what the outlet
    has in them of what is counted (claims, voices, words).
    """

    __slots__ = ("_compared", "_counts", "_drawn", "_folded", "_keys", "_sums", "compared", "items", "stories")

    def __init__(self) -> None:
        self.stories = self.compared = self.items = 0
        self._keys, self._counts, self._compared = array("Q"), array("q"), array("q")
        self._folded = False
        self._drawn: dict[bool, list[int]] = {}
        self._sums: dict[Measure, _Sums] = {}

    def enter(self, key: int, items: int, values: Iterable[Value], *, alone: bool = False) -> None:
        """Add a story with this key (see story_key); a measure that is not among the values is 0.

        `alone`: no other outlet can be measured in it, and the others' figures count for nothing.
        """
        unit = self._unit(key)
        self._counts[unit] += 1
        self._compared[unit] += not alone
        self.stories, self.compared = self.stories + 1, self.compared + (not alone)
        self.items += items
        for measure, own, others, found in values:
            sums = self._sums.get(measure)
            if sums is None:
                sums = self._sums[measure] = _Sums()
            sums.found += found
            _add(sums.own, unit, own)
            _add(*((sums.alone, unit, own) if alone else (sums.others, unit, others)))

    def found(self, measure: Measure) -> int:
        """How many the outlet has of it, over all stories."""
        return self._sums[measure].found if measure in self._sums else 0

    def own(self, measure: Measure, resampler: Resampler) -> Estimate:
        """The outlet's mean over `stories`, of which there must be two."""
        sums = self._sums.get(measure) or _Sums()
        value = sum(sums.own) / self.stories / FIX
        return estimate(value, self._means(sums.own, resampler, compared=False), _held(self._counts))

    def against(self, measure: Measure, resampler: Resampler) -> tuple[Estimate, Estimate]:
        """The others' mean over the stories `compared`, and the outlet's less it; there must be two such stories."""
        sums = self._sums.get(measure) or _Sums()
        mine = array("q", sums.own)
        for unit, value in enumerate(sums.alone):
            mine[unit] -= value
        own, others = (self._means(side, resampler, compared=True) for side in (mine, sums.others))
        means = [sum(side) / self.compared / FIX for side in (mine, sums.others)]
        apart = [a - b for a, b in zip(own, others, strict=True)]
        units = _held(self._compared)
        return estimate(means[1], others, units), estimate(means[0] - means[1], apart, units)

    def _means(self, values: array[int], resampler: Resampler, *, compared: bool) -> list[float]:
        """The mean in each resample, over all stories or over those compared."""
        if not any(values):
            return [0.0] * RESAMPLES
        counts = self._compared if compared else self._counts
        held = [unit for unit, count in enumerate(counts) if count]
        keys, shown = [self._keys[unit] for unit in held], [counts[unit] for unit in held]
        drawn = self._drawn.get(compared)
        if drawn is None:
            drawn = self._drawn[compared] = resampler.sums(keys, shown)
        kept = [values[unit] if unit < len(values) else 0 for unit in held]
        return [mean / FIX for mean in resampler.means(keys, kept, shown, drawn)]

    def _unit(self, key: int) -> int:
        """The unit of one more story."""
        self._drawn.clear()
        if not self._folded and len(self._keys) == UNITS:
            self._fold()
        if self._folded:
            return key % UNITS
        self._keys.append(key)
        self._counts.append(0)
        self._compared.append(0)
        return len(self._keys) - 1

    def _fold(self) -> None:
        """Put every story into the unit that its key says; from here on there are UNITS of them."""
        place = [key % UNITS for key in self._keys]
        for sums in self._sums.values():
            sums.own, sums.others, sums.alone = (_moved(values, place) for values in sums.lists())
        self._counts, self._compared = _moved(self._counts, place), _moved(self._compared, place)
        self._keys, self._folded = array("Q", range(UNITS)), True


Books: TypeAlias = dict[str, Base]  # what is kept of one outlet: a base for each way in which stories are chosen


def story_key(story: str) -> int:
    """The key of a story: 64 bits of its id's digest."""
    return int.from_bytes(hashlib.sha256(story.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _held(counts: array[int]) -> int:
    """How many units hold a story: at least 2, for an interval can be had of no fewer."""
    return max(2, sum(count > 0 for count in counts))


def _add(values: array[int], unit: int, value: int) -> None:
    """Add to the value of a unit; units behind the last that has one are 0."""
    if not value:
        return
    if len(values) <= unit:
        values.frombytes(bytes(8 * (unit + 1 - len(values))))
    values[unit] += value


def _moved(values: array[int], place: list[int]) -> array[int]:
    """The values of units in their new places; nothing stays nothing."""
    made = array("q", bytes(8 * UNITS if values else 0))
    for value, unit in zip(values, place, strict=False):  # the last of them may be 0, and left out
        made[unit] += value
    return made
