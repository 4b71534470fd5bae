"""Asks again what may succeed later, and knows when to stop.

A passing fault is waited out with growing, jittered pauses, or as long as the server asked. The same fault
five times on one question is no passing fault, unless other questions fail as well and none has succeeded
meanwhile: then it is the server that is out, and everybody waits a while for it before the run ends, with
nothing settled. Too many requests at a time are another matter: they say nothing of the question, so they are
waited out for as long as `patience` lasts (see Limited, which holds everybody back).
"""

from __future__ import annotations

import re
import threading
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
OUTAGE = 90.0  # seconds without an answer to anybody, and the run ends
_UNREACHABLE, _WAS_REACHED = 3, 7  # tries where nobody answers; and if somebody has answered in this run
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
        self._lock = threading.Lock()
        self._good: float | None = None  # when anybody was answered last
        self._failing: dict[int, float] = {}  # who has met a fault since then, and when first

    def ask(self, question: Question) -> Reply:
        """A reply that says how many attempts it took. Raises what does not pass."""
        started, faults, attempts = self._clock(), Counter[str](), 0
        try:
            while True:
                attempts += 1
                try:
                    return replace(self._asked(question), attempts=attempts)
                except RateError as error:
                    if self._clock() - started > self._patience:
                        raise
                    self._pause(error, 1)
                except (TransientError, UnreachableError) as error:
                    out = self._fault(id(question), started)
                    faults[_VARYING.sub("#", f"{error.status} {error.what}")] += 1
                    self._give_up(error, faults, out)
                    self._pause(error, faults.total())
        finally:
            with self._lock:
                self._failing.pop(id(question), None)

    def _asked(self, question: Question) -> Reply:
        reply = self.inner.ask(question)
        with self._lock:
            self._good = self._clock()
            self._failing.clear()
        return reply

    def _fault(self, me: int, started: float) -> float:
        """For how many seconds nobody at all has been answered; 0 if it may be this question's own fault."""
        with self._lock:
            now = self._clock()
            self._failing.setdefault(me, now)
            answered = self._good is not None and self._good > started
            alone = len(self._failing) == 1
            return 0.0 if answered or alone else now - min(self._failing.values())

    def _give_up(self, error: EngineError, faults: Counter[str], out: float) -> None:
        """Raise where asking again is of no use."""
        if isinstance(error, UnreachableError):
            unreached = sum(count for told, count in faults.items() if told.startswith(error.status))
            if unreached >= (_UNREACHABLE if self._good is None else _WAS_REACHED):
                raise error
        elif out > OUTAGE:
            what = f"the server has answered nobody for {OUTAGE:.0f} s: {error.what}"
            hint = "nothing of this is settled; the same command goes on"
            raise UnreachableError(what, where=error.where, hint=hint) from error
        elif not out and max(faults.values()) >= SAME:
            what = f"{SAME} times the same: {error.what}"
            raise DeterministicError(what, where=error.where, hint="--retry-failed asks again") from error
        elif not out and faults.total() >= 2 * SAME:
            raise error

    def _pause(self, error: EngineError, count: int) -> None:
        """Wait as long as the server asked; else longer each time, and never all at once."""
        after = getattr(error, "after", None)
        growing = min(_FIRST * _GROWTH ** (count - 1), _LONGEST)
        # up to a tenth more than asked, so that those who were refused together do not come back together
        wait = growing * (0.5 + self._chance()) if after is None else after * (1 + self._chance() / 10)
        self._sleep(min(wait, CEILING))
