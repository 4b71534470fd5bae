"""What a difference comes down to, in one line, by the names that the versions have in this report.

A difference's own prose calls versions by their labels, which may be long or equal; here it is told
again from the same record, shorter, since the words themselves stand below it. Where the record does
not give what the line needs, the prose is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarize.comparison.model import Comparison, Difference, Row
from summarize.evidence import Evidence
from summarize.reading import Reading
from summarize.report.content import TRIED, Names, Side, role, sides
from summarize.report.text import cut, joined, safe, signed, spaced
from summarize.text.view import fold

_WORDS = 160  # characters of a version's words in the line above them
_POLES = frozenset({"numeric", "attribution", "contradiction", "prominence"})  # of the others the line itself tells
_ON_A_CLAIM = frozenset({"attribution", "certainty", "prominence", "causal"})


def lead(found: Comparison, difference: Difference, named: Names) -> str:
    """The line above the words of a difference."""
    row = next((row for row in found.rows if row.id in difference.claims), None)
    told = sides(found, difference)
    if difference.kind == "attribution" and row is None:
        return "Other words are quoted."
    if difference.kind == "contradiction" and row is not None:
        return f"On “{row.text}”"
    if difference.kind == "omission" and all(p.whole for side in told for p in side.passages):
        return _missing(told, difference, named)
    parts = [(named.short[side.version], _part(found, difference, side, row)) for side in told]
    if not all(part for _, part in parts):
        return difference.text
    line = "; ".join(f"{name}: {part}" for name, part in parts)
    return f"{line}{_on(row, told) if difference.kind in _ON_A_CLAIM and row else ''}."


def aside(difference: Difference, named: Names) -> str:
    """The pole at which each version stands, where the line above does not tell it, and what is on the same point."""
    poles = {v: pole for v in named.short if (pole := difference.direction.get(v, ""))}
    shown = difference.kind in _POLES and len(set(poles.values())) > 1
    told = "; ".join(f"{named.short[v]}: {pole}" for v, pole in poles.items()) if shown else ""
    beside = f"see also {', '.join(difference.beside)}" if difference.beside else ""
    return " · ".join(filter(None, (told, beside)))


def _missing(told: Sequence[Side], difference: Difference, named: Names) -> str:
    tellers = joined([named.short[side.version] for side in told if side.version not in difference.lacking])
    lacking = joined([named.short[side.version] for side in told if side.version in difference.lacking])
    if any(side.passages for side in told if side.version in difference.lacking):
        return f"Of what {tellers} says, {lacking} leaves this sentence out."
    return f"In {tellers}, not in {lacking}."


def _on(row: Row, told: Sequence[Side]) -> str:
    """The claim it is about, unless that is just what the words below say."""
    shown = {fold(safe(passage.text)) for side in told for passage in side.passages}
    return "" if fold(safe(row.text)) in shown else f", on “{row.text.rstrip('.')}”"


def _part(found: Comparison, difference: Difference, side: Side, row: Row | None) -> str:
    """What one version has; empty where the record does not say."""
    reading = found.readings[side.version]
    match difference.kind:
        case "omission":
            return "without the detail" if side.version in difference.lacking else _marked(side)
        case "numeric":
            return _marked(side) or "none of these"
        case "wording":
            return _wording(side, difference, reading)
        case "attribution" | "certainty" | "causal":
            return _position(difference, row, side.version) if row else ""
        case "prominence":
            return _place(found, side)
        case _:
            return _judgement(difference, side.version, reading)


def _marked(side: Side) -> str:
    """The words that a difference rests on, where they are not whole sentences."""
    words = [piece for passage in side.passages if not passage.whole for piece, marked in passage.pieces if marked]
    return ", ".join(f"“{cut(piece, _WORDS)}”" for piece in dict.fromkeys(words))


def _wording(side: Side, difference: Difference, reading: Reading) -> str:
    evidence = difference.evidence.get(side.version, ())
    loaded = next((w for w in reading.wording if _inside(w.evidence[0], evidence)), None)
    if loaded is None:
        return _marked(side)
    tried = "" if loaded.confirmed is None else f", {TRIED[loaded.confirmed]}"
    return f"{_marked(side)} ({spaced(loaded.technique)}{tried})"


def _position(difference: Difference, row: Row, version: str) -> str:
    position = row.positions[version]
    if difference.kind == "certainty":
        return position.certainty
    if difference.kind == "causal":
        return "gives a cause" if position.status == "states" else "tells it without a cause"
    if position.voice == "author":
        return "in its own voice"
    return f"according to “{cut(position.speaker, _WORDS)}”" if position.speaker else "attributed"


def _place(found: Comparison, side: Side) -> str:
    """How far down a version comes to it; the top is all up to the end of the first paragraph of the body."""
    read = list(found.story[side.version].read())
    here = next(s for s in read if s.number == side.passages[0].sentence)
    before = read.index(here)
    top = here.paragraph <= next((s.paragraph for s in read if s.role == "body"), 0)
    place = f"after {before} of {len(read)} sentences" if before else "opens with it"
    return f"near the top, {place}" if top and before else place


def _judgement(difference: Difference, version: str, reading: Reading) -> str:
    """Of the version's findings, the one that has this evidence."""
    evidence = difference.evidence.get(version)
    findings: Mapping[str, Sequence[tuple[object, str]]] = {
        "tone": [(t.evidence, f"{signed(t.score)} ({scope})") for scope, t in reading.tone.items() if t],
        "framing": [(f.evidence, spaced(f.frame)) for f in reading.frames if f.rank == "primary"],
        "portrayal": [(p.evidence, f"{p.entity}, {role(p)}, tone {signed(p.tone)}") for p in reading.portrayal],
    }
    return next((said for where, said in findings.get(difference.kind, ()) if where == evidence), "")


def _inside(words: Evidence, evidence: tuple[Evidence, ...]) -> bool:
    """Whether a difference shows these words, with or without the word they decorate."""
    return any(e.start <= words.start and words.end <= e.end for e in evidence)
