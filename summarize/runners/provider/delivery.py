"""Sends what is queued as batches, waits for them, and lays down what comes, whatever their end.

    turn ─▶ gather ─▶ upload ─▶ create ─▶ (a process killed here finds its batch by our name in it) ─▶ look, and look
         ─▶ completed, expired, cancelled: what came is judged and laid down, the rest is queued again
         ─▶ failed: the lines that are named are asked online, the others sent again; a full queue is waited for

Every call is one request; what may pass is tried again in the next round, after a growing pause. What is laid down
before each step makes the next round, or the next process, go on from there: a recovery is no other way than this.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO, Final

from summarize.engines.completions import Response
from summarize.errors import AuthError, BudgetError, EngineError, LedgerError, RateError, Stopped
from summarize.ledger.waiting import Harvest, Load, Parcel
from summarize.runners.provider.batched import TRIES, Batched
from summarize.runners.provider.judging import Judge
from summarize.runners.provider.lines import read, written
from summarize.runners.provider.model import Limits, Report
from summarize.runners.provider.service import ENDED, Batch, Gone, Service

_GROWTH: Final = 1.6
_REFUSALS: Final = 3  # times that a refusal is taken for a passing one, where it is known to be now and then
_LATE: Final = 3  # looks for the answers' file of a batch that has answers and names no file
_ALL: Final = 1_000_000  # batches under way at once: more than there ever are
_SENDING, _CROWDED = "sending", "crowded"  # what may fail besides a parcel
_TOLD: Final = 5  # faults of a batch that are told


def deliver(
    batched: Batched,
    limits: Limits | None = None,
    *,
    stop: threading.Event | None = None,
    sleep: Callable[[float], None] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Have every queued question of `batched` answered, as far as one round of batches does; what came of it.

    `tell` is told of what a person might want to know, in a line. `sleep` waits so many seconds and raises Stopped
    once `stop` is set. Raises what stops a run (key, quota, model, budget, ledger, a long outage, Stopped): all is
    kept, batches go on at the provider, and the next call finds them.
    """
    stopping = stop or threading.Event()

    def wait(seconds: float) -> None:
        if stopping.wait(seconds):
            raise _stopped()

    try:
        return _Delivery(batched, limits or Limits(), stopping, sleep or wait, tell).run()
    except KeyboardInterrupt:
        stopping.set()
        raise _stopped() from None
    except OSError as error:  # a file of answers found no room
        what = f"the answers cannot be kept: {error.strerror or error}"
        raise LedgerError(what, where=str(batched.parcels.folder), hint="is the disk full? nothing is lost") from error


class _Delivery:
    """One delivery under way. `_most` lines go into a batch, `_width` batches are under way at once."""

    def __init__(
        self,
        batched: Batched,
        limits: Limits,
        stop: threading.Event,
        sleep: Callable[[float], None],
        tell: Callable[[str], None],
    ) -> None:
        self._batched, self._parcels, self._service = batched, batched.parcels, Service(batched.server)
        self._limits, self._stop, self._sleep, self._tell = limits, stop, sleep, tell
        self._most, self._width, self._pause, self._after = limits.lines, _ALL, limits.first, 0.0
        self._faults: Counter[object] = Counter()
        self._late: Counter[int] = Counter()
        self._own: set[int] = set()  # parcels uploaded here and never created: no batch can be there
        self._stopping: EngineError | None = None
        self._report = Report()

    def run(self) -> Report:
        """See deliver."""
        self._parcels.forget_settled()
        waited, self._batched.waiting = self._batched.waiting, 0
        while True:
            left = self._send_all()
            waiting = self._parcels.waiting(self._batched.scope)
            if not (waiting or left):
                break
            ended = [self._look(parcel) for parcel in waiting if parcel.state == "created"]
            if self._stopping is not None:
                raise self._stopping
            if any(ended):
                self._pause = self._limits.first
            else:
                self._rest()
        if waited and not (self._report.lines or self._report.answered):
            self._sleep(self._limits.longest)  # another process has taken the lines over: its answers are ours
        self._report.again = bool(waited)
        return self._report

    def _rest(self) -> None:
        self._sleep(max(self._pause, self._after))
        self._pause, self._after = min(self._pause * _GROWTH, self._limits.longest), 0.0

    def _alive(self) -> None:
        if self._stop.is_set():
            raise _stopped()

    def _failed(self, what: object, error: EngineError) -> bool:
        """False, to try again in the next round. Raises `error` where that has been done often enough."""
        self._faults[what] += 1
        limit = self._limits.outage if error.retryable else _REFUSALS if isinstance(error, AuthError) else 0
        if self._faults[what] > limit:
            raise error
        self._after = max(self._after, getattr(error, "after", None) or 0.0)
        return False

    def _send_all(self) -> bool:
        """Send what is queued; whether something is left to send."""
        scope, terms = self._batched.scope, self._batched.terms
        try:
            with self._parcels.turn(self._sleep):
                for parcel in self._parcels.waiting(scope):
                    if parcel.state != "created":
                        self._send(parcel)
                while True:
                    self._alive()
                    under_way = len(self._parcels.waiting(scope))
                    if under_way >= self._width:
                        return self._parcels.queued(scope)[0] > 0
                    load = Load(self._most, self._limits.size, terms.job, terms.limit)
                    gathered = self._parcels.gather(scope, load, secrets.token_hex(16))
                    if gathered is None:
                        return self._does_not_fit(load, under_way)
                    self._send(gathered)
        except EngineError as error:
            if not error.retryable:
                raise
            self._failed(_SENDING, error)
            return True

    def _does_not_fit(self, load: Load, under_way: int) -> bool:
        """Whether anything is queued. Raises BudgetError where nothing under way can make room for it."""
        count, most = self._parcels.queued(self._batched.scope)
        if count and not under_way:
            left = max(self._parcels.left(load), Decimal(0))
            what = f"the next question could cost ${most or Decimal(0):.4f}, and ${left:.4f} is left"
            hint = "raise --max-cost or lower --max-output-tokens; the same command goes on where it stopped"
            raise BudgetError(what, hint=hint)
        return count > 0

    def _send(self, parcel: Parcel) -> None:
        """Take a parcel as far as to its batch. Raises what may pass, and what stops the run."""
        since = datetime.fromisoformat(parcel.at).timestamp()
        try:
            if parcel.state == "gathered":
                lines = self._parcels.lines
                uploaded = self._service.upload(parcel.ours, lambda: (written(*line) for line in lines(parcel)))
                parcel = self._parcels.uploaded(parcel, uploaded)
                self._own.add(parcel.id)
            known = parcel.id in self._own
            self._own.discard(parcel.id)
            made = "" if known else self._service.find(parcel.ours, parcel.file_id, since)
            batch_id = made or self._service.create(parcel.file_id, parcel.ours)
        except EngineError as error:
            if error.retryable or isinstance(error, AuthError):
                raise
            # refused in so many words: there is no batch, so nothing is lost by taking the lines out again
            self._give_back(parcel, f"the batch was refused: {error}", tries=int(not error.stops), kept=error.stops)
            if error.stops:
                raise
            return
        self._parcels.created(parcel, batch_id)
        self._faults[_SENDING] = 0
        self._report.lines += 0 if made else parcel.lines
        self._report.batches += not made
        self._tell(f"batch {batch_id}: {parcel.lines} questions {'found again' if made else 'sent'}")

    def _look(self, parcel: Parcel) -> bool:
        """Whether the batch has come to its end, and what came of it is laid down."""
        try:
            batch = self._service.look(parcel.batch_id)
            if batch.status not in ENDED:
                self._faults[parcel.id] = 0
                return False
            if batch.status == "failed" and not batch.output:
                return self._is_invalid(parcel, batch)
            return self._harvested(parcel, batch)
        except Gone:
            return self._give_back(parcel, f"batch {parcel.batch_id} is not known any more", tries=1)
        except EngineError as error:
            return self._failed(parcel.id, error)

    def _harvested(self, parcel: Parcel, batch: Batch) -> bool:
        if batch.completed and not batch.output and self._late[parcel.id] < _LATE:
            self._late[parcel.id] += 1
            return False
        judge = Judge(self._batched)
        with tempfile.TemporaryFile(dir=self._parcels.folder) as file:
            for file_id in (batch.output, batch.errors):
                if file_id and not self._fetched(parcel, file_id, file):
                    return False
            file.seek(0)
            judge.prepare(read(file))
            file.seek(0)
            lost = batch.status == "completed" and batch.completed > 0
            found = self._parcels.harvest(parcel, read(file), judge, lost=lost)
        self._stopping = self._stopping or judge.stopping
        self._most, self._faults[_CROWDED] = min(self._most * 2, self._limits.lines), 0
        return self._laid_down(found, f"batch {batch.id} {batch.status}")

    def _fetched(self, parcel: Parcel, file_id: str, file: BinaryIO) -> bool:
        """Whether a file is there, whole, or known to be lost."""
        start = file.tell()
        try:
            self._service.download(file_id, file, self._alive)
            file.write(b"\n")
        except EngineError as error:
            if error.stops:
                raise
            file.seek(start)
            file.truncate()
            self._faults[file_id] += 1
            limit = self._limits.outage if error.retryable else _REFUSALS
            if not isinstance(error, Gone) and self._faults[file_id] <= limit:
                return False
            self._tell(f"batch {parcel.batch_id}: a file of answers cannot be had: {error}")
        return True

    def _is_invalid(self, parcel: Parcel, batch: Batch) -> bool:
        """The provider refused the batch as a whole: what that means for its lines."""
        told = "; ".join(f"{f.code}: {f.message}" for f in batch.faults[:_TOLD]) or "no reason given"
        what = f"batch {batch.id} failed: {self._batched.server.connection.shown(told)}"
        for fault in batch.faults[:_TOLD]:
            text = json.dumps({"error": {"code": fault.code, "message": fault.message}})
            error = self._batched.server.refused(400, Response(400, {}, text))
            if isinstance(error, RateError):
                return self._is_crowded(parcel, what)
            if error.stops:
                self._stopping = error
                return self._give_back(parcel, what, tries=0, kept=True)
        named = [fault.line for fault in batch.faults if fault.line is not None]
        return self._give_back(parcel, what, tries=TRIES if named else 1, kept=bool(named), only=named)

    def _is_crowded(self, parcel: Parcel, what: str) -> bool:
        """Too much waits at the provider: fewer batches at a time or, if ours is alone, smaller ones, later."""
        others = len(self._parcels.waiting(self._batched.scope)) - 1
        self._give_back(parcel, what, tries=0, kept=True)
        self._width = max(1, min(self._width, others))
        if others:
            return False
        self._most = max(1, parcel.lines // 2)
        self._faults[_CROWDED] += 1
        if self._faults[_CROWDED] > self._limits.outage:
            hint = "other batches of the account are in its way; the same command goes on"
            self._stopping = RateError(what, where=self._batched.host, hint=hint)
        return False

    def _give_back(
        self, parcel: Parcel, what: str, *, tries: int, kept: bool = False, only: Iterable[int] = ()
    ) -> bool:
        return self._laid_down(self._parcels.give_back(parcel, tries=tries, kept=kept, only=only), what)

    def _laid_down(self, found: Harvest | None, what: str) -> bool:
        """True: the parcel has come to its end, here or in another process."""
        if found is not None:
            report = self._report
            report.answered, report.failed = report.answered + found.answered, report.failed + found.failed
            report.requeued += found.requeued
            again = (found.requeued, "to be asked again")
            counts = ((found.answered, "answered"), again, (found.strange, "of nobody's"))
            self._tell(f"{what}: {', '.join(f'{n} {word}' for n, word in counts if n) or 'nothing'}")
        return True


def _stopped() -> Stopped:
    return Stopped("the run was stopped", hint="batches go on at the provider; the same command fetches them")
