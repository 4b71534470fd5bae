"""Section `portrayal`: the names that recur, and the evaluative words beside them."""

from __future__ import annotations

import re
from collections import defaultdict

from summarize.engines.lexicon.passage import Passage, Sentence
from summarize.engines.lexicon.tone import hits
from summarize.engines.lexicon.wording import loaded
from summarize.text.lists import stopwords
from summarize.text.numbers import quantities

_NAME = re.compile(r"[^\W\d_a-z][\w&-]*(?:\s(?:of\s(?:the\s)?)?[^\W\d_a-z][\w&-]*)*")
_VICTIM = re.compile(
    r"\b(?:killed|wounded|injured|murdered|raped|abducted|kidnapped|tortured|displaced|orphaned|bereaved|starved"
    r"|victims?|survivors?|innocent|bystanders?|civilians?|refugees?)\b",
    re.IGNORECASE,
)
_MOST, _CITED, _NEAR, _CLEAR = 8, 4, 5, 2  # entities; citations; words away; hits that make a role


def portrayal(passage: Passage) -> list[dict[str, object]]:
    """Up to eight entities, those named most first; a role only where several words speak for it."""
    where: dict[str, list[Sentence]] = defaultdict(list)
    for s in passage.telling:
        for name in _names(s):
            if s not in where[name]:
                where[name].append(s)
    ranked = sorted(where, key=lambda n: (-len(where[n]), where[n][0].number, n))
    return [_entry(name, where[name]) for name in ranked[:_MOST]]


def _names(s: Sentence) -> list[str]:
    """Names in a sentence; a capital at its start alone makes none, nor does a date."""
    found: list[str] = []
    for m in _NAME.finditer(s.text):
        parts = m[0].split()
        while parts and parts[0].lower() in stopwords():
            parts.pop(0)
        name = " ".join(parts)
        if parts and not (len(parts) == 1 and m.start() == 0) and not any(q.is_date for q in quantities(name)):
            found.append(name[:200])
    return found


def _entry(name: str, sentences: list[Sentence]) -> dict[str, object]:
    near = {s.number: _beside(name, s) for s in sentences}
    good = sum(score > 0 for scores in near.values() for score in scores)
    bad = sum(score < 0 for scores in near.values() for score in scores)
    suffers = [s.number for s in sentences if _suffers(name, s)]
    role = "none"
    if bad >= _CLEAR and bad > good:
        role = "antagonist"
    elif good >= _CLEAR and good > bad:
        role = "protagonist"
    elif suffers:
        role = "innocent"
    telling = [n for n, scores in near.items() if scores] or suffers or [s.number for s in sentences]
    tone = (good > bad) - (bad > good) if abs(good - bad) >= _CLEAR else 0
    return {"cites": telling[:_CITED], "entity": name, "role": role, "finer": None, "tone": tone}


def _beside(name: str, s: Sentence) -> list[int]:
    """Evaluations by the author's words within a few words of the name."""
    at = s.text.find(name)
    places = [i for i, w in enumerate(s.own_words) if at <= w.start < at + len(name)]
    if not places:
        return []
    low, high = places[0] - _NEAR, places[-1] + _NEAR
    scores = {i: hit.score for i, hit in hits(s.own_words)}
    scores |= {m.first: m.what.valence for m in loaded(s) if m.what.valence}
    return [score for i, score in sorted(scores.items()) if low <= i <= high and i not in places]


def _suffers(name: str, s: Sentence) -> bool:
    at = s.text.find(name)
    return _VICTIM.search(s.text, max(0, at - 40), at + len(name) + 40) is not None
