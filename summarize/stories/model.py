"""What goes in and what comes out: a telling of each article, the rules, the stories found and what joined them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from summarize.copies import CONTAINED, RESEMBLES
from summarize.errors import SettingsError

How: TypeAlias = Literal["given", "url", "copies", "event"]
WAYS: Final = frozenset({"given", "url", "found"})


@dataclass(frozen=True, slots=True)
class Telling:
    """What grouping needs to know of one article.

    `number` is its number in the archive, from 1, and its own; `text` the whole of it, unmodified. `published` is
    read as a date where it is one, `url` as an address where it leads to a page; `story` is an id as it was given.
    """

    number: int
    text: str
    headline: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """One story: the numbers of its `members`, ascending, two or more, and `how` they came to be one.

    given    they have one story id, which is its `name`
    url      they have one address: one article, and if its texts differ, its `revisions`
    copies   each is a near-copy of each
    event    their telling words are the same, at the same time

    `why` says it in words for a person.
    """

    members: tuple[int, ...]
    how: How
    revisions: bool
    why: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What joins two articles of one story, by their numbers; `how` is that of the two, not of the whole story.

    `why` says it in words. `figures` are those it was decided by: similarity, needed (the similarity asked of the
    two), days (between them, if both are dated), resemblance and containment. All but the days run from 0 to 1, and
    there are none where an id or an address decided. `words` are up to 12 stems that both use, the most telling first.
    """

    a: int
    b: int
    how: How
    why: str
    figures: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """By what articles are one story; docs/stories.md says on what the figures were chosen.

    `by`: which ways are taken: given, url, found. `most`: articles of the largest story that is found, 2 or more;
    an address that more articles have than that is not believed. Two articles on one event are `window_days` apart
    at most, and their similarity (0 to 1) is `alike` at the same time and `later` more for each day between them,
    or `undated` where one of them has no date. Near-copies resemble each other by `resembles` or more, the
    shorter one is in the other by `contained` or more, and they are `reprint_days` apart at most.
    Raises SettingsError for what cannot be.
    """

    by: frozenset[str] = WAYS
    window_days: float = 3.0
    most: int = 50
    alike: float = 0.25
    later: float = 0.04
    undated: float = 0.48
    resembles: float = RESEMBLES
    contained: float = CONTAINED
    reprint_days: float = 30.0

    def __post_init__(self) -> None:
        """What cannot be is refused before an archive is read."""
        if unknown := sorted(self.by - WAYS):
            hint = f"one or more of {', '.join(sorted(WAYS))}"
            raise SettingsError(f"there is no way to group by {unknown[0]!r}", hint=hint)
        if self.most < 2:  # noqa: PLR2004  # a story has two versions or more
            raise SettingsError(f"a story of at most {self.most} articles is none", hint="2 or more")
        if not (self.window_days >= 0 and self.reprint_days >= 0):
            raise SettingsError(f"a window of {self.window_days} days is none", hint="0 or more")
        shares = (self.alike, self.undated, self.resembles, self.contained)
        if not (all(0 < share <= 1 for share in shares) and 0 <= self.later <= 1):
            raise SettingsError("a likeness that is asked for lies above 0 and is 1 at most")

    def needed(self, days: float | None) -> float | None:
        """The similarity asked of two articles so many days apart (None: not known); None where no likeness helps."""
        if days is None:
            return self.undated
        return self.alike + self.later * days if days <= self.window_days else None
