"""Section `inventory`: claims that say the same, with the same anchors, are one."""

from __future__ import annotations

from summarize.engines.lexicon.passage import Analysed, Passage
from summarize.text.likeness import Likeness

_SAME = 0.9  # coverage both ways


def inventory(passage: Passage) -> list[dict[str, object]]:
    """The groups of claims that say the same; the text is the shortest member's."""
    claims = passage.claims
    likeness = Likeness([claim.bag for claim in claims])
    group: dict[int, list[int]] = {}
    placed: dict[int, int] = {}
    for i, claim in enumerate(claims):
        for other, _, _ in likeness.best(claim.bag):
            if other < i and placed[other] == other and same(likeness, claim, claims[other]):
                placed[i] = other
                break
        else:
            placed[i] = i
        group.setdefault(placed[i], []).append(i)
    return [
        {
            "claims": [i + passage.first for i in members],
            "text": min((claims[i].text for i in members), key=lambda text: (len(text), text))[:600],
        }
        for members in group.values()
        if len(members) > 1
    ]


def same(likeness: Likeness, a: Analysed, b: Analysed) -> bool:
    """Whether two statements say the same: no anchor differs, and their words cover each other."""
    one, other = a.besides, b.besides
    covered = min(likeness.coverage(one, other), likeness.coverage(other, one))
    return covered >= _SAME and a.held_to == b.held_to
