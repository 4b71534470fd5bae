"""How far a comparison can be trusted: what this run shows of itself, beside what people reach among themselves.

    Comparison, repeated asking ─ measures ─▶ Measure (a share 0 to 1, over n cases, or how to take it) ─ table ─▶ lines

Nothing is asked here. A measure that was not taken has no value, and its `how` says what takes it. The ceilings
(data/ceilings.tsv) are what coders reach on labels of the same kind, none of which is exactly ours. Alpha and
kappa take out the agreement that chance alone would bring, shares do not: compare a share with a share.

All counts are sums over versions, so the order of the versions changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import NamedTuple

from summarize.comparison.model import Comparison, Measure
from summarize.reading import Label, Reading
from summarize.text.lists import entries

SECTIONS = ("tone", "framing", "portrayal", "wording", "voices", "claims", "stance")
BLIND = ("tone", "framing", "portrayal")  # what the outlet's name may sway
_ANCHORS = frozenset({"number", "date", "quotation"})  # what a claim has to hold; names need not be
_FEW = 2  # authors that are all named


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two mergings of the same claims are: adjusted Rand index (at most 1; 0 is chance), over `n` pairs."""

    share: float
    n: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The label of one thing (`of`, in `section`) with the outlet masked, and with it shown."""

    section: str
    of: str
    blind: str | int | None
    unblind: str | int | None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What people reached among themselves on `label`: `figure` (0 to 1) of a `kind`, on `n` items.

    `checked` says how the figure got here: "paper" (read in the full text), "authors" (in their abstract or the
    README of their data), "data" (computed from the single judgements as they released them).
    """

    section: str
    label: str
    figure: float
    kind: str
    n: str
    authors: str
    year: int
    title: str
    venue: str
    url: str
    checked: str

    @property
    def short(self) -> str:
        """Authors and year, as cited inside a text."""
        names = self.authors.split(", ")
        told = " & ".join(names) if len(names) <= _FEW else f"{names[0]} et al."
        return f"{told} {self.year}"

    @property
    def citation(self) -> str:
        """The work, in full."""
        told = f"{self.authors} ({self.year}): {self.title}. {self.venue}"
        return f"{told}, {self.url}" if self.url else told

    def __str__(self) -> str:
        return f"{self.figure:.2f} {self.kind} ({self.label}; {self.n})"


class Line(NamedTuple):
    """A line of the table that is printed beside a comparison."""

    section: str
    run: str
    people: str
    source: str


def ceilings(section: str) -> tuple[Ceiling, ...]:
    """The known ceilings of a section ("tone" … "stance", and "edits" for revisions); empty where none is known."""
    rows = (row for row in entries("ceilings.tsv", "summarize") if row[0] == section)
    return tuple(Ceiling(s, label, float(figure), kind, n, who, int(year), title, venue, url, checked)
                 for s, label, figure, kind, n, who, year, title, venue, url, checked in rows)  # fmt: skip


def measures(
    found: Comparison,
    *,
    rechecked: Sequence[tuple[str, str, str, str]] = (),
    order: Agreement | None = None,
    blind: Sequence[Shift] | None = None,
) -> tuple[Measure, ...]:
    """The measures of a comparison, always in this order; all values are shares, 0 to 1.

    "grounded"; "repeats: SECTION" for each section that the comparison has, with its ceiling; "order"; "blind"
    (not taken), or "blind: SECTION" for each section in `blind`; "re-asked"; "silence"; "covered".
    `rechecked` holds (version, claim number, status before, status after) of silent claims asked about again.
    """
    return (
        _grounded(found),
        *_repeats(found),
        _order(order),
        *_blind(blind),
        _re_asked(rechecked),
        _silence(found),
        _covered(found),
    )


def table(found: Iterable[Measure]) -> tuple[Line, ...]:
    """One line a section: what this run shows of itself, and what people reach, by whom."""
    runs: dict[str, list[str]] = {}
    for measure in found:
        name, _, section = measure.name.partition(": ")
        if section:
            runs.setdefault(section, []).append(_told(name, measure))
    lines = []
    for section, run in runs.items():
        source = "; ".join(dict.fromkeys(c.short for c in ceilings(section)))
        lines.append(Line(section, "; ".join(run), _people(section) or "no figure known", source))
    return tuple(lines)


def _people(section: str) -> str:
    """The figures of a section, those on one label together."""
    figures: dict[str, list[str]] = {}
    for known in ceilings(section):
        figures.setdefault(known.label, []).append(f"{known.figure:.2f} {known.kind}")
    return "; ".join(f"{', '.join(told)} ({label})" for label, told in figures.items())


def rand(one: Sequence[Collection[str]], other: Sequence[Collection[str]]) -> Agreement:
    """How alike two mergings of the same claims are (adjusted Rand index; Hubert & Arabie 1985).

    Each is a list of groups of claims, every claim in exactly one. 1 where both put together and keep apart the
    same, about 0 where they agree as chance would, below it where less. Raises ValueError where the claims differ.
    """
    first, second = _places(one), _places(other)
    if first.keys() != second.keys():
        raise ValueError("two mergings can be compared only of the same claims")
    pairs = comb(len(first), 2)
    both = _pairs((first[claim], second[claim]) for claim in first)
    left, right = _pairs(first.values()), _pairs(second.values())
    chance, most = (left * right / pairs if pairs else 0.0), (left + right) / 2
    # where all is together, or all apart, on both sides, they are equal and chance is no measure
    return Agreement(1.0 if most == chance else (both - chance) / (most - chance), pairs)


def _places(groups: Sequence[Collection[str]]) -> dict[str, int]:
    places = {claim: i for i, group in enumerate(groups) for claim in group}
    if len(places) != sum(map(len, groups)):
        raise ValueError("a merging has every claim in exactly one group")
    return places


def _pairs(places: Iterable[object]) -> int:
    return sum(comb(size, 2) for size in Counter(places).values())


def _share(name: str, part: float, n: int, how: str, otherwise: str) -> Measure:
    """The measure of `part` of `n` cases; of no case there is no share, and `otherwise` says why."""
    return Measure(name, round(part / n, 3), n, how) if n else Measure(name, None, 0, otherwise)


def _grounded(found: Comparison) -> Measure:
    readings = found.readings.values()
    stances = sum(bool(p.evidence) for row in found.rows for p in row.positions.values())
    stand = sum(r.grounded for r in readings) + stances
    n = stand + sum(len(r.ungrounded) for r in readings) + len(found.ungrounded)
    return _share(
        "grounded", stand, n, "of all findings, those whose citation leads to words of the text", "no finding"
    )


def _repeats(found: Comparison) -> Iterator[Measure]:
    labels = [label for r in found.readings.values() for label in r.agreement]
    labels += [label for of in found.agreement.values() for label in of]
    for section in SECTIONS:
        mine = [share for label in labels if label.section == section and (share := _alike(label)) is not None]
        if not mine and not _present(found, section):
            continue
        known = ceilings(section)
        taken = _share("", sum(mine), len(mine), "of the labels, those on which two samples agree", "--samples 3")
        source = "; ".join(dict.fromkeys(c.citation for c in known))
        yield Measure(f"repeats: {section}", taken.value, taken.n, taken.how, "; ".join(map(str, known)), source)


def _alike(label: Label) -> float | None:
    """The share of pairs of samples that gave the same, so that it does not hang on how many samples there are.

    A pair in which neither found anything is none: agreed absence comes cheap. None where there is no pair.
    """
    pairs = [(a, b) for a, b in combinations(label.values, 2) if not (a is None and b is None)]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def _present(found: Comparison, section: str) -> bool:
    if section == "stance":
        return bool(found.rows)
    return any(_has(reading, section) for reading in found.readings.values())


def _has(reading: Reading, section: str) -> bool:
    return {
        "tone": any(reading.tone.values()),
        "framing": bool(reading.frames or reading.functions),
        "portrayal": bool(reading.portrayal),
        "wording": bool(reading.wording),
        "voices": bool(reading.voices),
        "claims": bool(reading.claims),
    }[section]


def _order(order: Agreement | None) -> Measure:
    if order is None:
        return Measure("order", None, 0, "--check-order")
    how = (
        "pairs of claims that are put together or kept apart whichever way round they are shown (adjusted Rand index; "
        "Hubert & Arabie 1985). That swapping the versions changes nothing is exact, by construction"
    )
    share = max(order.share, 0.0)  # less than chance is no agreement either
    return _share("order", share * order.n, order.n, how, "there are fewer than two claims to merge")


def _blind(shifts: Sequence[Shift] | None) -> Iterator[Measure]:
    if not shifts:
        how = "--check-blind" if shifts is None else "no version names an outlet that could be shown"
        yield Measure("blind", None, 0, how)
        return
    how = "of the labels, those that stay when the outlet's name is shown"
    given = {s.section for s in shifts}
    for section in (*(s for s in BLIND if s in given), *sorted(given.difference(BLIND))):
        mine = [s for s in shifts if s.section == section]
        yield _share(f"blind: {section}", sum(s.blind == s.unblind for s in mine), len(mine), how, "")


def _re_asked(rechecked: Sequence[tuple[str, str, str, str]]) -> Measure:
    told = sum(after in {"states", "partly", "contradicts"} for _, _, _, after in rechecked)
    how = "of the silent claims that were asked about again, those that the version does speak of"
    return _share("re-asked", told, len(rechecked), how, "no silent claim was asked about again")


def _silence(found: Comparison) -> Measure:
    cells = Counter(p.status for row in found.rows for p in row.positions.values())
    silent = cells["silent"]
    how = "of the claims that a version was not found to tell, those it is silent on: nothing in it may be them"
    return _share("silence", silent, silent + cells["not found"], how, "every version tells every claim")


def _covered(found: Comparison) -> Measure:
    n = sum(a.kind in _ANCHORS for anchors in found.anchors.values() for a in anchors)
    bare = sum(a.kind in _ANCHORS for anchors in found.uncovered.values() for a in anchors)
    how = "of the numbers, dates and quotations of the texts, those that a claim holds"
    return _share("covered", n - bare, n, how, "no number, date or quotation")


def _told(name: str, measure: Measure) -> str:
    """A measure of a section in a few words."""
    if measure.value is None:
        return f"not measured: {measure.how}"
    does = {"repeats": "agree between two samples", "blind": "stay when the outlet is shown"}[name]
    return f"{measure.value:.2f} of {measure.n} {'label' if measure.n == 1 else 'labels'} {does}"
