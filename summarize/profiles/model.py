"""What is told of outlets: figures with intervals, or the reason for none; nothing in total, nothing ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from summarize.profiles.bootstrap import LEVEL, Estimate

Section = Literal["silence", "not_found", "differences", "tone", "wording", "framing", "voices"]
Unit = Literal["share", "per story", "per article", "per 1,000 words", "points"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an outlet, and that of the others in the same stories; each story counts once.

    `own` is a mean over `stories`, `others` and `difference` (own less others, story by story) are means over those
    `compared`: where no other outlet can be measured too there is none, so own less others need not be the difference.
    `section`, `of` and `side` say what it is (see docs/profiles.md); `unit` of a share is 0 to 1, of points those of
    the tone (-2 to 2) or of its intensity (0 to 3). `items` counts what it rests on, in `counted` ("claims"). Where
    an estimate is None, `reason` says why. `note` warns of an interval that says little.
    """

    section: Section
    of: str
    side: str
    unit: Unit
    stories: int
    compared: int
    items: int
    counted: str
    own: Estimate | None = None
    others: Estimate | None = None
    difference: Estimate | None = None
    reason: str = ""
    note: str = ""

    @property
    def apart(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.difference is not None and not self.difference.low <= 0 <= self.difference.high


@dataclass(frozen=True, slots=True)
class Profile:
    """An outlet: the `stories` that it tells together with others, in so many `articles`; no figures for a `reason`."""

    outlet: str
    stories: int
    articles: int
    figures: tuple[Figure, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Profiles:
    """The outlets of an archive, in the order of the alphabet.

    `articles` were read, `unnamed` of them without an outlet; of `stories`, `together` are told by two outlets or
    more. `least` is how many stories a figure takes. `limits` are what holds for every figure.
    """

    profiles: tuple[Profile, ...]
    articles: int
    unnamed: int
    stories: int
    together: int
    least: int
    limits: tuple[str, ...] = ()

    @property
    def intervals(self) -> int:
        """How many differences from the others are shown: one for each figure that is given."""
        return sum(figure.difference is not None for profile in self.profiles for figure in profile.figures)

    @property
    def by_chance(self) -> int:
        """How many of these would leave out 0 by chance if no outlet differed from any other."""
        return round(self.intervals * (1 - LEVEL))

    @property
    def apart(self) -> int:
        """How many of them do leave out 0."""
        return sum(figure.apart for profile in self.profiles for figure in profile.figures)
