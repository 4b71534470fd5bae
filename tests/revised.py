"""An article, changes planted in it, and what is found of them."""

from __future__ import annotations

from hypothesis import strategies as st

from summarize.news import Article, Version, lay_out
from summarize.revisions import Edit, Revision, revisions

HEADLINE = "Ferry runs aground off Lowick"
STORY = (
    "The ferry Aurora ran aground near Lowick on Monday with 212 passengers on board.",
    "Rescue crews brought everyone ashore within four hours, the coastguard said.",
    "“We never lost control of the situation,” said Ana Ruiz, the harbour master.",
    "The captain did not ignore a warning about the sandbank, according to the operator.",
    "Fog had covered the estuary since the early morning.",
    "Tourists come to the old fishing town for its market and its lighthouse.",
    "The ship allegedly passed a buoy at a speed of 18 knots.",
    "Investigators will examine the steering gear and the log of the voyage.",
)
SENTENCES = st.lists(st.sampled_from([*STORY, "Yes.", "It was late.", "•", "He paid 5 euros.", "No."]), max_size=12)


def article(*paragraphs: str, headline: str = HEADLINE, name: str = "") -> Article:
    """An article of paragraphs."""
    return lay_out(Version("\n\n".join((headline, *paragraphs)), id=name))


def change(before: Article, after: Article) -> Revision:
    """What changed between two articles."""
    (found,) = revisions([before, after])
    return found


def planted(place: int, old: str, new: str) -> Revision:
    """The story with a planted change in one sentence."""
    assert old in STORY[place]
    changed = [s.replace(old, new) if i == place else s for i, s in enumerate(STORY)]
    return change(article(*STORY, name="v1"), article(*changed, name="v2"))


def only(revision: Revision) -> Edit:
    """The one edit of a revision that has nothing else."""
    (edit,) = (*revision.edits, *revision.trivial)
    return edit


def words(edit: Edit, version: str) -> list[str]:
    """The changed words of one side."""
    return [e.exact for e in edit.changed if e.version == version]
