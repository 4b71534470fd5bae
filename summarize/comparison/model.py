"""The comparison of a story's versions: a matrix of claims by versions, and the differences it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from summarize.anchors import Anchor
from summarize.evidence import Evidence
from summarize.news import Story
from summarize.reading import ClaimKind, Label, Position, Reading, Ungrounded

Kind = Literal[
    "omission",
    "contradiction",
    "numeric",
    "attribution",
    "certainty",
    "wording",
    "portrayal",
    "prominence",
    "causal",
    "framing",
    "tone",
]


@dataclass(frozen=True, slots=True)
class Row:
    """A distinct claim of the story and what each version does with it (`positions` by version id)."""

    id: str
    text: str
    kind: ClaimKind
    positions: Mapping[str, Position]

    def telling(self) -> dict[str, Position]:
        """The versions that state it, wholly or in part."""
        return {v: p for v, p in self.positions.items() if p.status in {"states", "partly"} and p.evidence}

    def stating(self) -> dict[str, Position]:
        """The versions that state it wholly."""
        return {v: p for v, p in self.telling().items() if p.status == "states"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `text` says it in prose made from this record; `evidence` has each side's words.

    `versions` are those it is between; in an omission, a version that lacks the words has none here.
    `salience` runs from 0 to 1 (see differences.salience).
    """

    kind: Kind
    versions: tuple[str, ...]
    text: str
    evidence: Mapping[str, tuple[Evidence, ...]]
    claims: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    salience: float = 0.0
    id: str = ""


def where(found: Iterable[Difference]) -> frozenset[tuple[str, int]]:
    """(version, sentence) of all evidence of some differences."""
    return frozenset((e.version, e.sentence) for d in found for side in d.evidence.values() for e in side)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the versions of a story share and where they differ. All mappings are by version id."""

    story: Story
    readings: Mapping[str, Reading]
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    anchors: Mapping[str, tuple[Anchor, ...]]
    uncovered: Mapping[str, tuple[Anchor, ...]]
    ungrounded: tuple[Ungrounded, ...] = ()
    abstains: frozenset[str] = field(default_factory=frozenset)
    agreement: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    provenance: Mapping[str, object] = field(default_factory=dict)

    @property
    def shared(self) -> tuple[Row, ...]:
        """The claims that every version states."""
        return tuple(r for r in self.rows if all(p.status == "states" for p in r.positions.values()))
