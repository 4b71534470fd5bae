"""A table before anybody draws it: each row is a finding, its last cell mostly what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from summarize.evidence import Evidence

# Words as they are, or evidence, which a view shows as it has room for.
Cell: TypeAlias = "str | tuple[Evidence, ...]"
Line: TypeAlias = "tuple[Cell, ...]"

PROOF = "sentence and its words"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `note` says how to read it, `wide` names the columns that get the room, `row` what a row is.

    `empty` is what is to be said where there is no row; a table without either is not shown.
    """

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Line, ...]
    wide: frozenset[str] = frozenset({PROOF})
    row: str = "row"
    empty: str = ""
