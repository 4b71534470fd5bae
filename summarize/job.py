"""The river's bed: ask the questions, settle what comes of them.

    read       one article → one question (or as many as there are samples) → its Reading
    tell       a story → a reading of each article, one inventory, one stance of each article → Comparison

Articles are read by many hands at a time; what they say is put together in an order that hangs on their
texts alone. A fault of one article is an error for the caller, who knows whether others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias, TypeVar, cast

from summarize.agreement import majority, positions_majority
from summarize.citations import faults, inventory_faults
from summarize.comparison import compare
from summarize.comparison.ground import Ground
from summarize.comparison.matrix import distinct, gather
from summarize.comparison.model import Comparison
from summarize.engines import Engine
from summarize.errors import InputError, Stopped
from summarize.news import Article, Story
from summarize.prompt import READING, Question, inventory_question, reading_question, stance_question
from summarize.provenance import Asked, Tally, provenance, tally
from summarize.reading import Label, Position, Reading, Ungrounded, positions, read
from summarize.runners.threads import Threads
from summarize.settling import Answer, Settler

T = TypeVar("T")
R = TypeVar("R")
Tick: TypeAlias = "Callable[[str], None]"
Record: TypeAlias = "Callable[[Asked], None]"
Stance: TypeAlias = "tuple[dict[int, Position], tuple[Ungrounded, ...], tuple[Label, ...]]"


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
        question, told = reading_question(article, sections), record or self.asked.append
        answers = (self._answer(article, replace(question, sample=n), told) for n in range(self.samples))
        return majority([read(article, answer) for answer in answers])

    def tell(self, story: Story) -> Comparison:
        """The comparison of a story's versions. Raises InputError for fewer than two."""
        articles = story.articles
        if len(articles) < 2:  # noqa: PLR2004
            raise InputError("a comparison needs two versions or more", hint="give another file")
        ground = Ground(story, self._each(self.read, articles))
        gathered = gather(ground)
        self.tick("gathering the claims")
        answer = self._inventory([text for text, _ in gathered]) if gathered else {"inventory": []}
        claims = distinct(gathered, answer)
        stances = self._each(partial(self._stance, claims=tuple(claim.text for claim in claims)), articles)
        found = compare(
            ground,
            claims,
            {version: stance[0] for version, stance in stances.items()},
            ungrounded=[u for a in articles for u in stances[a.version.id][1]],
            abstains=self.engine.abstains,
        )
        agreement = {version: stance[2] for version, stance in stances.items() if stance[2]}
        whole = tally(self.asked, ground.readings.values(), len(found.ungrounded))
        whole.labels += [(version, label) for version, labels in agreement.items() for label in labels]
        return replace(found, agreement=agreement, provenance=self.record(articles, whole, self.asked))

    def record(self, articles: Iterable[Article], whole: Tally, requests: Sequence[Asked] = ()) -> dict[str, object]:
        """The provenance of what was made of `articles` by this job."""
        blind = all(a.blind for a in articles)
        return provenance(self.engine, whole, self.started, requests, blind=blind, samples=self.samples)

    def _stance(self, article: Article, claims: tuple[str, ...]) -> Stance:
        if not claims:
            return {}, (), ()
        self.tick(f"asking {article.version.label} about each claim")
        question = stance_question(article, claims)
        found: list[Mapping[int, Position]] = []
        aside: list[Ungrounded] = []
        for n in range(self.samples):
            answer = self._answer(article, replace(question, sample=n), self.asked.append)
            sample, ungrounded = positions(article, answer, len(claims))
            found.append(sample)
            aside += [u for u in ungrounded if u not in aside]
        kept, labels = positions_majority(found, claims)
        return kept, tuple(aside), labels

    def _answer(self, article: Article, question: Question, record: Record) -> Answer:
        return self.settler.answer(question, partial(faults, article), record)

    def _inventory(self, claims: Sequence[str]) -> Answer:
        return self.settler.answer(inventory_question(claims), inventory_faults, self.asked.append)

    def _each(self, work: Callable[[Article], R], articles: Sequence[Article]) -> dict[str, R]:
        """`work` on each article, by version id in the order given. Raises the first error, when all are done."""
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
