"""From the sums that are kept of an outlet to its figures, each with its intervals or with the reason for none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from summarize.profiles.bootstrap import Resampler
from summarize.profiles.measures import ALL, SIDES, TONES
from summarize.profiles.model import Figure, Section, Unit
from summarize.profiles.sums import Base, Books, Measure

WEAK: Final = "weak: word lists do not judge"
CONSTANT: Final = "the same in every story: the interval cannot show what was never seen"
_SECTIONS: Final = ("silence", "not_found", "differences", "tone", "wording", "framing", "voices")
_KINDS: Final = (ALL, "event", "number", "quote", "cause", "background", "evaluation", "forecast")
_VOICES: Final = ("number", "text", "named", "manner", "kind")
_NAMES: Final = {name: i for i, name in enumerate((*_KINDS, *SIDES, *TONES, *_VOICES))}
_SIDES: Final = {name: i for i, name in enumerate(("", *(side for sides in SIDES.values() for side in sides)))}
# Section, or section and name → the unit, and what the items are.
_UNITS: Final[Mapping[str, tuple[Unit, str]]] = {
    "silence": ("share", "claims"),
    "not_found": ("share", "claims"),
    "differences": ("per story", "differences"),
    "tone": ("points", "articles"),
    "wording": ("per 1,000 words", "words"),
    "framing": ("share", "articles"),
    "voices": ("share", "voices"),
    "voices text": ("share", "articles"),
    "voices number": ("per article", "articles"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How figures are made: from `least` stories or more, with the draws of `resampler`."""

    least: int
    resampler: Resampler


def figures(kept: Books, bases: Mapping[Measure, str], wanted: Wanted, *, weak: bool) -> tuple[Figure, ...]:
    """All figures of an outlet; `bases` are the measures that were met anywhere. `weak`: none of tone and frames."""
    made = [_figure(measure, kept.get(base) or Base(), wanted) for measure, base in bases.items()]
    made += _refused() if weak else ()
    return tuple(sorted(made, key=_place))


def few(stories: int, least: int) -> str:
    """The reason why so many stories give no figure.

    >>> few(1, 20)
    '1 story; 20 are needed'
    """
    return f"{stories:,} {'story' if stories == 1 else 'stories'}; {least:,} are needed"


def _figure(measure: Measure, base: Base, wanted: Wanted) -> Figure:
    unit, counted = _UNITS.get(f"{measure.section} {measure.of}") or _UNITS[measure.section]
    items = base.found(measure) if counted == "differences" else base.items
    section = cast("Section", measure.section)  # those of measures.py are these
    figure = Figure(section, measure.of, measure.side, unit, base.stories, base.compared, items, counted)
    if base.stories < wanted.least:
        return replace(figure, reason=few(base.stories, wanted.least))
    own = base.own(measure, wanted.resampler)
    figure = replace(figure, own=own, note=CONSTANT if own.low == own.high else "")
    if base.compared < wanted.least:
        return replace(figure, reason=f"nobody to compare with: {few(base.compared, wanted.least)}")
    others, difference = base.against(measure, wanted.resampler)
    return replace(figure, others=others, difference=difference)


def _refused() -> Iterator[Figure]:
    for name in TONES:
        yield Figure("tone", name, "", "points", 0, 0, 0, "articles", reason=WEAK)
    yield Figure("framing", "primary", "", "share", 0, 0, 0, "articles", reason=WEAK)


def _place(figure: Figure) -> tuple[int, int, str, int, str]:
    """The order of figures: as the lists above have them, then by the alphabet."""
    most = len(_NAMES) + len(_SIDES)
    by_name = _NAMES.get(figure.of, most)
    by_side = _SIDES.get(figure.side, most) if figure.section == "differences" else 0
    return _SECTIONS.index(figure.section), by_name, figure.of, by_side, figure.side
