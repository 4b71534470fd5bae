"""What became of every record of a batch job: the sums, with the reasons, and that they add up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from summarize.ledger.holdings import Holdings, JobRow

FORMAT = "retold.account/1"
STATUSES = ("ok", "failed", "skipped", "duplicate", "waiting")
_REASONS = 20
_PLACE = 200  # characters of a place, shown to a person


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a job. `records` by status add up to `taken`; `stories` are by how and status.

    `reasons` has (status, reason, how many, place of the first), the most frequent, `told` the same of stories with
    the first one's id; `cost` is in US dollars, None
    where it is not known of all answers.
    """

    job: JobRow
    records: Mapping[str, int]
    stories: Mapping[tuple[str, str], int]
    reasons: tuple[tuple[str, str, int, str], ...]
    told: tuple[tuple[str, str, int, str], ...]
    cost: Decimal | None

    @property
    def taken(self) -> int:
        """How many records were taken in."""
        return sum(self.records.values())

    @property
    def failures(self) -> str:
        """How many records and stories failed, in words; empty where none did."""
        records, stories = self.records["failed"], sum(n for (_, s), n in self.stories.items() if s == "failed")
        told = [f"{records:,} of {self.taken:,} records"] if records else []
        told += [f"{stories:,} of {sum(self.stories.values()):,} stories"] if stories else []
        return " and ".join(told)

    def json(self) -> dict[str, object]:
        """The account as JSON."""
        return {
            "format": FORMAT,
            "job": self.job.id,
            "archive": self.job.archive,
            "phase": self.job.phase,
            "complete": bool(self.job.whole),
            "started": self.job.started,
            "ended": self.job.ended,
            "records": {"taken": self.taken, **self.records},
            "stories": [{"how": how, "status": status, "stories": n} for (how, status), n in self.stories.items()],
            "reasons": [
                {"status": status, "reason": why, "records": n, "first": place}
                for status, why, n, place in self.reasons
            ],
            "story_reasons": [
                {"status": status, "reason": why, "stories": n, "first": story} for status, why, n, story in self.told
            ],
            "cost": None if self.cost is None else str(self.cost),
            "settings": json.loads(self.job.settings),
            "provenance": json.loads(self.job.provenance) if self.job.provenance else None,
        }

    def rows(self) -> Iterator[tuple[str, str]]:
        """The same for a person: names and values."""
        job = self.job
        read = "" if job.whole else ", not yet to its end"
        yield f"job {job.id}", f"{job.archive}{read}"
        when = f"begun {job.started}" + (f", ended {job.ended}" if job.ended else f", {job.phase}")
        yield "", when
        yield from self.sums()
        if self.cost:
            yield "cost", f"${self.cost:.4f}"

    def sums(self) -> Iterator[tuple[str, str]]:
        """What was taken in and grouped, for a person."""
        yield "records", f"{self.taken:,} taken in"
        for status in STATUSES:
            if self.records[status]:
                yield "", f"{self.records[status]:,} {status}"
        stories = sum(self.stories.values())
        yield "stories", f"{stories:,}" if stories else "none"
        for (how, status), n in self.stories.items():
            yield "", f"{n:,} {_HOW.get(how, how)}: {status}"
        for i, (status, why, n, place) in enumerate(self.reasons):
            shown = place if len(place) <= _PLACE else f"{place[: _PLACE // 2]} … {place[-_PLACE // 2 :]}"
            first = f"; the first is {shown}" if n > 1 else f": {shown}"
            yield "" if i else "reasons", f"{n:,} {status}: {why}{first}"
        for status, why, n, story in self.told:
            yield "", f"{n:,} {'story' if n == 1 else 'stories'} {status}: {why}; the first is {story[:_PLACE]}"


_HOW = {
    "given": "by the archive's own ids",
    "url": "of one address (revisions)",
    "copies": "of near-copies",
    "event": "on one event",
}


def account(holdings: Holdings, job: JobRow) -> Account:
    """The account of a job as it is now."""
    records = dict.fromkeys(STATUSES, 0) | holdings.counts(job.id)
    stories, reasons = holdings.stories(job.id), tuple(holdings.reasons(job.id, _REASONS))
    told = tuple(holdings.story_reasons(job.id, _REASONS))
    return Account(job, records, stories, reasons, told, holdings.cost(job.id))
