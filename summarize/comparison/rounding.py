"""How a figure is rounded ("about", "almost", "more than"), and whether two figures can be the same one.

A rounded figure stands for a range. Its *step* is one unit of its last digit that is not a closing zero (100
for 300, 10 for 1,240).

    about 300        half a step to either side, at most 10 % of it     270 to 330
    almost 300       from a step below, at most 20 % of it              240 to 300
    more than 300    up to a step above, at most 20 % of it             300 to 360
    $3.1 million     half a step to either side: what is told in millions is rounded to its last digit
    300              300

Two figures rounded in one way are the same only if they are equal; otherwise if their ranges meet.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Way = Literal["exact", "about", "below", "above", "scaled"]

_WAYS: dict[str, Way] = {
    **dict.fromkeys(
        ("about", "around", "roughly", "approximately", "approx.", "some", "an estimated", "estimated", "or so"),
        "about",
    ),
    **dict.fromkeys(
        (
            "almost", "nearly", "close to", "just under", "just shy of", "just below", "well under", "less than",
            "fewer than", "under", "below", "up to", "as many as", "as much as", "no more than", "not more than",
            "at most", "or less", "or fewer",
        ),
        "below",
    ),
    **dict.fromkeys(
        (
            "more than", "over", "above", "just over", "well over", "at least", "upward of", "upwards of",
            "no fewer than", "no less than", "not less than", "as few as", "as little as", "or more", "plus",
        ),
        "above",
    ),
}  # fmt: skip
_STRICT = frozenset({"more than", "over", "above", "less than", "fewer than", "under", "below"})
_BEFORE = re.compile(
    rf"(?<![\w-])(?P<words>{'|'.join(re.escape(w) for w in sorted(_WAYS, key=len, reverse=True))}|~)"
    r"(?:\s(?:the|a|an|its|his|her|their|another|just))?\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s(or (?:so|more|less|fewer))\b|(\+)")
# "a fight over $5 billion", "talks about two bills": no rounding.
_TOPIC = re.compile(
    r"\b(?:fight|battle|dispute|standoff|stand-off|concerns?|fears|debates?|row|impasse|clash(?:ed)?|questions?|anger"
    r"|outrage|divided|talks?|talking|war|feud|lawsuits?|deadlock|negotiations?|wrangl\w+|control|concerned|worried|asked"
    r"|jurisdiction|hand(?:ed)?|tak(?:e|en|ing)|argu\w+|disagree\w*|shutdown)\s$",
    re.IGNORECASE,
)
_LOOK_BACK = 40  # code points before a number in which it is said how it is rounded


def rounding(text: str, start: int, end: int, floor: int) -> str:
    """The words, in lower case, that say how the number at `text[start:end]` is rounded; "exact" without.

    Nothing before `floor` is looked at.
    """
    low = max(floor, start - _LOOK_BACK)
    before = _BEFORE.search(text, low, start)
    if before and not (
        before["words"].lower() in {"over", "about", "under"} and _TOPIC.search(text, low, before.start())
    ):
        return "about" if before["words"] == "~" else " ".join(before["words"].lower().split())
    after = _AFTER.match(text, end)
    if after:
        return after[1] or "plus"
    return "exact"


class Told(NamedTuple):
    """A number, its words of rounding, and whether it is told in thousands, millions or more."""

    number: float
    words: str
    scaled: bool = False

    @property
    def way(self) -> Way:
        """In which way it is rounded."""
        return "scaled" if self.scaled and self.words == "exact" else _WAYS.get(self.words, "exact")

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest number that it may stand for."""
        size, how = abs(self.number), self.way
        step = _step(size)
        if how == "scaled":
            return self.number - step / 2, self.number + step / 2
        if how == "about":
            slack = min(step / 2, size * 0.1)
            return self.number - slack, self.number + slack
        slack = min(step, size * 0.2)
        return self.number - slack * (how == "below"), self.number + slack * (how == "above")

    def compatible(self, other: Told) -> bool:
        """Whether the two can be one figure."""
        if self.way == other.way:
            return self.number == other.number
        if self.number == other.number and {self.words, other.words} & _STRICT and "exact" in {self.way, other.way}:
            return False  # "more than 12" is not 12
        low, high = self.bounds, other.bounds
        return max(low[0], high[0]) <= min(low[1], high[1])


def is_rounding(word: str) -> bool:
    """Whether a lower-case word says how a number is rounded."""
    return word in _WAYS


def _step(size: float) -> float:
    """One unit of the last digit of a number that is not a closing zero."""
    whole, _, decimals = f"{size:f}".rstrip("0").partition(".")
    if decimals:
        return float(10 ** -len(decimals))
    return float(10 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else 1.0
