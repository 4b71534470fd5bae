"""A text's shingles in less than a kilobyte: enough to tell how much of it is another's.

Of the hashes of all runs of five words the smallest are kept: the bottom-k sketch of Broder (On the resemblance
and containment of documents, 1997) and of Cohen and Kaplan (Summarizing data using bottom-k sketches, 2007). CRC-32
is hash enough: whoever forges one gets an article into a story, which copying a text does more easily.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from zlib import crc32

from summarize.copies import SHINGLE

KEPT: Final = 192  # hashes; the standard error of a resemblance of 0.2 is 0.03
_FEWEST = 8  # shingles; a text of fewer shows nothing by them


@dataclass(frozen=True, slots=True)
class Sketch:
    """The smallest `hashes` of a text's distinct shingles, ascending, KEPT at most, and how many `shingles` it has."""

    hashes: tuple[int, ...]
    shingles: int

    def packed(self) -> bytes:
        """Its hashes as bytes, for a file of this machine."""
        return array("I", self.hashes).tobytes()

    @classmethod
    def unpacked(cls, hashes: bytes, shingles: int) -> Sketch:
        """What `packed` made."""
        return cls(tuple(array("I", hashes)), shingles)


def sketch(low: Sequence[str]) -> Sketch:
    """The sketch of a text's words in lower case."""
    words = [word.encode("utf-8", "surrogatepass") for word in low]
    joined = memoryview(b" ".join(words))
    places = list(accumulate((len(word) + 1 for word in words), initial=0))
    hashes = {crc32(joined[a : b - 1]) for a, b in zip(places, places[SHINGLE:], strict=False)}
    return Sketch(tuple(sorted(hashes)[:KEPT]), len(hashes))


def likeness(a: Sketch, b: Sketch) -> tuple[float, float]:
    """Estimates of (resemblance, containment of the shorter text in the longer), 0 to 1; exact for short texts."""
    both = set(a.hashes).intersection(b.hashes)
    if not both or min(a.shingles, b.shingles) < _FEWEST:
        return 0.0, 0.0
    sample = list(dict.fromkeys(sorted(a.hashes + b.hashes)))  # two runs in order: merged, not sorted
    if max(a.shingles, b.shingles) > KEPT:  # of the rest it is not known whether the other text has it
        sample = sample[:KEPT]
    resemblance = len(both.intersection(sample)) / len(sample)
    shared = resemblance / (1 + resemblance) * (a.shingles + b.shingles)
    return resemblance, min(1.0, shared / min(a.shingles, b.shingles))
