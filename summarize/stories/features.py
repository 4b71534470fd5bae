"""What two articles are compared by, and the figures of that comparison."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from zlib import crc32

from summarize.stories.dates import DAY
from summarize.stories.model import Rules
from summarize.stories.shelf import Shelf
from summarize.stories.sketch import Sketch, likeness
from summarize.stories.terms import FULL

_HELD = 400  # articles of which the features stay in memory
_COPIED = 0.15  # similarity; below it no half of one text is in another
_COPY = 1.0  # added to a resemblance, so that a copy is nearer than most reports of one event


@dataclass(frozen=True, slots=True)
class Features:
    """One article: its rank in time, its number, when it appeared, its terms' weights by their codes, its sketch."""

    rank: int
    number: int
    minute: int | None
    terms: dict[int, int]
    hashes: bytes
    shingles: int

    @property
    def sketch(self) -> Sketch:
        """Its shingles; unpacked when they are looked at, which is seldom."""
        return Sketch.unpacked(self.hashes, self.shingles)


@dataclass(frozen=True, slots=True)
class Figures:
    """How alike two articles are. `needed` and `days` are None where time forbids one event, or is not known.

    `ratio` is above or equal to 1 where the two are one story by themselves; 0 where time forbids it.
    """

    similarity: float
    needed: float | None
    days: float | None
    resemblance: float
    containment: float
    copies: bool

    @property
    def ratio(self) -> float:
        """The similarity as a part of what is needed, or more than 1 for near-copies."""
        event = self.similarity / self.needed if self.needed else 0.0
        return max(event, _COPY + self.resemblance) if self.copies else event


def compared(a: Features, b: Features, rules: Rules) -> Figures:
    """The figures of two articles; the same whichever comes first."""
    days = None if a.minute is None or b.minute is None else abs(a.minute - b.minute) / DAY
    product = sum(a.terms[code] * b.terms[code] for code in a.terms.keys() & b.terms.keys())
    similarity = min(1.0, product / (FULL * FULL))
    alike = similarity >= _COPIED
    resemblance, containment = likeness(a.sketch, b.sketch) if alike else (0.0, 0.0)
    near = days is None or days <= rules.reprint_days
    copies = near and resemblance >= rules.resembles and containment >= rules.contained
    return Figures(similarity, rules.needed(days), days, resemblance, containment, copies)


class Held:
    """The features of the articles on a shelf; those used last stay in memory."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._held: OrderedDict[int, Features] = OrderedDict()

    def __getitem__(self, rank: int) -> Features:
        """The article of this rank, from 1."""
        if (held := self._held.get(rank)) is not None:
            self._held.move_to_end(rank)
            return held
        query = "select number, minute, codes, weights, hashes, shingles from ranked where rank = ?"
        number, minute, codes, weights, hashes, shingles = self._shelf.rows(query, rank)[0]
        vector = dict(zip(array("I", codes), array("H", weights), strict=True))
        self._held[rank] = Features(rank, number, minute, vector, hashes, shingles)
        if len(self._held) > _HELD:
            self._held.popitem(last=False)
        return self._held[rank]

    def words(self, group: list[Features]) -> list[str]:
        """Stems that more than half of `group` use, and two or more, those first that weigh most in all of it."""
        weights: dict[int, list[int]] = {}
        for one in group:
            for code, weight in one.terms.items():
                weights.setdefault(code, []).append(weight)
        shared = {code: sum(w) for code, w in weights.items() if 2 * len(w) > len(group) and len(w) > 1}
        named: dict[int, str] = {}
        for one in group:
            for word in self._shelf.rows("select words from ranked where rank = ?", one.rank)[0][0].split():
                named.setdefault(crc32(word.encode()), word)
        return [named[code] for code in sorted(shared, key=lambda code: (-shared[code], named[code]))]
