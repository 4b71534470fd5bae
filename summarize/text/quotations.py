"""Find quotations: the words between quotation marks, as half-open spans without the marks.

Marks of one kind are paired within a block. A quotation that is still open at the end of its block
runs to that end (as in print, where each paragraph of a long quotation opens anew). Single marks are
apostrophes too often to be trusted; the curly ones count only where they hold three words or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarize.text.span import Span

_PAIRS = {"“": "”", "«": "»", "„": "“”", "「": "」", "『": "』", "‘": "’", '"': '"'}
_OPEN = re.compile('[“«„「『‘"]')
# An apostrophe is followed by a letter; a closing single mark is not.
_CLOSE = {mark: re.compile("’(?!\\w)" if mark == "’" else mark) for mark in '”»“」』’"'}
_BEFORE_SINGLE = frozenset(" \t\u00a0([—–-“")
_WORDS_IN_SINGLE = 3


def quotations(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans between quotation marks in the block `text[start:end]`, in order, not nested."""
    return list(_found(text, start, len(text) if end is None else end))


def _found(text: str, start: int, end: int) -> Iterator[Span]:
    closers = _Closers(text, end)
    at = start
    while (mark := _OPEN.search(text, at, end)) is not None:
        at = mark.end()
        if mark[0] == "‘" and at - 1 > start and text[at - 2] not in _BEFORE_SINGLE:
            continue
        if mark[0] == '"' and at - 1 > start and not (text[at - 2].isspace() or text[at - 2] in _BEFORE_SINGLE):
            continue  # closes a quotation that was opened before `start`
        close = min(closers.after(at, closer) for closer in _PAIRS[mark[0]])
        if mark[0] == "“" and (close == end or "“" in text[at:close]):
            close = min(close, closers.after(at, '"'))  # a curly opening mark closed by a straight one
        if close == end and mark[0] in '‘"':
            continue  # an apostrophe, an inch mark, or a mark whose partner was lost
        words = text[at:close].split()
        if words and (mark[0] != "‘" or len(words) >= _WORDS_IN_SINGLE):
            yield Span(at, close)
            at = close + 1


class _Closers:
    """The next closing mark of each kind; each stretch of text is searched once, whatever it holds."""

    def __init__(self, text: str, end: int) -> None:
        self._text, self._end = text, end
        self._next: dict[str, int] = {}

    def after(self, at: int, closer: str) -> int:
        """Where `closer` next stands at or behind `at`; the end of the block when it does not."""
        if self._next.get(closer, -1) < at:
            found = _CLOSE[closer].search(self._text, at, self._end)
            self._next[closer] = found.start() if found else self._end
        return self._next[closer]
