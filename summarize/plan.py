"""What a run would take, asked of nobody: calls, tokens and cost, each with a low and a high bound.

Questions are counted as they would be sent. What a model will answer is not known beforehand, nor what later
questions will hold of it: how many claims they list, whether a version is asked for claims that it left out, or
looked at again. The high bound has both for each version, the low bound neither.

The bounds are estimates around what one model did on four stories (docs/comparison.md): 5.0 to 5.6 tokens of a
reading for each token of its article, 0.10 to 0.13 claims for each word, 0.4 to 4 tokens of an inventory and 15 to
22 of a stance for each claim. Repairs and failed answers are not in it: only --max-cost is a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil
from typing import TypeAlias

from summarize import tokens
from summarize.archive.files import open_version
from summarize.comparison.rounds import MOST
from summarize.engines.asking import asking_of
from summarize.engines.openai import OpenAI
from summarize.errors import InputError
from summarize.ledger import Ledger
from summarize.news import Article, Story, lay_out
from summarize.prices import Price, own_prices, price_of
from summarize.prompt import (
    Question,
    gaps_question,
    inventory_question,
    reading_question,
    recheck_question,
    stance_question,
)
from summarize.reading import Reading
from summarize.robustness import SWAYED
from summarize.settings import Settings
from summarize.settled import key
from summarize.settling import planned
from summarize.telling import Trials, gaps

Bounds: TypeAlias = "tuple[float, float]"  # low and high

_READING = (3.5, 6.5)  # tokens of a reading for each token of the article
_CLAIMS = (0.10, 0.25)  # claims for each word of the article
_MOST_CLAIMS = 60  # of one reading: prompts/claims.md
_GAP = 60  # tokens of the claim that holds a gap
_CLAIM, _NAMED = 18, 14  # tokens of a claim in a list, and of the sentences named behind it
_INVENTORY = (0.4, 8)  # tokens of an inventory for each claim: only those that are one are listed
_STANCE = (12, 50)  # tokens of a stance for each claim: of one that is silent just the number is told
_DOUBTED = 0.35  # claims at most, as a part of all, that a version is asked about once more
_TONE, _MOST_WORDINGS = 120, 25  # tokens of an answer on tone; loaded wordings of one article (prompts/wording.md)
_SAMPLE_CLAIM = "The ministry said on Monday that 304 people had crossed the border since January."


@dataclass(slots=True)
class Plan:
    """So many calls, with so many tokens (`exact`: counted with the model's own vocabulary), low and high.

    `settled` questions are in the ledger already and would not be asked. Costs in US dollars, None where the
    price is not known.
    """

    model: str
    counted: str
    price: Price | None
    engine: OpenAI | None = None  # nobody: no tokens are counted
    articles: int = 0
    unreadable: int = 0
    stories: int = 0
    calls: list[int] = field(default_factory=lambda: [0, 0])
    settled: int = 0
    exact: bool = True
    input: list[int] = field(default_factory=lambda: [0, 0])
    output: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, calls: tuple[int, int], question: Question, output: Bounds = (0, 0), listed: Bounds = (0, 0)) -> None:
        """Count calls of this question; all together list so many tokens more, and are answered with so many."""
        size = self.engine.size(question) if self.engine and calls[1] else None
        for i in (0, 1):
            self.calls[i] += calls[i]
            if size is not None:
                self.input[i] += size.tokens * calls[i] + round(listed[i])
                self.output[i] += round(output[i])
        self.exact &= size is None or (size.exact and not any(listed))

    @property
    def cost(self) -> tuple[Decimal, Decimal] | None:
        """The low and the high cost."""
        if self.price is None:
            return None
        low, high = (self.price.bound(self.input[i], self.output[i]) for i in (0, 1))
        return low, high

    def json(self) -> dict[str, object]:
        """What `--dry-run --json` prints."""
        cost = self.cost
        return {
            "format": "retold.plan/1",
            "model": self.model,
            "articles": self.articles,
            "unreadable": self.unreadable,
            "stories": self.stories,
            "calls": {"low": self.calls[0], "high": self.calls[1]},
            "settled": self.settled,
            "input_tokens": {"low": self.input[0], "high": self.input[1]},
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
        settled = f", and {self.settled:,} settled in the ledger" if self.settled else ""
        yield "calls", _told(self.calls) + settled
        yield "input tokens", f"{_told(self.input)} ({self.counted})"
        yield "output tokens", f"{_told(self.output)}, estimated after what one model answered to the fixture"
        if cost is None or price is None:
            yield (
                "cost",
                'unknown: no price is known for this model (give [prices."MODEL"] in retold.toml: docs/models.md)',
            )
            return
        dated = f", {price.date}" if price.date else ""
        yield "cost", f"${cost[0]:.4f} to ${cost[1]:.4f} (prices: {price.source}{dated}); repairs not counted"


def of_files(settings: Settings, names: Sequence[str], ledger: Ledger | None, *, private: bool = False) -> Plan:
    """The plan of reading each file by itself. `private`: as for `open_version`."""
    plan = begun(settings)
    for name in names:
        try:
            article = lay_out(open_version(name, private=private), blind=not settings.unblind)
        except InputError:
            plan.unreadable += 1
            continue
        add_article(plan, article, settings.samples, ledger)
    return plan


def of_story(settings: Settings, story: Story, ledger: Ledger | None, trials: Trials | None = None) -> Plan:
    """The plan of comparing a story's versions, and of what is tried besides. Raises InputError for fewer than two."""
    if len(story.articles) < 2:  # noqa: PLR2004
        raise InputError("a comparison needs two versions or more", hint="give another file")
    plan = begun(settings)
    add_story(plan, story, settings.samples, ledger, trials or Trials())
    return plan


def add_story(plan: Plan, story: Story, samples: int, ledger: Ledger | None, trials: Trials) -> None:
    """Add what comparing a story's versions takes, and what is tried besides."""
    plan.stories += 1
    claims = [0, 0]
    for article in story.articles:
        add_article(plan, article, samples, ledger)
        _gaps(plan, article)
        words = sum(len(article.exact(s.span).split()) for s in article.read())
        for i in (0, 1):
            claims[i] += min(_MOST_CLAIMS, max(1, round(words * _CLAIMS[i])))
    least, most = (ceil(n / MOST) for n in claims)
    batches = (least, most if most == 1 else 2 * most)  # what may be one but was in two batches is asked about again
    plan.add(batches, inventory_question([_SAMPLE_CLAIM]), _times(claims, _INVENTORY), _times(claims, _CLAIM))
    if trials.order:
        plan.add(batches, inventory_question([_SAMPLE_CLAIM]), _times(claims, _INVENTORY), _times(claims, _CLAIM))
    for article in story.articles:
        _stance(plan, article, claims, samples)
        _trials(plan, article, trials)


def _trials(plan: Plan, article: Article, trials: Trials) -> None:
    """What is tried besides: two readings where there is an outlet to show, and the tone for each loaded wording."""
    if trials.blind and (article.version.outlet or article.version.url):
        plan.add((2, 2), reading_question(article, SWAYED), (2 * _TONE, 8 * _TONE))
    if trials.counterfactual:
        most = 1 + _MOST_WORDINGS
        plan.add((0, most), reading_question(article, ("tone",)), (0, most * _TONE))


def _gaps(plan: Plan, article: Article) -> None:
    """The question for what no claim holds, which at worst is all that could be held."""
    found = gaps(article, Reading(article.version.id))
    if found:
        plan.add((0, 1), gaps_question(article, found), (0, len(found) * _GAP))


def _stance(plan: Plan, article: Article, claims: Sequence[int], samples: int) -> None:
    """A version's stance on all claims, and the second look at those that it may tell after all."""
    question = stance_question(article, [_SAMPLE_CLAIM])
    listed, answered = (_times([n * samples for n in claims], each) for each in (_CLAIM, _STANCE))
    plan.add((samples, samples), question, answered, listed)
    again = recheck_question(article, [_SAMPLE_CLAIM], [()])
    doubted = ceil(claims[1] * _DOUBTED)
    plan.add((0, 1), again, (0, doubted * _STANCE[1]), (0, doubted * (_CLAIM + _NAMED)))


def begun(settings: Settings) -> Plan:
    """A plan of nothing yet, for whoever `settings` choose to ask."""
    if settings.engine != "openai":
        return Plan("", "nothing is sent to anybody", Price(Decimal(0), Decimal(0), source="it costs nothing"))
    price = price_of(settings.model, settings.host, own_prices(settings.prices, settings.file))
    engine = OpenAI(settings.model, settings.base_url, asking=asking_of(settings, price))
    return Plan(settings.model, tokens.how(settings.model), price, engine)


def add_article(plan: Plan, article: Article, samples: int, ledger: Ledger | None) -> None:
    """Add what reading an article takes."""
    plan.articles += 1
    question, engine = reading_question(article), plan.engine
    if engine is None:
        plan.add((samples, samples), question)
        return
    for part in _parts(engine, question, ledger):
        known = sum(_known(ledger, engine, replace(part, sample=n)) for n in range(samples))
        plan.settled += known
        body = tokens.count(part.user, engine.model).tokens * len(part.sections) / len(question.sections)
        left = samples - known
        plan.add((left, left), part, (body * _READING[0] * left, body * _READING[1] * left))


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


def _times(claims: Sequence[int], each: float | tuple[float, float]) -> Bounds:
    low, high = each if isinstance(each, tuple) else (each, each)
    return claims[0] * low, claims[1] * high


def _told(bounds: Sequence[int]) -> str:
    """Bounds for a person: one number where they are one."""
    return f"{bounds[0]:,}" if bounds[0] == bounds[1] else f"{bounds[0]:,} to {bounds[1]:,}"
