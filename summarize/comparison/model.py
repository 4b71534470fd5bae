"""The comparison of a story's versions: a matrix of claims by versions, and the differences it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from summarize.anchors import Anchor
from summarize.copies import Descent, Origin
from summarize.evidence import Evidence
from summarize.news import Story
from summarize.reading import ClaimKind, Label, Position, Reading, Ungrounded
from summarize.revisions import Revision

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
    `direction` says, by version, which pole it stands at, in a word or two ("tells" and "lacks", "higher" and
    "lower", "own voice" and "named speaker", "loaded" and "plain"). `salience` runs from 0 to 1 (see
    differences.salience). `beside` holds ids of differences that are about the same point (see links.py).
    """

    kind: Kind
    versions: tuple[str, ...]
    text: str
    evidence: Mapping[str, tuple[Evidence, ...]]
    claims: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    direction: Mapping[str, str] = field(default_factory=dict)
    salience: float = 0.0
    id: str = ""
    beside: tuple[str, ...] = ()


def where(found: Iterable[Difference]) -> frozenset[tuple[str, int]]:
    """(version, sentence) of all evidence of some differences."""
    return frozenset((e.version, e.sentence) for d in found for side in d.evidence.values() for e in side)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a version tells it.

    `value` is canonical (see text/numbers.py); `unit` what is counted or measured ("people", "%", "$");
    `base` what it is a share or part of ("of 1,200 voters"), `rounding` how it is rounded ("about", "more
    than", "exact"), `date` the day, month or year it holds for; each is empty where the version does not say.
    """

    value: str
    unit: str
    base: str
    rounding: str
    date: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One quantity of the story and what each version has for it. `same`: all that have one have the same.

    `claims` are the rows of the matrix it belongs to.
    """

    what: str
    figures: Mapping[str, tuple[Figure, ...]]
    same: bool
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio in words ("almost tripled") beside the numbers of the same version that it rests on.

    `claimed` is the least and the greatest factor that the words allow, `found` the factor of the numbers.
    `holds` is None where the version does not have both numbers.
    """

    words: Evidence
    claimed: tuple[float, float]
    numbers: tuple[Evidence, ...] = ()
    found: float | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks: `shared` by versions, `trimmed` in some (each has a part), or in one `only`."""

    status: Literal["shared", "trimmed", "only"]
    evidence: Mapping[str, Evidence]
    speakers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Common:
    """A sentence of the neutral account: what all versions state, with the words of each; `claim` is its row."""

    text: str
    claim: str
    evidence: Mapping[str, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What `version` does with a claim, and its words for it (none where it is silent).

    `says` is "asserted", "hedged" or "unconfirmed", with " by SPEAKER" where it is attributed; "in part";
    "contradicted"; "gone" (silent after the claim was told or contradicted); "not yet" (silent before that);
    or "not found".
    """

    version: str
    says: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The stages of the claim of the row with the id `row`, one for each version, in the order of time.

    `text` tells them with the versions' labels: "asserted in v1, hedged in v2, gone in v3".
    """

    row: str
    stages: tuple[Stage, ...]
    text: str
    flip: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of reliability: `value` of `of` (a share 0 to 1, or a count), over `n` cases.

    `value` is None where it was not measured; `how` then says how to. `ceiling` is what people reach among
    themselves on the same label, with its `source`; both empty where none is known.
    """

    name: str
    value: float | None
    n: int
    how: str
    ceiling: str = ""
    source: str = ""


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
    figures: tuple[FigureRow, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    account: tuple[Common, ...] = ()
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    descents: tuple[Descent, ...] = ()
    revisions: tuple[Revision, ...] = ()
    timeline: tuple[Course, ...] = ()
    reliability: tuple[Measure, ...] = ()

    @property
    def shared(self) -> tuple[Row, ...]:
        """The claims that every version states."""
        return tuple(r for r in self.rows if all(p.status == "states" for p in r.positions.values()))
