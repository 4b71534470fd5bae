"""Holds requests to what the server bears, for all threads together.

Three things hold a request back. *Settings*: so many requests and tokens a minute. *Width*: how many may
be under way at once; it starts at the runner's hands, grows by one a round of good answers and falls by a
third when there were too many requests (additive increase, multiplicative decrease: Chiu and Jain 1989),
never below what the pace needs (Little 1961). *Pace*: after the first refusal, requests are spread at the
rate at which the server was seen to accept them, probing a little above it. A refusal also stops everybody
once, for as long as the server asked; refusals of requests sent before that are not counted again. A
failing server (5xx) is not a full one: nothing is held back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarize.engines import Engine, Wrapping
from summarize.engines.waits import CEILING
from summarize.errors import RateError, Stopped

if TYPE_CHECKING:
    from summarize.prompt import Question
    from summarize.reply import Reply

_DECREASE = 0.7
_SEEN = 1.0  # seconds over which accepted requests are counted
_BARELY = 0.05  # seconds too short to count requests over
# By what share the pace grows in a second: while it is a first guess, or has passed the last refused one
# by a tenth (the limit was raised); well below the last refused one; and near it, where it only probes.
_GUESS, _CATCH_UP, _PROBE = 1.0, 0.2, 0.01
_PASSED, _BELOW = 1.1, 0.9
_EASE = 0.98  # the share of the rate seen at a refusal at which to go on, so that the server has a little spare
_HARDLY = 1.1  # times the rate seen: a refusal at no more than that came just a little early
_UNKNOWN = 0.25  # seconds of pause where the server does not say; twice as long each time it refuses again
_MINUTE, _GLANCE = 60.0, 0.5  # seconds


@dataclass(slots=True)
class Bucket:
    """So many units a minute, a minute's worth at the most; may be overdrawn by what is learnt afterwards."""

    per_minute: float
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        """It starts with a second's worth: a full minute at once would be too many for most servers."""
        self.level = self.per_minute / _MINUTE

    def wait(self, now: float) -> float:
        """Seconds until a unit is there."""
        self.level = (
            min(self.level + (now - self.at) * self.per_minute / _MINUTE, self.per_minute) if self.at else self.level
        )
        self.at = now
        return 0.0 if self.level > 0 else (1e-3 - self.level) * _MINUTE / self.per_minute

    def take(self, units: float) -> None:
        """Use up `units`."""
        self.level -= units


class Limited(Wrapping):
    """`inner`, asked by at most `width` threads at once, and no faster than it bears.

    `rpm`, `tpm`: requests and tokens a minute, None for no such limit. Once `stop` is set, those who wait
    give up: Stopped.
    """

    def __init__(  # noqa: PLR0913  # settings and a clock, by name
        self,
        inner: Engine,
        *,
        width: int,
        rpm: float | None = None,
        tpm: float | None = None,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(inner)
        self._most, self._width, self._clock = float(width), float(width), clock
        self._stop = stop or threading.Event()
        self._requests = Bucket(rpm) if rpm else None
        self._tokens = Bucket(tpm) if tpm else None
        self._changed = threading.Condition()
        self._under_way = 0
        self._until = self._next = self._epoch = self._grown = 0.0
        self._pace: float | None = None  # requests a second, once the server has refused some
        self._peak = 0.0  # the pace at which it last refused one, after the first guess
        self._unknown = _UNKNOWN
        self._sent: deque[float] = deque()  # when requests were sent that were not refused, in the last _SEEN
        self._latency = 0.0

    @property
    def width(self) -> int:
        """How many requests may be under way now."""
        return max(1, int(self._width))

    def ask(self, question: Question) -> Reply:
        """A reply, when its turn has come."""
        tokens = self.size(question).tokens if self._tokens else 0
        sent = self._enter(tokens)
        try:
            reply = self.inner.ask(question)
        except RateError as error:
            self._leave()
            self._refused(error, sent)
            raise
        except BaseException:
            self._leave()
            raise
        self._leave()
        self._answered(sent, (reply.usage.output or 0) if self._tokens else 0, reply.pause)
        return reply

    def _enter(self, tokens: int) -> float:
        with self._changed:
            while (wait := self._wait()) > 0:
                if self._stop.is_set():
                    raise Stopped("the run was stopped", hint="the same command goes on where it stopped")
                self._changed.wait(min(wait, _GLANCE))
            self._under_way += 1
            now = self._clock()
            self._sent.append(now)
            self._forget(now)
            if self._pace:
                self._next = max(self._next, now - 1 / self._pace) + 1 / self._pace
            for bucket, units in ((self._requests, 1), (self._tokens, tokens)):
                if bucket:
                    bucket.take(units)
            return now

    def _wait(self) -> float:
        """Seconds until the next request may go; with no room, until somebody leaves."""
        now = self._clock()
        if self._under_way >= self.width:
            return _MINUTE  # woken when one leaves
        waits = [self._until - now, self._next - now if self._pace else 0.0]
        waits += [bucket.wait(now) for bucket in (self._requests, self._tokens) if bucket]
        return max(waits)

    def _leave(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify()

    def _answered(self, sent: float, tokens: int, pause: float) -> None:
        with self._changed:
            now = self._clock()
            if pause:  # its headers say that nothing is left: better to wait than to be refused
                self._until = max(self._until, now + pause)
            self._latency = now - sent if not self._latency else 0.8 * self._latency + 0.2 * (now - sent)
            self._width = min(self._most, self._width + 1 / self._width)
            self._unknown = _UNKNOWN
            if self._pace and now > self._grown:
                self._grow(now)
            if self._tokens:
                self._tokens.take(tokens)
            self._changed.notify()

    def _seen(self, now: float) -> float:
        """Requests a second that were not refused, over the last _SEEN or since the last refusal."""
        since = max(self._epoch, now - _SEEN)
        if now - since < _BARELY:  # too short to tell anything
            return len(self._sent) / _SEEN
        return sum(at >= since for at in self._sent) / (now - since)

    def _grow(self, now: float) -> None:
        pace, share = self._pace or 0.0, _PROBE
        if not self._peak or pace > _PASSED * self._peak:
            share = _GUESS
        elif pace < _BELOW * self._peak:
            share = _CATCH_UP
        if pace < 2 * len(self._sent) / _SEEN:  # else it is not the pace that holds requests back
            self._pace = pace * (1 + share * min(now - self._grown, 1.0))
        self._grown = now

    def _refused(self, error: RateError, sent: float) -> None:
        with self._changed:
            now = self._clock()
            pause = self._unknown if error.after is None else error.after
            self._until = max(self._until, now + pause)
            if self._sent:
                self._sent.pop()
            self._forget(now)
            again = sent < self._epoch  # it was under way when another was refused: the same news
            if again and self._peak:
                return
            seen = self._seen(now)
            if self._pace is None or again:  # a first guess, from a burst: it can only be an upper one
                self._pace = max(seen, 1.0 / max(pause, 0.01) if pause < _SEEN else 1.0)
            else:
                hardly = self._peak and self._pace <= _HARDLY * seen
                self._peak = self._pace
                self._pace = max(seen * (1.0 if hardly else _EASE), self._pace * (_EASE if hardly else _DECREASE))
            if not again:
                self._epoch = self._grown = now
                self._unknown = min(2 * self._unknown, CEILING)
                self._width = max(1.0, self._width * _DECREASE, self._pace * self._latency)

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] < now - _SEEN:
            self._sent.popleft()
