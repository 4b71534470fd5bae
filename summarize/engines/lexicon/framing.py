"""Section `framing`: generic frames by their vocabulary, Entman's functions by their turns of phrase."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from summarize.engines.lexicon.claims import CAUSAL
from summarize.engines.lexicon.passage import PACKAGE, Passage
from summarize.text.lists import entries
from summarize.text.words import Phrases

_CITED, _SENTENCES, _WORDS = 5, 2, 3  # most cited; fewest sentences and distinct words of a frame
_LONGEST = 15  # words of a function's text
_FUNCTIONS = {
    "problem": re.compile(
        r"\b(?:problem|crisis|threat|risk|danger|concerns? (?:about|over)|raises? questions|fears? (?:of|that)|plight"
        r"|shortage|human rights issues)\b",
        re.IGNORECASE,
    ),
    "cause": CAUSAL,
    "judgement": re.compile(
        r"\b(?:wrong(?:ly|ful)?|unjust(?:ified)?|shame(?:ful)?|unacceptable|condemn(?:ed|s|ing)?|immoral|outrage(?:ous)?"
        r"|rightly|deserves?|embarrassing|disgrace(?:ful)?|irresponsible|heroic|brave|cruel|oppressive)\b",
        re.IGNORECASE,
    ),
    "remedy": re.compile(
        r"\b(?:should|must|needs? to|ought to|call(?:s|ed|ing) (?:for|on)|urg(?:es|ed|ing)|demand(?:s|ed|ing)"
        r"|propos(?:es|ed|al)|solution|in order to (?:prevent|stop|end))\b",
        re.IGNORECASE,
    ),
}
_PER_FUNCTION = 2


@cache
def _phrases() -> Phrases[str]:
    return Phrases((row[0], row[1]) for row in entries("frames.tsv", PACKAGE))


def framing(passage: Passage) -> dict[str, object]:
    """Frames whose words stand in two sentences or more, the one with the most first; functions by cues."""
    return {"frames": _frames(passage), "functions": _functions(passage)}


def _frames(passage: Passage) -> list[dict[str, object]]:
    where: dict[str, list[int]] = defaultdict(list)
    distinct: dict[str, set[str]] = defaultdict(set)
    for s in passage.sentences:
        for match in _phrases().find(s.words):
            where[match.what].append(s.number)
            distinct[match.what].add(s.words[match.first].stem)
    kept = [f for f in where if len(set(where[f])) >= _SENTENCES and len(distinct[f]) >= _WORDS]
    kept.sort(key=lambda f: (-len(set(where[f])), -len(distinct[f]), f))
    return [
        {
            "cites": sorted(set(where[frame]))[:_CITED],
            "frame": frame,
            "rank": "primary" if i == 0 else "secondary",
        }
        for i, frame in enumerate(kept)
    ]


def _functions(passage: Passage) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for function, cue in _FUNCTIONS.items():
        carrying = [s for s in passage.telling if s.role == "body" and cue.search(s.text)]
        for s in carrying[:_PER_FUNCTION]:
            listed = s.text.split()
            text = " ".join(listed[:_LONGEST]) + (" …" if len(listed) > _LONGEST else "")
            found.append({"cites": [s.number], "function": function, "text": text[:300]})
    return found
