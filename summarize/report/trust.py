"""How far a comparison can be trusted, as a view tells it: what this run shows, what it did not try, what people reach.

The figures are of summarize/reliability.py; nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarize.comparison.model import Comparison, Measure
from summarize.reliability import Ceiling, ceilings, table
from summarize.report.sheets import Sheet

_EDITS = "edits"
_UNTRIED = {
    "repeats": "repeated readings",
    "order": "the claims in another order",
    "blind": "the outlet's name shown",
}
_SHOWN = {
    "grounded": "findings that cite words of the text: {share} of {n}",
    "covered": "numbers, dates and quotations that are in a claim: {share} of {n}",
    "silence": "silence that is earned: {share} of {n} claims not found",
    "re-asked": "silences taken back when asked about again: {share} of {n}",
    "order": "claims shown in the other order are put together alike: {value:.2f} (adjusted Rand index; 0 is chance)",
}
_BRIEF = (("Krippendorff's alpha", "alpha"), ("Fleiss' kappa", "kappa"), ("agr, attribution by attribution", "agr"))


def all_measures(found: Comparison) -> tuple[Measure, ...]:
    """The measures of a comparison; of revisions, also what people reach on edits, which here are found by rules."""
    if not (found.story.revisions and found.reliability):
        return found.reliability
    known = ceilings(_EDITS)
    how = "edits are found by rules: the same texts give the same ones"
    told, source = "; ".join(map(str, known)), "; ".join(dict.fromkeys(c.citation for c in known))
    return (*found.reliability, Measure(f"repeats: {_EDITS}", None, 0, how, told, source))


def points(found: Comparison) -> tuple[str, ...]:
    """What this run shows of itself, in a sentence, and what was not measured, with the flags that do it."""
    shown = [
        _SHOWN[m.name].format(share=f"{m.value:.0%}", n=f"{m.n:,}", value=m.value)
        for m in found.reliability
        if m.value is not None and m.name in _SHOWN
    ]
    missing: dict[str, str] = {}
    for m in found.reliability:
        name = m.name.partition(": ")[0]
        if m.value is None and name in _UNTRIED and (m.how.startswith("--") or m.name == "blind"):
            missing.setdefault(f"{_UNTRIED[name]} ({m.how})", name)
    told = (f"This run: {'; '.join(shown)}.",) if shown else ()
    return (*told, f"Not measured: {', '.join(missing)}.") if missing else told


def sheet(found: Comparison, *, brief: bool) -> Sheet:
    """One line a section: this run, what people reach on labels of the kind, by whom; `brief`: without the labels."""
    lines = table(all_measures(found))
    runs = {line.section: _run(line.run, brief=brief) for line in lines}
    measured = any(runs.values())
    rows = []
    for line in lines:
        people = "; ".join(_people(ceilings(line.section))) if brief else line.people
        run = (runs[line.section] or "–",) if measured else ()
        if brief and not (people or runs[line.section]):
            continue
        rows.append((line.section, *run, people or line.people, line.source or "–"))
    columns = ("section", *(("this run",) if measured else ()), "people among themselves", "source")
    note = "People: what coders reach on labels of the kind, none exactly ours. Compare a share with a share."
    note += " This run: labels that two samples agree on, or that stay when the outlet is shown." if measured else ""
    wide = {"this run", "people among themselves"} | ({"source"} if brief else set())
    return Sheet("", note, columns, tuple(rows), frozenset(wide))


def citations(found: Comparison) -> tuple[str, ...]:
    """The works that the table names, in full."""
    named = (c.citation for line in table(all_measures(found)) for c in ceilings(line.section))
    return tuple(dict.fromkeys(named))


def _run(told: str, *, brief: bool) -> str:
    """What was measured of a section; what was not is told once for all."""
    run = "; ".join(one for one in told.split("; ") if not one.startswith("not measured"))
    for words in (" labels", " label", " between two samples", " when the outlet is shown") if brief else ():
        run = run.replace(words, "")
    return run


def _people(known: Sequence[Ceiling]) -> Iterator[str]:
    """The figures of a section, those on one label together."""
    by_label: dict[str, list[str]] = {}
    for c in known:
        by_label.setdefault(c.label, []).append(f"{c.figure:.2f} {_kind(c.kind)}")
    return (", ".join(figures) for figures in by_label.values())


def _kind(kind: str) -> str:
    for long, short in _BRIEF:
        kind = kind.replace(long, short)
    return kind
