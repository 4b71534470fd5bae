"""Krippendorff's alpha: agreement beyond chance, per kind of label, over the labels of many versions.

Krippendorff, K. (2004): Content Analysis, 2nd ed., ch. 11; (2011): Computing Krippendorff's
Alpha-Reliability. It is computed by the library `krippendorff`, an optional part.

Whether nothing (None) is a value or a missing one:

- Tone, and an entity's role and tone: missing. "Not judged" has no place between hostile and admiring,
  and whether an entity is listed is another question than how it is shown.
- Frames, techniques and kinds of voices: a value. To find a frame or not is the judgement. What no reading
  found is no unit, so agreed absence does not count, and alpha is lower than over all that could be found.
- A claim's status has no None: "not found" is a status.

Functions have no alpha here, and claims cannot: the labels of claims are of those that one reading told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, Protocol, TypeAlias, cast

from summarize.agreement.votes import Value
from summarize.reading import Label

Level: TypeAlias = Literal["ordinal", "nominal"]

_ABSENT = "nothing"  # None where it is a value
_LEVELS: Mapping[str, Level] = {
    "tone score": "ordinal",
    "tone intensity": "ordinal",
    "framing": "nominal",
    "primary frame": "nominal",
    "portrayal role": "nominal",
    "portrayal tone": "ordinal",
    "wording technique": "nominal",
    "voice kind": "nominal",
    "stance status": "nominal",
}
_ABSENCE_COUNTS = {"framing", "primary frame", "wording technique", "voice kind"}
_SEEN_ONLY = {"framing", "wording technique", "voice kind"}


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha for one kind of label; None where it does not apply, and `note` says why.

    At most 1 (all agree); 0 is agreement by chance, below 0 less than that. `units` are the things that
    two readings or more gave a value, `readings` the most that gave one.
    """

    value: float | None
    level: Level
    units: int
    readings: int
    note: str


class _Library(Protocol):
    def alpha(self, *, value_counts: Sequence[Sequence[int]], level_of_measurement: str) -> float: ...


def alpha_note() -> str:
    """What to install for alpha to be computed; empty where it is there."""
    return "" if _library() else "alpha needs a library: pip install 'retold[agreement]'"


def alphas(units: Iterable[tuple[str, Label]]) -> dict[str, Alpha]:
    """Alpha for each kind of label among `units`, which are labels with the id of their version.

    "primary frame" is derived from the framing labels of a version: which frame each reading has as primary.
    """
    found: defaultdict[str, list[Sequence[Value]]] = defaultdict(list)
    primary: dict[str, list[Value]] = {}
    for version, label in units:
        kind = _kind(label)
        if kind is None:
            continue
        found[kind].append(label.values)
        if kind == "framing":
            ranks = primary.setdefault(version, [None] * len(label.values))
            for i, value in enumerate(label.values):
                if value == "primary":
                    ranks[i] = label.of
    found["primary frame"].extend(primary.values())
    return {kind: _alpha(kind, found[kind]) for kind in _LEVELS if found[kind]}


def _kind(label: Label) -> str | None:
    last = label.of.rsplit(" ", 1)[-1]
    if label.section in {"tone", "portrayal"}:
        return f"{label.section} {last}"
    if label.section == "framing":
        return None if last == "function" else "framing"
    return {"wording": "wording technique", "voices": "voice kind", "stance": "stance status"}.get(label.section)


def _alpha(kind: str, rows: Iterable[Sequence[Value]]) -> Alpha:
    level = _LEVELS[kind]
    if kind in _ABSENCE_COUNTS:
        rows = [[_ABSENT if value is None else value for value in row] for row in rows]
    given = [Counter(value for value in row if value is not None) for row in rows]
    counts = [row for row in given if row.total() > 1]  # a value alone agrees with nothing
    values = sorted({value for row in counts for value in row}, key=lambda v: (isinstance(v, str), v))
    readings = max((row.total() for row in counts), default=0)
    library = _library()
    note = "of what at least one reading found" if kind in _SEEN_ONLY else ""
    if len(counts) < 2:  # noqa: PLR2004  # one unit has nothing to differ from
        note = "fewer than two things were judged by two readings"
    elif len(values) < 2:  # noqa: PLR2004
        note = f"every value is {values[0]!r}: alpha is undefined where nothing varies"
    elif library is None:
        note = alpha_note()
    else:
        table = [[row[value] for value in values] for row in counts]
        value = float(library.alpha(value_counts=table, level_of_measurement=level))
        return Alpha(value, level, len(counts), readings, note)
    return Alpha(None, level, len(counts), readings, note)


def _library() -> _Library | None:
    """The library, if it is installed; imported by name because it is optional, and late because it loads numpy."""
    try:
        return cast("_Library", import_module("krippendorff"))
    except ImportError:
        return None
