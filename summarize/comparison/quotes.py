"""What is quoted: the same words in several versions, a part of them in some, or in one version only.

Two quotations have the same words if nothing but typography, punctuation, "2" for "two" or words that carry
no content tell them apart. One is a part of another if its words stand there in one run, or in several where
an ellipsis, a bracket or a reporting clause ("…," he said, "…") was put between. A changed negation makes
other words of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Literal

from summarize.anchors import quoted as quoted_value
from summarize.comparison.ground import Ground
from summarize.comparison.model import Quotation
from summarize.evidence import Evidence, part
from summarize.text.lists import negations, stopwords
from summarize.text.numbers import quantities
from summarize.text.quotations import quotations as marked
from summarize.text.span import Span
from summarize.text.speech import is_pronoun, speeches
from summarize.text.view import fold
from summarize.text.words import words

LONG = 4  # words that make a quotation an utterance
_SHORT = 3  # words of a quotation that may still be what is left of an utterance
_GAP = 3  # content words that may stand between those of one utterance, retold
_RUN = 6  # words in a row by which two cuts of one utterance are known
_CONTENT = 3  # of these, or of a retold utterance, words that carry content
_BETWEEN = 200  # code points of a reporting clause that may stand inside an utterance
_CLOSED = re.compile('[”»"]')  # marks inside: a reporting clause was put between
_RELATIVE = re.compile(r",\s(?:who|whom|whose|which)\b")
_CUT = re.compile(r"\[[^\]]*\]|\.{2,}|…|\.(?:\s\.)+")


def has(ground: Ground, version: str, quotation: Evidence) -> bool:
    """Whether a version has the words of a quotation: the same, or all that carry content, in their order.

    Punctuation, "2" for "two" and a speaker's name put between make no other words.
    """
    there = ground.folded(version)
    return quoted_value(quotation.exact).lower() in there or any(
        in_order(told(quotation.exact), told(text)) for text in (there, ground.quoted(version))
    )


@lru_cache(maxsize=512)
def told(text: str) -> tuple[str, ...]:
    """The words that carry content, stemmed, and numbers by their value; "one" is hardly a number."""
    found = (_figure(w.low) or ("" if w.low in stopwords() else w.stem) for w in words(text))
    return tuple(word for word in found if word not in {"", "1"})


@lru_cache(maxsize=20_000)
def _figure(word: str) -> str:
    return next((q.value for q in quantities(word)), "")


def in_order(part_of: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Whether all words of `part_of` follow one another in `there`, with few between."""
    for start in (i for i, word in enumerate(there) if part_of[:1] == (word,)):
        at = start
        for word in part_of[1:]:
            near = there[at + 1 : at + 2 + _GAP]
            if word not in near:
                break
            at += 1 + near.index(word)
        else:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation; `runs` are its words, in lower case, between the places where something was cut or put in."""

    evidence: Evidence
    runs: tuple[str, ...]
    told: tuple[str, ...]
    denied: int

    @classmethod
    def of(cls, evidence: Evidence) -> _Said:
        runs = [" ".join(_figure(w.low) or w.low for w in words(run)) for run in _CUT.split(fold(evidence.exact))]
        kept = tuple(run for run in runs if run)
        spoken = " ".join(kept).split()
        denied = sum(word in negations() or word.endswith("n't") for word in spoken)
        return cls(evidence, kept, told(_CUT.sub(" ", evidence.exact)), denied)

    @property
    def text(self) -> str:
        """All its words; a cut is no word."""
        return f" {' | '.join(self.runs)} "

    @property
    def size(self) -> int:
        return sum(run.count(" ") + 1 for run in self.runs)

    def same(self, other: _Said) -> bool:
        """Whether the two have the same words; without content words, exactly the same."""
        if self.runs == other.runs:
            return True
        alike = self.told == other.told and self.denied == other.denied and len(self.told) >= _CONTENT
        return alike and not self.inside(other) and not other.inside(self)

    def inside(self, other: _Said) -> bool:
        """Whether all its runs stand in `other`, in their order, one of them long enough to be telling."""
        at, longest = 0, 0
        for run in self.runs:
            at = other.text.find(f" {run} ", at)
            if at < 0:
                return False
            at += len(run) + 1
            longest = max(longest, run.count(" ") + 1)
        return longest >= _SHORT and self.size < other.size

    def part_of(self, other: _Said) -> bool:
        """Whether it is a part of `other`: its runs are there, or all its content in order and no word denied more."""
        if self.inside(other):
            return True
        retold = len(self.told) >= _CONTENT and len(self.told) < len(other.told) and self.denied == other.denied
        return retold and in_order(self.told, other.told)

    def overlaps(self) -> Iterator[str]:
        """Its telling runs of words, by which another cut of the same utterance is known."""
        for run in self.runs:
            each = run.split()
            for i in range(len(each) - _RUN + 1):
                here = each[i : i + _RUN]
                if sum(word not in stopwords() for word in here) >= _CONTENT:
                    yield " ".join(here)


def quotations(ground: Ground) -> tuple[Quotation, ...]:
    """What the versions quote, in four words or more: told by more versions first, then by place.

    Each quotation of each version is in one entry. An entry has one quotation of a version: where an
    utterance is broken by a reporting clause, from its first word to its last; where a version has the same
    words again (in its headline), they are an entry of their own, with the status that they share with the
    first. A quotation of three words is told only as part of a longer one. `speakers` has the versions that
    name who speaks.
    """
    said = [_Said.of(e) for v in ground.articles for e in _utterances(ground, v)]
    found = [q for group in _groups(said) for q in _entries(ground, group)]
    return tuple(sorted(found, key=lambda q: (-len(q.evidence), _place(ground, q), _first(q))))


def _utterances(ground: Ground, version: str) -> Iterator[Evidence]:
    """Quotations of three words or more, found in whole paragraphs: a long one runs over several sentences."""
    article = ground.articles[version]
    for _, group in groupby(ground.read[version], key=lambda s: s.paragraph):
        block = list(group)
        for q in marked(article.version.text, block[0].start, block[-1].end):
            if len(words(article.version.text, *q)) >= _SHORT:
                yield part(article, *q)


def _groups(said: Sequence[_Said]) -> list[list[_Said]]:
    """Quotations that are the same, or parts of one, each in one group; short ones only with a longer one."""
    kinds: list[list[_Said]] = []
    by_words: dict[object, list[_Said]] = {}
    for one in sorted(said, key=lambda s: (-s.size, s.text, s.evidence)):
        bucket = by_words.get(one.runs) or next((k for k in kinds if k[0].told == one.told and k[0].same(one)), None)
        if bucket is None:
            bucket = []
            kinds.append(bucket)
        by_words.setdefault(one.runs, bucket)
        bucket.append(one)
    root = list(range(len(kinds)))
    _hang_parts(kinds, root)
    _join_overlaps(kinds, root)
    groups: dict[int, list[_Said]] = {}
    for i, kind in enumerate(kinds):
        if kind[0].size >= LONG or root[i] != i:
            groups.setdefault(root[i], []).extend(kind)
    return list(groups.values())


def _hang_parts(kinds: Sequence[list[_Said]], root: list[int]) -> None:
    """Give each part the utterance it is of: the shortest, so that a phrase in two utterances joins them not.

    A short one must be in one utterance alone.
    """
    heads = [kind[0] for kind in kinds]
    telling = [frozenset(head.told) for head in heads]
    for i, head in enumerate(heads):
        larger = [j for j in range(i) if telling[i] <= telling[j] and heads[j].size >= LONG and head.part_of(heads[j])]
        tops = {root[j] for j in larger}
        if larger and (head.size >= LONG or (len(tops) == 1 and len(telling[i]) > 1)):
            root[i] = root[larger[-1]]


def _join_overlaps(kinds: Sequence[list[_Said]], root: list[int]) -> None:
    """Join what was cut from one utterance at different ends, by telling words in a row that both have."""
    seen: dict[str, int] = {}
    for i, kind in enumerate(kinds):
        for run in kind[0].overlaps():
            old, new = root[seen.setdefault(run, i)], root[i]
            if old != new:
                root[:] = [min(old, new) if r == max(old, new) else r for r in root]


def _entries(ground: Ground, group: Sequence[_Said]) -> Iterator[Quotation]:
    """One entry, and one more for each time that a version has the words again."""
    by_version: dict[str, list[_Said]] = {}
    for one in sorted(group, key=lambda s: (-s.size, s.evidence.start)):
        by_version.setdefault(one.evidence.version, []).append(one)
    pieces = {v: _rejoined(ground, v, mine) for v, mine in by_version.items()}
    for i in range(max(map(len, pieces.values()))):
        here = {v: pieces[v][i] for v in ground.articles if v in pieces and i < len(pieces[v])}
        others = [one for v, mine in pieces.items() if v not in here for one in mine]
        compared = list(here.values()) if len(here) > 1 or not others else [*here.values(), *others]
        speakers = {v: name for v, one in here.items() if (name := _speaker(ground, one.evidence))}
        yield Quotation(_status(compared), {v: one.evidence for v, one in here.items()}, speakers)


def _status(said: Sequence[_Said]) -> Literal["shared", "trimmed", "only"]:
    if len({one.evidence.version for one in said}) == 1:
        return "only"
    if len({quoted_value(one.evidence.exact) for one in said}) == 1:
        return "shared"
    whole = all(one.same(said[0]) and not _CLOSED.search(one.evidence.exact) for one in said)
    return "shared" if whole else "trimmed"


def _rejoined(ground: Ground, version: str, said: Sequence[_Said]) -> list[_Said]:
    """A version's quotations of one utterance, the longest first; parts beside a reporting clause as one."""
    article = ground.articles[version]
    apart = sorted(said, key=lambda s: s.evidence.start)
    runs: list[list[_Said]] = [apart[:1]]
    for one, other in pairwise(apart):
        between = Span(one.evidence.end, other.evidence.start)
        words_between = article.exact(between)
        near = len(words_between) <= _BETWEEN and "\n" not in words_between and not one.same(other)
        again = one.part_of(other) or other.part_of(one)
        if near and not again and not marked(article.version.text, between.start + 1, between.end - 1):
            runs[-1].append(other)
        else:
            runs.append([other])
    whole = [
        run[0] if len(run) == 1 else _Said.of(part(article, run[0].evidence.start, run[-1].evidence.end))
        for run in runs
    ]
    return sorted(whole, key=lambda s: (-s.size, s.evidence.start))


def _speaker(ground: Ground, quotation: Evidence) -> str:
    """Who is named as saying it: in its sentences, by the cue nearest to it; else by a reading's claims; else nobody.

    A pronoun names nobody.
    """
    article = ground.articles[quotation.version]
    text = article.version.text
    spoken: list[tuple[int, str]] = []
    for s in ground.read[quotation.version]:
        if s.start < quotation.end and quotation.start < s.end:
            for speech in speeches(text, *s.span):
                if speech.speaker.start < quotation.end and quotation.start < speech.speaker.end:
                    continue
                away = max(quotation.start - speech.cue.end, speech.cue.start - quotation.end)
                spoken.append((away, _RELATIVE.split(article.exact(speech.speaker))[0]))
    if spoken:
        name = min(spoken)[1]
        if not is_pronoun(name):
            return name
    named = {
        claim.speaker
        for claim in ground.readings[quotation.version].claims
        if claim.speaker and not is_pronoun(claim.speaker) and _covers(claim.evidence, quotation)
    }
    return named.pop() if len(named) == 1 else ""


def _covers(evidence: Iterable[Evidence], quotation: Evidence) -> bool:
    return any(e.start <= quotation.start and quotation.end <= e.end for e in evidence)


def _place(ground: Ground, quotation: Quotation) -> float:
    places = [ground.place(v, e.sentence)[1] for v, e in quotation.evidence.items()]
    return round(sum(places) / len(places), 6)


def _first(quotation: Quotation) -> list[tuple[str, int]]:
    return sorted((e.exact, e.start) for e in quotation.evidence.values())
