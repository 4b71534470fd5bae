"""A run by a provider's batch, small enough for a test: articles walked, delivered, and walked again.

As a program it is a run that can be killed at a named moment: python provider.py FOLDER BASE_URL MOMENT
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from batch_faults import BatchFault, BatchScript
from exchange import Answer, Asked, Script, error, good
from faults import FAULTS
from many import number

from summarize.archive.files import open_version
from summarize.engines.budgeted import Budgeted, Priced
from summarize.engines.limited import Limited
from summarize.engines.openai import OpenAI
from summarize.engines.retrying import Retrying
from summarize.errors import PendingError, RetoldError
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.ledger.parcels import Parcels
from summarize.ledger.waiting import Line, Parcel, Verdict
from summarize.news import lay_out
from summarize.prices import Price
from summarize.report.contract import reading as as_contract
from summarize.runners.provider import Batched, Limits, Report, Terms, deliver
from summarize.runners.provider.judging import Judge
from summarize.runners.provider.lines import Delivered
from summarize.settling import Settler

PRICE = Price(Decimal(1), Decimal(2))
QUICK = Limits(first=0.0, longest=0.0, outage=5)
WALKS = 12  # more than any test needs
RESET = Answer(sent="reset")
_NOTHING = Asked("", {}, json.dumps({"messages": [{"role": "user", "content": ""}]}).encode())
FAILED = FAULTS["500"](_NOTHING)
BROKEN = FAULTS["reset_mid_body"](_NOTHING)
REFUSED = error(403, "You are not allowed to do that.", type="forbidden", param=None, code=None)


@dataclass
class Run:
    """What a run came to: each article's reading or error, and what each delivery reported and told."""

    readings: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """How many lines were sent."""
        return sum(report.lines for report in self.reports)


@dataclass
class Desk:
    """Articles in `folder`/many, read by batches at `base_url`, with a ledger in the folder."""

    folder: Path
    base_url: str
    terms: Terms = field(default_factory=lambda: Terms(PRICE, Decimal("0.5")))
    limits: Limits = QUICK
    samples: int = 1
    kept: type[Parcels] = Parcels

    @contextmanager
    def opened(self) -> Iterator[tuple[Ledger, Batched]]:
        """The ledger, and the engine on it."""
        ledger = Ledger(self.folder / "l.sqlite")
        model = OpenAI("fake-1", self.base_url, memory=ledger.traits(self.base_url, "fake-1"))
        at_once: Any = Priced(model, PRICE)
        if self.terms.limit is not None:
            at_once = Budgeted(at_once, PRICE, ledger.purse(self.terms.job), self.terms.limit)
        asked = Retrying(Limited(at_once, width=1), chance=lambda: 0.0, sleep=lambda _: None)
        batched = Batched(model, asked, self.kept(ledger.holdings.store), self.terms)
        try:
            yield ledger, batched
        finally:
            batched.close()
            ledger.close()

    def run(self) -> Run:
        """Walk and deliver until nothing waits."""
        found = Run()
        with self.opened() as (ledger, batched):
            for _ in range(WALKS):
                self.walk(found, ledger, batched)
                report = deliver(batched, self.limits, sleep=lambda _: None, tell=found.told.append)
                found.reports.append(report)
                if not report.again:
                    return found
        raise AssertionError(f"it never ends: {found.told}")

    def walk(self, found: Run, ledger: Ledger, batched: Batched) -> int:
        """Read each article as far as it goes; how many still wait."""
        job, waiting = Job(Settler(batched, ledger), samples=self.samples), 0
        for path in sorted((self.folder / "many").iterdir()):
            try:
                article = lay_out(replace(open_version(str(path)), id=path.stem, label=path.stem))
                found.readings[path.stem] = as_contract(job.read(article), weak=False)
            except PendingError:
                waiting += 1
            except RetoldError as error:
                if error.stops:
                    raise
                found.failures[path.stem] = error.status
        return waiting


def online(folder: Path, base_url: str) -> Run:
    """The same articles, asked at once, with a ledger of their own."""
    found = Run()
    engine = OpenAI("fake-1", base_url, memory={})
    with closing(Ledger(folder / "online" / "l.sqlite")) as ledger, closing(engine):
        job = Job(Settler(engine, ledger))
        for path in sorted((folder / "many").iterdir()):
            article = lay_out(replace(open_version(str(path)), id=path.stem, label=path.stem))
            found.readings[path.stem] = as_contract(job.read(article), weak=False)
    return found


def ended(*faults: BatchFault) -> BatchScript:
    """The first batches end so."""
    return BatchScript(faults)


def struck(script: Script, *numbers: int) -> Script:
    """`script` for the articles with these numbers, the right answer for the others."""
    return lambda asked: script(asked) if number(asked) in numbers else good(asked)


def settled(folder: Path) -> dict[str, tuple[str, str]]:
    """The status and the raw answer of each settled question."""
    with closing(Ledger(folder / "l.sqlite")) as ledger:
        return {one.key: (one.status, one.reply.text if one.reply else "") for one in ledger.all()}


def _die(moment: str) -> None:
    """Kill this process, and let it clean up nothing."""
    if moment == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)


class _Mortal(Parcels):
    """Parcels of a process that is killed at a moment: after a step, or in the midst of one."""

    _queued = 0

    def queue(self, line: Line, body: bytes) -> None:
        super().queue(line, body)
        _Mortal._queued += 1
        if _Mortal._queued == 3:
            _die("queue")

    def gather(self, *args: Any, **named: Any) -> Parcel | None:  # noqa: ANN401  # as the base class
        found = super().gather(*args, **named)
        _die("gather")
        return found

    def uploaded(self, parcel: Parcel, file_id: str) -> Parcel:
        _die("upload answered")
        found = super().uploaded(parcel, file_id)
        _die("uploaded")
        return found

    def created(self, parcel: Parcel, batch_id: str) -> Parcel:
        _die("create answered")
        found = super().created(parcel, batch_id)
        _die("created")
        return found

    def harvest(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401  # as the base class
        _die("downloaded")
        parcel, delivered, judge = args
        found = super().harvest(parcel, delivered, _MortalJudge(judge), **named)
        _die("harvested")
        return found


class _MortalJudge:
    """In the midst of the one transaction of a harvest."""

    def __init__(self, judge: Judge) -> None:
        self._judge, self._count = judge, 0

    def __call__(self, line: Line, one: Delivered) -> Verdict:
        self._count += 1
        if self._count == 3:
            _die("harvest")
        return self._judge(line, one)


def main() -> None:
    """Run once, or be killed; the readings are written as JSON to standard output."""
    desk = Desk(Path(sys.argv[1]), sys.argv[2], Terms(PRICE, Decimal("0.5"), "job", Decimal(50)), kept=_Mortal)
    run = Run()
    with desk.opened() as (ledger, batched):
        for walk in range(WALKS):
            desk.walk(run, ledger, batched)
            _die(f"walk {walk}")
            if not deliver(batched, desk.limits, sleep=lambda _: None).again:
                break
    sys.stdout.write(json.dumps(run.readings, sort_keys=True))


if __name__ == "__main__":
    main()
