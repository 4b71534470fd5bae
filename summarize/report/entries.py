"""What is shown with the words of each side: a difference, a copied passage, an edit. Nothing is styled yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarize.comparison.model import Comparison, Difference
from summarize.copies import Descent
from summarize.evidence import Evidence
from summarize.report.content import Names, Side, passages, sides
from summarize.report.leads import aside, lead
from summarize.report.text import count, joined
from summarize.revisions import Edit, Revision

_NATURES = ("factual", "narrative", "stylistic")  # what matters most comes first
_DONE = {"addition": "added", "deletion": "removed", "edit": "changed", "move": "moved"}


@dataclass(frozen=True, slots=True)
class Entry:
    """`lead` says it in a line, `aside` what is to be known besides; `id` is empty where it has none."""

    id: str
    lead: str
    aside: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a title; `note` says how to read them, `what` what one of them is."""

    title: str
    note: str
    entries: tuple[Entry, ...]
    what: str


def of_difference(found: Comparison, difference: Difference, named: Names) -> Entry:
    """A difference, with each version's part in it."""
    return Entry(difference.id, lead(found, difference, named), aside(difference, named), sides(found, difference))


def of_descents(found: Comparison, named: Names) -> Group:
    """The passages that two versions of different origins have word for word."""
    note = "Who took it from whom is not known: both may have it from a third."
    made = tuple(_descent(found, descent, named) for descent in found.descents)
    return Group("The same passages, word for word", note, made, "passage")


def _descent(found: Comparison, descent: Descent, named: Names) -> Entry:
    versions = [v for v in named.short if v in descent.evidence]
    told = f"{joined([named.short[v] for v in versions])} have {count(descent.words, 'word')} in a row in common"
    first = f"{named.short[descent.earlier]} was published first." if descent.earlier else ""
    parts = tuple(Side(v, passages(found.story[v], [descent.evidence[v]])) for v in versions)
    return Entry("", f"{told}.", first, parts)


def of_revisions(found: Comparison, named: Names) -> tuple[Group, ...]:
    """What changed from each revision to the next: what is factual first; what is trivial is only counted."""
    return tuple(_revision(found, revision, named) for revision in found.revisions)


def _revision(found: Comparison, revision: Revision, named: Names) -> Group:
    counts = [f"{n} {nature}" for nature in _NATURES if (n := sum(e.nature == nature for e in revision.edits))]
    told = f"{joined(counts)}. " if counts else "Nothing that matters. "
    trivial = f"{count(len(revision.trivial), 'trivial change')} and " if revision.trivial else ""
    rest = f"{trivial}{count(revision.unchanged, 'unchanged sentence')} not shown."
    ordered = [edit for nature in _NATURES for edit in revision.edits if edit.nature == nature]
    title = f"What changed from {named.short[revision.before]} to {named.short[revision.after]}"
    return Group(title, told + rest, tuple(_edit(found, revision, edit) for edit in ordered), "change")


def _edit(found: Comparison, revision: Revision, edit: Edit) -> Entry:
    done = "reworded" if edit.kind == "edit" and edit.nature == "stylistic" else _DONE[edit.kind]
    new = {"addition": "new: ", "deletion": "gone: "}.get(edit.kind, "")
    reasons = f" ({new}{'; '.join(edit.reasons)})" if edit.reasons else ""
    before = _side(found, revision.before, edit.before, edit.changed, "not there yet")
    after = _side(found, revision.after, edit.after, edit.changed, "no longer there")
    return Entry("", f"{edit.nature.capitalize()}: {done}{reasons}.", "", (before, after))


def _side(found: Comparison, version: str, told: Evidence | None, changed: Iterable[Evidence], missing: str) -> Side:
    """A version's sentences of an edit, with the words that changed marked; all of them, where all is new or gone."""
    if told is None:
        return Side(version, (), missing)
    mine: Sequence[Evidence] = [e for e in changed if e.version == version]
    return Side(version, passages(found.story[version], [told], mine))
