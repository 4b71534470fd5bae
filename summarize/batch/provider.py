"""A batch job whose questions go to the provider's batch service instead of being asked at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from summarize.batch import Batch
from summarize.engines import Engine, Wrapping
from summarize.engines.openai import OpenAI
from summarize.errors import SettingsError
from summarize.ledger.parcels import Parcels
from summarize.library import account_of
from summarize.prices import own_prices, price_of
from summarize.runners.provider import Batched, Terms, deliver
from summarize.settings import Settings


def by_provider(batch: Batch, settings: Settings, asks_for: tuple[str, ...]) -> Callable[[], bool]:
    """Let `batch` ask by the provider's batches; what brings the answers (see Batch.run).

    Raises SettingsError where nobody is asked.
    """
    online, server = batch.job.engine, _server(batch.job.engine)
    price = price_of(settings.model, settings.host, own_prices(settings.prices, settings.file))
    terms = Terms(price, job=account_of(asks_for, server), limit=settings.max_cost)
    batched = Batched(server, online, Parcels(batch.ledger.holdings.store), terms)
    batch.job = replace(batch.job, settler=replace(batch.job.settler, engine=batched))

    def bring() -> bool:
        batch.watch.begin("waiting for the provider's batches", None)
        report = deliver(batched, stop=batch.job.settler.stop, tell=batch.note)
        batch.note(
            f"{report.answered:,} questions answered; {report.lines:,} were sent in {report.batches:,} batches now, "
            f"{report.requeued:,} wait again, {report.failed:,} were refused"
        )
        return report.again

    return bring


def _server(engine: Engine) -> OpenAI:
    while isinstance(engine, Wrapping):
        engine = engine.inner
    if not isinstance(engine, OpenAI):
        raise SettingsError("a provider's batch needs a model to ask", hint="give --model")
    return engine
