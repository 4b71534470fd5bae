"""Opposed rows: each version says something else on one point, and no row of the matrix is shared.

"The minister resigned over the report", told in one version, and "The minister was dismissed", told in
another, are two omissions to the matrix. They are joined here by their actor and topic, so that a reader sees
both at once. A link says that two differences are about one point, not that they contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from summarize.anchors import Anchor
from summarize.comparison.ground import Ground
from summarize.comparison.model import Difference, Row
from summarize.text.likeness import Bag

_ONE_POINT = 0.45  # coverage, the mean of both ways, of the two claims
_ACTORS = frozenset({"name", "speaker"})


def linked(ground: Ground, rows: Sequence[Row], found: Sequence[Difference]) -> tuple[Difference, ...]:
    """`found`, with the ids of what is about the same point in `beside`: mutually likest pairs of omissions.

    Each of a pair is told where the other is not; they share a name and are alike in what they say besides.
    """
    texts = {row.id: row.text for row in rows}
    missing = [d for d in found if d.kind == "omission" and d.claims and not _partly(d)]
    likest: dict[str, tuple[float, str]] = {}
    for one in missing:
        for other in missing:
            alike = _alike(ground, texts, one, other) if one.id != other.id and _opposed(one, other) else 0.0
            if alike >= _ONE_POINT:
                likest[one.id] = max(likest.get(one.id, (0.0, "")), (alike, other.id))
    pairs = {a: b for a, (_, b) in likest.items() if likest[b][1] == a}
    return tuple(replace(d, beside=(pairs[d.id],)) if d.id in pairs else d for d in found)


def _partly(d: Difference) -> bool:
    """Whether only a detail is missing: the version tells the rest."""
    return any(d.evidence.get(v) for v in d.lacking)


def _opposed(one: Difference, other: Difference) -> bool:
    told = [set(d.versions) - set(d.lacking) for d in (one, other)]
    return told[0] <= set(other.lacking) and told[1] <= set(one.lacking)


def _alike(ground: Ground, texts: Mapping[str, str], one: Difference, other: Difference) -> float:
    """How alike two claims are (0 to 1); 0 if they share no actor."""
    if _actors(ground, one).isdisjoint(_actors(ground, other)):
        return 0.0
    bags = [Bag.of(" ".join(texts[claim] for claim in d.claims)) for d in (one, other)]
    both = ground.likeness.coverage(*bags) + ground.likeness.coverage(*bags[::-1])
    return round(both / 2, 9)


def _actors(ground: Ground, d: Difference) -> set[str]:
    told = (e for side in d.evidence.values() for e in side)
    anchors: list[Anchor] = [a for a, _ in ground.within(told, _ACTORS)]
    return {word for a in anchors for word in a.value.lower().split() if word[:1].isalpha() and len(word) > 2}  # noqa: PLR2004
