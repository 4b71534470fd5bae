"""A revision as it is compared: its sentences as words, with the way back to the unmodified text.

Words are compared by what they say: mojibake, typography and the full stops of initialisms are folded away,
and so is punctuation that is no part of a number. What is never folded away: a digit, a sign or symbol of a
number, a negation, a question mark, and which words stand in quotation marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from summarize.anchors import Anchor, anchors
from summarize.evidence import Evidence, part
from summarize.news import Article, Sentence
from summarize.revisions.repair import repaired
from summarize.revisions.vocabulary import Vocabulary, name_words
from summarize.text.likeness import Bag
from summarize.text.quotations import quotations
from summarize.text.span import Span
from summarize.text.view import fold
from summarize.text.words import Word, words

_TOKEN = re.compile(
    r"(?P<sign>(?<!\w)[-−–](?=[$€£¥]?\d))|\d+(?:[.,:/]\d+)+|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’‘´`][^\W_]+)*|\S"
)
_PUNCTUATION = frozenset(".,;:!\"'()[]{}-/*•·_|▪●‣…")
_SINGLE = re.compile(r"(?<![\w'])'(?=\S)((?:[^'\"]|(?<=\w)'(?=\w))+)'(?!\w)")
_WHEN = (
    r"(?:\d{1,4}(?:[:./-]\d\d?(?:[:./-]\d{2,4})?)?(?:st|nd|rd|th)?(?:T\d\d:\d\d(?::\d\d)?)?Z?"
    r"|\d{0,2}:?\d{0,2}[ap]\.?m\b\.?|[A-Z]{1,4}T|UTC|on|at|and|ago|an?|today|yesterday|time|local"
    r"|(?:minute|min|hour|hr|day)s?|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day|\.)?"
    r"|(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?)(?!\w)[\s,;:|·•()–—-]*"
)
_STAMPED = r"(?i:published|updated|posted|modified)\b[\s,;:|·•()–—-]*"
_DATE_LINE = re.compile(
    rf"\W*(?:(?i:(?:this )?(?:article|story)\s(?:was\s)?(?:first\s|last\s)?)|(?i:first |last ))?"
    rf"{_STAMPED}(?:{_WHEN}){{0,12}}(?:{_STAMPED}(?:{_WHEN}){{0,12}})?\W*"
)
_BARE_DATE = re.compile(rf"\W*(?:{_WHEN}){{1,12}}\W*")
_SHOWN = 60  # code points of an anchor in a reason
_DATE_LINE_LENGTH = 160  # code points; no date line is longer


class Token(NamedTuple):
    """A word, number or mark at `start:end` of the repaired text; `norm` is what it is compared by."""

    start: int
    end: int
    norm: str
    low: str

    @property
    def mark(self) -> bool:
        """Whether it is punctuation that says nothing by itself."""
        return self.norm in _PUNCTUATION or not self.norm.strip() or set(self.norm) <= _PUNCTUATION


class Run(NamedTuple):
    """Neighbouring sentences of a side: places `first` to `stop`, the latter not included."""

    first: int
    stop: int


class Side:
    """One of two revisions. Places count the compared sentences from 0; offsets are of the repaired text."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._view = repaired(article.version.text)
        self.text = self._view.text
        self.clean = replace(
            article,
            version=replace(article.version, text=self.text, headline_span=None),
            sentences=tuple(self._moved(s) for s in article.sentences),
            masks=(),
            blind=False,
        )
        self.sentences: list[Sentence] = list(self.clean.read())

    def _moved(self, s: Sentence) -> Sentence:
        start, end = (bisect_left(self._view.starts, at) for at in s.span)
        return replace(s, start=start, end=end)

    @cached_property
    def tokens(self) -> list[list[Token]]:
        """The tokens of each sentence."""
        return [_tokens(self.text, s) for s in self.sentences]

    @cached_property
    def keys(self) -> list[str]:
        """What each sentence says, letter case and what is trivial apart; sentences of one key are the same."""
        return [self.key(Run(i, i + 1)) for i in range(len(self.sentences))]

    def said(self, run: Run) -> list[Token]:
        """The tokens of a run that say something."""
        return [t for i in range(*run) for t in self.tokens[i] if not t.mark]

    def key(self, run: Run) -> str:
        """What a run says, in lower case; which of its words are quoted stands behind them."""
        return " ".join((*(t.low for t in self.said(run)), "\n", *self.quotes(run)))

    def quotes(self, run: Run) -> list[str]:
        """The quotations of a run, by their words; the kind of quotation mark does not count."""
        return quoted(" ".join(self.text[slice(*self.sentences[i].span)] for i in range(*run)))

    @cached_property
    def words(self) -> list[list[Word]]:
        """The words of each sentence, stemmed."""
        return [words(self.text, *s.span) for s in self.sentences]

    @cached_property
    def terms(self) -> list[list[Word]]:
        """The words of each sentence; a figure is one word, its value, however it is written."""
        return [list(_valued(found, self.anchors[i])) for i, found in enumerate(self.words)]

    @cached_property
    def bags(self) -> list[Bag]:
        """The content of each sentence."""
        return [Bag.of(found) for found in self.terms]

    @cached_property
    def anchors(self) -> list[list[Anchor]]:
        """The anchors of each sentence; their spans are of the repaired text."""
        by_number: dict[int, list[Anchor]] = {}
        for anchor in anchors(self.clean):
            by_number.setdefault(anchor.sentence, []).append(anchor)
        return [by_number.get(s.number, []) for s in self.sentences]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words and numbers."""
        return Vocabulary(t.low for found in self.tokens for t in found)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of all names, titles apart."""
        return frozenset(w for found in self.anchors for a in found if a.kind == "name" for w in self.named(a))

    def named(self, anchor: Anchor) -> list[str]:
        """The words of a name or speaker, titles apart; a name that a reader cut inside a word has the whole word."""
        return name_words(t.norm for t in self.over(anchor.span))

    def over(self, span: Span) -> list[Token]:
        """The tokens of a sentence that overlap `span`."""
        place = bisect_right(self.sentences, span.start, key=attrgetter("end"))
        found = self.tokens[min(place, len(self.tokens) - 1)]
        first, stop = bisect_right(found, span.start, key=attrgetter("end")), bisect_left(found, (span.end,))
        return found[first:stop]

    @cached_property
    def figures(self) -> frozenset[str]:
        """The values of all numbers and dates."""
        return frozenset(a.value for found in self.anchors for a in found if a.kind in {"number", "date"})

    @cached_property
    def speakers(self) -> frozenset[str]:
        """All speakers, as they stand; no pronouns."""
        found = (a for found in self.anchors for a in found if a.kind == "speaker")
        return frozenset(self.text[slice(*a.span)] for a in found)

    @cached_property
    def running(self) -> str:
        """All words, one behind the other, in lower case between single spaces."""
        return " ".join(("", *(t.low for t in self.said(Run(0, len(self.sentences)))), ""))

    def dated(self, place: int) -> bool:
        """Whether a sentence is a date line ("Updated 10:32 GMT"), or a byline's bare date."""
        s = self.sentences[place]
        line = self.text[s.start : s.end]
        if len(line) > _DATE_LINE_LENGTH:
            return False
        return _DATE_LINE.fullmatch(line) is not None or (s.role == "byline" and _BARE_DATE.fullmatch(line) is not None)

    def whole(self, run: Run) -> Evidence:
        """A run of sentences as evidence."""
        number = [self.sentences[i].number for i in (run.first, run.stop - 1)]
        first, last = (self.article.sentences[n - 1] for n in number)
        return part(self.article, first.start, last.end)

    def part(self, start: int, end: int) -> Evidence:
        """`text[start:end]` as evidence, in the unmodified text."""
        return part(self.article, self._view.starts[start], self._view.ends[end - 1])


class Half(NamedTuple):
    """One side of a changed pair: a run of sentences and the stretches in which it differs."""

    side: Side
    run: Run
    changed: tuple[Span | None, ...]

    def touched(self, span: Span) -> int | None:
        """Which stretch that differs overlaps `span`; None if none does. Both halves count the same."""
        hits = (n for n, c in enumerate(self.changed) if c and c.start < span.end and span.start < c.end)
        return next(hits, None)

    def touches(self, span: Span) -> bool:
        """Whether a stretch that differs overlaps `span`."""
        return self.touched(span) is not None

    def anchors(self, *kinds: str) -> list[Anchor]:
        """Its anchors of some kinds."""
        found = (a for i in range(*self.run) for a in self.side.anchors[i] if a.kind in kinds)
        return [a for a in found if a.value != "ones"]  # "larger ones" is no number

    def tokens(self) -> list[Token]:
        """Its tokens that say something."""
        return self.side.said(self.run)

    def show(self, span: Span) -> str:
        """The words at `span`, for a reason."""
        end = max((t.end for t in self.side.over(span)), default=span.end)  # "T.S.A." for "T.S"
        flat = " ".join(self.side.text[span.start : max(end, span.end)].split()).strip(" ,;:")
        return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1].rstrip() + "…"


def _valued(found: list[Word], among: list[Anchor]) -> Iterator[Word]:
    figures = [a for a in among if a.kind in {"number", "date"}]
    at, told = 0, -1
    for w in found:
        while at < len(figures) and figures[at].span.end <= w.start:
            at += 1
        if at == len(figures) or figures[at].span.start >= w.end:
            yield w
        elif told < at:
            yield Word(w.start, w.end, figures[at].value, figures[at].value)
            told = at


def quoted(text: str) -> list[str]:
    """The quotations of a text, each as its words in lower case; the kind of quotation mark does not count."""
    flat = fold(text)
    flat = _SINGLE.sub(r'"\1"', flat) if "'" in flat else flat
    return [_plain(flat[slice(*q)]) for q in quotations(flat)]


def plain(text: str) -> str:
    """The words of a text as they are compared, in lower case."""
    return _plain(fold(text))


def _plain(flat: str) -> str:
    return " ".join(t for m in _TOKEN.finditer(flat) if (t := _norm(m[0]).lower()) not in _PUNCTUATION)


def _tokens(text: str, s: Sentence) -> list[Token]:
    found: list[Token] = []
    for m in _TOKEN.finditer(text, *s.span):
        norm = "−" if m["sign"] else _norm(m[0])
        if norm:
            found.append(Token(m.start(), m.end(), norm, norm.lower()))
    return found


@lru_cache(maxsize=50_000)
def _norm(token: str) -> str:
    flat = fold(token)
    return flat.replace(".", "") if flat[:1].isalpha() else flat
