"""One sentence of prose for each edit, made from its record."""

from __future__ import annotations

from collections.abc import Sequence

from summarize.evidence import Evidence
from summarize.revisions.model import Nature

_MOST = 160  # code points of a sentence that is shown
_PART = 80  # code points of changed words that are shown
_OTHERWISE = {"stylistic": "worded otherwise", "narrative": "told otherwise"}
_LISTED = 3  # changes or reasons that are told one by one


def came(sentence: Evidence, nature: Nature, why: Sequence[str]) -> str:
    """The text of an addition."""
    what = "A date line or mark" if nature == "trivial" else "A sentence"
    return f"{what} was added{f' (new: {_listed(why)})' if why else ''}: {_quote(sentence.exact, _MOST)}."


def went(sentence: Evidence, nature: Nature, why: Sequence[str]) -> str:
    """The text of a deletion."""
    what = "A date line or mark" if nature == "trivial" else "A sentence"
    return f"{what} was removed{f' (gone: {_listed(why)})' if why else ''}: {_quote(sentence.exact, _MOST)}."


def moved(sentence: Evidence, changed: str, *, up: bool) -> str:
    """The text of a move; `changed` is what else happened to the sentence."""
    also = f", and {changed}" if changed else ""
    return f"A sentence moved {'up' if up else 'down'}{also}: {_quote(sentence.exact, _MOST)}."


def change(
    nature: Nature, why: Sequence[str], words: Sequence[tuple[Evidence | None, Evidence | None]], sizes: tuple[int, int]
) -> str:
    """What an edit did, without a capital and a full stop; `sizes` are the numbers of sentences on each side."""
    shape = _shape(sizes)
    if nature == "trivial":
        small = (
            "only typography, letter case, punctuation or a date line differs" if words else "only white space differs"
        )
        return f"{shape} with the same words" if shape else small
    head = f"changed in fact ({_listed(why)})" if why else _OTHERWISE[nature]
    rest = f"; and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"{head}{', ' + shape if shape else ''}: {'; '.join(_change(*w) for w in words[:_LISTED])}{rest}"


def _change(old: Evidence | None, new: Evidence | None) -> str:
    if old is None or new is None:
        one = old or new
        words = _quote(one.exact, _PART) if one else ""
        return f"{words} was {'added' if old is None else 'removed'}"
    return f"{_quote(old.exact, _PART)} became {_quote(new.exact, _PART)}"


def _shape(sizes: tuple[int, int]) -> str:
    if sizes[0] == sizes[1]:
        return ""
    return f"split into {sizes[1]} sentences" if sizes[0] == 1 else f"joined from {sizes[0]} sentences"


def _listed(why: Sequence[str]) -> str:
    rest = f" and {len(why) - _LISTED} more" if len(why) > _LISTED else ""
    return ", ".join(why[:_LISTED]) + rest


def _quote(text: str, most: int) -> str:
    flat = " ".join(text.split())
    if not any(map(str.isalnum, flat)):
        return f"the mark {flat}"
    return f"“{flat if len(flat) <= most else flat[: most - 1].rstrip() + '…'}”"
