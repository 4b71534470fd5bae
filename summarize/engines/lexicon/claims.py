"""Section `claims`: each sentence that tells something, with its kind, voice and certainty."""

from __future__ import annotations

import re

from summarize.engines.lexicon.passage import Passage, Sentence
from summarize.engines.lexicon.wording import loaded
from summarize.text.hedges import certainty
from summarize.text.words import stem

CAUSAL = re.compile(
    r"\b(?:because|(?<!is )(?<!are )(?<!was )(?<!were )due to|owing to|thanks to|as a result|resulted? in|resulting in"
    r"|led to|lead(?:s|ing)? to|caused?|causing|blamed? (?:on|for)|prompt(?:ed|s|ing)|trigger(?:ed|s|ing)?"
    r"|spark(?:ed|s|ing)|stem(?:s|med) from|in response to)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"\b(?:will|is expected to|are expected to|is likely to|are likely to|is set to|are set to|is due to|going to"
    r"|may (?:soon|also|signal|lead|face)|could (?:soon|lead|face|be)|plans? to|is poised to|in the future)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:had (?:been|\w+ed)|has been|have been|since (?:19|20)\d\d|in recent (?:years|months|weeks)|previously"
    r"|(?:two|three|four|five|several|many) (?:years|decades|months) ago|last year|historically)\b",
    re.IGNORECASE,
)
_JUDGED = 2  # loaded words that make a sentence of the author's an evaluation


def claims(passage: Passage) -> list[dict[str, object]]:
    """A claim for each telling sentence, or for each that has a gap, in the order of the article."""
    return [_claim(passage, s) for s in passage.telling if not passage.gaps or s.number in passage.gaps]


def _claim(passage: Passage, s: Sentence) -> dict[str, object]:
    attribution = passage.attributions.get(s.number)
    return {
        "cites": [s.number],
        "text": s.text[:600],
        "kind": kind(s),
        "voice": "attributed" if attribution else "author",
        "speaker": attribution.speaker[:200] if attribution else None,
        "certainty": certainty(s.own_words),
    }


def kind(s: Sentence) -> str:
    """What a sentence mainly is; the first rule that fits."""
    if s.utters:
        return "quote"
    if CAUSAL.search(s.text):
        return "cause"
    if any(not figure.is_date and any(c.isdigit() for c in s.text[slice(*figure.span)]) for figure in s.figures):
        return "number"
    if _FORECAST.search(s.text):
        return "forecast"
    distinct = {stem(w.low) for match in loaded(s) for w in s.own_words[match.first : match.last + 1]}
    if len(distinct) >= _JUDGED and not s.figures and not s.speeches:
        return "evaluation"
    return "background" if _BACKGROUND.search(s.text) else "event"
