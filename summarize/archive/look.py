"""One look at a page before it is taken apart: whether it is built to hurt, and which words a reader would see.

The look is taken in a stream, which costs the same for each byte whatever the page holds; the tree that extraction
needs does not: a tag of a hundred thousand attributes takes it minutes. Real pages stay far below these limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from summarize.errors import InputError

MAX_ELEMENTS: Final = 40_000
MAX_DEPTH: Final = 240  # libxml2 drops what is nested deeper than 256
MAX_NESTED: Final = 1_000_000  # elements, each counted as often as it is deep: what finding a parent takes
MAX_ATTRIBUTES: Final = 1_000  # of one tag
_STEP = 65_536  # characters between two looks at the limits
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "title", "svg", "iframe", "select", "textarea"})


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader of the page would see: its `text`, and how many `words` it has."""

    text: str
    words: int


def looked(html: str, place: str) -> Look:
    """The words on a page. Raises InputError for what has no tags, or too many, or tags nested too deeply."""
    try:
        from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra's, without types
    except ImportError as error:
        raise InputError("reading web pages needs lxml", where=place, hint="pip install 'retold[web]'") from error
    target = _Target()
    parser = etree.HTMLParser(target=target, no_network=True)
    clean = html.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    try:
        for start in range(0, len(clean), _STEP):
            parser.feed(clean[start : start + _STEP])
            target.check(place)
        parser.close()
    except etree.LxmlError as error:
        raise InputError("no article was found in this page", where=place) from error
    target.check(place)
    text = " ".join(" ".join(target.seen).split())
    return Look(text, text.count(" ") + 1 if text else 0)


class _Target:
    """What lxml tells of a page as it goes through it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._elements = self._depth = self._deepest = self._nested = self._attributes = self._hidden = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        self._elements += 1
        self._depth += 1
        self._nested += self._depth
        self._deepest = max(self._deepest, self._depth)
        self._attributes = max(self._attributes, len(attributes))
        self._hidden += tag in _UNSEEN

    def end(self, tag: str) -> None:
        """A tag closes."""
        self._depth -= 1
        self._hidden -= tag in _UNSEEN

    def data(self, text: str) -> None:
        """Text between tags."""
        if not self._hidden:
            self.seen.append(text)

    def comment(self, text: str) -> None:
        """Nobody sees a comment."""

    def pi(self, target: str, text: str | None = None) -> None:
        """Nor an instruction."""

    def close(self) -> None:
        """The page ends."""

    def check(self, place: str) -> None:
        """Raise InputError where a limit is passed."""
        for found, most, what in (
            (self._elements, MAX_ELEMENTS, f"this page has more than {MAX_ELEMENTS:,} elements"),
            (self._deepest, MAX_DEPTH, f"this page has tags nested more than {MAX_DEPTH} deep"),
            (self._nested, MAX_NESTED, "this page has too many deeply nested elements"),
            (self._attributes, MAX_ATTRIBUTES, f"this page has a tag with more than {MAX_ATTRIBUTES:,} attributes"),
        ):
            if found > most:
                raise InputError(what, where=place, hint="save the article as .txt")
