"""All differences of a comparison, in one list, the most salient first.

Rule 1: nothing is told twice. What a contradiction or a number explains is not also a quotation that
        differs; what is a difference between quotations is not also an omission.
Rule 2: the same words are no difference, whatever an engine made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from summarize.comparison.attribution import attributions, quoted
from summarize.comparison.contradictions import contradictions
from summarize.comparison.emphasis import causes, certainties, prominences
from summarize.comparison.ground import Ground
from summarize.comparison.judgements import judgements
from summarize.comparison.links import linked
from summarize.comparison.model import Difference, Kind, Row, where
from summarize.comparison.omissions import details, omissions
from summarize.comparison.wording import wordings
from summarize.text.likeness import Bag
from summarize.text.lists import speech_verbs
from summarize.text.words import words

# How much a difference of a kind weighs; one that touches a headline or lede weighs more.
WEIGHTS: dict[Kind, float] = {
    "contradiction": 0.8,
    "numeric": 0.75,
    "omission": 0.5,
    "attribution": 0.5,
    "causal": 0.45,
    "certainty": 0.45,
    "tone": 0.4,
    "framing": 0.4,
    "portrayal": 0.4,
    "wording": 0.35,
    "prominence": 0.25,
}
_SPEAKING = frozenset("speak speaks spoke spoken speaking talk talks talked".split())
TOP_BONUS, FIGURE_BONUS = 0.15, 0.05


def differences(ground: Ground, rows: Sequence[Row], abstains: frozenset[str]) -> tuple[Difference, ...]:
    """Every difference, with salience, numbered from d1."""
    texts, voices = {row.id: row.text for row in rows}, list(attributions(ground, rows))
    against = [d for d in contradictions(ground, rows) if not _who_speaks(d, texts, voices)]
    quotes = list(quoted(ground, against))
    missing = [d for d in omissions(ground, rows) if not _spoken(d, quotes) and not _who_speaks(d, texts, voices)]
    found = [
        *against,
        *missing,
        *details(ground, rows),
        *voices,
        *quotes,
        *certainties(ground, rows),
        *wordings(ground, rows),
        *prominences(ground, rows),
        *causes(ground, rows),
        *judgements(ground, abstains),
    ]
    weighed = [replace(d, salience=salience(ground, d)) for d in found]
    weighed.sort(key=lambda d: (-d.salience, d.kind, _first(ground, d), d.text))
    return linked(ground, rows, [replace(d, id=f"d{i}") for i, d in enumerate(weighed, start=1)])


def salience(ground: Ground, difference: Difference) -> float:
    """0 to 1: the weight of its kind, more where it touches the top of a version, more with a figure."""
    evidence = [e for side in difference.evidence.values() for e in side]
    top = any(ground.top(e.version, e.sentence) for e in evidence)
    figures = difference.kind == "omission" and any(c.isdigit() for e in evidence for c in e.exact)
    return round(WEIGHTS[difference.kind] + TOP_BONUS * top + FIGURE_BONUS * figures, 2)


def _spoken(missing: Difference, quotes: Iterable[Difference]) -> bool:
    """Whether each version that lacks the words is told, by a difference of quotations, what it has instead."""
    mine = where([missing])
    return all(mine <= where(q for q in quotes if version in q.versions) for version in missing.lacking)


def _who_speaks(found: Difference, texts: Mapping[str, str], voices: Iterable[Difference]) -> bool:
    """Whether all that differs is who speaks, and a difference of attribution tells that of the same sentences.

    "A manager spoke to reporters" is such a claim: it names a speaker and tells of nothing but speech.
    """
    if found.kind == "numeric":
        return False
    mine = where([found])
    told = [d for d in voices if mine <= where([d])]
    named = (side[0].exact for d in told for side in d.evidence.values())
    speakers = frozenset[str]().union(*(Bag.of(words).stems for words in named))
    return bool(told) and all(_speaks(texts[claim], speakers) for claim in found.claims)


def _speaks(claim: str, speakers: frozenset[str]) -> bool:
    verbs = speech_verbs() | _SPEAKING
    return not Bag.of(claim).stems.isdisjoint(speakers) and any(w.low in verbs for w in words(claim))


def _first(ground: Ground, difference: Difference) -> float:
    return min(
        (ground.place(e.version, e.sentence)[1] for side in difference.evidence.values() for e in side), default=1.0
    )
