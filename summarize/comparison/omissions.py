"""What one version tells and another does not: whole claims, and details of claims told in part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from summarize.anchors import Anchor
from summarize.comparison.ground import FIGURES, Ground, agreed, numbers, quote, sites
from summarize.comparison.model import Difference, Row
from summarize.evidence import Evidence, part
from summarize.text.likeness import Bag
from summarize.text.numbers import quantities
from summarize.text.speech import speeches
from summarize.text.view import fold

_SLIGHT = re.compile(r"1|\d+th|[a-z]+s")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_PART = 0.5  # coverage of a claim from which a sentence tells a part of it
_ROUNDED = 0.05  # the share by which a rounded figure may differ


def omissions(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims on which a version is silent. Claims from the same sentences are one omission."""
    grouped: dict[tuple[tuple[str, ...], frozenset[tuple[str, int]]], list[Row]] = {}
    for row in rows:
        lacking = tuple(v for v, p in row.positions.items() if p.status == "silent")
        told = row.stating() or row.telling()
        if lacking and told:
            where = frozenset(site for p in told.values() for site in sites(p.evidence))
            grouped.setdefault((lacking, where), []).append(row)
    for (lacking, _), group in grouped.items():
        told = group[0].stating() or group[0].telling()
        evidence = {v: _merged(row.positions[v].evidence for row in group) for v in told}
        elsewhere = {v: _merged(row.positions[v].evidence for row in group) for v in lacking}
        words = quote("; ".join(_told(row, told) for row in group), 280)
        rest = (
            f" {ground.listed(lacking)} {agreed(lacking, 'tells', 'tell')} as much elsewhere."
            if any(elsewhere.values())
            else ""
        )
        yield Difference(
            "omission",
            (*told, *lacking),
            f"In {ground.listed(told)}, not in {ground.listed(lacking)}: {words}.{rest}",
            {**evidence, **elsewhere},
            tuple(row.id for row in group),
            lacking,
            {**dict.fromkeys(told, "tells"), **{v: _pole(elsewhere[v]) for v in lacking}},
        )


def _told(row: Row, told: Iterable[str]) -> str:
    """A claim with who says it and whether it is hedged, where all do alike: prose says no more than the record."""
    positions = [row.positions[v] for v in told]
    speakers = {p.speaker for p in positions if p.voice == "attributed" and p.speaker}
    reserves = []
    named = bool(speeches(row.text, 0, len(row.text)))  # the claim says itself who says it
    if all(p.voice == "attributed" for p in positions) and not named:
        reserves.append(f"according to {speakers.pop()}" if len(speakers) == 1 else "as others say")
    if all(p.certainty != "asserted" for p in positions):
        reserves.append("hedged or unconfirmed")
    text = row.text.rstrip(".") if reserves else row.text
    return f"{text} ({', '.join(reserves)})" if reserves else text


def _pole(elsewhere: tuple[Evidence, ...]) -> str:
    return "tells as much elsewhere" if elsewhere else "silent"


def _merged(parts: Iterable[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    return tuple(sorted({e for part in parts for e in part}))


def details(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Numbers, dates and names of a claim that a version telling it in part has nowhere.

    Where it has another number for the same kind of thing there, the numbers differ; where it has one
    elsewhere, nothing is said to be missing.
    """
    said: set[tuple[str, str, str]] = set()
    for row in rows:
        for version, position in row.positions.items():
            if position.status != "partly" or not _tells(ground, row, version):
                continue
            missing: list[tuple[Anchor, Evidence]] = []
            for a, e in _figures_and_names(ground, row, version):
                # one name is missed once, in whatever form: "Karen McDougal", "McDougal"
                parts = {(version, a.kind, w) for w in (a.value.split() if a.kind == "name" else [a.value])}
                if parts.isdisjoint(said):
                    missing.append((a, e))
                said |= parts
            rivals = {e: (a, ground.comparable(version, e.version, a)) for a, e in missing}
            yield from _without(ground, row, version, [e for e, (_, found) in rivals.items() if not found])
            where = numbers(position.evidence)
            for e, (mine, found) in rivals.items():
                own = (a for a in found if a.sentence in where and not ground.occurrences(e.version, a))
                here = [a for a in own if ground.one_point(e.version, mine, version, a)]
                if here:
                    yield _other_number(ground, row, e, part(ground.articles[version], *here[0].span))


def _tells(ground: Ground, row: Row, version: str) -> bool:
    """Whether what a version has for a claim is a part of it, and not just about the same matter."""
    claim, bags = Bag.of(row.text), ground.bags[version]
    return any(ground.likeness.coverage(claim, bags[n]) >= _PART for n in numbers(row.positions[version].evidence))


def _without(ground: Ground, row: Row, version: str, missing: list[Evidence]) -> Iterator[Difference]:
    if not missing:
        return
    tellers = sorted({e.version for e in missing})
    evidence = {v: tuple(dict.fromkeys(e for e in missing if e.version == v)) for v in tellers}
    words = ", ".join(dict.fromkeys(quote(e.exact) for e in missing))
    yield Difference(
        "omission",
        (*evidence, version),
        f"In {ground.listed(tellers)}, not in {ground.label(version)}, which tells the rest: {words}.",
        {**evidence, version: row.positions[version].evidence},
        (row.id,),
        (version,),
        {**dict.fromkeys(tellers, "tells"), version: "tells without it"},
    )


def _other_number(ground: Ground, row: Row, one: Evidence, other: Evidence) -> Difference:
    evidence = {one.version: (one,), other.version: (other,)}
    said = "; ".join(f"{ground.label(v)} has {quote(evidence[v][0].exact)}" for v in ground.in_order(evidence))
    return Difference("numeric", tuple(evidence), f"{said}.", evidence, (row.id,), direction=ground.order_of(evidence))


def _figures_and_names(ground: Ground, row: Row, lacking: str) -> list[tuple[Anchor, Evidence]]:
    """Anchors of the claim in the versions that state it, of which `lacking` has none anywhere.

    Ordinals, "one" and orders of size are left out: "the second in two weeks" is told as well by "two
    weeks after another", "one person" by "a soldier", "thousands" by any figure.
    """
    flat, figures = fold(row.text), {q.value for q in quantities(row.text) if not _SLIGHT.fullmatch(q.value)}
    tellers = [p for v, p in row.positions.items() if v != lacking and p.status == "states"]
    found = ground.within((e for p in tellers for e in p.evidence), (*FIGURES, "name"))
    return [
        (a, e)
        for a, e in found
        if (a.value in figures if a.kind in FIGURES else a.value in flat and _lacks_name(ground, lacking, a, e))
        and not ground.occurrences(lacking, a)
        and not _rounded(ground, a, row.positions[lacking].evidence)
        and not _dated(ground, a, row.positions[lacking].evidence)
    ]


def _dated(ground: Ground, anchor: Anchor, evidence: Iterable[Evidence]) -> bool:
    """Whether `evidence` has the same date, given less fully: "2016" for "August 2016"."""
    there = [a.value for a, _ in ground.within(evidence, ("date",))]
    return anchor.kind == "date" and any(anchor.value.startswith(value) for value in there)


def _lacks_name(ground: Ground, lacking: str, name: Anchor, e: Evidence) -> bool:
    """Whether a name of the body (capitals in display text make none) is nowhere in `lacking`."""
    article = ground.articles[e.version]
    before = article.version.text[: e.start].split()[-1:]
    cut = bool(before) and before[0][:1].isupper() and before[0][-1:].isalnum()  # "Media Inc" of "American Media Inc"
    return article.sentences[e.sentence - 1].role == "body" and not cut and not ground.names(lacking, name)


def _rounded(ground: Ground, anchor: Anchor, evidence: Iterable[Evidence]) -> bool:
    """Whether `evidence` has a figure that may be this one rounded, or unrounded ("2,040", "about 2,000")."""
    mine = _number(anchor)
    there = [_number(a) for a, _ in ground.within(evidence, ("number",))]
    return mine > 0 and any(abs(mine - n) <= _ROUNDED * max(mine, n) for n in there)


def _number(anchor: Anchor) -> float:
    """The value of a plain number; 0 for any other anchor."""
    return float(anchor.value) if anchor.kind == "number" and _PLAIN.fullmatch(anchor.value) else 0.0
