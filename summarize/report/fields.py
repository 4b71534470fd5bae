"""The fields of a comparison's JSON that are about the whole story, in the words of their dataclasses.

Versions come in the order given; every evidence has its usual form, in lists where several may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TypeAlias

from summarize.comparison.model import Common, Comparison, Course, Figure, FigureRow, Quotation, Ratio
from summarize.copies import Descent, Origin
from summarize.evidence import Evidence
from summarize.report.trust import all_measures
from summarize.revisions import Edit, Revision

Json: TypeAlias = "dict[str, object]"
_DIGITS = 4  # of factors and shares: more would be the noise of floating point


def of_story(found: Comparison, order: Sequence[str]) -> Json:
    """The fields from `figures` to `reliability`; `order` has the ids of the versions as given."""
    return {
        "figures": [_figures(row, order) for row in found.figures],
        "ratios": [_ratio(ratio) for ratio in found.ratios],
        "quotations": [_quotation(quotation, order) for quotation in found.quotations],
        "account": [_common(common, order) for common in found.account],
        "unknown": {v: list(found.unknown.get(v, ())) for v in order},
        "origins": [_origin(origin, order) for origin in found.origins],
        "descents": [_descent(descent, order) for descent in found.descents],
        "revisions": [_revision(revision) for revision in found.revisions],
        "timeline": [_course(course) for course in found.timeline],
        "reliability": [asdict(measure) for measure in all_measures(found)],
    }


def evidence(found: Iterable[Evidence]) -> list[Json]:
    """Evidence as the contract has it."""
    return [asdict(e) for e in found]


def sides(found: Mapping[str, Iterable[Evidence]], order: Sequence[str]) -> Json:
    """Evidence by version id."""
    return {v: evidence(found[v]) for v in order if v in found}


def _figures(row: FigureRow, order: Sequence[str]) -> Json:
    told = {v: [_figure(figure) for figure in row.figures[v]] for v in order if v in row.figures}
    return {"what": row.what, "figures": told, "same": row.same, "claims": list(row.claims)}


def _figure(figure: Figure) -> Json:
    return {**asdict(figure), "evidence": evidence([figure.evidence])}


def _ratio(ratio: Ratio) -> Json:
    return {
        "version": ratio.words.version,
        "words": asdict(ratio.words),
        "claimed": [round(factor, _DIGITS) for factor in ratio.claimed],
        "numbers": evidence(ratio.numbers),
        "found": None if ratio.found is None else round(ratio.found, _DIGITS),
        "holds": ratio.holds,
    }


def _quotation(quotation: Quotation, order: Sequence[str]) -> Json:
    return {
        "status": quotation.status,
        "evidence": sides({v: (e,) for v, e in quotation.evidence.items()}, order),
        "speakers": {v: quotation.speakers[v] for v in order if quotation.speakers.get(v)},
    }


def _common(common: Common, order: Sequence[str]) -> Json:
    return {"text": common.text, "claim": common.claim, "evidence": sides(common.evidence, order)}


def _origin(origin: Origin, order: Sequence[str]) -> Json:
    versions = [v for v in order if v in origin.versions]
    return {"versions": versions, "resemblance": round(origin.resemblance, _DIGITS)}


def _descent(descent: Descent, order: Sequence[str]) -> Json:
    return {
        "versions": [v for v in order if v in descent.evidence],
        "evidence": sides({v: (e,) for v, e in descent.evidence.items()}, order),
        "words": descent.words,
        "earlier": descent.earlier or None,
    }


def _revision(revision: Revision) -> Json:
    return {
        "before": revision.before,
        "after": revision.after,
        "edits": [_edit(edit) for edit in revision.edits],
        "trivial": [_edit(edit) for edit in revision.trivial],
        "unchanged": revision.unchanged,
    }


def _edit(edit: Edit) -> Json:
    return {**asdict(edit), "changed": evidence(edit.changed), "reasons": list(edit.reasons)}


def _course(course: Course) -> Json:
    stages = [{**asdict(stage), "evidence": evidence(stage.evidence)} for stage in course.stages]
    return {"row": course.row, "text": course.text, "flip": course.flip, "stages": stages}
