"""Free text cannot be voted on: one reading's is kept, and what the others do not tell is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarize.agreement.votes import label
from summarize.reading import Claim, Label, Reading
from summarize.text.lists import negations
from summarize.text.numbers import quantities
from summarize.text.view import fold
from summarize.text.words import content, words

_SHARED = 0.5  # of the content words of the statement that has fewer


def medoid(readings: Sequence[Reading], labels: Iterable[Label]) -> Reading:
    """The reading that agrees most often with the others on `labels`; of equals the first."""
    agreed = [0] * len(readings)
    for of in labels:
        for i, value in enumerate(of.values):
            agreed[i] += of.values.count(value)
    return readings[agreed.index(max(agreed))]


def told(readings: Sequence[Reading], claims: Sequence[Claim]) -> list[Label]:
    """A label for each of `claims`: the readings that tell it have "told", the others None.

    Kept is always "told": a claim is proved by its citation and is never dropped, but one that few
    readings find worth telling is marked by its share. A reading tells a claim if one of its own cites a
    sentence of it and says the same (see `_Statement.same`).
    """
    statements = [[(_cited(c), _Statement.of(c.text)) for c in r.claims] for r in readings]
    labels = []
    for claim in claims:
        cited, mine = _cited(claim), _Statement.of(claim.text)
        values = [
            "told" if any(cited & there and mine.same(theirs) for there, theirs in statement) else None
            for statement in statements
        ]
        labels.append(label("claims", claim.text, values, "told"))
    return labels


def _cited(claim: Claim) -> frozenset[int]:
    return frozenset(e.sentence for e in claim.evidence)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What of a claim is compared: its text without typography and case, content stems, figures, dates, polarity."""

    text: str
    stems: frozenset[str]
    figures: frozenset[str]
    dates: frozenset[str]
    negates: bool

    @classmethod
    def of(cls, text: str) -> _Statement:
        flat = fold(text)
        found, numbers = words(flat), quantities(flat)
        return cls(
            flat.strip().casefold(),
            frozenset(w.stem for w in content(found)),
            frozenset(q.value for q in numbers if not q.is_date),
            frozenset(q.value for q in numbers if q.is_date),
            any(w.low in negations() or w.low.endswith("n't") for w in found),
        )

    def same(self, other: _Statement) -> bool:
        """Whether both say the same, as far as words show it: equal texts, or half the words of the shorter.

        Figures and negation must be the same. Dates may not differ, but one may leave out what the other has.
        """
        if self.text == other.text:
            return True
        dates = self.dates <= other.dates or other.dates <= self.dates
        if self.figures != other.figures or self.negates != other.negates or not dates:
            return False
        fewer = min(len(self.stems), len(other.stems))
        return fewer > 0 and len(self.stems & other.stems) >= _SHARED * fewer
