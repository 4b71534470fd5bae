"""From readings and stances to a comparison: pure code, nothing is asked here.

    readings ─ gather ─▶ claims, shuffled ──▶ (inventory, asked) ─ merged ─▶ claims of the story
    positions, asked of each version alone ─ rows ─▶ matrix ─ doubts ─▶ (asked again) ─ settled ─▶ differences

The order of the versions enters nowhere: everything is computed over the versions in the order of
their texts' digests, and only the view of it follows the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from summarize.comparison.account import account, unknown
from summarize.comparison.coverage import uncovered
from summarize.comparison.differences import differences
from summarize.comparison.figures import figures
from summarize.comparison.ground import Ground
from summarize.comparison.model import Comparison, Row
from summarize.comparison.quotes import quotations
from summarize.comparison.ratios import ratios
from summarize.comparison.silence import cuts
from summarize.comparison.timeline import timeline
from summarize.copies import descents
from summarize.reading import Ungrounded
from summarize.revisions import revisions


def compare(
    ground: Ground,
    rows: tuple[Row, ...],
    *,
    ungrounded: Sequence[Ungrounded] = (),
    abstains: frozenset[str] = frozenset(),
) -> Comparison:
    """The comparison of a story from its matrix, in which every silence is settled.

    `abstains` names the sections of whose differences the engine makes nothing.
    """
    return Comparison(
        story=ground.story,
        readings=ground.readings,
        rows=rows,
        differences=differences(ground, cuts(ground, rows), abstains),
        anchors=ground.anchors,
        uncovered={v: uncovered(ground.readings[v], ground.anchors[v]) for v in ground.articles},
        ungrounded=tuple(ungrounded),
        abstains=abstains,
        account=account(ground, rows),
        unknown=unknown(ground, rows),
        figures=figures(ground, rows),
        ratios=ratios(ground),
        quotations=quotations(ground),
        origins=ground.origins,
        **_in_time(ground, rows) if ground.story.revisions else {"descents": descents(list(ground.articles.values()))},
    )


def _in_time(ground: Ground, rows: Sequence[Row]) -> dict[str, Any]:
    """What is said of revisions only."""
    articles = ground.story.articles
    return {"revisions": revisions(articles), "timeline": timeline(ground, rows, [a.version.id for a in articles])}
