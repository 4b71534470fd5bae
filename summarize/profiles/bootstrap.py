"""Intervals for means over stories: the bootstrap, with draws that hang on a seed and the story's digest alone.

The unit that is drawn is the story, with all that every outlet says in it (a cluster bootstrap: Efron & Tibshirani
1993, ch. 8; Davison & Hinkley 1997, ch. 3.8). Each story is in a resample as often as an independent draw says, with
mean 1 and variance 1 (the Poisson bootstrap: Hanley & MacGibbon 2006; Chamandy et al. 2012). So no list of stories
is needed to draw from, their order cannot matter, and all figures of all outlets are drawn alike, as pairs must be.

The interval is the percentile interval, widened as Hesterberg (2015) does: with Student's t in place of the normal
and n - 1 in place of n, since percentiles of few stories lie too close.

2,000 resamples are taken at once: the counts of a story are the lanes of one long integer, and a weighted sum over
stories is a sum of such integers. All is whole numbers until the last division: the same on every machine.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul
from statistics import NormalDist
from typing import Final

RESAMPLES: Final = 2_000
LEVEL: Final = 0.95
MOST: Final = 5  # times that a story is in one resample
# A byte to a count: as Poisson(1) as 256 cases allow, its mean and its variance exactly 1.
_COUNTS: Final = bytes([0] * 94 + [1] * 95 + [2] * 46 + [3] * 16 + [4] * 4 + [MOST])
_LANE: Final = 4  # bytes
_ROOM: Final = 256**_LANE - 1
_CACHED: Final = 4_096  # stories whose counts are kept, 8 KB each


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval: `low` ≤ `value` ≤ `high`, in the figure's own unit."""

    value: float
    low: float
    high: float


class Resampler:
    """Draws for one `seed`: the same seed, the same draws, anywhere."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._known: dict[int, int] = {}

    def sums(self, keys: Iterable[int], values: Iterable[int]) -> list[int]:
        """For each resample the sum of whole `values` (at least 0), each as often as its story is in it, 0 to 5 times.

        A story's key is 0 to 2^64 - 1.
        """
        pairs = [(key, value) for key, value in zip(keys, values, strict=True) if value]
        total = sum(value for _, value in pairs)
        shift = max(0, (total * MOST).bit_length() - _ROOM.bit_length() + 1)
        half = (1 << shift) >> 1
        held = sum(map(mul, [self._drawn(key) for key, _ in pairs], [(value + half) >> shift for _, value in pairs]))
        return [lane << shift for lane in _lanes(held)]

    def means(self, keys: Sequence[int], values: Sequence[int], counts: Sequence[int], drawn: list[int]) -> list[float]:
        """For each resample the mean: the sum of `values` over that of `counts`; values may be below 0.

        `drawn` is the sum of `counts` in each resample (see `sums`): many figures share it.
        """
        least = min(value // count for value, count in zip(values, counts, strict=True))
        above = [value - least * count for value, count in zip(values, counts, strict=True)]
        mean = sum(above) / sum(counts)  # for a resample that no story is in
        tops = self.sums(keys, above)
        return [least + (top / n if n else mean) for top, n in zip(tops, drawn, strict=True)]

    def _drawn(self, key: int) -> int:
        """The counts of a story, one in each lane."""
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            spread = bytearray(RESAMPLES * _LANE)
            bits = hashlib.shake_256(self._seed + key.to_bytes(8, "big")).digest(RESAMPLES)
            spread[::_LANE] = bits.translate(_COUNTS)
            found = self._known[key] = int.from_bytes(spread, "little")
        return found


def estimate(value: float, resampled: Iterable[float], units: int) -> Estimate:
    """`value` with the interval that the means of resamples of so many `units` (2 or more) give it.

    A value outside, as skewed figures may have it, widens the interval to itself.
    """
    ordered = sorted(resampled)
    outside = int(tail(units) * (len(ordered) + 1))
    low, high = ordered[max(0, outside - 1)], ordered[min(len(ordered) - 1, len(ordered) - outside)]
    return Estimate(value, min(low, value), max(high, value))


def tail(units: int) -> float:
    """The share of resamples to leave out at either end, for so many `units` (Hesterberg 2015, section 5.1).

    >>> round(tail(20), 4), round(tail(100_000), 4)
    (0.0159, 0.025)
    """
    return NormalDist().cdf(-sqrt(units / (units - 1)) * _student(units - 1))


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's t (Abramowitz & Stegun 1964, 26.7.5): within 0.001 from 8 degrees of freedom."""
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(float(term) / float(freedom**power) for power, term in enumerate(terms, start=1))


def _lanes(held: int) -> list[int]:
    found = memoryview(held.to_bytes(RESAMPLES * _LANE, sys.byteorder)).cast("I").tolist()
    return found if sys.byteorder == "little" else found[::-1]
