"""Scripts made of scripts: in sequence, now and then, above a rate, after a while.

What counts tries does so by `Asked.item`: each distinct user message by itself, a repair with what it repairs.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from exchange import Answer, Asked, Script, good
from faults import FAULTS, rate_limited

_NEARLY = 1e-9  # of a token: sums of floats fall short of what they stand for


@dataclass
class Tries:
    """How often each item was asked."""

    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, asked: Asked) -> int:
        """The number of this try, from 1."""
        with self._lock:
            self._counts[asked.item] += 1
            return self._counts[asked.item]


def sequence(*scripts: Script) -> Script:
    """The n-th try of each item is answered by the n-th script, later ones by the last."""
    tries = Tries()
    return lambda asked: scripts[min(tries.next(asked), len(scripts)) - 1](asked)


def once(fault: Script) -> Script:
    """Each item's first try is faulty, then all is well."""
    return times(fault, 1)


def times(fault: Script, n: int) -> Script:
    """Each item's first `n` tries are faulty, then all is well."""
    return sequence(*[fault] * n, good)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an item: `fault` (a name in FAULTS) on its first `tries`, which may be infinite; or nothing."""

    fault: str | None = None
    tries: float = 0


@dataclass(frozen=True)
class Mixed:
    """See mixed. `fate` can be asked beforehand; it hangs on the item, the seed and the faults alone."""

    faults: tuple[str, ...]
    share: float
    seed: int
    forever: float
    _tries: Tries = field(default_factory=Tries, repr=False, compare=False)

    def __call__(self, asked: Asked) -> Answer:
        """The item's fault while its tries last, then the right answer."""
        fate = self.fate(asked)
        if fate.fault is not None and self._tries.next(asked) <= fate.tries:
            return FAULTS[fate.fault](asked)
        return good(asked)

    def fate(self, asked: Asked) -> Fate:
        """What becomes of the item of `asked`."""
        digest = hashlib.sha256(f"{self.seed} {asked.item}".encode()).digest()
        struck, which, lasting, tries = (int.from_bytes(digest[i : i + 8]) / 2**64 for i in range(0, 32, 8))
        if struck >= self.share:
            return Fate()
        fault = self.faults[int(which * len(self.faults))]
        return Fate(fault, math.inf if lasting < self.forever else 1 + int(tries * 2))


def mixed(faults: Sequence[str], share: float, seed: int, forever: float = 0.1) -> Mixed:
    """A `share` of the items (0 to 1) gets one of `faults` (names in FAULTS) on its first try or two.

    A share `forever` of those gets it on every try. The same for the same messages and `seed`.
    """
    return Mixed(tuple(faults), share, seed, forever)


class Limited:
    """See limited. `admitted` and `refused` count its decisions."""

    def __init__(self, rate: float, burst: int, then: Script, clock: Callable[[], float]) -> None:
        self.rate, self.burst = rate, burst
        self.admitted = self.refused = 0
        self._then, self._clock = then, clock
        self._tokens, self._filled = float(burst), clock()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Answer:
        """`then`'s answer while there are tokens; else a 429 that says how many milliseconds till the next."""
        wait = self._take()
        return self._then(asked) if wait is None else rate_limited({"retry-after-ms": str(wait)})

    def _take(self) -> int | None:
        with self._lock:
            now = self._clock()
            self._tokens = min(self.burst, self._tokens + (now - self._filled) * self.rate)
            self._filled = now
            if self._tokens >= 1 - _NEARLY:
                self._tokens -= 1
                self.admitted += 1
                return None
            self.refused += 1
            return math.ceil((1 - self._tokens) / self.rate * 1000)


def limited(rate: float, burst: int, then: Script = good, *, clock: Callable[[], float] = time.monotonic) -> Limited:
    """A token bucket: `rate` requests a second and `burst` at once go to `then`, the others get a 429."""
    return Limited(rate, burst, then, clock)


def delayed(seconds: float, then: Script = good) -> Script:
    """`then`'s answer, `seconds` later than it would come."""

    def script(asked: Asked) -> Answer:
        answer = then(asked)
        return replace(answer, pause=answer.pause + seconds)

    return script
