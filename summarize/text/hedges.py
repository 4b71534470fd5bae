"""How sure a text is of what it says, as far as its words show it: hedges, and words that withhold confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from summarize.text.lists import entries
from summarize.text.words import Match, Phrases, Word


def hedging(found: Sequence[Word]) -> Iterator[Match[str]]:
    """Where words hedge ("hedged") or withhold confirmation ("unconfirmed"); "could not" tells of inability."""
    return (match for match in _hedges().find(found) if not _unable(found, match.last))


def certainty(found: Sequence[Word]) -> str:
    """`asserted`, `hedged` or `unconfirmed`, the weakest that a phrase calls for."""
    levels = {match.what for match in hedging(found)}
    return "unconfirmed" if "unconfirmed" in levels else "hedged" if "hedged" in levels else "asserted"


@cache
def _hedges() -> Phrases[str]:
    return Phrases(((row[0], row[1]) for row in entries("hedges.tsv")), inflected=False)


def _unable(found: Sequence[Word], last: int) -> bool:
    following = found[last + 1].low if last + 1 < len(found) else ""
    return found[last].low == "could" and following == "not"
