"""What a run would take, asked of nobody: calls, tokens, and a low and a high cost.

Input is counted as it would be sent. What a model will answer is not known beforehand; the bounds here lie
around what one model did on the two articles of the fixture (fixtures/stories/dmz-defection/recording.jsonl):
4.0 and 4.8 tokens of a reading for each token of its article, 33 claims of 303 words and 60 of 605, 18 tokens of
an inventory and 28 to 52 of a stance for each claim. Repairs and failed answers are not in it: only --max-cost
is a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from summarize import tokens
from summarize.archive.files import open_version
from summarize.engines.asking import asking_of
from summarize.engines.openai import OpenAI
from summarize.errors import InputError
from summarize.ledger import Ledger
from summarize.news import Article, Story, lay_out
from summarize.prices import Price, own_prices, price_of
from summarize.prompt import Question, inventory_question, reading_question, stance_question
from summarize.settings import Settings
from summarize.settled import key
from summarize.settling import planned

_READING = (2.5, 5.0)  # tokens of a reading for each token of the article
_CLAIMS = (0.10, 0.25)  # claims for each word of the article
_MOST_CLAIMS = 60  # of one reading: prompts/claims.md
_CLAIM, _INVENTORY, _STANCE = 18, (18, 30), (28, 52)  # tokens of a claim, and of what is answered about it
_SAMPLE_CLAIM = "The ministry said on Monday that 304 people had crossed the border since January."


@dataclass(slots=True)
class Plan:
    """So many calls, with so many tokens (`exact`: counted with the model's own vocabulary).

    `settled` questions are in the ledger already and would not be asked. Costs in US dollars, None where the
    price is not known.
    """

    model: str
    counted: str
    price: Price | None
    articles: int = 0
    unreadable: int = 0
    calls: int = 0
    settled: int = 0
    exact: bool = True
    input: int = 0
    output: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, size: tokens.Count, output: tuple[float, float], times: int = 1) -> None:
        """Count a call of this size whose answer has so many tokens, low and high."""
        self.calls += times
        self.input += size.tokens * times
        self.exact &= size.exact
        for i in (0, 1):
            self.output[i] += round(output[i]) * times

    @property
    def cost(self) -> tuple[Decimal, Decimal] | None:
        """The low and the high cost."""
        if self.price is None:
            return None
        low, high = (self.price.bound(self.input, self.output[i]) for i in (0, 1))
        return low, high

    def json(self) -> dict[str, object]:
        """What `--dry-run --json` prints."""
        cost = self.cost
        return {
            "format": "retold.plan/1",
            "model": self.model,
            "articles": self.articles,
            "unreadable": self.unreadable,
            "calls": self.calls,
            "settled": self.settled,
            "input_tokens": self.input,
            "output_tokens": {"low": self.output[0], "high": self.output[1]},
            "tokens_exact": self.exact,
            "tokens_counted": self.counted,
            "cost": None if cost is None else {"low": str(cost[0]), "high": str(cost[1]), "currency": "USD"},
            "price_source": self.price.source if self.price else None,
            "price_date": (self.price.date or None) if self.price else None,
        }

    def rows(self) -> Iterable[tuple[str, str]]:
        """The same for a person."""
        cost, price = self.cost, self.price
        yield "model", self.model or "none"
        yield (
            "articles",
            f"{self.articles:,}" + (f", {self.unreadable:,} that cannot be read" if self.unreadable else ""),
        )
        yield "calls", f"{self.calls:,}" + (f", and {self.settled:,} settled in the ledger" if self.settled else "")
        yield "input tokens", f"{self.input:,} ({self.counted})"
        yield (
            "output tokens",
            f"{self.output[0]:,} to {self.output[1]:,}, around what one model answered to the fixture",
        )
        if cost is None or price is None:
            yield "cost", "unknown: no price is known for this model (see [prices] in the README)"
            return
        dated = f", {price.date}" if price.date else ""
        yield "cost", f"${cost[0]:.4f} to ${cost[1]:.4f} (prices: {price.source}{dated}); repairs not counted"


def of_files(settings: Settings, names: Sequence[str], ledger: Ledger | None) -> Plan:
    """The plan of reading each file by itself."""
    plan, engine = _plan(settings)
    for name in names:
        try:
            article = lay_out(open_version(name), blind=not settings.unblind)
        except InputError:
            plan.unreadable += 1
            continue
        _reading(plan, engine, article, settings.samples, ledger)
    return plan


def of_story(settings: Settings, story: Story, ledger: Ledger | None) -> Plan:
    """The plan of comparing the versions of a story. Raises InputError for fewer than two."""
    if len(story.articles) < 2:  # noqa: PLR2004
        raise InputError("a comparison needs two versions or more", hint="give another file")
    plan, engine = _plan(settings)
    claims = [0, 0]
    for article in story.articles:
        _reading(plan, engine, article, settings.samples, ledger)
        words = sum(len(article.exact(s.span).split()) for s in article.read())
        for i in (0, 1):
            claims[i] += min(_MOST_CLAIMS, max(1, round(words * _CLAIMS[i])))
    if engine is None:
        plan.calls += 1 + len(story.articles) * settings.samples
        return plan
    middle = sum(claims) // 2
    listed = tokens.Count(middle * _CLAIM, exact=False)
    plan.add(_sum(engine.size(inventory_question([_SAMPLE_CLAIM])), listed), _times(claims, _INVENTORY))
    for article in story.articles:
        size = _sum(engine.size(stance_question(article, [_SAMPLE_CLAIM])), listed)
        plan.add(size, _times(claims, _STANCE), settings.samples)
    return plan


def _plan(settings: Settings) -> tuple[Plan, OpenAI | None]:
    if settings.engine != "openai":
        return Plan("", "nothing is sent to anybody", Price(Decimal(0), Decimal(0), source="it costs nothing")), None
    price = price_of(settings.model, settings.host, own_prices(settings.prices, settings.file))
    engine = OpenAI(settings.model, settings.base_url, asking=asking_of(settings, price))
    return Plan(settings.model, tokens.how(settings.model), price), engine


def _reading(plan: Plan, engine: OpenAI | None, article: Article, samples: int, ledger: Ledger | None) -> None:
    plan.articles += 1
    question = reading_question(article)
    if engine is None:
        plan.calls += samples
        return
    for part in _parts(engine, question, ledger):
        known = sum(_known(ledger, engine, replace(part, sample=n)) for n in range(samples))
        plan.settled += known
        body = tokens.count(part.user, engine.model).tokens * len(part.sections) / len(question.sections)
        low, high = (body * share for share in _READING)
        plan.add(engine.size(part), (low, high), samples - known)


def _parts(engine: OpenAI, question: Question, ledger: Ledger | None) -> Iterator[Question]:
    """The questions that would be asked in place of one that does not fit into the model's window."""
    parts = (question,) if _known(ledger, engine, question) else planned(engine, question)
    if len(parts) == 1:
        yield question
        return
    for part in parts:
        yield from _parts(engine, part, ledger)


def _known(ledger: Ledger | None, engine: OpenAI, question: Question) -> bool:
    """Whether it would not be asked: a failure counts as much as an answer, as it is not asked again either."""
    return ledger is not None and ledger.get(key(question, engine.identity)) is not None


def _sum(one: tokens.Count, other: tokens.Count) -> tokens.Count:
    return tokens.Count(one.tokens + other.tokens, one.exact and other.exact)


def _times(claims: Sequence[int], each: tuple[int, int]) -> tuple[float, float]:
    return claims[0] * each[0], claims[1] * each[1]
