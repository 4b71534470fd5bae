"""Whether words are fit to show that a version says something itself, and says it flatly.

An engine's label alone makes no difference between versions: what is called asserted must not hedge, what is called
hedged must, and what stands under a condition is told by nobody. The word lists are English; in another language
the label counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarize.comparison.ground import Ground, numbers
from summarize.comparison.matrix import held_to
from summarize.comparison.model import Row
from summarize.evidence import Evidence, whole
from summarize.reading import Claim, Position
from summarize.text.hedges import hedging
from summarize.text.likeness import Bag
from summarize.text.speech import speeches
from summarize.text.words import words

RETOLD = 0.6  # coverage both ways from which a version's own claim is the same one, told once more
AGAIN = 0.5  # coverage of a claim from which another sentence tells it once more
_CONDITION = re.compile(r"\b(?:if|unless|whether|except)\b", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:say|claim|insist|argu|add|tell|warn|stat|not|explain|declar|assert|alleg|suggest)ing\b[,:]?\s+(?:that|[“\"'])"
    r"|\baccording to\b|\bclaim(?:s|ed)?\b|\balleg\w+",
    re.IGNORECASE,
)


def conditional(evidence: Iterable[Evidence], claim: str = "") -> bool:
    """Whether some of the words stand under a condition that the claim does not name."""
    return not _CONDITION.search(claim) and any(_CONDITION.search(e.exact) for e in evidence)


def hedges(evidence: Iterable[Evidence]) -> bool:
    """Whether some of the words hedge or withhold confirmation."""
    return any(next(hedging(words(e.exact)), None) is not None for e in evidence)


def reports(ground: Ground, evidence: Iterable[Evidence]) -> bool:
    """Whether somebody is reported to speak in some of the words."""
    return any(
        _CUE.search(e.exact) or speeches(ground.articles[e.version].version.text, e.start, e.end) for e in evidence
    )


def also_plainly(ground: Ground, row: Row, version: str, position: Position) -> bool:
    """Whether another sentence of a version tells the claim of `row` flatly, in the version's own voice."""
    return any(not hedges([e]) and not reports(ground, [e]) for e in _retold(ground, row, version, position))


def also_hedged(ground: Ground, row: Row, version: str, position: Position) -> bool:
    """Whether another sentence of a version tells the claim of `row` with a hedge."""
    return any(hedges([e]) for e in _retold(ground, row, version, position))


def _retold(ground: Ground, row: Row, version: str, position: Position) -> list[Evidence]:
    """Other sentences of a version that tell most of the claim of `row`."""
    cited, article = numbers(position.evidence), ground.articles[version]
    again = (n for n in ground.covering(version, row.text, AGAIN) if n not in cited)
    return [whole(article, article.sentences[n - 1]) for n in again]


def alike(ground: Ground, row: Row, version: str, position: Position) -> list[Claim]:
    """Other claims of a version that say the same as `row`, held to the same figures and as negative."""
    claim = Bag.of(row.text)
    return [
        c
        for c in ground.readings[version].claims
        if c.evidence != position.evidence and _same(ground, c.text, claim) and held_to(c.text) == held_to(row.text)
    ]


def _same(ground: Ground, text: str, claim: Bag) -> bool:
    bag = Bag.of(text)
    return min(ground.likeness.coverage(bag, claim), ground.likeness.coverage(claim, bag)) >= RETOLD
