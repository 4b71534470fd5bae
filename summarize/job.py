"""The river's bed: ask the questions, pass the answers through the gates, settle what comes of them.

    read       one article → one question → its Reading
    tell       a story → a reading of each article, one inventory, one stance of each article → Comparison

Nothing flows back except a Question. A reply that fails a gate is a ReplyError; what to do with it is
the caller's (one bad article never stops the others).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias

from summarize.comparison import compare
from summarize.comparison.ground import Ground
from summarize.comparison.matrix import distinct, gather
from summarize.comparison.model import Comparison
from summarize.engines import Engine
from summarize.errors import InputError
from summarize.news import Article, Story
from summarize.prompt import READING, Question, inventory_question, reading_question, stance_question
from summarize.provenance import Asked, Run, provenance
from summarize.reading import Position, Reading, Ungrounded, positions, read
from summarize.reply import parse

Tick: TypeAlias = "Callable[[str], None]"


@dataclass(slots=True)
class Job:
    """One run: an engine, and the record of what it was asked.

    `tick` is told what is being done, for a progress display. Raises what the engine and the gates raise.
    """

    engine: Engine
    tick: Tick = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def read(self, article: Article, sections: Sequence[str] = READING) -> Reading:
        """The reading of one article. Raises InputError for one without a sentence to read."""
        if next(article.read(), None) is None:
            raise InputError("there is no sentence to read", where=article.version.label, hint="is this an article?")
        self.tick(f"reading {article.version.label}")
        return read(article, self._ask(reading_question(article, sections), article.version.id))

    def tell(self, story: Story) -> Comparison:
        """The comparison of a story's versions. Raises InputError for fewer than two."""
        if len(story.articles) < 2:  # noqa: PLR2004
            raise InputError("a comparison needs two versions or more", hint="give another file")
        ground = Ground(story, {a.version.id: self.read(a) for a in story.articles})
        gathered = gather(ground)
        self.tick("gathering the claims")
        answer = self._ask(inventory_question([text for text, _ in gathered])) if gathered else {"inventory": []}
        claims = distinct(gathered, answer)
        stances, ungrounded = self._stances(story.articles, [claim.text for claim in claims])
        found = compare(ground, claims, stances, ungrounded=ungrounded, abstains=self.engine.abstains)
        return replace(found, provenance=self.record(story.articles, ground.readings.values(), len(ungrounded)))

    def record(
        self, articles: Iterable[Article], readings: Iterable[Reading], ungrounded: int = 0
    ) -> dict[str, object]:
        """The provenance of `readings` of `articles` by this job."""
        run = Run(self.engine, self.asked, self.started, blind=all(a.blind for a in articles))
        return provenance(run, readings, ungrounded)

    def _stances(
        self, articles: Iterable[Article], claims: Sequence[str]
    ) -> tuple[dict[str, dict[int, Position]], list[Ungrounded]]:
        stances: dict[str, dict[int, Position]] = {}
        ungrounded: list[Ungrounded] = []
        for article in articles:
            self.tick(f"asking {article.version.label} about each claim")
            answer = self._ask(stance_question(article, claims), article.version.id) if claims else {"stance": []}
            stances[article.version.id], faults = positions(article, answer, len(claims))
            ungrounded += faults
        return stances, ungrounded

    def _ask(self, question: Question, version: str = "") -> dict[str, object]:
        started = time.monotonic()
        reply = self.engine.ask(question)
        seconds = round(time.monotonic() - started, 3)
        self.asked.append(Asked(version, question.sections, question.prompts, reply, seconds))
        return parse(reply, question.schema)
