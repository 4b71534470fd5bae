"""The calls of the library and of the command line: who answers, and what is read or compared."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from summarize.archive.files import expand, idents, open_version
from summarize.comparison.model import Comparison
from summarize.engines import Engine
from summarize.errors import RetoldError, SettingsError, Stopped
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.news import Article, Story, Version, lay_out, tell_apart
from summarize.prompt import READING, merged
from summarize.provenance import Asked
from summarize.reading import Reading
from summarize.revisions import in_time, same_article
from summarize.runners.threads import Threads
from summarize.schema import validator
from summarize.settings import Settings, ledger_path, without_password
from summarize.settling import Settler
from summarize.telling import Trials, tell


def summarize(version: Version | str | Path, *, engine: Engine | None = None, unblind: bool = False) -> Reading:
    """See summarize.summarize."""
    (article,) = story_of([version], unblind=unblind).articles
    return Job.of(engine or _embedded()).read(article)


def compare(
    versions: Iterable[Version | str | Path],
    *,
    engine: Engine | None = None,
    unblind: bool = False,
    revisions: bool | None = None,
    trials: Trials | None = None,
) -> Comparison:
    """See summarize.compare."""
    return tell(Job.of(engine or _embedded()), story_of(versions, unblind=unblind, revisions=revisions), trials)


def story_of(
    versions: Iterable[Version | str | Path], *, unblind: bool = False, revisions: bool | None = False
) -> Story:
    """Versions, or the files they are in, as one story with distinct ids.

    `revisions`: they are revisions of one article, put in the order of time where all are dated; None: if all have
    the same URL.
    """
    opened = [v if isinstance(v, Version) else open_version(v) for v in versions]
    articles = tuple(lay_out(v, blind=not unblind) for v in tell_apart(opened))
    if revisions is None:
        revisions = same_article(articles)
    return Story(in_time(articles) if revisions else articles, revisions=revisions)


def job_of(settings: Settings, ledger: Ledger | None, asks_for: Sequence[str] = (), *, again: bool = False) -> Job:
    """The job that `settings` choose. `asks_for` (a command's words) names it where a budget is kept.

    `again`: what failed before is asked again. With it, or a fresh ledger, the limits that the server named are
    forgotten.

    Raises SettingsError for what does not go together, BudgetError for a limit that cannot be kept.
    """
    stop = threading.Event()
    if ledger and (again or ledger.fresh):  # a limit that a server named may have been what failed
        traits = ledger.traits(without_password(settings.base_url), settings.model)
        for limit in {"window", "most"} & traits.keys():
            del traits[limit]
    engine, priced = _engine(settings, ledger, asks_for, stop)
    kept = ledger if engine.remembers else None
    settler = Settler(engine, kept, settings.repairs, stop, priced, again)
    asks = settings.engine == "openai"  # the others answer in this process: more hands than one only wait
    return Job(settler, hands=settings.hands if asks else 1, samples=settings.samples)


def ledger_of(settings: Settings, *, fresh: bool = False) -> Ledger | None:
    """The ledger of engines that cost something. `fresh`: see Ledger. Raises LedgerError."""
    if settings.engine != "openai":
        return None
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return Ledger(ledger_path(settings.ledger), now=now, fresh=fresh)


@contextmanager
def ledger_if_any(settings: Settings, *, fresh: bool = False) -> Iterator[Ledger | None]:
    """The ledger, if there is a file already: looking at a plan makes none."""
    there = settings.engine == "openai" and ledger_path(settings.ledger).is_file()
    ledger = ledger_of(settings, fresh=fresh) if there else None
    try:
        yield ledger
    finally:
        if ledger:
            ledger.close()


@contextmanager
def running(
    settings: Settings, ledger: Ledger | None, asks_for: Sequence[str], *, again: bool = False
) -> Iterator[Job]:
    """A job (see job_of); its connections and its ledger are closed at the end, whatever happens."""
    try:
        job = job_of(settings, ledger, asks_for, again=again)
        try:
            yield job
        finally:
            job.engine.close()
    finally:
        if ledger:
            ledger.close()


def _embedded() -> Engine:
    from summarize.engines.lexicon import Lexicon  # noqa: PLC0415  # a third of a second: not at start-up

    return Lexicon()


def _engine(
    settings: Settings, ledger: Ledger | None, asks_for: Sequence[str], stop: threading.Event
) -> tuple[Engine, str]:
    """The engine, and the day of its prices."""
    if settings.engine == "lexicon":
        return _embedded(), ""
    if settings.engine == "recorded":
        from summarize.engines.recorded import Recorded, recording  # noqa: PLC0415

        if not settings.recording:
            raise SettingsError("no recording is named", hint="give --recording FILE")
        path = Path(settings.recording).expanduser()
        return Recorded(recording(path), settings.model, str(path)), ""
    return _asking(settings, ledger, asks_for, stop)


def _asking(
    settings: Settings, ledger: Ledger | None, asks_for: Sequence[str], stop: threading.Event
) -> tuple[Engine, str]:
    """A model behind a URL, wrapped in all that keeps it from losing, overspending and flooding."""
    from summarize.engines.asking import asking_of  # noqa: PLC0415
    from summarize.engines.budgeted import Budgeted, Priced  # noqa: PLC0415
    from summarize.engines.limited import Limited  # noqa: PLC0415
    from summarize.engines.openai import OpenAI  # noqa: PLC0415
    from summarize.engines.retrying import Retrying  # noqa: PLC0415
    from summarize.prices import own_prices, price_of  # noqa: PLC0415

    price = price_of(settings.model, settings.host, own_prices(settings.prices, settings.file))
    asking = asking_of(settings, price)
    memory = ledger.traits(without_password(settings.base_url), settings.model) if ledger else None
    model = OpenAI(settings.model, settings.base_url, settings.key, asking=asking, memory=memory)
    engine: Engine = Priced(model, price)
    if settings.max_cost is not None:
        if ledger is None:
            raise SettingsError("a budget needs a ledger to be kept in", hint="give --ledger FILE")
        engine = Budgeted(engine, price, ledger.purse(account_of(asks_for, model)), settings.max_cost, stop)

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopped("the run was stopped", hint="the same command goes on where it stopped")

    limited = Limited(engine, width=settings.hands, rpm=settings.rpm, tpm=settings.tpm, stop=stop)
    return Retrying(limited, chance=secrets.SystemRandom().random, sleep=sleep), price.date if price else ""


def account_of(asks_for: Sequence[str], engine: Engine) -> str:
    """The account that a budget is kept in: the same command on the same model goes on with the same budget."""
    named = json.dumps([list(asks_for), engine.identity["model"], engine.identity["base_url"]])
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the file at `index`: an article with its reading, or the error that came instead."""

    index: int
    name: str
    article: Article | None = None
    reading: Reading | None = None
    error: RetoldError | None = None
    asked: tuple[Asked, ...] = ()


def read_files(job: Job, files: Sequence[str], *, unblind: bool = False, private: bool = False) -> Iterator[Outcome]:
    """Read each file, and each article in each folder, by itself, in the order in which they are done.

    `private`: as for `open_version`.
    One that fails is an outcome with its error and stops none of the others. An error that stops the run (key,
    quota, model, budget, an interrupt) is raised when those under way are done, after all that was read.
    """
    names = expand(files)
    known = idents(names)
    runner = Threads(min(job.hands, len(names)), job.settler.stop)
    validator(merged(READING))  # once, before there are many hands that would all make it
    stopped: BaseException | None = None
    opened = partial(open_version, private=private)

    def outcome(at: int) -> Outcome:
        return _outcome(job, at, names[at], lambda: _named(opened(names[at]), known[at]), blind=not unblind)

    for done in runner.map(outcome, range(len(names))):
        if done.error is not None:
            stopped = stopped or done.error
        elif done.result is not None:
            yield done.result
    if runner.interrupted:
        raise Stopped("interrupted", hint="what was settled is kept; the same command goes on")
    if stopped is not None:
        raise stopped


def _named(version: Version, ident: str) -> Version:
    """`version` under an id that no other file of the run has."""
    label = version.label if version.id == ident else f"{version.label} ({ident})"
    return replace(version, id=ident, label=label)


def _outcome(job: Job, index: int, name: str, opened: Callable[[], Version], *, blind: bool) -> Outcome:
    """Raises only what stops a run."""
    asked: list[Asked] = []
    article = None
    try:
        article = lay_out(opened(), blind=blind)
        reading = job.read(article, record=asked.append)
    except RetoldError as error:
        if error.stops:
            raise
        return Outcome(index, name, article, error=error, asked=tuple(asked))
    except Exception as error:  # noqa: BLE001  # a fault of ours on one article must not end a run of thousands
        what = f"a fault of Retold's own: {type(error).__name__}: {error}"
        failed = RetoldError(what, where=name, hint="please report it")
        return Outcome(index, name, article, error=failed, asked=tuple(asked))
    return Outcome(index, name, article, reading, asked=tuple(asked))
