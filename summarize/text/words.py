"""Words of a text with their places and stems, and lists of phrases found among them."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from summarize.text.lists import entries, stopwords

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENGLISH = 0.15


class Word(NamedTuple):
    """`text[start:end]`, in lower case as `low` and stemmed as `stem`."""

    start: int
    end: int
    low: str
    stem: str


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Words of `text[start:end]`; hyphens part words, apostrophes do not."""
    stop = len(text) if end is None else end
    return [
        Word(m.start(), m.end(), low := m[0].lower().replace("’", "'"), stem(low))
        for m in _TOKEN.finditer(text, start, stop)
    ]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case English word, without possessive (Porter's Snowball stemmer, 2001).

    Irregular forms are stemmed as their lemma (data/irregular.tsv).
    """
    bare = word[:-2] if word.endswith("'s") else word.rstrip("'")
    bare = _irregular().get(bare, bare)
    return _STEMMERS.stem_word(bare) if len(bare) > 2 else bare  # noqa: PLR2004  # nothing to take off


class _Stemmers(threading.local):
    """A stemmer for each thread: it keeps the word it is at, and two threads would spoil each other's."""

    def __init__(self) -> None:
        import snowballstemmer  # noqa: PLC0415  # not at start-up: made when it is first used

        self.stem_word: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord


_STEMMERS = _Stemmers()


@cache
def _irregular() -> dict[str, str]:
    return {row[0]: row[1] for row in entries("irregular.tsv")}


@cache
def _inflections(word: str) -> frozenset[str]:
    """Forms that English inflection gives `word`, some of which do not exist."""
    forms = {word + ending for ending in ("s", "es", "ed", "ing", "er", "est", "ly")}
    if word.endswith("e"):
        forms |= {word[:-1] + ending for ending in ("ed", "er", "est", "ing", "y")}
    elif word.endswith("y"):
        forms |= {word[:-1] + ending for ending in ("ies", "ied", "ier", "iest", "ily")}
    else:
        forms |= {word + word[-1] + ending for ending in ("ed", "ing", "er", "est")}
    return frozenset(forms)


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Stem → the sets of words it is in whose members tell the same fact.

    A set is a line of data/synonyms.tsv, or a loaded word with one of its neutral counterparts from
    data/loaded.tsv (two counterparts of one loaded word are not thereby synonyms of each other).
    """
    sets: dict[str, set[str]] = defaultdict(set)
    for number, row in enumerate(entries("synonyms.tsv")):
        for word in row:
            if " " not in word:
                sets[stem(word)].add(f"set {number}")  # no stem has a space
    for phrase, _, _, *neutral in entries("loaded.tsv"):
        for word in ",".join(neutral).split(","):
            if word and " " not in phrase + word:
                pair = f"{stem(phrase)} {stem(word)}"
                sets[stem(phrase)].add(pair)
                sets[stem(word)].add(pair)
    return {key: frozenset(value) for key, value in sets.items()}


def is_english(text: str) -> bool:
    """Whether function words have the share in `text` that they have in English prose (15 % or more)."""
    found = [word for word in _TOKEN.findall(text.lower()) if word.isalpha()]
    return sum(word in stopwords() for word in found) >= _ENGLISH * len(found)


def content(found: Iterable[Word]) -> list[Word]:
    """The words that carry content: no function words, no single letters."""
    return [w for w in found if w.low not in stopwords() and (len(w.low) > 1 or w.low.isdigit())]


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """Words `first` to `last` (indices, last included) match a phrase that carries `what`."""

    first: int
    last: int
    what: T


class Phrases(Generic[T]):
    """A list of phrases, found in a text as they stand or in any inflection, the longest first.

    "fleeing" and "fled" are "flee"; "weapons" is not "weaponize", nor "route" "rout". The list is not
    stemmed: a command that reads one article should not pay for every word that might be in it.
    """

    def __init__(self, rows: Iterable[tuple[str, T]], *, inflected: bool = True) -> None:
        self._inflected = inflected
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = defaultdict(list)
        for phrase, what in rows:
            listed = tuple(_TOKEN.findall(phrase.lower()))
            for form in self._forms(listed[0]) if listed else ():
                self._by_first[form].append((listed, what))
        for entry in self._by_first.values():
            entry.sort(key=lambda row: -len(row[0]))

    def _forms(self, word: str) -> frozenset[str]:
        return _inflections(word) | {word} if self._inflected else frozenset({word})

    def _candidates(self, word: Word) -> list[tuple[tuple[str, ...], T]]:
        lemma = _irregular().get(word.low) if self._inflected else None
        return self._by_first.get(word.low) or (self._by_first.get(lemma) if lemma else None) or []

    def _is(self, word: Word, listed: str) -> bool:
        if word.low in _irregular() and self._inflected:
            return listed in {word.low, _irregular()[word.low]}
        return word.low in self._forms(listed)

    def find(self, found: Sequence[Word]) -> Iterator[Match[T]]:
        """Matches in the order of the text, without overlap."""
        at = 0
        while at < len(found):
            for phrase, what in self._candidates(found[at]):
                here = found[at : at + len(phrase)]
                if len(here) == len(phrase) and all(map(self._is, here, phrase)):
                    yield Match(at, at + len(phrase) - 1, what)
                    at += len(phrase) - 1
                    break
            at += 1
