"""The lines of a question, taken apart once for all sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from summarize.prompt import Line, Question
from summarize.text.likeness import Bag
from summarize.text.lists import negations, stopwords
from summarize.text.numbers import Quantity, counted, quantities
from summarize.text.quotations import quotations
from summarize.text.span import Span, within
from summarize.text.speech import Speech, anonymity, is_plural, is_pronoun, speeches
from summarize.text.words import Word, words

PACKAGE = "summarize.engines.lexicon"
_FEW = 3  # content words of a statement below which its function words count too
_MARK = re.compile('[“”"]')
_RUN = 6  # sentences over which a quotation may run on into other paragraphs
_QUOTE_WORDS = 4  # fewer quoted words are a phrase or a title, not an utterance


@dataclass(frozen=True, slots=True)
class Attribution:
    """To whom a line is attributed, in the fullest words known, and how it is reported."""

    speaker: str
    quoted: bool


class Anchors(NamedTuple):
    """What two statements must share to be one: values of figures, stems of names, whether it negates."""

    figures: frozenset[str]
    names: frozenset[str]
    negates: bool


class Analysed:
    """One statement: its words, quotations, figures and attributions."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[Word]:
        """All words."""
        return words(self.text)

    @cached_property
    def quotes(self) -> list[Span]:
        """What stands in quotation marks."""
        return quotations(self.text)

    @cached_property
    def speeches(self) -> list[Speech]:
        """Who is reported as saying something."""
        return speeches(self.text, 0, len(self.text))

    @cached_property
    def figures(self) -> list[Quantity]:
        """Numbers and dates."""
        return quantities(self.text)

    @cached_property
    def own_words(self) -> list[Word]:
        """Words outside quotation marks: the author's."""
        return [w for w in self.words if not within(self.quotes, w.start)]

    @cached_property
    def quoted_words(self) -> list[Word]:
        """Words inside quotation marks."""
        return [w for w in self.words if within(self.quotes, w.start)]

    @cached_property
    def told(self) -> list[Word]:
        """The words that say what is told, without those that say who says so."""
        return [w for w in self.words if not within(self.attributing, w.start)]

    @cached_property
    def attributing(self) -> list[Span]:
        """Where it names its speakers and says that they speak, in order and apart."""
        apart: list[Span] = []
        spans = [(s.start, anonymity(self.text, s.end)) for s, _ in self.speeches] + [cue for _, cue in self.speeches]
        for start, end in sorted(spans):
            if apart and start <= apart[-1].end:
                apart[-1] = Span(apart[-1].start, max(end, apart[-1].end))
            else:
                apart.append(Span(start, end))
        return apart

    @cached_property
    def bag(self) -> Bag:
        """The content of what is told; in a statement of very few content words, all its words."""
        bag = Bag.of(self.told)
        return bag if len(bag.stems) >= _FEW else Bag(frozenset(w.stem for w in self.told or self.words))

    @cached_property
    def full(self) -> Bag:
        """All its content, the speakers included."""
        return self.bag | Bag.of(self.words)

    @cached_property
    def besides(self) -> Bag:
        """What is told besides the figures, which may be spelt in letters or digits; all, if nothing is."""
        figures = [f.span for f in self.figures]
        spelt = {w.stem for w in self.words if within(figures, w.start)}
        return Bag(self.bag.stems - spelt or self.bag.stems)

    @cached_property
    def held_to(self) -> Anchors:
        """What it can be held to: its figures, names and negations."""
        figures = [f for f in self.figures if not within(self.attributing, f.span.start)]
        spans = [f.span for f in figures]
        names = {
            w.stem
            for w in (self.uttered or self.told)[1:]
            if self.text[w.start].isupper()
            and not w.low.startswith("i'")
            and w.low not in stopwords()
            and not within(spans, w.start)
        }
        if 2 * sum(self.text[w.start].isupper() for w in self.words) > len(self.words):
            names = set()  # in a headline in title case a capital makes no name
        negated = {w.low for w in self.told if w.low in negations() or w.low.endswith("n't")}
        return Anchors(counted(f.value for f in figures), frozenset(names), bool(negated))

    @property
    def uttered(self) -> list[Word]:
        """The words quoted, where the others only say who says them (“…,” Ruiz told reporters in Lowick)."""
        return self.quoted_words if self.utters and self.speeches else []

    @property
    def utters(self) -> bool:
        """Whether it quotes somebody at some length."""
        return len(self.quoted_words) >= _QUOTE_WORDS


class Sentence(Analysed):
    """A line of the article."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.text)
        self.number, self.role, self.paragraph = line.number, line.role, line.paragraph

    @property
    def tells(self) -> bool:
        """Whether it is a statement: a heading between paragraphs is not, nor is a stray mark."""
        return self.role != "subhead" and bool(self.words)


class Passage:
    """What a question asks about: the article's sentences, and the claims put to it."""

    def __init__(self, question: Question) -> None:
        self.sentences = [Sentence(line) for line in question.lines]
        self.claims = [Analysed(claim) for claim in question.claims]
        self.first, self.near = question.first, question.near
        self.gaps = frozenset(number for number, _ in question.gaps)

    @property
    def telling(self) -> Iterator[Sentence]:
        """The sentences that make statements."""
        return (s for s in self.sentences if s.tells)

    @cached_property
    def attributions(self) -> dict[int, Attribution]:
        """By sentence number; pronouns and "the official" stand for the speaker they point back to.

        A quotation that runs over several sentences is one speaker's, wherever the speaker is named.
        """
        found: dict[int, Attribution] = {}
        last: tuple[str, int] | None = None
        for run in runs(list(self.telling)):
            names = [_main(s) for s in run if s is run[0] or "”" in s.text or '"' in s.text]
            named = next((name for name in names if name), None)
            first = run[0].paragraph
            utters = len(run) > 1 or run[0].utters
            if last and (_points_back(named, last[0]) if named else utters and first - last[1] <= 1):
                named = last[0]
            if named is not None:
                found.update((s.number, Attribution(named, utters)) for s in run)
                last = (named, run[-1].paragraph)
        return found


def runs(lines: Sequence[Sentence]) -> list[list[Sentence]]:
    """The lines, those together that one quotation runs over."""
    found: list[list[Sentence]] = []
    within = False
    for i, s in enumerate(lines):
        if within and (s.paragraph == lines[i - 1].paragraph or _closes(lines[i : i + _RUN])):
            found[-1].append(s)
        else:
            found.append([s])
            within = False
        for mark in _MARK.findall(s.text):
            within = mark == "“" or (mark == '"' and not within)
    return found


def _closes(lines: Sequence[Sentence]) -> bool:
    """Whether a closing mark comes before any opening one; straight marks do not say which they are."""
    marks = (mark for s in lines for mark in _MARK.findall(s.text))
    return next(marks, None) == "”"


def _main(s: Sentence) -> str | None:
    """The speaker whose words the sentence is: the first that is named; those behind are spoken about."""
    names = [s.text[a.start : a.end] for a, _ in s.speeches]
    return next((name for name in names if not is_pronoun(name)), names[0] if names else None)


def _points_back(name: str, last: str) -> bool:
    """Whether `name` ("he", "the official") can only mean the speaker just named."""
    if is_pronoun(name):
        return name.lower() not in {"he", "she"} or not is_plural(last)
    rest = name.lower().removeprefix("the ")
    return name.lower().startswith("the ") and " " not in rest and rest in last.lower().split()
