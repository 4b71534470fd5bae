"""Cut a block of text into sentences, as half-open spans of the unmodified text.

Rule 1: the spans are in order, do not overlap, and leave out nothing but white space.
Rule 2: a full stop ends a sentence only where what follows can begin one and what precedes is not
        an abbreviation or an initial ("N. Korean", "U.S. officials", "Lt. Gen. Kim").
Rule 3: a quotation is not cut inside (“It is over. We won,” he said.), so that words and their
        speaker stay together, unless it is longer than 300 characters.

The method is a rule list in the manner of Kiss & Strunk's type classes (2006), without learning:
a closed list of abbreviations (data/abbreviations.tsv), initials, and the case of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from summarize.text.lists import entries, speech_verbs, stopwords
from summarize.text.quotations import quotations
from summarize.text.span import Span

CLOSERS = "\"'”’»)\\]›」』"
OPENERS = "\"'“‘«(\\[¿¡‹「『„"
_END = re.compile(rf"(?:[.!?…]+|\.(?:\s\.){{2}})[{CLOSERS}]*(?=\s+[{OPENERS}]*\w|\s*$)|[。！？｡।؟۔]+[{CLOSERS}]*")
_NEXT = re.compile(rf"\s+[{OPENERS}]*(?P<word>\w{{1,24}})")
_SPEAKER = re.compile(r"\s+(?:[A-Z][\w.'’-]{0,24}\s+){1,4}(?P<verb>[a-z]{2,16})\b(?!\s*[,:]?\s+(?:[\"“‘]|that\b))")
_LAST_TOKEN = re.compile(r"(?:[^\W\d_]\.)+$|[^\W\d_]+(?:-[^\W\d_]+)*\.$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+$")
_CLOCK = re.compile(r"\d\s?[ap]\.m\.$")
_AFTER_CLOCK = re.compile(
    r"\s+(?:\(|(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
    r"|[A-Z]{2,4}|Eastern|Central|Mountain|Pacific|Greenwich)\b)"
)
_CLOSING = frozenset("\"'”’»")
_LONG_QUOTE = 300  # code points; a longer quotation is cut into its sentences
_LOOK_BACK = 24  # no abbreviation is longer; keeps the cut linear on a line of any length


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans of the sentences of `text[start:end]`, which must be one block (a paragraph, a heading)."""
    end = len(text) if end is None else end
    for stop in _stops(text, start, end):
        yield from _trimmed(text, start, stop)
        start = stop
    yield from _trimmed(text, start, end)


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    quoted = [quote for quote in quotations(text, start, end) if quote.end - quote.start <= _LONG_QUOTE]
    at = 0
    for mark in _END.finditer(text, start, end):
        while at < len(quoted) and quoted[at].end < mark.end():
            at += 1
        inside = at < len(quoted) and quoted[at].start < mark.start() and mark.end() < quoted[at].end
        if mark.end() < end and not inside and not _goes_on(text, mark, start):
            yield mark.end()


def _goes_on(text: str, mark: re.Match[str], start: int) -> bool:
    """Whether the sentence continues behind `mark`, which looked like its end."""
    following = _NEXT.match(text, mark.end())
    if following is None:
        return False
    word = following["word"]
    if word[0].islower() or (mark[0].rstrip(CLOSERS) != "." and _speaks(text, mark.end())):
        return True
    return mark[0] == "." and _abbreviates(text, max(start, mark.start() - _LOOK_BACK), mark.end(), word)


def _abbreviates(text: str, floor: int, stop: int, following: str) -> bool:
    """Whether the full stop before `stop` belongs to an abbreviation that the word `following` goes on from."""
    if _CLOCK.search(text, floor, stop):
        return _AFTER_CLOCK.match(text, stop) is not None  # "at 5 p.m. Monday"
    before = _LAST_TOKEN.search(text, floor, stop)
    if before is None:
        return False
    if _INITIALS.match(before[0]):
        return len(following) == 1 or following.lower() not in stopwords()
    kind = _abbreviations().get(before[0][:-1])
    return kind == "always" or (kind == "number" and following[0].isdigit())


def _speaks(text: str, at: int) -> bool:
    """Whether the words at `at` attribute the quotation that just closed (“Is it over?” Kim asked)."""
    words = _SPEAKER.match(text, at)
    return words is not None and words["verb"] in speech_verbs() and text[at - 1] in _CLOSING


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


@cache
def _abbreviations() -> dict[str, str]:
    """Abbreviation (without its last full stop) → "always" runs on, or "number": runs on before a digit."""
    return {row[0].rstrip("."): row[1] for row in entries("abbreviations.tsv")}
