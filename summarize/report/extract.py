"""What would be read of an article, before anybody is asked: what is known of it, and its sentences with their roles.

`--extract-only` prints this, as text or as JSON of the format retold.extract/1.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from summarize.news import Article, Sentence
from summarize.report import contract
from summarize.report.fields import Json
from summarize.report.text import count, safe

FORMAT: Final = "retold.extract/1"
_WIDTH, _NAME, _ROLE = 100, 10, 12  # columns in all, of a name, and of a role


def extracted(article: Article) -> Json:
    """An article as JSON: `text`, and each sentence with its words (`exact`) and whether an engine is shown it.

    The other fields are those of a version in docs/contract.md; `masks` are shown to an engine as `label`.
    """
    return {
        **contract.version(article),
        "text": article.version.text,
        "masks": [{"start": span.start, "end": span.end, "label": label} for span, label in article.masks],
        "sentences": [
            {
                "number": s.number,
                "role": s.role,
                "read": s.role not in article.unread,
                "paragraph": s.paragraph,
                "start": s.start,
                "end": s.end,
                "exact": article.exact(s.span),
            }
            for s in article.sentences
        ],
    }


def lines(article: Article) -> Iterator[str]:
    """The same as lines of text, safe for a terminal and without their ends."""
    version = article.version
    read = list(article.read())
    words = sum(len(article.exact(sentence.span).split()) for sentence in read)
    known = {
        "id": version.id,
        "headline": article.headline,
        "outlet": version.outlet,
        "published": version.published,
        "url": version.url,
        "sentences": f"{len(article.sentences):,}, of which {len(read):,} are read: {count(words, 'word')}",
        "masked": _masked(article),
    }
    yield safe(version.label)
    for name, value in known.items():
        if value:
            yield from _filled(f"  {name:{_NAME}} ", value)
    for flag in article.flags:
        yield from _filled(f"  {'noticed':{_NAME}} ", flag)
    yield ""
    for sentence in article.sentences:
        yield from _sentence(article, sentence)


def _masked(article: Article) -> str:
    """What an engine is not shown, in words."""
    found = dict.fromkeys(f"“{article.exact(span)}” as {label}" for span, label in article.masks)
    return "; ".join(found)


def _sentence(article: Article, sentence: Sentence) -> Iterator[str]:
    unread = sentence.role in article.unread
    mark, role = ("·" if unread else " "), f"{sentence.role}, not read" if unread else sentence.role
    yield from _filled(f"{mark}{sentence.number:>5}  {role:{_ROLE}} ", article.exact(sentence.span))


def _filled(head: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        safe(text), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    ) or [head.rstrip()]
