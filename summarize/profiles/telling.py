"""From the rows of a job to profiles: the outlets are counted first, then measured story by story.

Kept in memory: a count for every name of an outlet; for every outlet with a profile at most 200 units of each
measure, some 300 KB in all (sums.py); and the story at hand. Nothing grows with the number of stories.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from summarize.errors import SettingsError
from summarize.profiles.bootstrap import Resampler
from summarize.profiles.figures import Wanted, few, figures
from summarize.profiles.measures import Panel, panels
from summarize.profiles.model import Profile, Profiles
from summarize.profiles.sums import Base, Books, Measure, story_key
from summarize.profiles.told import Rows, Signed, outlet_key, signed, told

LEAST: Final = 20  # stories that a figure takes, unless another number is asked for
FLOOR: Final = 10  # the least that may be asked for: percentiles of fewer stories say nothing
SEED: Final = b"retold.profiles/1"
_LISTED: Final = 5  # names that an error lists


@dataclass(slots=True)
class _Outlet:
    name: str
    stories: int = 0  # told together with another outlet
    articles: int = 0  # in these stories


@dataclass(slots=True)
class _Tally:
    """What the first look finds; `weak`: the engine does not stand by its tone."""

    articles: int = 0
    unnamed: int = 0
    stories: int = 0
    together: int = 0
    weak: bool = False
    outlets: dict[str, _Outlet] = field(default_factory=dict)


def profiles(rows: Rows, *, least: int = LEAST, only: Collection[str] = (), seed: bytes = SEED) -> Profiles:
    """What each outlet does over the stories that it tells together with others, beside these.

    `rows` gives the rows of a table of one job, anew at each call: the readings are looked through twice. `least`
    (10 or more) is how many stories a figure takes. `only`: names of outlets to tell of; all if empty. Raises
    SettingsError for a `least` below 10 or an outlet that is not there, LedgerError for tables that do not fit.
    """
    if least < FLOOR:
        raise SettingsError(f"--least {least} is too few stories for an interval", hint=f"give {FLOOR} or more")
    tally = _counted(rows)
    wanted = _wanted(tally, only)
    books: dict[str, Books] = {key: {} for key in wanted if tally.outlets[key].stories >= least}
    bases = _entered(rows, books, weak=tally.weak)
    how = Wanted(least, Resampler(seed))
    made = [_profile(tally.outlets[key], books.get(key), bases, how, weak=tally.weak) for key in wanted]
    return Profiles(
        tuple(made), tally.articles, tally.unnamed, tally.stories, tally.together, least, tuple(_limits(tally))
    )


def _counted(rows: Rows) -> _Tally:
    """The first look: how many stories each outlet tells together with another."""
    tally = _Tally()
    for story, group in groupby(signed(rows), key=attrgetter("story")):
        here: dict[str, int] = {}
        for one in group:
            key = _count(tally, one)
            if key:
                here[key] = here.get(key, 0) + 1
        tally.stories += bool(story)
        if story and len(here) > 1:
            tally.together += 1
            for key, articles in here.items():
                tally.outlets[key].stories += 1
                tally.outlets[key].articles += articles
    return tally


def _count(tally: _Tally, one: Signed) -> str:
    """Count an article; the key of its outlet, which is called by the first of its spellings in the alphabet."""
    tally.articles += 1
    tally.weak = tally.weak or one.reliability == "weak"
    key = outlet_key(one.outlet)
    if not key:
        tally.unnamed += 1
        return ""
    kept = tally.outlets.setdefault(key, _Outlet(one.outlet))
    kept.name = min(kept.name, one.outlet)
    return key


def _wanted(tally: _Tally, only: Collection[str]) -> list[str]:
    """Keys of the outlets to tell of, in the order of the alphabet."""
    for name in only:
        if outlet_key(name) not in tally.outlets:
            known = ", ".join(tally.outlets[key].name for key in sorted(tally.outlets)[:_LISTED])
            more = len(tally.outlets) - _LISTED
            told_of = (
                f"there are: {known}{f' and {more:,} more' if more > 0 else ''}" if known else "no article has one"
            )
            raise SettingsError(f"there is no article of the outlet {name!r}", hint=told_of)
    return sorted({outlet_key(name) for name in only} if only else tally.outlets)


def _entered(rows: Rows, books: dict[str, Books], *, weak: bool) -> dict[Measure, str]:
    """The second look: every story's figures into the books; the base of each measure that was met."""
    bases: dict[Measure, str] = {}
    if not books:
        return bases
    for story in told(rows):
        if len(story.outlets) < 2 or books.keys().isdisjoint(story.outlets):  # noqa: PLR2004  # nobody to compare
            continue
        key = story_key(story.story)
        for panel in panels(story, weak=weak):
            bases.update(dict.fromkeys(panel.counts, panel.base))
            _enter(panel, key, books)
    return bases


def _enter(panel: Panel, key: int, books: Mapping[str, Books]) -> None:
    totals = panel.totals()
    for outlet, items in panel.of.items():
        kept = books.get(outlet)
        if kept is not None:
            base = kept.get(panel.base)
            if base is None:
                base = kept[panel.base] = Base()
            base.enter(key, items, panel.entries(outlet, totals), alone=len(panel.of) == 1)


def _profile(
    outlet: _Outlet, kept: Books | None, bases: Mapping[Measure, str], wanted: Wanted, *, weak: bool
) -> Profile:
    if kept is None:
        return Profile(outlet.name, outlet.stories, outlet.articles, reason=few(outlet.stories, wanted.least))
    return Profile(outlet.name, outlet.stories, outlet.articles, figures(kept, bases, wanted, weak=weak))


def _limits(tally: _Tally) -> Iterator[str]:
    """What holds for every figure, in sentences."""
    if tally.weak:
        yield "Tone and frames are not given: the engine that read this works by word lists, which do not judge."
        yield "All else is what word lists and rules for English news find."
    if tally.unnamed:
        yield f"{tally.unnamed:,} of {tally.articles:,} articles have no outlet; they are in no comparison."
    yield (
        "The stories are those of this archive that two outlets tell: what holds for them need not hold for what an "
        "outlet tells alone, nor for another archive."
    )
