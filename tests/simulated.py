"""A server without a network and time without waiting, for what holds requests back and asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from summarize.engines import Local
from summarize.engines.limited import Limited
from summarize.errors import RateError
from summarize.news import Version, lay_out
from summarize.prompt import Question, reading_question
from summarize.reply import Reply, Usage
from summarize.tokens import Count

if TYPE_CHECKING:
    from summarize.engines import Engine

QUESTION = reading_question(lay_out(Version("Two die\n\nTwo men died. The mayor said so.\n")))
GOOD = Reply("{}", usage=Usage(100, 50))


def refused(after: float | None = None) -> RateError:
    """Too many requests, with the seconds that the server asks to wait."""
    return RateError("too many", after=after)


@dataclass
class Clock:
    """Seconds that pass only when somebody waits."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.slept.append(seconds)
        self.now += seconds


class _Waiting(threading.Condition):
    """A condition of one thread: nobody else will wake it, so time passes."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        """Let the time pass."""
        assert timeout is not None
        self._clock.now += timeout
        return False


class Server(Local):
    """Answers with what `script` makes of the number of the request (from 1), after `takes` seconds."""

    name = model = "simulated"
    limits: tuple[str, ...] = ()
    abstains: frozenset[str] = frozenset()
    identity: ClassVar[dict[str, object]] = {}
    output = 50

    def __init__(
        self, clock: Clock, script: Callable[[int], Reply | Exception], takes: float = 0.0, tokens: int = 100
    ) -> None:
        self._clock, self._script, self._takes, self._tokens = clock, script, takes, tokens
        self.arrivals: list[float] = []

    def ask(self, question: Question) -> Reply:
        """The next answer."""
        del question
        self.arrivals.append(self._clock.now)
        number = len(self.arrivals)
        self._clock.now += self._takes
        answer = self._script(number)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def size(self, question: Question) -> Count:
        """As many tokens as was said."""
        del question
        return Count(self._tokens, exact=True)


def each(*answers: Reply | Exception) -> Callable[[int], Reply | Exception]:
    """One answer after the other, then good ones."""
    left: Iterator[Reply | Exception] = iter(answers)
    return lambda _: next(left, GOOD)


def limited(inner: Engine, clock: Clock, width: int = 8, rpm: float | None = None, tpm: float | None = None) -> Limited:
    """`inner`, limited by the simulated clock."""
    found = Limited(inner, width=width, rpm=rpm, tpm=tpm, clock=clock)
    found._changed = _Waiting(clock)
    return found
