"""What a comparison says of the story as a whole, as tables: numbers, ratios, quotations, claims unknown, their course.

Where a view has little room (`all_of` is false), what is told in one version only is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from summarize.comparison.model import Comparison, Course, Figure, FigureRow, Quotation, Ratio
from summarize.report.content import Names, cited, sentence_numbers
from summarize.report.sheets.sheet import Line, Sheet
from summarize.report.text import count, joined

_SIDE_BY_SIDE = 3  # versions that have a column each
_CHECKED = {True: "holds", False: "does not hold", None: "cannot be checked"}
_SAID = ("unit", "base", "rounding", "date")


def of_story(found: Comparison, named: Names, *, all_of: bool) -> tuple[Sheet, ...]:
    """The tables of what the versions count and quote."""
    return (
        figures(found, named, all_of=all_of),
        ratios(found, named),
        quotations(found, named, all_of=all_of),
    )


def unknown(found: Comparison, named: Names) -> tuple[Sheet, ...]:
    """For each version the claims that it is silent on, and who tells them."""
    rows = {row.id: row for row in found.rows}
    sheets: list[Sheet] = []
    for version, name in named.short.items():
        lacking = [rows[i] for i in found.unknown.get(version, ())]
        lines = tuple(
            (row.id, row.text, cited({v: p.evidence for v, p in row.telling().items()}, named)) for row in lacking
        )
        note = "" if any(sheet.rows for sheet in sheets) else "What is told elsewhere and it says nothing of."
        title = f"A reader of {name} alone would not know"
        sheets.append(Sheet(title, note, ("id", "claim", "told in"), lines, frozenset({"claim"}), "claim"))
    return tuple(sheets)


def figures(found: Comparison, named: Names, *, all_of: bool) -> Sheet:
    """One quantity a row, those that are not the same first."""
    shared = [row for row in found.figures if len(row.figures) > 1 or not row.same]
    alone = len(found.figures) - len(shared)
    shown = sorted(found.figures if all_of else shared, key=lambda row: row.same)
    apart = len(named.short) <= _SIDE_BY_SIDE
    columns = ("what", *(named.short.values() if apart else ("told as",)), "same?")
    rows = tuple((row.what or "–", *_told(row, named, apart=apart), _same(row)) for row in shown)
    left = f"{count(alone, 'quantity', 'quantities')} told in one version only: not shown." if alone else ""
    note = f"Behind the words the number of the sentence. {'' if all_of else left}".rstrip()
    return Sheet("Numbers", note, columns, rows, frozenset(columns[:-1]), "quantity", left)


def _same(row: FigureRow) -> str:
    return ("same" if len(row.figures) > 1 else "one only") if row.same else "not the same"


def _told(row: FigureRow, named: Names, *, apart: bool) -> Line:
    """Each version's words in a cell of its own, or all in one."""
    every = [figure for side in row.figures.values() for figure in side]
    differ = [name for name in _SAID if len({getattr(figure, name) for figure in every}) > 1]
    cells = {v: _words(row.figures.get(v, ()), differ) for v in named.short}
    if apart:
        return tuple(cell or "–" for cell in cells.values())
    return (" · ".join(f"{named.short[v]} {cell}" for v, cell in cells.items() if cell),)


def _words(told: Iterable[Figure], differ: Sequence[str]) -> str:
    """The words for a figure, with the sentences, and with what other versions say otherwise."""
    places: dict[str, list[Figure]] = {}
    for figure in told:
        # what a figure counts stands in its words if it is money or a share
        said = [s for name in differ if (s := getattr(figure, name)) and s not in figure.evidence.exact]
        places.setdefault(f"“{figure.evidence.exact}”{''.join(f', {s}' for s in said)}", []).append(figure)
    return "; ".join(f"{words} ({sentence_numbers(f.evidence for f in here)})" for words, here in places.items())


def ratios(found: Comparison, named: Names) -> Sheet:
    """Ratios in words, and whether the numbers of the same version bear them out."""
    order = list(named.short)
    rows = tuple(_ratio(r, named) for r in sorted(found.ratios, key=lambda r: order.index(r.words.version)))
    columns = ("version", "words", "factor they allow", "factor of the numbers", "check")
    note = "Checked against the numbers of the same version."
    return Sheet("Ratios in words", note, columns, rows, frozenset({"words", "factor of the numbers"}))


def _ratio(ratio: Ratio, named: Names) -> Line:
    words = f"“{ratio.words.exact}” ({ratio.words.sentence})"
    least, most = (f"{factor:.3g}" for factor in ratio.claimed)
    # the numbers mostly stand in the sentence of the words
    elsewhere = any(e.sentence != ratio.words.sentence for e in ratio.numbers)
    numbers = [f"“{e.exact}”{f' ({e.sentence})' if elsewhere else ''}" for e in ratio.numbers]
    factor = "–" if ratio.found is None else f"{ratio.found:.3g}, from {joined(numbers)}"
    return named.short[ratio.words.version], words, f"{least} to {most}", factor, _CHECKED[ratio.holds]


def quotations(found: Comparison, named: Names, *, all_of: bool) -> Sheet:
    """Trimmed quotations, shared ones, and those in one version only."""
    by_status = {s: [q for q in found.quotations if q.status == s] for s in ("trimmed", "shared", "only")}
    alone = Counter(v for q in by_status["only"] for v in q.evidence)
    counts = [f"{len(by_status[s])} {s}" for s in ("shared", "trimmed") if by_status[s]]
    counts += [f"{alone[v]} in {name} only" for v, name in named.short.items() if alone[v]]
    shown = [*by_status["trimmed"], *by_status["shared"], *(by_status["only"] if all_of else ())]
    told = f"{joined(counts)}." if counts else ""
    note = f"{told} Trimmed: each has a part." if by_status["trimmed"] else told
    rows = tuple((q.status, _quoted(q, named), _speakers(q, named)) for q in shown)
    columns = ("status", "who quotes what", "speaker")
    return Sheet("Quotations", note, columns, rows, frozenset({"who quotes what"}), "quotation", told)


def _quoted(quotation: Quotation, named: Names) -> str:
    told = {v: quotation.evidence[v] for v in named.short if v in quotation.evidence}
    if quotation.status == "trimmed":
        return " · ".join(f"{cited({v: [e]}, named)}: “{e.exact}”" for v, e in told.items())
    return f"{cited({v: [e] for v, e in told.items()}, named)}: “{next(iter(told.values())).exact}”"


def _speakers(quotation: Quotation, named: Names) -> str:
    told = {v: quotation.speakers[v] for v in named.short if quotation.speakers.get(v)}
    if len(set(told.values())) == 1 and len(told) == len(quotation.evidence):
        return next(iter(told.values()))
    return "; ".join(f"{named.short[v]}: {speaker}" for v, speaker in told.items()) or "–"


def courses(found: Comparison, named: Names) -> Sheet:
    """What became of each claim from revision to revision, flip-flops first."""
    texts = {row.id: row.text for row in found.rows}
    rows = tuple((c.row, texts[c.row], _course(c, named)) for c in found.timeline)
    flips = sum(course.flip for course in found.timeline)
    note = f"Claims that changed, {count(flips, 'flip-flop')} first." if flips else "Claims that changed; no flip-flop."
    return Sheet("Timeline of claims", note, ("id", "claim", "course"), rows, frozenset({"claim", "course"}))


def _course(course: Course, named: Names) -> str:
    stages = [
        f"{named.short[s.version]} {s.says}{f' ({sentence_numbers(s.evidence)})' if s.evidence else ''}"
        for s in course.stages
    ]
    tail = course.text.rpartition("; ")[2]
    swung = f"; {tail}" if course.flip and tail.startswith("the figure is ") else ""
    return f"{'flip-flop: ' if course.flip else ''}{' → '.join(stages)}{swung}"
