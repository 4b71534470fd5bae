"""A control: an edit of an article, and what a comparison with the article must and must not find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from summarize.comparison.model import Kind
from summarize.news import Version
from summarize.selftest.edits import Edit
from summarize.text.span import Span

Name = Literal["self", "paraphrase", "number", "name", "negation", "speaker", "order", "removed", "added"]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be found: one difference of `kinds`, and no other; none at all where `kinds` is empty.

    Among its evidence must be words that overlap `before` in the original and `after` in the edited version, each
    where it is given. With `lacking` (the id of a version) it must say that this version lacks the words. With
    `pair`, two omissions that show one side each will do as well. Differences of kinds `tolerated` do not count.
    """

    kinds: frozenset[Kind] = frozenset()
    before: Span | None = None
    after: Span | None = None
    lacking: str = ""
    pair: bool = False
    tolerated: frozenset[Kind] = frozenset()

    def __str__(self) -> str:
        """The kinds that may be found."""
        if not self.kinds:
            return "no difference"
        named = " or ".join(sorted(self.kinds - {"omission"} if self.pair else self.kinds))
        return f"1 {named}" + (" or 2 omissions" if self.pair else "")


@dataclass(frozen=True, slots=True)
class Control:
    """An edited `version` of an article, `about` what was done to it, in a line, and what is expected.

    `edits` are those of the original's text, in order and apart.
    """

    name: Name
    about: str
    version: Version
    expect: Expectation
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A control that an article does not allow, and why."""

    name: Name
    why: str


Made: TypeAlias = Control | Skipped
