"""What changed from one revision of an article to the next: pure code, nothing is asked.

    Article, Article ─ sides ─▶ sentences as words ─ alignment ─▶ pairs, gone, new ─ edits ─▶ Revision

Sentence operations are those of NewsEdits (Spangher, Ren, May, Peng: "NewsEdits: A News Article Revision Dataset
and a Novel Document-Level Reasoning Challenge", NAACL 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from summarize.news import Article
from summarize.revisions.alignment import align
from summarize.revisions.edits import edits
from summarize.revisions.likely import Resemblance
from summarize.revisions.lineage import in_time, same_article
from summarize.revisions.model import Edit, Revision
from summarize.revisions.sides import Side

__all__ = ["Edit", "Revision", "in_time", "revisions", "same_article"]


def revisions(articles: Sequence[Article]) -> tuple[Revision, ...]:
    """What changed between each two consecutive articles, in the order given; empty for fewer than two."""
    return tuple(_revision(before, after) for before, after in pairwise([Side(a) for a in articles]))


def _revision(before: Side, after: Side) -> Revision:
    likeness = Resemblance(before, after)
    aligned = align(before, after, likeness)
    found = list(edits(before, after, aligned, likeness))
    paired = sum(edit.before is not None and edit.after is not None for edit in found)
    return Revision(
        before.article.version.id,
        after.article.version.id,
        tuple(edit for edit in found if edit.nature != "trivial"),
        tuple(edit for edit in found if edit.nature == "trivial"),
        len(aligned.pairs) - paired,
    )
