"""From a Question to a valid answer, whatever happens between: looked up, asked, repaired, asked in parts.

    question ─▶ planned in windows? ─▶ in the ledger? ─▶ asked ─▶ gates ─▶ settled
                     │ too long             │                       │ form: asked again, at most twice, in one turn
                     ▼                      ▼                       │ length, context: in halves
                   parts, joined by code   its answer or its fault  ╰ else: the fault is settled

Every request is a settled question of its own: a faulty answer is kept with its fault, and a repair (whose
words hold the faulty answer) has a key of its own. So the whole way is a function of the ledger: after a
stop at any moment it is walked again, and only what is missing is asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias, TypeVar

from summarize.division import halves, joined, windows
from summarize.engines import Engine
from summarize.errors import ContextError, PendingError, ReplyError, RetoldError, Stopped
from summarize.ledger import Ledger
from summarize.prompt import Question, repair_question
from summarize.provenance import Asked
from summarize.reply import REPAIRABLE, Reply, parse
from summarize.settled import DONE, Settled, fault_of, key
from summarize.tokens import count

R = TypeVar("R")
Answer: TypeAlias = "dict[str, object]"
Check: TypeAlias = "Callable[[Question, Mapping[str, object]], Sequence[str]]"
REPAIRS = 2  # times at most that a faulty form is asked again
# How often at most a question is halved: every section may be asked alone, and then its lines, or claims, four
# times over; a question that exceeds the context costs nothing, so that is tried longer.
_LENGTHS, _CONTEXTS = 4, 10
_BEFORE = "settled before; --retry-failed asks again"
_SHOWN = 12  # faults of an answer's citations that a repair names
_LEAST = 100  # tokens of room for an article below which nothing can be read
_SPARE = 0.05  # of a window that is left free, as counting is not exact


def planned(engine: Engine, question: Question) -> tuple[Question, ...]:
    """`question` in smaller parts, if it does not fit into the engine's window, as far as that is known beforehand.

    A part may have to be divided again. Raises ContextError where no article fits beside the instructions.
    """
    window = engine.window
    if window is None:
        return (question,)
    room = int(window * (1 - _SPARE)) - (engine.output or 0)
    size = engine.size(question).tokens
    if size <= room:
        return (question,)
    fixed = size - count(question.user, engine.model).tokens
    if len(question.sections) > 1 and fixed > room // 2:
        return halves(question)
    if room - fixed < _LEAST:
        what = f"a context of {window} tokens leaves no room for an article beside instructions and answer"
        raise ContextError(what, hint="use a model with a longer context, or lower --max-output-tokens")
    return windows(question, room - fixed, lambda text: count(text, engine.model).tokens)


def every(calls: Iterable[Callable[[], R]]) -> list[R]:
    """What each of `calls` gives. All are made before a PendingError is raised: what can wait together does."""
    found: list[R] = []
    pending: PendingError | None = None
    for call in calls:
        try:
            found.append(call())
        except PendingError as error:
            pending = error
    if pending is not None:
        raise pending
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """A settled question and what the gates say of its reply: an answer, its faulty citations, or an error."""

    settled: Settled
    answer: Answer | None = None
    faults: tuple[str, ...] = ()
    error: RetoldError | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """What is the same all the way to one answer. `again`: failures that were settled before are not seen."""

    check: Check
    record: Callable[[Asked], None]
    again: bool = False


@dataclass(slots=True)
class Settler:
    """Puts questions to `engine` and remembers in `ledger` what came of them. May be used from many threads.

    `stop`, once set, lets nothing new be asked: Stopped is raised instead. `priced` is the day of the prices.
    `again`: a question whose way ended in a failure that was settled before is asked once more from its start;
    the faulty answers on a way that ended well are not.
    """

    engine: Engine
    ledger: Ledger | None = None
    repairs: int = REPAIRS
    stop: threading.Event = field(default_factory=threading.Event)
    priced: str = ""
    again: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    clock: Callable[[], float] = time.monotonic
    _busy: set[str] = field(default_factory=set)
    _free: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, question: Question, check: Check, record: Callable[[Asked], None]) -> Answer:
        """A valid answer to `question`, with as few faulty citations as could be had.

        `check` names the faulty citations of an answer; `record` is told of each request. Raises what the
        engine raises, and ReplyError for an answer that could not be repaired.
        """
        try:
            return self._answer(question, _Way(check, record))
        except RetoldError as error:
            if not (self.again and error.settles):
                raise
        return self._answer(question, _Way(check, record, again=True))

    def _answer(self, question: Question, way: _Way, halved: int = 0) -> Answer:
        """`halved`: how often `question` has been, without counting sections that were told apart."""
        parts = self._planned(question)
        if len(parts) == 1:
            (question,) = parts  # of several windows, the only one worth asking
            try:
                return self._repaired(question, way)
            except (ReplyError, ContextError) as error:
                limit = _CONTEXTS if isinstance(error, ContextError) else _LENGTHS if error.status == "length" else 0
                parts = halves(question) if halved < limit else ()
                if not parts:
                    raise
                halved += len(question.sections) == 1
        return joined(question, parts, every(partial(self._answer, part, way, halved) for part in parts))

    def _planned(self, question: Question) -> tuple[Question, ...]:
        """`question` in parts that fit into the engine's window, unless it was asked whole before that was known."""
        if self.engine.window is None or self._is_settled(question):
            return (question,)
        return planned(self.engine, question)

    def _is_settled(self, question: Question) -> bool:
        """Whether it was asked whole, before the window was known: its answer counts, or its halves' do."""
        return self.ledger is not None and self.ledger.get(key(question, self.engine.identity)) is not None

    def _repaired(self, question: Question, way: _Way) -> Answer:
        asked, best, ignored = question, None, 0
        for left in range(self.repairs, -1, -1):
            try:
                judged = self._judged(asked, way)
                if judged.error is not None:
                    raise judged.error
            except RetoldError as error:
                faulty = isinstance(error, ReplyError) and error.gate in REPAIRABLE
                reply = judged.settled.reply if faulty else None
                ignored += faulty and not getattr(error, "enforced", True)
                if reply is not None and ignored == min(2, self.repairs + 1):  # verified: twice, where it can be
                    self.engine.relax(reply.rung)
                if not (faulty and left):
                    if best is None or error.stops or error.retryable:
                        raise
                    return best.answer or {}
                told = str(error)
            else:
                if best is None or len(judged.faults) < len(best.faults):
                    best = judged
                if not (judged.faults and left):
                    return best.answer or {}
                told, reply = "; ".join(judged.faults[:_SHOWN]), judged.settled.reply
            number = self.repairs - left + 1
            # the same answer with the same fault again: still a question of its own, not one that is settled
            told += f" (this was answer {number})" if number > 1 else ""
            asked = repair_question(question, reply.text if reply else "", told)
        raise AssertionError("the last round returns or raises")

    def _judged(self, question: Question, way: _Way) -> Judged:
        """What came of `question`, asked now or before. Raises what leaves it open."""
        identity = self.engine.identity
        name = key(question, identity)
        with self._alone(name):
            known = self.ledger.get(name, again=way.again) if self.ledger else None
            judged = self._known(question, known, way.check) if known else self._asked(question, name, way.check)
        way.record(Asked.of(question, judged.settled, again=known is not None))
        return judged

    def _known(self, question: Question, settled: Settled, check: Check) -> Judged:
        """A settled question, judged again: the gates may have become stricter since."""
        if settled.reply is None:
            return Judged(settled, error=fault_of(settled, _BEFORE))
        return self._gates(question, settled, check)

    def _asked(self, question: Question, name: str, check: Check) -> Judged:
        if self.stop.is_set():
            raise Stopped("the run was stopped", hint="the same command goes on where it stopped")
        started = self.clock()

        def settled(status: str, reply: Reply | None = None, what: str = "") -> Settled:
            seconds = round(self.clock() - started, 3)
            at = self.now().isoformat(timespec="microseconds")
            priced = self.priced if reply and reply.cost is not None else ""
            asked = (question.sections, question.prompts)
            return Settled(name, status, self.engine.identity, *asked, reply, what[:500], seconds, at, priced)

        try:
            reply = self.engine.ask(question)
        except RetoldError as error:
            if not error.settles:
                raise
            judged = Judged(settled(error.status, what=str(error)), error=error)
        else:
            judged = self._gates(question, settled(DONE, reply), check)
            if judged.error or judged.faults:
                status = judged.error.status if judged.error else "citations"
                told = str(judged.error) if judged.error else "; ".join(judged.faults)
                judged = Judged(settled(status, reply, told), judged.answer, judged.faults, judged.error)
        if self.ledger:
            self.ledger.put(judged.settled)
        return judged

    def _gates(self, question: Question, settled: Settled, check: Check) -> Judged:
        reply = settled.reply or Reply("")
        try:
            answer = parse(reply, question.schema)
        except ReplyError as error:
            return Judged(settled, error=error)
        return Judged(settled, answer, tuple(check(question, answer)))

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise Stopped("the run was stopped", hint="the same command goes on where it stopped")

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """One thread of one process at a time for one question: the second finds it settled."""
        if self.ledger is None:
            yield
            return
        with self._free:
            while name in self._busy:
                self._free.wait()
            self._busy.add(name)
        try:
            with self.ledger.turn(name, self._wait):
                yield
        finally:
            with self._free:
                self._busy.discard(name)
                self._free.notify_all()
