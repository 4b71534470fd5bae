"""What changed from one revision of an article to the next: the records.

The operations are those of NewsEdits (Spangher, Ren, May, Peng 2022): a sentence is added, deleted, edited or
moved ("refactored"). What an operation is worth is its *nature*, found by rules (see edits.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from summarize.evidence import Evidence

Kind = Literal["addition", "deletion", "edit", "move"]
Nature = Literal["factual", "stylistic", "narrative", "trivial"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One operation. `before` and `after` are whole sentences of two consecutive revisions, as they stand.

    A sentence that was split or joined has several neighbouring sentences on one side, as one piece of
    evidence. `before` is None for an addition, `after` for a deletion. `changed` are the words that differ, on
    each side (none where only white space does, or where a sentence only moved). `text` tells it in one
    sentence made from this record; `reasons` say what makes it factual ("number 12 → 14", "name added: Ruiz").
    """

    kind: Kind
    nature: Nature
    before: Evidence | None
    after: Evidence | None
    changed: tuple[Evidence, ...]
    text: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed between the versions with the ids `before` and `after`.

    `edits` are those that matter, in the order of the text; `trivial` those that do not; `unchanged` counts the
    sentences that are the same, character by character, in the same order. Boilerplate (lists of sources,
    "Read more") is not compared.
    """

    before: str
    after: str
    edits: tuple[Edit, ...]
    trivial: tuple[Edit, ...]
    unchanged: int
