"""The words that tell what an article is about, weighed by their place and by how rare they are in the archive.

Term frequency, saturated, times inverse document frequency (Spärck Jones 1972; the saturation is that of BM25,
Robertson and Zaragoza 2009). How often a word occurs is counted in a table of fixed size (Cormode and
Muthukrishnan: An improved data stream summary: the count-min sketch, 2005), so that memory does not grow with the
words of an archive; where two words share a place both are taken for more common than they are.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

from summarize.text.lists import stopwords
from summarize.text.words import stem

FULL: Final = 0xFFFF  # the weight of an article's only term
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_READ = 600  # words; what an article is about, it says there
_LEAD, _LEAD_COUNTS = 120, 2.0  # words in which a report says what happened; reporters put it first
_HEADLINE_COUNTS = 2.0
_NUMBER_COUNTS = 1.5
_SATURATED = 2.0  # times a word occurs when it has half of the weight it can have
_FINE = 1000  # steps of a weight before documents are counted
_LONGEST = 32  # characters of a term
_HEADLINE = 200  # characters of a first line that may be one

_SLOTS = 1 << 21
_SECOND = 0x9E3779B1  # 2**32 over the golden ratio: scatters what the first row has side by side
_ALONE = 0.5  # what a word counts in the length of a vector that no other article has: it tells of length, not of theme
_ARTICLES, _SHARE = 300, 0.01  # an archive imagined beside the given one, and the share of it that has a word


def low(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def telling(words: Sequence[str], headline: str) -> list[tuple[str, int]]:
    """The distinct content stems among the first of a text's `words`, sorted, with their weight, 1 to 65,535."""
    stop = stopwords()
    counts: Counter[str] = Counter()
    for word, times in Counter(words[:_READ]).items():
        if word not in stop and len(word) > 1:
            counts[stem(word[:_LONGEST])] += times
    lead = {stem(word[:_LONGEST]) for word in set(words[:_LEAD])}
    heading = {stem(w[:_LONGEST]) for w in low(headline) if w not in stop and len(w) > 1}
    weights = {}
    for term in sorted(counts.keys() | heading):
        weight = counts[term] * (1 + _SATURATED) / (counts[term] + _SATURATED) or 1.0
        weight *= _LEAD_COUNTS if term in lead else 1
        weight *= _HEADLINE_COUNTS if term in heading else 1
        weight *= _NUMBER_COUNTS if term[0].isdigit() else 1
        weights[term] = round(weight * _FINE)
    return list(weights.items())


def first_line(text: str) -> str:
    """The first line of a text, if it may be its headline: it is short, and more follows."""
    line, _, rest = text.lstrip()[: 4 * _HEADLINE].partition("\n")
    return line if len(line) <= _HEADLINE and rest.strip() else ""


class Frequencies:
    """In how many articles each term occurs, or a few more: 16 MB, whatever was counted."""

    def __init__(self) -> None:
        self._rows = (array("I", bytes(4 * _SLOTS)), array("I", bytes(4 * _SLOTS)))
        self.articles = 0

    def count(self, terms: Iterable[str]) -> None:
        """Count the distinct terms of one more article."""
        first, second = self._rows
        self.articles += 1
        for term in terms:
            code = crc32(term.encode())
            first[code % _SLOTS] += 1
            second[(code * _SECOND >> 11) % _SLOTS] += 1

    def of(self, term: str) -> int:
        """How many articles have the term, or a few more."""
        code = crc32(term.encode())
        return min(self._rows[0][code % _SLOTS], self._rows[1][(code * _SECOND >> 11) % _SLOTS])

    def weighed(self, terms: Sequence[str], weights: Sequence[int]) -> dict[str, int]:
        """Those of an article's terms that another article has too, with parts of its vector of length FULL.

        Whole numbers, so that products of vectors are exact and no order of adding changes them.
        """
        seen = [self.of(term) for term in terms]
        whole = self.articles + _ARTICLES
        parts = [w * math.log(whole / (n + _ARTICLES * _SHARE)) for w, n in zip(weights, seen, strict=True)]
        counted = [p if n > 1 else p * _ALONE for p, n in zip(parts, seen, strict=True)]
        length = math.sqrt(math.fsum(p * p for p in counted)) or 1.0
        shared = zip(terms, parts, seen, strict=True)
        return {term: part for term, p, n in shared if n > 1 and (part := round(FULL * max(0.0, p) / length))}
