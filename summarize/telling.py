"""A story told: every question that a comparison takes, in the order in which one answer leads to the next.

    articles ─ read ─▶ readings ─ gaps ─▶ readings, anchors covered ─ inventory, in rounds ─▶ claims
             ─ stance of each version ─▶ matrix ─ doubtful silences, once more ─▶ matrix, settled ─▶ Comparison

Articles are asked about by many hands at a time; what they say is put together in an order that hangs on
their texts alone. So many calls for n versions: n readings, at most n questions for gaps, one inventory for
each 150 claims, n stances, at most n second looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from summarize.agreement import positions_majority
from summarize.anchors import anchors
from summarize.comparison import compare
from summarize.comparison.coverage import uncovered
from summarize.comparison.ground import Ground
from summarize.comparison.matrix import Distinct, gather, merged, rows
from summarize.comparison.model import Comparison, Row
from summarize.comparison.rounds import batches, strangers
from summarize.comparison.silence import Doubt, doubts, held_apart, settled
from summarize.errors import InputError
from summarize.job import Job
from summarize.news import Article, Story
from summarize.prompt import gaps_question, recheck_question, stance_question
from summarize.provenance import tally
from summarize.reading import Label, Position, Reading, Ungrounded, positions, read
from summarize.reliability import Agreement, measures
from summarize.robustness import blind_shift, counterfactual, order_agreement
from summarize.settling import every

Stance: TypeAlias = "tuple[dict[int, Position], tuple[Ungrounded, ...], tuple[Label, ...]]"
_GAPS, _GAP_WORDS = 60, 300  # anchors of one version that are asked about, and code points of each that are shown
_SLIGHT = re.compile(r"1|\d+th")  # "one" and ordinals tell little, and stand in half of all sentences
_ROUNDS = 3  # of an inventory that is asked in batches


@dataclass(frozen=True, slots=True)
class Trials:
    """What is tried besides, at a cost: see robustness.py."""

    order: bool = False
    blind: bool = False
    counterfactual: bool = False


def gaps(article: Article, reading: Reading) -> list[tuple[int, str]]:
    """What no claim of a reading holds and is asked about: sentences, each with a number, a date or a quotation."""
    left = [a for a in uncovered(reading, anchors(article)) if not _SLIGHT.fullmatch(a.value)]
    return [(a.sentence, article.seen(a.span).text[:_GAP_WORDS]) for a in left[:_GAPS]]


def tell(job: Job, story: Story, trials: Trials | None = None) -> Comparison:
    """The comparison of a story's versions. Raises InputError for fewer than two, and what `job` raises."""
    return _Telling(job, story, trials or Trials()).tell()


@dataclass(slots=True)
class _Telling:
    """A story on its way.

    `aside` holds what could not be grounded, `agreement` what samples of stances agree on, `rechecked` (version,
    row, status before, after) the silences asked about again, `order` what trials of the order gave.
    """

    job: Job
    story: Story
    trials: Trials
    aside: list[Ungrounded] = field(default_factory=list)
    agreement: dict[str, tuple[Label, ...]] = field(default_factory=dict)
    rechecked: list[tuple[str, str, str, str]] = field(default_factory=list)
    order: list[Agreement] = field(default_factory=list)

    def tell(self) -> Comparison:
        job, articles = self.job, self.story.articles
        if len(articles) < 2:  # noqa: PLR2004
            raise InputError("a comparison needs two versions or more", hint="give another file")
        ground = Ground(self.story, job.each(self._read, articles))
        shifts = job.each(partial(blind_shift, job), articles) if self.trials.blind else None
        claims = self._inventory(gather(ground))
        matrix = held_apart(ground, rows(ground, claims, self._stances([claim.text for claim in claims])))
        matrix = self._looked_again(ground, matrix)
        found = compare(ground, matrix, ungrounded=self.aside, abstains=job.engine.abstains)
        whole = tally(job.asked, ground.readings.values(), len(found.ungrounded))
        whole.labels += [(version, label) for version, labels in self.agreement.items() for label in labels]
        found = replace(found, agreement=self.agreement, provenance=job.record(articles, whole, job.asked))
        blind = None if shifts is None else [shift for moved in shifts.values() for shift in moved]
        return replace(found, reliability=measures(found, rechecked=self.rechecked, order=self._agreed(), blind=blind))

    def _agreed(self) -> Agreement | None:
        """All trials of the order as one: the mean, weighted by the claims of each."""
        n = sum(one.n for one in self.order)
        return Agreement(sum(one.share * one.n for one in self.order) / n, n) if n else None

    def _read(self, article: Article) -> Reading:
        """The reading of an article, with the claims that hold what no claim held at first."""
        reading = self.job.read(article)
        if self.trials.counterfactual:
            self.job.tick(f"trying neutral words in {article.version.label}")
            reading = counterfactual(self.job, article, reading)
        missing = gaps(article, reading)
        if not missing:
            return reading
        self.job.tick(f"asking {article.version.label} about what no claim holds")
        more = read(article, self.job.ask(article, gaps_question(article, missing)))
        known = {(claim.text, claim.evidence) for claim in reading.claims}
        new = tuple(claim for claim in more.claims if (claim.text, claim.evidence) not in known)
        return replace(reading, claims=reading.claims + new, ungrounded=reading.ungrounded + more.ungrounded)

    def _inventory(self, gathered: Sequence[Distinct]) -> list[Distinct]:
        """The distinct ones among the claims: in batches, then what may be one but has not met in a batch."""
        claims = [(claim, frozenset[int]()) for claim in gathered]  # each with the batches it was in
        met = 0
        for _ in range(_ROUNDS):
            texts = [claim.text for claim, _ in claims]
            open_ = strangers(texts, [batch for _, batch in claims]) if met else list(range(len(claims)))
            if len(open_) < 2:  # noqa: PLR2004
                break
            self.job.tick("gathering the claims")
            asked = [[claims[open_[i]] for i in batch] for batch in batches([texts[i] for i in open_])]
            done = set(open_)
            claims = [claim for i, claim in enumerate(claims) if i not in done]
            for batch in asked:
                met += 1
                before = {id(member): earlier for claim, earlier in batch for member in claim.members}
                for claim in self._merged([claim for claim, _ in batch]):
                    claims.append((claim, frozenset({met}).union(*(before[id(m)] for m in claim.members))))
            if len(asked) == 1:
                break
        return [claim for claim, _ in claims]

    def _merged(self, claims: Sequence[Distinct]) -> list[Distinct]:
        kept = merged(claims, self.job.inventory([claim.text for claim in claims]))
        if self.trials.order:
            self.order.append(order_agreement(self.job, claims, kept))
        return kept

    def _stances(self, claims: Sequence[str]) -> dict[str, dict[int, Position]]:
        stances = self.job.each(partial(self._stance, claims=tuple(claims)), self.story.articles)
        for version, (_, aside, labels) in stances.items():
            self.aside += aside
            if labels:
                self.agreement[version] = labels
        return {version: stance[0] for version, stance in stances.items()}

    def _stance(self, article: Article, claims: tuple[str, ...]) -> Stance:
        if not claims:
            return {}, (), ()
        self.job.tick(f"asking {article.version.label} about each claim")
        question = stance_question(article, claims)
        found: list[Mapping[int, Position]] = []
        aside: list[Ungrounded] = []
        samples = (replace(question, sample=n) for n in range(self.job.samples))
        for answer in every(partial(self.job.ask, article, one) for one in samples):
            sample, ungrounded = positions(article, answer, len(claims))
            found.append(sample)
            aside += [u for u in ungrounded if u not in aside]
        kept, labels = positions_majority(found, claims)
        return kept, tuple(aside), labels

    def _looked_again(self, ground: Ground, matrix: tuple[Row, ...]) -> tuple[Row, ...]:
        """The matrix, with each doubtful silence asked about once more."""
        doubted, texts = doubts(ground, matrix), {row.id: row.text for row in matrix}
        doubtful = [a for a in self.story.articles if doubted[a.version.id]]
        second = self.job.each(lambda a: self._second_look(a, doubted[a.version.id], texts), doubtful)
        self.aside += [u for v in second for u in second[v][1]]
        for version, (found, _) in second.items():
            answered = {row: found[row].status if row in found else "not found" for row in doubted[version]}
            self.rechecked += [(version, row, "silent", status) for row, status in answered.items()]
        return settled(ground, matrix, doubted, {v: found for v, (found, _) in second.items()})

    def _second_look(
        self, article: Article, doubted: Mapping[str, Doubt], texts: Mapping[str, str]
    ) -> tuple[dict[str, Position], tuple[Ungrounded, ...]]:
        self.job.tick(f"looking again in {article.version.label}")
        ids = list(doubted)
        question = recheck_question(article, [texts[i] for i in ids], [doubted[i].sentences for i in ids])
        found, aside = positions(article, self.job.ask(article, question), len(ids))
        return {ids[number - 1]: position for number, position in found.items()}, aside
