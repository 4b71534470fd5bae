"""The control `paraphrase`: the same facts in other words, in all the body, but for what is quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from random import Random  # noqa: TID251  # the type of what is passed in
from typing import TypeAlias

from summarize.comparison.model import Kind
from summarize.news import Sentence, lay_out
from summarize.selftest.edits import Edit, edited
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.planted import PACKAGE
from summarize.selftest.prose import Prose
from summarize.text.lists import entries
from summarize.text.quotations import quotations
from summarize.text.span import Span
from summarize.text.speech import speeches

_HOW: frozenset[Kind] = frozenset({"wording", "portrayal", "prominence", "framing", "tone"})
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_MONTHS = "January February August September October November December".split()
_PLAIN = {"nearly": "almost", "almost": "nearly", "toward": "towards", "towards": "toward", "among": "amongst"}
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_CAPITAL = r"[A-Z][\w’'-]+"
_VOWELS = frozenset("aeiou")
_SHOWN = 4  # changes told of in a line
_ARTICLE = re.compile(r"\b(?P<article>an?)\s+$")

Rule: TypeAlias = tuple[re.Pattern[str], Callable[["re.Match[str]"], str]]


def paraphrase(prose: Prose, chance: Random) -> Made:
    """The same facts in other words: no difference but in how they are told."""
    del chance  # every word that can be exchanged is
    told = [s for s in prose.read if s.role == "body" and prose.once(s)]
    reworded = [edit for s in told for edit in _reworded(prose, s)]
    for edits in ([*reworded, *_marks(prose, reworded)], reworded):
        changed = edited(prose.version, sorted(edits))
        if reworded and _same_shape(prose, changed.text, lay_out(changed).sentences):
            said = [f"“{prose.text[slice(*span)]}” became “{words}”" for span, words in reworded]
            listed = ", ".join(dict.fromkeys(said[:_SHOWN]))
            more = f" and {len(edits) - _SHOWN} more" if len(edits) > _SHOWN else ""
            return Control("paraphrase", listed + more, changed, Expectation(tolerated=_HOW), tuple(sorted(edits)))
    return Skipped("paraphrase", "no words of it are among those that may stand for each other anywhere")


def _same_shape(prose: Prose, text: str, told: Iterable[Sentence]) -> bool:
    """Whether all sentences are still told apart in the same way, with as many quotations in each."""
    shapes = [
        [(s.role, s.paragraph, len(quotations(words, *s.span))) for s in sentences]
        for words, sentences in ((prose.text, prose.article.sentences), (text, told))
    ]
    return shapes[0] == shapes[1]


def _reworded(prose: Prose, sentence: Sentence) -> Iterator[Edit]:
    """The edits of a sentence, apart; what is quoted stays, and so do names and who speaks."""
    text, quoted = prose.text, prose.quoted
    speakers = [who for who, _ in speeches(text, *sentence.span)]
    taken: list[Span] = []
    for rules, kept in ((_MOVES, quoted), ((*_RULES, _exchanges()), [*quoted, *speakers])):
        for pattern, into in rules:
            for found in pattern.finditer(text, *sentence.span):
                edit = _with_article(text, sentence, Edit(Span(*found.span()), into(found)))
                if not any(t.start < edit.span.end and edit.span.start < t.end for t in (*taken, *kept)):
                    taken.append(edit.span)
                    yield edit


def _with_article(text: str, sentence: Sentence, edit: Edit) -> Edit:
    """The edit, with an "a" before it that agrees."""
    before = _ARTICLE.search(text, sentence.start, edit.span.start)
    if before and before.end() == edit.span.start and edit.words[:1].isalpha():
        fit = "an" if edit.words[0].lower() in _VOWELS else "a"
        return Edit(Span(before.start("article"), edit.span.end), f"{fit} {edit.words}")
    return edit


def _marks(prose: Prose, reworded: list[Edit]) -> Iterator[Edit]:
    """Marks of the other make: straight for curly, and curly for straight where it is clear which opens."""
    text, floor = prose.text, prose.read[0].start if prose.read else 0
    changes = dict(_straight(text)) or dict(_curly(prose))
    if not prose.paired:  # what is quoted may run on over paragraphs, which straight marks cannot tell
        changes = {at: mark for at, mark in changes.items() if mark in "’'"}
    inside = {at for (start, end), _ in reworded for at in range(start, end)}
    for at, mark in changes.items():
        if at >= max(floor, prose.version.body_start) and at not in inside:
            yield Edit(Span(at, at + 1), mark)


def _straight(text: str) -> Iterator[tuple[int, str]]:
    for mark in re.finditer("[“”‘’]", text):
        yield mark.start(), '"' if mark[0] in "“”" else "'"


def _curly(prose: Prose) -> Iterator[tuple[int, str]]:
    text = prose.text
    for mark in re.finditer(r"(?<=\w)'(?=\w)", text):
        yield mark.start(), "’"
    for sentence in prose.read:
        for start, end in quotations(text, *sentence.span):
            if text[start - 1] == '"' == text[end : end + 1]:
                yield from ((start - 1, "“"), (end, "”"))


def _contracted(found: re.Match[str]) -> str:
    verb = found["verb"]
    return {"can": "can't", "will": "won't"}.get(verb, f"{verb}n't")


def _spelt_out(found: re.Match[str]) -> str:
    verb = found["verb"]
    return {"ca": "cannot", "wo": "will not"}.get(verb, f"{verb} not")


_VERBS = "is|are|was|were|do|does|did|has|have|had|could|would|should"
_MOVES: tuple[Rule, ...] = (
    (re.compile(rf"(?<= )said on (?P<day>{_DAY})(?=,|\.(?:\s|$)| that\b)"), lambda m: f"on {m['day']} said"),
    (re.compile(rf"(?<= )on (?P<day>{_DAY}) said(?= that\b| the\b)"), lambda m: f"said on {m['day']}"),
    (
        re.compile(rf"(?<=[,?!][”\"] )said (?P<who>{_CAPITAL}(?: {_CAPITAL}){{1,2}})(?=\.$)"),
        lambda m: f"{m['who']} said",
    ),
    (
        re.compile(rf"(?<=[,?!][”\"] )(?P<who>{_CAPITAL}(?: {_CAPITAL}){{1,2}}) said(?=\.$)"),
        lambda m: f"said {m['who']}",
    ),
)
_RULES: tuple[Rule, ...] = (
    (re.compile(rf"(?<![\w-])(?P<verb>{_VERBS}|will) not(?= [a-z])"), _contracted),
    (re.compile(r"(?<![\w-])(?P<verb>can)not(?= [a-z])"), _contracted),
    (re.compile(rf"(?<![\w-])(?P<verb>{_VERBS}|ca|wo)n['’]t(?= [a-z])"), _spelt_out),
    (re.compile(rf"(?<![\w-])(?:{'|'.join(_PLAIN)})(?= [a-z\d])"), lambda m: _PLAIN[m[0]]),
    (re.compile(r"(?<![\w.,])(?P<figure>\d[\d,.]*) (?:percent|per cent)\b"), lambda m: f"{m['figure']}%"),
    (re.compile(r"(?<![\w.,])(?P<figure>\d[\d,.]*)%(?=[\s,.;])"), lambda m: f"{m['figure']} percent"),
    (
        re.compile(rf"(?<!the )(?<!\w)(?<!-)(?:{'|'.join(_SMALL)})(?= (?:[a-z]{{3,}}s|people|men|women|children)\b)"),
        lambda m: str(_SMALL.index(m[0]) + 2),
    ),
    (re.compile(rf"\b(?:{'|'.join(_MONTHS)})(?= \d{{1,2}}\b)"), lambda m: f"{m[0][:3]}{'t' * (m[0][0:3] == 'Sep')}."),
)


@cache
def _exchanges() -> Rule:
    """Words of data/exchangeable.tsv, in lower case, that are no part of a compound."""
    other = {row[0]: row[1] for row in entries("exchangeable.tsv", PACKAGE)}
    listed = "|".join(sorted(map(re.escape, other), key=len, reverse=True))
    return re.compile(rf"(?<![\w’'-])(?:{listed})(?![\w-])"), lambda found: other[found[0]]
