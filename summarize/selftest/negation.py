"""The control `negation`: one statement says the opposite, by a "not" more or less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random  # noqa: TID251  # the type of what is passed in

from summarize.comparison.model import Kind
from summarize.news import Sentence
from summarize.selftest.edits import Edit
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.planted import grown, plant, shuffled
from summarize.selftest.prose import Prose
from summarize.text.lists import entries, negations
from summarize.text.span import Span
from summarize.text.words import words

_TO = re.compile(
    r"(?<=[a-z,] )(?P<aux>is|are|was|were|has|have|had|will|would|can|could|should|must) (?P<next>[a-z]+)(?= [a-z]|\.)"
)
_FROM = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|could|should|must)(?P<not> not) (?P<next>[a-z]+)\b(?!-)"
)
_MODAL = frozenset("will would can could should must".split())
_BE = frozenset("is are was were".split())
_FOLLOWS_BE = frozenset("a an the in at on".split())
_NO_STATEMENT = re.compile(
    r"\b(?:if|whether|unless|until|any|anyone|anything|every|everyone|all|each|only|either|than|as|although|though|who"
    r"|which|whose|where|when|while|because|what|how|why|there)\b",
    re.IGNORECASE,
)
_DEGREE = frozenset("only just yet necessarily until even also merely simply so as too".split())


def negation(prose: Prose, chance: Random) -> Made:
    """One statement negated, or freed of its "not": a contradiction, or a difference in certainty, there."""
    for sentence, edit, said in shuffled(_deniable(prose), chance):
        changed = plant(prose, sentence, [edit])
        if changed:
            kinds: frozenset[Kind] = frozenset({"contradiction", "certainty"})
            expect = Expectation(kinds, sentence.span, grown(sentence, [edit]))
            return Control("negation", f"{said} in sentence {sentence.number}", changed, expect, (edit,))
    return Skipped("negation", "no plain statement of one clause, told once, can be negated by a “not”")


def _deniable(prose: Prose) -> Iterator[tuple[Sentence, Edit, str]]:
    for sentence in prose.plain:
        said = prose.words(sentence)
        if _NO_STATEMENT.search(said):
            continue
        denied = [w for w in words(said) if w.low in negations() or w.low.endswith("n't")]
        if not denied:
            yield from _insertions(sentence, said)
        elif [w.low for w in denied] == ["not"]:
            yield from _removals(sentence, said)


def _insertions(sentence: Sentence, said: str) -> Iterator[tuple[Sentence, Edit, str]]:
    """The first auxiliary of the sentence, if what follows can be negated."""
    found = _TO.search(said)
    if found and _may_follow(found["aux"], found["next"]):
        at = sentence.start + found.end("aux")
        yield sentence, Edit(Span(at, at), " not"), f"“{found[0]}” became “{found['aux']} not {found['next']}”"


def _removals(sentence: Sentence, said: str) -> Iterator[tuple[Sentence, Edit, str]]:
    found = _FROM.search(said)
    if found and found["next"] not in _DEGREE:
        start, end = (sentence.start + at for at in found.span("not"))
        left = found[0].replace(" not", "", 1)
        yield sentence, Edit(Span(start, end), ""), f"“{found[0]}” became “{left}”"


def _may_follow(aux: str, word: str) -> bool:
    """Whether "not" between the two denies the statement, and says nothing else."""
    if word in _DEGREE or word.endswith("ly") or word in negations():
        return False
    if aux in _MODAL:
        return word.isalpha()
    verb = word.endswith(("ed", "en")) or word in _participles()
    return verb or (aux in _BE and (word in _FOLLOWS_BE or word.endswith("ing")))


@cache
def _participles() -> frozenset[str]:
    """Irregular forms of verbs, and "been"."""
    return frozenset(form for form, *_ in entries("irregular.tsv")) - {"lives", "people", "men", "women"} | {"been"}
