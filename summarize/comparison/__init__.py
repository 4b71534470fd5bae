"""From readings and stances to a comparison: pure code, nothing is asked here.

    readings ─ gather ─▶ claims, shuffled ──▶ (inventory, asked) ─ distinct ─▶ claims of the story
    positions, asked of each version alone ─ rows ─▶ matrix ─ check ─▶ silence earned ─ differences ─▶

The order of the versions enters nowhere: everything is computed over the versions in the order of
their texts' digests, and only the view of it follows the order given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarize.comparison.coverage import uncovered
from summarize.comparison.differences import differences
from summarize.comparison.ground import Ground
from summarize.comparison.matrix import Distinct, rows
from summarize.comparison.model import Comparison
from summarize.comparison.silence import check, cuts
from summarize.reading import Position, Ungrounded


def compare(
    ground: Ground,
    claims: Sequence[Distinct],
    stances: Mapping[str, Mapping[int, Position]],
    *,
    ungrounded: Sequence[Ungrounded] = (),
    abstains: frozenset[str] = frozenset(),
) -> Comparison:
    """The comparison of a story.

    `claims` are its distinct claims, numbered from 1 in `stances`: version id → claim number → position.
    `abstains` names the sections of whose differences the engine makes nothing.
    """
    checked = check(ground, rows(ground, claims, stances))
    return Comparison(
        story=ground.story,
        readings=ground.readings,
        rows=checked,
        differences=differences(ground, cuts(ground, checked), abstains),
        anchors=ground.anchors,
        uncovered={v: uncovered(ground, v) for v in ground.articles},
        ungrounded=tuple(ungrounded),
        abstains=abstains,
    )
