"""Votes on tone, framing, portrayal and voices: each gives what is kept, and a label per judgement.

Presence is voted on before anything else: what no more than half of the readings found is dropped. Of
what is kept, the words and the evidence come from the first reading that judged as the vote did, or
nearest to it, so that evidence and judgement belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Literal, TypeAlias

from summarize.agreement.votes import Row, aligned, each, label, many, middle, most, present
from summarize.evidence import Evidence
from summarize.reading import SCOPES, Frame, Function, Label, Portrayal, Reading, Scope, Tone, Voice
from summarize.text.view import fold

Rank: TypeAlias = Literal["primary", "secondary"]
FUNCTIONS = ("problem", "cause", "judgement", "remedy")


def tones(readings: Sequence[Reading]) -> tuple[dict[Scope, Tone | None], list[Label]]:
    """Tone per scope: the medians of score and intensity (see `middle`).

    Not judged (None) is a value: it is kept unless more than half of the readings judge the scope, and
    for score and intensity together, because a tone has both or is none.
    """
    kept: dict[Scope, Tone | None] = {}
    labels = []
    for scope in SCOPES:
        if not any(scope in r.tone for r in readings):
            continue
        row = tuple(r.tone.get(scope) for r in readings)
        kept[scope] = tone = _tone(row) if many(row) else None
        for judged in ("score", "intensity"):
            *values, voted = each((*row, tone), attrgetter(judged))
            labels.append(label("tone", f"{scope} {judged}", values, voted))
    return kept, labels


def _tone(row: Row[Tone]) -> Tone:
    judged = present(row)
    score, intensity = middle(t.score for t in judged), middle(t.intensity for t in judged)
    nearest = min(judged, key=lambda t: (abs(t.score - score), abs(t.intensity - intensity)))
    return Tone(score, intensity, nearest.evidence)


def frames(readings: Sequence[Reading]) -> tuple[tuple[Frame, ...], list[Label]]:
    """Frames that more than half have, each with the rank that most of these give it (of equals: secondary).

    One frame organises an article: of several that are primary so, the one that most readings have as
    primary stays it (of equals the one that more have at all, then the first by name).
    """
    rows = aligned([r.frames for r in readings], lambda frame: frame.frame)
    ranks = [_rank(row) for row in rows]
    leading = [i for i, rank in enumerate(ranks) if rank == "primary"]
    leader = min(leading, key=lambda i: _lead(rows[i]), default=None)
    kept, labels = [], []
    for i, (row, voted) in enumerate(zip(rows, ranks, strict=True)):
        rank: Rank | None = "secondary" if voted == "primary" and i != leader else voted
        found = present(row)
        labels.append(label("framing", found[0].frame, each(row, lambda f: f.rank), rank))
        if rank is not None:
            nearest = min(found, key=lambda f: f.rank != rank)
            kept.append(replace(nearest, rank=rank))
    return tuple(kept), labels


def _rank(row: Row[Frame]) -> Rank | None:
    return most((f.rank for f in present(row)), ("secondary",)) if many(row) else None


def _lead(row: Row[Frame]) -> tuple[int, int, str]:
    found = present(row)
    return -sum(f.rank == "primary" for f in found), -len(found), found[0].frame


def function_labels(readings: Sequence[Reading]) -> list[Label]:
    """A label for each of Entman's functions that any reading finds: "present" where more than half do."""
    labels = []
    for function in FUNCTIONS:
        row = [("present" if any(f.function == function for f in r.functions) else None) for r in readings]
        if any(row):
            labels.append(label("framing", f"{function} function", row, "present" if many(row) else None))
    return labels


def functions(readings: Sequence[Reading], labels: Sequence[Label], medoid: Reading) -> tuple[Function, ...]:
    """The functions that more than half have, in the words of the medoid: texts cannot be voted on.

    Where the medoid lacks one, in those of the first reading that has it: the vote decides, not the medoid.
    """
    voted = {label.of.removesuffix(" function") for label in labels if label.kept == "present"}
    kept = [f for f in medoid.functions if f.function in voted]
    for function in sorted(voted - {f.function for f in kept}, key=FUNCTIONS.index):
        found = ([f for f in r.functions if f.function == function] for r in readings)
        kept += next(filter(None, found), [])
    return tuple(kept)


def portrayals(readings: Sequence[Reading]) -> tuple[tuple[Portrayal, ...], list[Label]]:
    """Entities that more than half show, by name with typography and case folded.

    The role is the most frequent (of equals: none, then the first by alphabet), the tone the median
    (see `middle`). The finer role is that of the reading whose evidence is kept.
    """
    kept, labels = [], []
    for row in aligned([r.portrayal for r in readings], lambda p: _name(p.entity)):
        found = present(row)
        entity, role, tone = found[0].entity, None, None
        if many(row):
            role, tone = most((p.role for p in found), ("none",)), middle(p.tone for p in found)
            at = min(range(len(found)), key=lambda i: _apart(found[i], role, tone))
            kept.append(replace(found[at], entity=entity, role=role, tone=tone))
        labels.append(label("portrayal", f"{entity} role", each(row, lambda p: p.role), role))
        labels.append(label("portrayal", f"{entity} tone", each(row, lambda p: p.tone), tone))
    return tuple(kept), labels


def _apart(shown: Portrayal, role: str | None, tone: int | None) -> tuple[bool, int]:
    return shown.role != role, abs(shown.tone - (tone or 0))


def voices(readings: Sequence[Reading]) -> tuple[tuple[Voice, ...], list[Label]]:
    """Speakers that more than half have, by name with typography and case folded.

    Kind, naming and manner are the most frequent each (of equals: other, not named, both). The evidence
    is all of them's together, because a reading that passes over a sentence does not deny that somebody
    speaks in it; the share grows with it (it may be off by its rounding).
    """
    kept, labels = [], []
    for row in aligned([r.voices for r in readings], lambda v: _name(v.speaker)):
        found = present(row)
        voice = _voice(found) if many(row) else None
        *values, kind = each((*row, voice), lambda v: v.kind)
        labels.append(label("voices", f"{found[0].speaker} kind", values, kind))
        if voice:
            kept.append(voice)
    return tuple(kept), labels


def _voice(found: Sequence[Voice]) -> Voice:
    kind = most((v.kind for v in found), ("other",))
    named = bool(most(int(v.named) for v in found))
    manner = most((v.manner for v in found), ("both",))
    evidence = tuple(sorted({e for v in found for e in v.evidence}))
    # A share is rounded: the largest one tells best how long the whole text is.
    known, length = max((v.share, _length(v.evidence)) for v in found)
    share = round(min(1.0, known * _length(evidence) / (length or 1)), 3)
    return Voice(found[0].speaker, named, kind, manner, share, evidence)


def _length(evidence: Iterable[Evidence]) -> int:
    return sum(e.end - e.start for e in evidence)


def _name(name: str) -> str:
    return fold(name).strip().casefold()
