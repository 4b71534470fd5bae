"""The last part of a batch job: each story compared, each single article read, and what came of it laid down.

    unit ──its articles──▶ told, or read ──▶ rows of the tables ──▶ ledger, many at a time

A version that cannot be read does not take its story with it: the others are compared without it. What went wrong
is a status with its reason, of the record or of the story.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from summarize.batch import intake
from summarize.batch.watch import Watch
from summarize.comparison.model import Comparison
from summarize.errors import PendingError, RetoldError, Stopped
from summarize.job import Job
from summarize.ledger.shelves import Shelves
from summarize.ledger.units import ALONE, Unit, Units, Worked
from summarize.library import story_of
from summarize.news import Article, Version
from summarize.provenance import Asked, Tally
from summarize.report import contract
from summarize.runners.threads import Threads
from summarize.tables.columns import Row
from summarize.tables.rows import of_comparison, of_reading
from summarize.telling import tell

_MANY: Final = 200  # units that are laid down together, at most
_OFTEN: Final = 1.0  # seconds between two times that units are laid down


@dataclass(slots=True)
class Work:
    """Works through the units of a batch job. `tally` is of what was asked in this run; `open` units wait on."""

    job: Job
    shelves: Shelves
    units: Units
    watch: Watch
    unblind: bool = False
    clock: Callable[[], float] = time.monotonic
    tally: Tally = field(default_factory=Tally)
    open: int = 0

    def run(self) -> None:
        """Work on all that waits. Raises what stops a run, after what was done has been laid down.

        Units whose questions are not answered yet stay as they are, and are counted in `open`.
        """
        self.open = 0
        self.watch.begin("reading and comparing", self.units.left())
        runner = Threads(self.job.hands, self.job.settler.stop)
        done: list[Worked] = []
        due = self.clock() + _OFTEN
        stopped: BaseException | None = None
        for one in runner.map(self._worked, self.units.waiting()):
            if isinstance(one.error, PendingError):
                self.open += 1
            elif one.error is not None:
                stopped = stopped or one.error
            elif one.result is not None:
                worked, asked = one.result
                done.append(worked)
                self._tell(worked, asked)
            if len(done) >= _MANY or self.clock() >= due:
                self._put(done)
                due = self.clock() + _OFTEN
        self._put(done)
        if runner.interrupted and not isinstance(stopped, RetoldError):
            raise Stopped("interrupted", hint="what was done is kept; the same command goes on")
        if stopped is not None:
            raise stopped

    def _put(self, done: list[Worked]) -> None:
        if done:
            self.units.put(done)
            done.clear()

    def _tell(self, worked: Worked, asked: Sequence[Asked]) -> None:
        for one in asked:
            self.tally.add(one)
        spent = sum((a.reply.cost for a in asked if a.reply and a.reply.cost and not a.again), Decimal(0))
        self.watch.advance(failed=worked.status == "failed" or bool(worked.failed), spent=spent)

    def _worked(self, unit: Unit) -> tuple[Worked, Sequence[Asked]]:
        """Raises what stops a run, and PendingError."""
        job = replace(self.job, hands=1, asked=[], tick=lambda _: None)  # a hand has a whole unit
        worked = _Telling(job, unit, self.shelves.members(unit.number), self.unblind).worked()
        paid = {a.key: str(a.reply.cost) for a in job.asked if a.reply and a.reply.cost}
        return replace(worked, cost=_cost(job.asked), paid=paid), job.asked


@dataclass(frozen=True, slots=True)
class _Telling:
    """One unit with its articles by record."""

    job: Job
    unit: Unit
    members: Sequence[tuple[int, Version]]
    unblind: bool

    def worked(self) -> Worked:
        """What came of it. Raises what stops a run, and PendingError."""
        if self.unit.how == ALONE:
            return self._one_by_one(None)
        try:
            return self._compared(self.members)
        except Exception as error:  # noqa: BLE001  # of one version, perhaps: the others are told without it
            why = _why(error)
        return self._one_by_one(why)

    def _compared(self, members: Sequence[tuple[int, Version]], *, lost: int = 0) -> Worked:
        versions = [version for _, version in members]
        found = tell(self.job, story_of(versions, unblind=self.unblind, revisions=self.unit.revisions))
        counts = (len(found.rows), len(found.shared), len(found.differences))
        told = f"compared without {lost} of its versions, which could not be read" if lost else None
        rows, headlines = of_comparison(found, self.unit.story), _headlines(found.story.articles)
        return Worked(self.unit, "ok", told, rows, headlines=headlines, counts=counts, told=_packed(found))

    def _one_by_one(self, why: str | None) -> Worked:
        """Each article read by itself; those that could be read are compared, if `why` they were not was another."""
        weak = "tone" in self.job.engine.abstains
        read: list[tuple[int, Version]] = []
        rows: dict[str, list[Row]] = {}
        headlines: dict[str, str] = {}
        failed: dict[int, str] = {}
        for record, version in self.members:
            try:
                (article,) = story_of([version], unblind=self.unblind).articles
                told = of_reading(article, self.job.read(article), story=self.unit.story, weak=weak)
            except Exception as fault:  # noqa: BLE001  # of this article
                failed[record] = _why(fault)
                continue
            read.append((record, version))
            headlines |= _headlines([article])
            for table, found in told.items():
                rows.setdefault(table, []).extend(found)
        reason = why or next(iter(failed.values()), None)
        if why and failed and len(read) > 1:
            try:
                return replace(self._compared(read, lost=len(failed)), failed=failed)
            except Exception as fault:  # noqa: BLE001  # of the story
                reason = _why(fault)
        status = "failed" if why or failed else "ok"
        return Worked(self.unit, status, reason, rows, failed, headlines)


def _why(error: Exception) -> str:
    """The reason to keep; raises `error` where it stops a run, or nothing is settled yet.

    A fault of ours on one story must not end a run of thousands.
    """
    if not isinstance(error, RetoldError):
        return intake.own_fault(error)
    if error.stops or isinstance(error, PendingError):
        raise error
    return intake.reason(error)


def _headlines(articles: Iterable[Article]) -> dict[str, str]:
    """The headlines that stand in texts, by article id."""
    return {a.version.id: a.headline for a in articles if a.headline and not a.version.headline}


def _packed(found: Comparison) -> bytes:
    """The whole comparison as its contract has it, for what is shown of it later."""
    told: Mapping[str, object] = contract.comparison(found)
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 6)


def _cost(asked: Sequence[Asked]) -> str | None:
    """What the answers cost, whenever they were paid, in US dollars; None if that is not known of all."""
    costs = [a.reply.cost if a.reply else Decimal(0) for a in asked]
    known = [cost for cost in costs if cost is not None]
    return str(sum(known, Decimal(0))) if len(known) == len(costs) else None
