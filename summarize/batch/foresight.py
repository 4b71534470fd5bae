"""What a batch would take, asked of nobody: its archive is taken in and grouped, in a ledger that is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from summarize.batch import Batch
from summarize.batch.account import Account, account
from summarize.batch.watch import span
from summarize.ledger import Ledger
from summarize.ledger.units import Unit
from summarize.library import story_of
from summarize.plan import Plan, add_article, add_story, begun
from summarize.settings import Settings
from summarize.telling import Trials

_BY_PROVIDER = "some rounds of the provider's batches, each answered within a day; the cost is before their discount"
_ANSWER = (5.0, 60.0)  # seconds that one answer takes, low and high, where nothing else is known


@dataclass(frozen=True, slots=True)
class Foresight:
    """A plan, the account of what was taken in, and the seconds it would take, low and high, with the reason."""

    plan: Plan
    account: Account
    seconds: tuple[float, float] | None
    limited: str

    def json(self) -> dict[str, object]:
        """What `--dry-run --json` prints."""
        told = self.account.json()
        time = None if self.seconds is None else {"low": round(self.seconds[0]), "high": round(self.seconds[1])}
        return {
            **self.plan.json(),
            "records": told["records"],
            "grouped": told["stories"],
            "reasons": told["reasons"],
            "seconds": time,
            "seconds_because": self.limited,
        }

    def rows(self) -> Iterator[tuple[str, str]]:
        """The same for a person."""
        yield from self.account.sums()
        yield from self.plan.rows()
        told = "" if self.seconds is None else " to ".join(map(span, self.seconds)) + ": "
        yield "time", told + self.limited


def foresee(batch: Batch, settings: Settings, known: Ledger | None, runner: str = "threads") -> Foresight:
    """What `batch` would take; it keeps its ledger, `known` is the one in which answers are looked up.

    `runner`: "threads", or "batch" for a provider's.
    """
    row = batch.prepare()
    holdings = batch.ledger.holdings
    shelves, units = holdings.shelves(row.id), holdings.units(row.id)
    plan = begun(settings)
    batch.watch.begin("counting tokens", units.left())
    done = _done(batch, known)
    for unit in units.waiting():
        if done(unit):
            batch.watch.advance()
            continue
        versions = [version for _, version in shelves.members(unit.number)]
        story = story_of(versions, unblind=settings.unblind, revisions=unit.revisions)
        if len(versions) > 1:
            add_story(plan, story, settings.samples, known, Trials())
        else:
            add_article(plan, story.articles[0], settings.samples, known)
        batch.watch.advance()
    time = (None, _BY_PROVIDER) if runner == "batch" else _time(plan, settings)
    return Foresight(plan, account(holdings, row), *time)


def _done(batch: Batch, known: Ledger | None) -> Callable[[Unit], bool]:
    """Whether the same job, kept in `known`, has a result for a unit."""
    same = [job for job in known.holdings.jobs() if job.name == batch.row.name] if known else []
    if not (same and known) or same[0].fingerprint != batch.row.fingerprint:
        return lambda _: False
    return known.holdings.units(same[0].id).has


def _time(plan: Plan, settings: Settings) -> tuple[tuple[float, float] | None, str]:
    """Seconds at the given limits, low and high, and which limit it is."""
    if plan.engine is None:
        return None, "nothing is sent to anybody"
    found: dict[str, tuple[float, float]] = {
        f"{settings.hands} hands, if an answer takes {_ANSWER[0]:.0f} to {_ANSWER[1]:.0f} s": _each(
            plan.calls[i] * _ANSWER[i] / settings.hands for i in (0, 1)
        )
    }
    if settings.rpm:
        found[f"{settings.rpm:g} requests a minute"] = _each(60 * plan.calls[i] / settings.rpm for i in (0, 1))
    if settings.tpm:
        tokens = (plan.input[i] + plan.output[i] for i in (0, 1))
        found[f"{settings.tpm:g} tokens a minute"] = _each(60 * n / settings.tpm for n in tokens)
    limit = max(found, key=lambda name: found[name][1])
    low, high = max(low for low, _ in found.values()), found[limit][1]
    return (low, max(low, high)), limit


def _each(pair: Iterator[float]) -> tuple[float, float]:
    low, high = pair
    return low, high
