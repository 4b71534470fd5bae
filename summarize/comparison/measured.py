"""A number in its sentence: what it counts, of what it is a part, how it is rounded, and when it holds.

Read off the words beside it, by rules; each is left empty where the words do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarize.comparison.bases import Line, base, date, noun_phrase, of_phrase, plural, times
from summarize.comparison.ground import Ground
from summarize.comparison.model import Figure
from summarize.comparison.quantity import Kind, Quantity, measured, named_before
from summarize.comparison.rounding import Told, is_rounding, rounding
from summarize.evidence import part, whole
from summarize.news import Article
from summarize.text.likeness import Bag
from summarize.text.lists import stopwords
from summarize.text.span import Span
from summarize.text.words import Word, content, stem, synonyms, words

_DONE = frozenset(
    "killed dead shot hurt injured wounded missing slain lost found born held cut spent sent sold built won struck torn"
    " fled paid made met died".split()
)
_NOT_DONE = frozenset("compared based according hundred indeed united alleged need speed expected".split())
_HELPERS = frozenset("were was are is be been being have has had still also now".split())
_EMPTY_HEAD = frozenset("more others other so times time additional further total".split())
_PURPOSE = re.compile(r"\s(?:for|in|to|from|on)\s(?:(?:the|a|an|his|her|its|their|new|additional)\s)*")
_OPENING = re.compile(r"\s(?:(?:the|a|an|his|her|its|their|another|this)\s)*")
_LEADS = frozenset("after before ago earlier later of in for behind without since".split())
_VOTE = re.compile(r"\b(?:vot(?:e|es|ed|ing)|pass(?:ed|es)|approved|rejected|majority|override|ruling|ruled)\b")
_CLAUSE = re.compile(r"[,;:“”\"()–—]\s|[“\"(]")
_SIZE = frozenset("less fewer least close".split())
_GENERIC = frozenset("percent million billion trillion".split())
_WINDOW = 8  # words on each side that are a number's context
_OWNED = 3  # words before a share in which the name stands whose it is
_KEY = 6  # words on each side by which two tellings of one sentence are known
_SHORT = 14  # words of a sentence that is known by all of them
_KNOWN = 2  # content words without which no context is known


@dataclass(frozen=True)
class Mention:
    """A figure of a version, and what it can be joined by.

    `told` is its value as a plain number with its rounding, `thing` the stems of what it counts (empty where no
    noun says), `nouns` those of the whole noun phrase, `done` the stem of what happened to it ("kill"), `near` the
    content of its context, `names` the stems of names there, `owner` that of the name straight before a share,
    `sides` the words on both sides with all numbers masked (empty where they are too few), `what` a few words for
    readers, `named` whether they are its own noun's.
    """

    figure: Figure
    kind: Kind
    told: Told
    thing: frozenset[str]
    nouns: frozenset[str]
    done: str
    near: Bag
    names: frozenset[str]
    owner: str
    sides: tuple[str, ...]
    what: str
    named: bool

    @property
    def version(self) -> str:
        """The version that tells it."""
        return self.figure.evidence.version

    @cached_property
    def synonyms(self) -> frozenset[str]:
        """The sets of synonyms that what it counts is in."""
        return frozenset().union(*(synonyms().get(one, ()) for one in self.thing))

    @cached_property
    def telling(self) -> int:
        """How many digits of it tell it from other numbers: those between its leading and closing zeros."""
        return len(f"{self.told.number:f}".replace(".", "").strip("0"))


def mentions(ground: Ground, version: str) -> list[Mention]:
    """The quantities that a version tells, in the text's order.

    What stands in the name of a speaker ("two officials said") is none of them.
    """
    article = ground.articles[version]
    text = article.version.text
    at: dict[tuple[str, int], list[Span]] = {}
    for a in ground.anchors[version]:
        at.setdefault((a.kind, a.sentence), []).append(a.span)
    found: list[Mention] = []
    for s in ground.read[version]:
        if ("number", s.number) in at:
            numbers, dates, names = (at.get((kind, s.number), []) for kind in ("number", "date", "name"))
            line = Line(text, s.span, words(text, *s.span), numbers, dates, names)
            anchored = [a for a, _ in ground.within([whole(article, s)], ("number",))]
            reader = _Reader(article, line)
            found += _paired([reader.mention(q) for q in measured(line, anchored)])
    return found


def _paired(told: Sequence[Mention]) -> Iterator[Mention]:
    """The mentions of a sentence, in which what a number has come from is of what the number is of."""
    for i, m in enumerate(told):
        came = f"from {m.figure.evidence.exact}"
        newer = next((n for n in (*told[max(0, i - 1) : i], *told[i + 1 : i + 2]) if came in n.figure.base), None)
        yield replace(m, what=newer.what, named=newer.named) if newer and not m.named else m


class _Reader:
    """Reads the numbers of one sentence."""

    def __init__(self, article: Article, line: Line) -> None:
        self._article, self._line, self._text = article, line, article.version.text
        # once a sentence: a table without full stops may have hundreds of numbers
        self._hidden = frozenset(w.start for w in line.words if any(s.start <= w.start < s.end for s in line.numbers))
        self._seen = self._masked_words()

    def mention(self, q: Quantity) -> Mention:
        """A quantity with all that is told of it."""
        line, countable = self._line, q.kind in {"count", "share"}
        leads, of = of_phrase(line, q.end)
        at = q.span.end if q.kind in {"count", "tally", "time"} else q.end
        head = of if of and countable else noun_phrase(line, line.after(at), first=at)
        name = named_before(line, q.span.start) if q.kind == "age" else ""
        unit = q.unit or (line.flat(of[0].start, of[-1].end) if of and q.kind == "count" else "")
        rounded = rounding(self._text, *q.span, line.span.start)
        done = self._done(q, head)
        thing = self._thing(q, head, name)
        what = self._what(q, unit, head, name or (done.low if done and done not in head else ""))
        return Mention(
            figure=Figure(
                q.value,
                unit,
                base(line, q.end, q.span, leads),
                rounded,
                date(line, q.end, q.span),
                part(self._article, *q.span),
            ),
            kind=q.kind,
            told=Told(q.number, rounded, q.scaled),
            thing=thing,
            nouns=thing | frozenset(w.stem for w in content(head) if countable),
            done=done.stem if done else "",
            near=self._near(q.span, thing),
            names=self._names(q.span),
            owner=self._owner(q),
            sides=self._sides(q),
            what=what or self._before(q.span.start),
            named=bool(what),
        )

    def _thing(self, q: Quantity, head: Sequence[Word], named: str) -> frozenset[str]:
        if q.kind == "age":
            return frozenset({stem(named.lower())} if named else (w.stem for w in head[-1:]))
        if q.kind == "time":
            return frozenset({stem(q.unit.lower())})
        if q.kind in {"count", "share"}:
            return frozenset(w.stem for w in head[-1:] if w.low not in _EMPTY_HEAD and not _participle(w.low))
        return frozenset()

    def _done(self, q: Quantity, head: Sequence[Word]) -> Word | None:
        """What happened to what is counted: a participle behind it, or a verb straight before."""
        if head and _participle(head[-1].low):
            return head[-1]
        for word in self._line.words[self._line.after(q.end) :][:4]:
            if _participle(word.low):
                return word
            if word.low not in _HELPERS:
                break
        i = self._line.after(q.span.start)
        before = [w for w in self._line.words[max(0, i - 4) : i] if w.low not in stopwords()]
        close = before[-1:] and self._text[before[-1].end : q.span.start].count(" ") <= 3  # noqa: PLR2004
        return before[-1] if close and _participle(before[-1].low) else None

    def _near(self, span: Span, thing: frozenset[str]) -> Bag:
        around = self._around(span)
        kept = [w for w in content(around) if w.stem not in thing and not self._masked(w)]
        return Bag(frozenset(w.stem for w in kept if w.low not in _GENERIC))

    def _names(self, span: Span) -> frozenset[str]:
        inside = (w for w in self._around(span) if any(n.start <= w.start < n.end for n in self._line.names))
        return frozenset(w.stem for w in content(inside))

    def _owner(self, q: Quantity) -> str:
        """The name straight before a share, whose it may be ("Rubio with 18 percent")."""
        i = self._line.after(q.span.start)
        before = self._line.words[max(0, i - _OWNED) : i] if q.kind == "share" else []
        owners = [w.stem for w in before if any(n.start <= w.start < n.end for n in self._line.names)]
        return owners[-1] if owners else ""

    def _around(self, span: Span) -> tuple[Word, ...]:
        i, j = self._line.after(span.start), self._line.after(span.end)
        return (*self._line.words[max(0, i - _WINDOW) : i], *self._line.words[j : j + _WINDOW])

    def _masked(self, word: Word) -> bool:
        return word.start in self._hidden

    def _masked_words(self) -> list[tuple[str, int]]:
        """The words and where they begin, with one mark for each number."""
        seen: list[tuple[str, int]] = []
        for word in self._line.words:
            if not self._masked(word):
                seen.append((word.low, word.start))
            elif not seen or seen[-1][0] != "#" or not self._one_number(seen[-1][1], word.start):
                seen.append(("#", word.start))
        return seen

    def _sides(self, q: Quantity) -> tuple[str, ...]:
        """Words on both sides, numbers masked; all words of a short sentence and which of its numbers this is."""
        seen = self._seen
        at = next((i for i, (_, start) in enumerate(seen) if start >= q.span.start), len(seen))
        low, high = (0, len(seen)) if len(seen) <= _SHORT else (max(0, at - _KEY), at + _KEY + 1)
        key = [word for word, _ in seen[low:high]]
        telling = {word for word in key if word not in stopwords() and word != "#"}
        if len(telling) < _KNOWN and not (len(seen) <= _SHORT and len(key) > _KNOWN):
            return ()
        return (q.kind, q.unit if q.kind == "money" else "", str(at - low), *key)

    def _one_number(self, start: int, other: int) -> bool:
        return any(n.start <= start and other < n.end for n in self._line.numbers)

    def _what(self, q: Quantity, unit: str, head: Sequence[Word], more: str) -> str:
        """A few words that say what is counted: its noun and what happened to it (`more`), else what it is for."""
        line = self._line
        noun = line.flat(head[0].start, head[-1].end) if head else ""
        if q.kind == "age":
            return f"age of {more or noun}" if more or noun else "age"
        if q.kind == "time":
            return f"{unit} {self._following(q.end)}".strip()
        if noun:
            return f"{noun} {more}".strip() if q.kind == "count" else noun
        if q.kind == "tally" and _VOTE.search(self._text, *line.span):
            return "vote"
        purpose = _PURPOSE.match(self._text, q.end, line.span.end)
        nouns = noun_phrase(line, line.after(purpose.end()), first=purpose.end()) if purpose else []
        return line.flat(purpose.start(), nouns[-1].end) if purpose and nouns else ""

    def _following(self, end: int) -> str:
        """The noun phrase straight behind a span of time, or behind the preposition there."""
        line, i = self._line, self._line.after(end)
        leads = line.words[i : i + 1]
        if leads and leads[0].low in _LEADS and not self._text[end : leads[0].start].strip():
            opened = _OPENING.match(self._text, leads[0].end, line.span.end)
            at = opened.end() if opened else leads[0].end
            nouns = noun_phrase(line, line.after(at), first=at)
            return line.flat(leads[0].start, nouns[-1].end if nouns else leads[0].end)
        nouns = noun_phrase(line, i, first=end) if i and not plural(line.words[i - 1].low) else []
        return line.flat(nouns[0].start, nouns[-1].end) if nouns else ""

    def _before(self, start: int) -> str:
        """The content words straight before a number, in its clause or else in its sentence; else those behind it."""
        line, i = self._line, self._line.after(start)
        clause = max((m.end() for m in _CLAUSE.finditer(self._text, line.span.start, start)), default=line.span.start)
        when = times(line)
        told = [
            w
            for w in content(line.words)
            if not (self._masked(w) or is_rounding(w.low) or w.low in _SIZE)
            and not any(t.start <= w.start < t.end for t in when)
        ]
        before = [w for w in told if w.start < start]
        near = [w for w in before if w.start >= clause and w.start >= line.words[max(0, i - _WINDOW)].start]
        kept = (near or before)[-3:] or [w for w in told if w.start > start][:3]
        return " ".join(self._text[w.start : w.end] for w in kept)


def _participle(low: str) -> bool:
    return low in _DONE or (low.endswith("ed") and len(low) > 4 and low not in _NOT_DONE)  # noqa: PLR2004  # "red"
