"""Section `summary`: whole sentences of the body, the most central ones that do not repeat each other.

Centroid summarisation (Radev et al. 2004) with a bonus for the opening, as news is written, and
maximal marginal relevance against repetition (Carbonell & Goldstein 1998).
"""

from __future__ import annotations

import math
from collections import Counter

from summarize.engines.lexicon.passage import Passage, Sentence
from summarize.text.likeness import jaccard

_SHORTEST, _LONGEST = 6, 60  # words of a sentence that can stand alone
_LEDE_BONUS, _REPETITION = 0.35, 0.7
_LEANS_BACK = frozenset("but and so yet this these that those he she they it such however also".split())
_MOST = 5


def summary(passage: Passage) -> list[dict[str, object]]:
    """Two to five sentences (fewer where the article has fewer), in the order of the article."""
    body = [s for s in passage.telling if s.role == "body"] or list(passage.telling)
    good = [s for s in body if _SHORTEST <= len(s.words) <= _LONGEST and not s.utters and "?" not in s.text] or body
    wanted = min(_MOST, max(2, round(len(body) / 8)), len(good))
    chosen = _choose(good, _scores(good), wanted)
    return [{"cites": [s.number], "text": s.text[:600]} for s in sorted(chosen, key=lambda s: s.number)]


def _scores(sentences: list[Sentence]) -> dict[int, float]:
    frequency = Counter(stem for s in sentences for stem in sorted(s.bag.stems))
    scores: dict[int, float] = {}
    for place, s in enumerate(sentences):
        central = sum(math.log(1 + frequency[stem]) for stem in sorted(s.bag.stems)) / math.sqrt(len(s.words) or 1)
        leans = 0.8 if s.words and s.words[0].low in _LEANS_BACK else 1.0
        scores[s.number] = central * leans * (1 + _LEDE_BONUS / (1 + place))
    return scores


def _choose(sentences: list[Sentence], scores: dict[int, float], wanted: int) -> list[Sentence]:
    chosen: list[Sentence] = []
    repeats = dict.fromkeys(scores, 0.0)  # likeness to the nearest chosen sentence
    left = list(sentences)
    while left and len(chosen) < wanted:
        best = max(left, key=lambda s: (scores[s.number] * (1 - _REPETITION * repeats[s.number]), -s.number))
        left.remove(best)
        chosen.append(best)
        for s in left:
            repeats[s.number] = max(repeats[s.number], jaccard(s.bag.stems, best.bag.stems))
    return chosen
