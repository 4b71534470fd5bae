"""From a citation to the words that prove it.

A *citation* is what an engine gives: numbers of sentences, and for words inside a sentence the exact
`words`. *Evidence* is what code makes of it: a span of the unmodified text. What does not resolve is
`Unresolved`, with the reason; nothing is searched for by likeness.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from summarize.news import Article, Sentence
from summarize.text.span import Span
from summarize.text.view import find


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """`exact == text[start:end]` of the version with this id; `sentence` is the number it begins in.

    The positions are a W3C Web Annotation TextPositionSelector's: code points, start included, end not.
    """

    version: str
    start: int
    end: int
    exact: str
    sentence: int

    @property
    def span(self) -> Span:
        """Where the words stand."""
        return Span(self.start, self.end)


class Unresolved(ValueError):  # noqa: N818  # a finding's state, shown and counted, not a program's fault
    """A citation that leads nowhere; the message says why."""


def resolve(article: Article, numbers: Sequence[int], words: str | None = None) -> tuple[Evidence, ...]:
    """Evidence for a citation of sentence `numbers` of `article`, and of exact `words` within them.

    With words: one piece of evidence, looked for in each cited sentence and then across cited
    sentences that follow one another. Without: each cited sentence, whole, in the text's order.
    Raises Unresolved where a number is not one an engine was shown or the words are not there.
    """
    cited = [_sentence(article, n) for n in sorted(set(numbers))]
    if not cited:
        raise Unresolved("no sentence is cited")
    if words is None:
        return tuple(_evidence(article, s.span) for s in cited)
    for sentence in cited:
        span = find(article.seen(sentence.span), words)
        if span is not None:
            return (_evidence(article, span),)
    if len(cited) > 1 and cited[-1].number - cited[0].number == len(cited) - 1:
        span = find(article.seen(Span(cited[0].start, cited[-1].end)), words)
        if span is not None:
            return (_evidence(article, span),)
    named = ", ".join(str(s.number) for s in cited)
    raise Unresolved(f"the words are not in sentence {named}: {words[:80]!r}")


def _sentence(article: Article, number: int) -> Sentence:
    if not 1 <= number <= len(article.sentences):
        raise Unresolved(f"there is no sentence {number}")
    sentence = article.sentences[number - 1]
    if sentence.role in article.unread:
        raise Unresolved(f"sentence {number} was not shown ({sentence.role})")
    return sentence


def whole(article: Article, sentence: Sentence) -> Evidence:
    """A whole sentence as evidence."""
    return _evidence(article, sentence.span)


def part(article: Article, start: int, end: int) -> Evidence:
    """`text[start:end]`, found by code, as evidence."""
    return _evidence(article, Span(start, end))


def _evidence(article: Article, span: Span) -> Evidence:
    number = _number_at(article, span.start)
    return Evidence(article.version.id, span.start, span.end, article.exact(span), number)


def _number_at(article: Article, at: int) -> int:
    """Number of the sentence that holds offset `at`."""
    i = bisect_right(article.sentences, at, key=attrgetter("end"))
    return article.sentences[min(i, len(article.sentences) - 1)].number
