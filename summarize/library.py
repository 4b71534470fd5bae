"""The two calls of the library and of the command line: summarize one version, compare several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarize.archive.files import open_version
from summarize.comparison.model import Comparison
from summarize.engines import Engine
from summarize.errors import AuthError, InputError, PartialFailure, QuotaError, RetoldError
from summarize.job import Job
from summarize.news import Article, Story, Version, lay_out, tell_apart
from summarize.reading import Reading
from summarize.settings import Settings


def engine_of(settings: Settings) -> Engine:
    """The engine that `settings` choose."""
    if settings.engine == "openai":
        from summarize.engines.openai import OpenAI  # noqa: PLC0415  # not at start-up

        return OpenAI(settings.model, settings.base_url, settings.key, settings.timeout)
    from summarize.engines.lexicon import Lexicon  # noqa: PLC0415

    return Lexicon()


def story_of(versions: Iterable[Version | str | Path], *, unblind: bool = False) -> Story:
    """Versions, or the files they are in, as one story with distinct ids."""
    opened = [v if isinstance(v, Version) else open_version(v) for v in versions]
    return Story(tuple(lay_out(v, blind=not unblind) for v in tell_apart(opened)))


def summarize(version: Version | str | Path, *, engine: Engine | None = None, unblind: bool = False) -> Reading:
    """See summarize.summarize."""
    (article,) = story_of([version], unblind=unblind).articles
    return _job(engine).read(article)


def compare(
    versions: Iterable[Version | str | Path], *, engine: Engine | None = None, unblind: bool = False
) -> Comparison:
    """See summarize.compare."""
    return _job(engine).tell(story_of(versions, unblind=unblind))


def _job(engine: Engine | None) -> Job:
    if engine is None:
        from summarize.engines.lexicon import Lexicon  # noqa: PLC0415

        return Job(Lexicon())
    return Job(engine)


@dataclass(slots=True)
class Summaries:
    """Readings of several files, and the files that failed; together they are all that were given."""

    articles: list[Article] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    failures: dict[str, RetoldError] = field(default_factory=dict)

    def raise_failures(self) -> None:
        """Raise what failed: the error itself if nothing else was asked for, else PartialFailure."""
        if not self.failures:
            return
        if not self.readings and len(self.failures) == 1:
            raise next(iter(self.failures.values()))
        done, failed = len(self.readings), len(self.failures)
        raise PartialFailure(f"{failed} of {done + failed} files failed", hint="each is named above")


def read_files(job: Job, files: Sequence[str | Path], *, unblind: bool = False) -> Summaries:
    """Read each file by itself; one that fails stops none of the others.

    Raises AuthError and QuotaError at once: the next file would fail in the same way.
    """
    found = Summaries()
    versions: list[tuple[str, Version]] = []
    for file in files:
        try:
            versions.append((str(file), open_version(file)))
        except InputError as error:
            found.failures[_free(found.failures, str(file))] = error
    told = tell_apart(version for _, version in versions)
    for (name, _), version in zip(versions, told, strict=True):
        article = lay_out(version, blind=not unblind)
        try:
            found.readings[version.id] = job.read(article)
            found.articles.append(article)
        except (AuthError, QuotaError):
            raise
        except RetoldError as error:
            found.failures[_free(found.failures, name)] = error
    return found


def _free(taken: Collection[str], name: str) -> str:
    """`name`, or `name (2)` and so on: a file given twice fails twice."""
    return next(n for i in range(1, len(taken) + 2) if (n := name if i == 1 else f"{name} ({i})") not in taken)
