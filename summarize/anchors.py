"""Find anchors: the numbers, dates, names, quotations and speakers that a claim can be held to.

An anchor is found by code, in any version, without a model. Two anchors of one kind are the same
if their values are: "two" and "2", “No.” and "No.", "North Korea's" and "North Korea".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Literal

from summarize.news import Article, Sentence
from summarize.text.lists import entries, stopwords
from summarize.text.numbers import quantities
from summarize.text.quotations import quotations
from summarize.text.span import Span
from summarize.text.speech import is_pronoun, speeches
from summarize.text.view import fold

Kind = Literal["number", "date", "name", "quotation", "speaker"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """`kind` and `value` say what it is; `span` where it stands, in sentence `sentence`."""

    kind: Kind
    value: str
    span: Span
    sentence: int

    @property
    def key(self) -> tuple[str, str]:
        """What makes two anchors the same."""
        return self.kind, self.value


_NAME = re.compile(
    r"[^\W\d_a-z][\w'’&-]*(?:\.(?=\w))?[\w]*\.?"
    r"(?:\s(?:(?:of|de|van|von|al|bin|al-|del|la|le|du)\s(?:the\s)?)?[^\W\d_a-z][\w'’&-]*\.?)*"
)
_WORD = re.compile(r"[\w'’&.-]+")
_POSSESSIVE = re.compile(r"['’]s?$")


def anchors(article: Article) -> tuple[Anchor, ...]:
    """Anchors of the sentences an engine reads, in the text's order."""
    text = article.version.text
    read = list(article.read())
    known = _capitalised(text, read)
    return tuple(anchor for s in read for anchor in _of_sentence(text, s, known))


def _of_sentence(text: str, s: Sentence, known: frozenset[str]) -> Iterator[Anchor]:
    found = [Anchor("date" if q.is_date else "number", q.value, q.span, s.number) for q in quantities(text, *s.span)]
    found += [Anchor("quotation", quoted(text[q.start : q.end]), q, s.number) for q in quotations(text, *s.span)]
    found += [
        Anchor("speaker", fold(text[p.start : p.end]).lower(), p, s.number)
        for p, _ in speeches(text, *s.span)
        if not is_pronoun(text[p.start : p.end])
    ]
    figures = [a.span for a in found if a.kind in {"number", "date"}]
    found += [
        Anchor("name", name_value(text[n.start : n.end]), n, s.number)
        for n in _names(text, s, known)
        if not any(f.start < n.end and n.start < f.end for f in figures)
    ]
    return iter(sorted(found, key=lambda a: (a.span, a.kind)))


def quoted(words: str) -> str:
    """The value of a quotation: its words folded, without closing marks of the sentence around it."""
    return fold(words).strip(" ,.;:!?")


def name_value(name: str) -> str:
    """The value of a name: folded, without possessive."""
    return _POSSESSIVE.sub("", fold(name)).rstrip(".")


def _names(text: str, s: Sentence, known: frozenset[str]) -> Iterator[Span]:
    """Runs of capitalised words; in display text and at a sentence's start only words known as names."""
    for run in _runs(text, s, known):
        start = _first_name(text, s, run, known)
        words = _POSSESSIVE.sub("", text[start : run.end].rstrip("."))
        if len(words) > 1 and words.lower() not in stopwords() and words not in titles():
            yield Span(start, start + len(words))


def _first_name(text: str, s: Sentence, run: Span, known: frozenset[str]) -> int:
    """Where the first word of a run stands that is capitalised for being a name."""
    start = run.start
    while start < run.end:
        word = _WORD.match(text, start, run.end)
        if word is None or not _weak(word[0], known, first=s.role != "body" or _begins(text, s, start)):
            return start
        start = word.end()
        while start < run.end and text[start].isspace():
            start += 1
    return start


def _runs(text: str, s: Sentence, known: frozenset[str]) -> Iterator[Span]:
    """Runs of capitalised words; in display text, where any word may be capitalised, they part at unknown ones."""
    for m in _NAME.finditer(text, *s.span):
        if s.role not in {"headline", "subhead"}:
            yield Span(*m.span())
            continue
        words = [(w, _weak(w[0], known, first=True)) for w in re.finditer(r"\S+", m[0])]
        for weak, run in groupby(words, key=itemgetter(1)):
            held = [w for w, _ in run]
            if not weak:
                yield Span(m.start() + held[0].start(), m.start() + held[-1].end())


def _begins(text: str, s: Sentence, at: int) -> bool:
    """Whether a sentence or a quotation begins at `at`, which is reason enough for a capital."""
    return at == s.start or text[at - 1] in '“"‘«„('


def _weak(word: str, known: frozenset[str], *, first: bool) -> bool:
    bare = _POSSESSIVE.sub("", word.rstrip("."))
    if bare.lower() in stopwords():
        return True
    return first and bare not in known


def _capitalised(text: str, read: Iterable[Sentence]) -> frozenset[str]:
    """Words that stand capitalised inside a sentence of the body: names wherever else they stand."""
    words = re.compile(r"(?<=[\w,;’”)] )[^\W\d_a-z][\w&-]*")
    return frozenset(m[0] for s in read if s.role == "body" for m in words.finditer(text, *s.span))


@cache
def title_words() -> frozenset[str]:
    """The words of all titles, without full stops."""
    return frozenset(word.rstrip(".") for title in titles() for word in title.split())


@cache
def titles() -> frozenset[str]:
    """Titles that come before a person's name."""
    return frozenset(row[0] for row in entries("titles.txt"))
