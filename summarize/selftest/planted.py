"""One edit planted in one sentence, checked: everything else must be read as before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random  # noqa: TID251  # the type of what is passed in
from typing import TypeVar

from summarize.news import Sentence, Version
from summarize.selftest.edits import Edit, edited, keeps
from summarize.selftest.prose import Prose
from summarize.text.lists import entries
from summarize.text.span import Span

T = TypeVar("T")
PACKAGE = "summarize.selftest"


def shuffled(found: Iterable[T], chance: Random) -> list[T]:
    """`found`, in an order left to chance."""
    return chance.sample(listed := list(found), len(listed))


def names(kind: str) -> list[str]:
    """The words of a kind in data/names.tsv."""
    return [row[1] for row in entries("names.tsv", PACKAGE) if row[0] == kind]


def plant(prose: Prose, sentence: Sentence, edits: Sequence[Edit]) -> Version | None:
    """The version with `edits` made in `sentence`; None if it would be read otherwise elsewhere, too."""
    changed = edited(prose.version, edits)
    return changed if keeps(prose.article, changed, sentence.number) else None


def grown(sentence: Sentence, edits: Sequence[Edit]) -> Span:
    """Where `sentence` stands in the edited text, if all of `edits` are in it."""
    more = sum(len(words) - (end - start) for (start, end), words in edits)
    return Span(sentence.start, sentence.end + more)


def changed_from(what: str, into: str, sentence: Sentence) -> str:
    """What was done, in a line."""
    return f"“{what}” became “{into}” in sentence {sentence.number}"
