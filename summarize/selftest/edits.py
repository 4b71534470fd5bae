"""An edit of a version's text, and what is left the same by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from summarize.news import Article, Version, lay_out
from summarize.text.span import Span

ORIGINAL, EDITED = "original", "edited"


class Edit(NamedTuple):
    """`text[span]` of the original becomes `words`; either may be empty."""

    span: Span
    words: str


def edited(version: Version, edits: Sequence[Edit]) -> Version:
    """`version` with `edits` made, which are in order and apart and touch nothing but the body."""
    return replace(version, text=applied(version.text, edits), id=EDITED, label=EDITED)


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with `edits` made, which are in order and apart."""
    parts: list[str] = []
    at = 0
    for (start, end), words in edits:
        parts += (text[at:start], words)
        at = end
    return "".join([*parts, text[at:]])


def moved(edits: Sequence[Edit]) -> tuple[Span, ...]:
    """Where the words of each edit stand in the edited text."""
    found: list[Span] = []
    shift = 0
    for (start, end), words in edits:
        found.append(Span(start + shift, start + shift + len(words)))
        shift += len(words) - (end - start)
    return tuple(found)


def keeps(article: Article, changed: Version, number: int, *, lost: int = 1, gained: int = 1) -> bool:
    """Whether `changed`, laid out, has all other sentences of `article` in their roles, and nothing else.

    From sentence `number` on, `lost` sentences are gone and `gained` others stand there, in roles that are read.
    """
    before, after = _told(article), _told(lay_out(changed, blind=article.blind))
    at = number - 1
    there = after[at : at + gained]
    return (
        len(after) == len(before) - lost + gained
        and after[:at] == before[:at]
        and after[at + gained :] == before[at + lost :]
        and all(role == "body" for role, _ in there)
    )


def _told(article: Article) -> list[tuple[str, str]]:
    return [(s.role, article.exact(s.span)) for s in article.sentences]
