"""The river's bed: ask the questions, settle what comes of them.

    read       one article → one question (or as many as there are samples) → its Reading
    ask        any question about an article → its valid answer, recorded
    each       the same work on many articles, by as many hands as there are

A fault of one article is an error for the caller, who knows whether others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias, TypeVar, cast

from summarize.agreement import majority
from summarize.citations import faults, inventory_faults
from summarize.engines import Engine
from summarize.errors import InputError, Stopped
from summarize.news import Article
from summarize.prompt import READING, Question, inventory_question, reading_question
from summarize.provenance import Asked, Tally, provenance
from summarize.reading import Reading, read
from summarize.runners.threads import Threads
from summarize.settling import Answer, Settler, every

R = TypeVar("R")
Tick: TypeAlias = "Callable[[str], None]"
Record: TypeAlias = "Callable[[Asked], None]"


@dataclass(slots=True)
class Job:
    """One run: who answers and remembers (`settler`), how many `hands` ask, how many independent `samples`.

    `tick` is told what is being done, for a progress display; `asked` holds a record of each request of
    `read` and `tell`. Raises what the engine and the gates raise.
    """

    settler: Settler
    hands: int = 1
    samples: int = 1
    tick: Tick = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def of(cls, engine: Engine) -> Job:
        """A job for an engine alone: one hand, no ledger."""
        return cls(Settler(engine))

    @property
    def engine(self) -> Engine:
        """Who answers."""
        return self.settler.engine

    def read(self, article: Article, sections: Sequence[str] = READING, record: Record | None = None) -> Reading:
        """The reading of one article; `record` is told of each request instead of `asked`.

        Raises InputError for an article without a sentence to read.
        """
        if next(article.read(), None) is None:
            raise InputError("there is no sentence to read", where=article.version.label, hint="is this an article?")
        self.tick(f"reading {article.version.label}")
        question = reading_question(article, sections)
        samples = (replace(question, sample=n) for n in range(self.samples))
        answers = every(partial(self.ask, article, sample, record) for sample in samples)
        return majority([read(article, answer) for answer in answers])

    def record(self, articles: Iterable[Article], whole: Tally, requests: Sequence[Asked] = ()) -> dict[str, object]:
        """The provenance of what was made of `articles` by this job."""
        blind = all(a.blind for a in articles)
        return provenance(self.engine, whole, self.started, requests, blind=blind, samples=self.samples)

    def ask(self, article: Article, question: Question, record: Record | None = None) -> Answer:
        """A valid answer to `question` about `article`."""
        return self.settler.answer(question, partial(faults, article), record or self.asked.append)

    def inventory(self, claims: Sequence[str]) -> Answer:
        """A valid answer to the inventory question about `claims`."""
        return self.settler.answer(inventory_question(claims), inventory_faults, self.asked.append)

    def each(self, work: Callable[[Article], R], articles: Sequence[Article]) -> dict[str, R]:
        """`work` on each article, by version id in the order given. Raises the first error, when all are done."""
        if not articles:
            return {}
        runner = Threads(min(self.hands, len(articles)), self.settler.stop)
        found: dict[int, R] = {}
        errors: dict[int, BaseException] = {}
        for done in runner.map(work, articles):
            if done.error is not None:
                errors[done.index] = done.error
            else:
                found[done.index] = cast("R", done.result)
        if runner.interrupted:
            raise Stopped("interrupted", hint="the same command goes on where it stopped")
        if errors:
            raise errors[min(errors)]
        return {article.version.id: found[i] for i, article in enumerate(articles)}
