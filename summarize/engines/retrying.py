"""Asks again what may succeed later, and knows when to stop.

A passing fault is waited out with growing, jittered pauses, or as long as the server asked. The same
fault five times on one question is no passing fault. Too many requests at a time are another matter:
they say nothing of the question, so they are waited out for as long as `patience` lasts (see Limited,
which holds everybody back).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from summarize.engines import Engine, Wrapping
from summarize.engines.waits import CEILING
from summarize.errors import DeterministicError, EngineError, RateError, TransientError, UnreachableError

if TYPE_CHECKING:
    from summarize.prompt import Question
    from summarize.reply import Reply

SAME = 5  # times the same fault on one question, and it is deterministic
PATIENCE = 900.0  # seconds for one question among too many
_UNREACHABLE = 3  # tries; if nobody answers at all, every other question would fail as well
# Request ids, sizes, times: what differs between two tellings of one fault. An HTTP status in brackets does not.
_VARYING = re.compile(r"\b(?!\d{3}\))[\w-]*\d[\w-]*")
_FIRST, _GROWTH, _LONGEST = 0.5, 2.0, 30.0  # seconds of the first pause, its growth, the longest


class Retrying(Wrapping):
    """`inner`, asked again after faults that may pass. `chance` gives numbers from 0 to 1."""

    def __init__(
        self,
        inner: Engine,
        *,
        chance: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(inner)
        self._chance, self._clock, self._sleep, self._patience = chance, clock, sleep, patience

    def ask(self, question: Question) -> Reply:
        """A reply that says how many attempts it took. Raises what does not pass."""
        started, faults, attempts = self._clock(), Counter[str](), 0
        while True:
            attempts += 1
            try:
                return replace(self.inner.ask(question), attempts=attempts)
            except RateError as error:
                if self._clock() - started > self._patience:
                    raise
                self._pause(error, 1)
            except (TransientError, UnreachableError) as error:
                faults[_VARYING.sub("#", f"{error.status} {error.what}")] += 1
                self._give_up(error, faults)
                self._pause(error, faults.total())

    def _give_up(self, error: EngineError, faults: Counter[str]) -> None:
        """Raise where asking again is of no use."""
        if isinstance(error, UnreachableError):
            if faults.total() >= _UNREACHABLE:
                raise error
        elif max(faults.values()) >= SAME:
            what = f"{SAME} times the same: {error.what}"
            raise DeterministicError(what, where=error.where, hint="--retry-failed asks again") from error
        elif faults.total() >= 2 * SAME:
            raise error

    def _pause(self, error: EngineError, count: int) -> None:
        """Wait as long as the server asked; else longer each time, and never all at once."""
        after = getattr(error, "after", None)
        growing = min(_FIRST * _GROWTH ** (count - 1), _LONGEST)
        # up to a tenth more than asked, so that those who were refused together do not come back together
        wait = growing * (0.5 + self._chance()) if after is None else after * (1 + self._chance() / 10)
        self._sleep(min(wait, CEILING))
