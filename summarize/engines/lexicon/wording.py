"""Section `wording`: words of the author's that are in the list of loaded words, with neutral ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from summarize.engines.lexicon.passage import Passage, Sentence
from summarize.text.lists import entries
from summarize.text.words import Match, Phrases

_LONGEST = 5  # words of one finding


@dataclass(frozen=True, slots=True)
class Loaded:
    """An entry of data/loaded.tsv."""

    technique: str
    valence: int
    neutral: tuple[str, ...]


@cache
def _phrases() -> Phrases[Loaded]:
    rows = entries("loaded.tsv")
    return Phrases((row[0], Loaded(row[1], int(row[2]), _split(row[3] if len(row) > 3 else ""))) for row in rows)  # noqa: PLR2004


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def loaded(s: Sentence) -> list[Match[Loaded]]:
    """Matches of the list among the author's words in a sentence (indices into `own_words`)."""
    return list(_phrases().find(s.own_words))


def wording(passage: Passage) -> list[dict[str, object]]:
    """A finding for each run of loaded words that stand side by side."""
    return [finding for s in passage.sentences for finding in _of_sentence(s)]


def _of_sentence(s: Sentence) -> Iterator[dict[str, object]]:
    for run in _runs(s, loaded(s)):
        start, end = s.own_words[run[0].first].start, s.own_words[run[-1].last].end
        neutral = next((m.what.neutral for m in reversed(run) if m.what.neutral), ())
        technique = next((m.what.technique for m in run if m.what.technique != "loaded_language"), "loaded_language")
        yield {
            "cites": [s.number],
            "words": s.text[start:end],
            "technique": technique,
            "neutral": ", ".join(neutral)[:200],
        }


def _runs(s: Sentence, matches: list[Match[Loaded]]) -> list[list[Match[Loaded]]]:
    """Matches with nothing between them but a space or "and" make one finding ("rare and daring")."""
    runs = [[match] for match in matches[:1]]
    for before, match in pairwise(matches):
        gap = s.text[s.own_words[before.last].end : s.own_words[match.first].start]
        long = match.last - runs[-1][0].first >= _LONGEST
        if gap.strip().lower() in {"", "and", ","} and not long:
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs
