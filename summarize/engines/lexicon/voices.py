"""Section `voices`: everybody a sentence is attributed to, gathered under the fullest name."""

from __future__ import annotations

import re

from summarize.engines.lexicon.passage import Passage
from summarize.text.lists import stopwords
from summarize.text.speech import is_pronoun, role

_ARTICLE = re.compile(r"^(?:the|a|an|one|another|some)\s+", re.IGNORECASE)
_HEAD_END = re.compile(r",|\s(?:of|for|in|at|from|with|on|who|that|familiar)\b")
_CAPITAL = re.compile(r"[^\W\d_a-z]\w+")


def voices(passage: Passage) -> list[dict[str, object]]:
    """A voice for each distinct speaker, in the order in which they first speak."""
    sentences: dict[str, list[int]] = {}
    manner: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for number, attribution in passage.attributions.items():
        if is_pronoun(attribution.speaker):
            continue
        key = _key(attribution.speaker)
        names.setdefault(key, attribution.speaker)
        sentences.setdefault(key, []).append(number)
        manner.setdefault(key, set()).add("quoted" if attribution.quoted else "paraphrased")
    return [
        {
            "cites": sentences[key],
            "speaker": name[:300],
            "named": named(name),
            "kind": role(name) or "other",
            "manner": "both" if len(manner[key]) > 1 else next(iter(manner[key])),
        }
        for key, name in names.items()
    ]


def _key(speaker: str) -> str:
    return " ".join(_ARTICLE.sub("", speaker).lower().split())


def named(speaker: str) -> bool:
    """Whether a person or body is identified: "Ana Ruiz", "the Joint Chiefs of Staff", not "U.S. officials".

    The head of the phrase decides: a capitalised head is a name; a role noun is not, unless a name
    follows in apposition; a document is identified by the body whose name it bears.
    """
    head = _HEAD_END.split(speaker, maxsplit=1)[0].split()
    capitals = [w for w in _CAPITAL.findall(speaker) if w.lower() not in stopwords()]
    if not head or not capitals:
        return False
    if head[-1][0].isupper() or role(speaker) == "document":
        return True
    apposed = speaker.split(",", maxsplit=1)
    return len(apposed) > 1 and _CAPITAL.match(apposed[1].strip()) is not None
