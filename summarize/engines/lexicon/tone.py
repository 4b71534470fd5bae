"""Section `tone`: evaluative words counted for each scope. A weak hint, and said to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from summarize.engines.lexicon.passage import PACKAGE, Passage, Sentence
from summarize.text.lists import entries, negations
from summarize.text.words import Phrases, Word

_LEAN, _OPEN = 0.8, 3.0  # evaluative words per hundred, favourable less unfavourable: leaning; openly so
_VIVID = (0.5, 2.0, 4.0)  # emotional force per hundred words at which intensity reaches 1, 2, 3
_ENOUGH = 6  # evaluative words below which nothing is called open
_NEGATES = 3  # words a negation reaches
_CITED = 4


@dataclass(frozen=True, slots=True)
class _Hit:
    score: int
    intensity: int


@cache
def _phrases() -> Phrases[_Hit]:
    rows = entries("sentiment.tsv", PACKAGE)
    return Phrases((row[0], _Hit(int(row[1]), int(row[2]))) for row in rows)


def hits(found: Sequence[Word]) -> list[tuple[int, _Hit]]:
    """(index, evaluation) for each evaluative word; a negation shortly before turns it round."""
    turned = []
    for match in _phrases().find(found):
        before = {w.low for w in found[max(0, match.first - _NEGATES) : match.first]}
        negated = not before.isdisjoint(negations()) or any(low.endswith("n't") for low in before)
        score = -match.what.score if negated else match.what.score
        turned.append((match.first, _Hit(score, match.what.intensity)))
    return turned


def tone(passage: Passage) -> dict[str, object]:
    """Score and intensity of the headline and bullets, the author's voice and the quoted voices."""
    first = next((s.number for s in passage.sentences if s.role == "body"), len(passage.sentences) + 1)
    head = [s for s in passage.sentences if s.role in {"headline", "bullet"} and s.number < first]
    body = [s for s in passage.sentences if s not in head]
    return {
        "headline": _scope([(s, s.own_words) for s in head]),
        "author": _scope([(s, s.own_words) for s in body if s.own_words]),
        "quoted": _scope([(s, s.quoted_words) for s in passage.sentences if s.utters]),
    }


def _scope(parts: list[tuple[Sentence, list[Word]]]) -> dict[str, object] | None:
    total = sum(len(found) for _, found in parts)
    if not total:
        return None
    scored = [(s.number, hit) for s, found in parts for _, hit in hits(found)]
    lean = 100 * sum(hit.score for _, hit in scored) / total
    force = 100 * sum(hit.intensity for _, hit in scored) / total
    size = 0 if abs(lean) < _LEAN else 2 if abs(lean) >= _OPEN and len(scored) >= _ENOUGH else 1
    strength: dict[int, int] = {}
    for number, hit in scored:
        strength[number] = strength.get(number, 0) + abs(hit.score) + hit.intensity
    telling = sorted(strength, key=lambda n: (-strength[n], n))[:_CITED] or [parts[0][0].number]
    return {
        "cites": sorted(telling),
        "score": size if lean > 0 else -size,
        "intensity": sum(force >= step for step in _VIVID),
    }
