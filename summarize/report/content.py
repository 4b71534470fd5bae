"""What every view of a comparison says, whatever it is drawn with; nothing here is escaped or styled yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from summarize.comparison.model import Comparison, Difference, Kind
from summarize.copies import Origin
from summarize.evidence import Evidence
from summarize.news import Article
from summarize.reading import Portrayal, Reading, Status, Ungrounded
from summarize.report.text import count, joined, safe, spaced

# A stretch of text, and whether it is the very words a finding rests on.
Piece: TypeAlias = "tuple[str, bool]"

KINDS: Mapping[Kind, tuple[str, str]] = {
    "omission": ("Left out", "told in one version, missing from another"),
    "contradiction": ("Contradictions", "they cannot all be right"),
    "numeric": ("Other figures", "different numbers or dates for the same thing"),
    "attribution": ("Who says it", "the same claim by another voice, or other words quoted"),
    "certainty": ("How sure it is", "asserted in one version, hedged or unconfirmed in another"),
    "wording": ("Choice of words", "loaded words, and what another version says in their place"),
    "portrayal": ("How somebody is shown", "another role or another tone toward the same person or body"),
    "prominence": ("Where it stands", "it opens one version and comes late in another"),
    "causal": ("Causes", "given in one version and not in another"),
    "framing": ("Main frame", "what the story is made to be about"),
    "tone": ("Tone", "clearly another tone in the same part of the article"),
}
SYMBOLS: Mapping[Status, str] = {"states": "●", "partly": "◐", "contradicts": "✗", "silent": "○", "not found": "?"}
STATUSES: Mapping[Status, str] = {
    "states": "states it",
    "partly": "states a part",
    "contradicts": "contradicts it",
    "silent": "says nothing of it, and no sentence is like it",
    "not found": "not found, yet something like it may be there",
}
ACCOUNT = "Claims that every version states; with each, who hedges or attributes it, and the numbers of the sentences."
# Whether the tone moved when neutral words were put in the place of loaded ones.
TRIED: Mapping[bool, str] = {True: "confirmed", False: "not confirmed"}
_SHORT, _FEW = 20, 3  # characters of a label that fits the head of a column, while there are only a few


class _Finding(Protocol):
    """What all findings have."""

    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


@dataclass(frozen=True, slots=True)
class Names:
    """What versions are called: `short` where room is scarce, `full` elsewhere; both tell them apart.

    Labels come from outside and may be long, equal or look equal, so versions get letters unless they are
    few and every label is short, plain and distinct.
    """

    short: Mapping[str, str]
    full: Mapping[str, str]


def names(articles: Sequence[Article]) -> Names:
    """Names of the versions, in the order given."""
    labels = {a.version.id: safe(a.version.label).strip() for a in articles}
    plain = all(0 < len(label) <= _SHORT and label.isascii() for label in labels.values())
    distinct = len({label.casefold() for label in labels.values()}) == len(labels)
    if len(labels) == 1 or (len(labels) <= _FEW and plain and distinct):
        return Names(labels, labels)
    letters = {v: _letters(i) for i, v in enumerate(labels)}
    return Names(letters, {v: f"{letters[v]} · {label}" for v, label in labels.items()})


def _letters(index: int) -> str:
    """A, B and so on to Z, then AA, AB."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def facts(article: Article) -> tuple[str, ...]:
    """What is known of a version besides its headline: where from, when, how long."""
    read = list(article.read())
    words = sum(len(article.exact(s.span).split()) for s in read)
    aside = len(article.sentences) - len(read)
    found = [article.version.outlet, article.version.published, count(words, "word"), count(len(read), "sentence")]
    if aside:
        found.append(f"{count(aside, 'line')} set aside (byline, boilerplate)")
    return tuple(fact for fact in found if fact)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a version, by number, in pieces that tell the words a finding rests on from the rest."""

    sentence: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(piece for piece, _ in self.pieces)

    @property
    def whole(self) -> bool:
        """Whether the finding rests on the whole sentence."""
        return all(marked for _, marked in self.pieces)


@dataclass(frozen=True, slots=True)
class Side:
    """One version's part in a difference: its own words, and a note where the words alone would mislead."""

    version: str
    passages: tuple[Passage, ...]
    note: str = ""


def passages(
    article: Article, evidence: Iterable[Evidence], marked: Iterable[Evidence] | None = None
) -> tuple[Passage, ...]:
    """The sentences that hold `evidence`, each once, whole: a word proves little without its sentence.

    Marked in them is the evidence, or what is given as `marked`.
    """
    shown = sorted(e.span for e in evidence)
    spans = shown if marked is None else sorted(e.span for e in marked)
    found: list[Passage] = []
    for s in article.sentences:
        if any(a < s.end and s.start < b for a, b in shown):
            inside = [(max(a, s.start), min(b, s.end)) for a, b in spans if a < s.end and s.start < b]
            found.append(Passage(s.number, tuple(_pieces(article.version.text, (s.start, s.end), inside))))
    return tuple(found)


def _pieces(text: str, span: tuple[int, int], marked: Sequence[tuple[int, int]]) -> list[Piece]:
    at, end = span
    found: list[Piece] = []
    for start, stop in marked:
        found += [(text[at:start], False), (text[max(at, start) : stop], True)]
        at = max(at, stop)
    found.append((text[at:end], False))
    return [piece for piece in found if piece[0]]


def sides(found: Comparison, difference: Difference) -> tuple[Side, ...]:
    """Each version's part in a difference, in the order in which the versions were given."""
    return tuple(
        Side(a.version.id, passages(a, difference.evidence.get(a.version.id, ())), _note(found, difference, a))
        for a in found.story.articles
        if a.version.id in difference.versions
    )


def _note(found: Comparison, difference: Difference, article: Article) -> str:
    version = article.version.id
    if version not in difference.lacking:
        return "" if difference.evidence.get(version) else "cites no words"
    if not difference.evidence.get(version):
        return "says nothing of it"
    partly = any(row.positions[version].status == "partly" for row in found.rows if row.id in difference.claims)
    return "" if partly else "has this elsewhere:"


def grouped(differences: Iterable[Difference]) -> dict[Kind, list[Difference]]:
    """Differences by kind; kinds and members keep the order in which the most salient come first."""
    groups: dict[Kind, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.kind, []).append(difference)
    return groups


def verdict(found: Comparison) -> str:
    """A sentence that says how much was found, or, where nothing was, what that does and does not mean."""
    both = "both" if len(found.story.articles) == 2 else "all"  # noqa: PLR2004
    if found.differences:
        told = f"{both.capitalize()} versions state {len(found.shared)} of {count(len(found.rows), 'claim')}."
        if copies(found):
            told += f" {len(found.story.articles)} versions of {count(len(found.origins), 'origin')}: near-copies of"
            told += " one text are one."
        return f"{count(len(found.differences), 'difference')}. {told}"
    if len({a.version.digest for a in found.story.articles}) == 1:
        return f"No differences: {both} versions are the same text, letter for letter."
    return "No differences were found. That is what this reading can see; it does not prove that there are none."


def copies(found: Comparison) -> tuple[Origin, ...]:
    """The origins with several versions; none for revisions, which are one text as it was changed."""
    return () if found.story.revisions else tuple(o for o in found.origins if len(o.versions) > 1)


def near_copies(found: Comparison, named: Names) -> tuple[str, ...]:
    """A sentence for each origin with several versions, in the order given."""
    order = list(named.short)
    groups = sorted((sorted(map(order.index, origin.versions)), _alike(origin)) for origin in copies(found))
    told = "are near-copies of one text and count as one origin"
    return tuple(f"{joined([named.short[order[i]] for i in group])} {told} ({alike})." for group, alike in groups)


def _alike(origin: Origin) -> str:
    least = "" if len(origin.versions) == 2 else "at least "  # noqa: PLR2004  # there is one pair
    return f"they share {least}{origin.resemblance:.0%} of their runs of five words"


def ungrounded(readings: Iterable[Reading], others: Iterable[Ungrounded] = ()) -> list[Ungrounded]:
    """Findings that prove nothing, of the readings and of the comparison."""
    return [*(u for reading in readings for u in reading.ungrounded), *others]


def proofs(reading: Reading) -> Iterator[Evidence]:
    """All evidence of a reading, for looking up the numbers of its sentences."""
    findings: Iterable[_Finding] = (
        *reading.summary, *reading.claims, *reading.frames, *reading.functions, *reading.portrayal,
        *reading.wording, *reading.voices, *(tone for tone in reading.tone.values() if tone),
    )  # fmt: skip
    return (e for finding in findings for e in finding.evidence)


def numbered_proofs(found: Comparison) -> Iterator[Evidence]:
    """Evidence of what is told of the story as a whole and shown by the numbers of its sentences."""
    yield from (f.evidence for row in found.figures for side in row.figures.values() for f in side)
    yield from (e for ratio in found.ratios for e in (ratio.words, *ratio.numbers))
    yield from (e for quotation in found.quotations for e in quotation.evidence.values())


def role(found: Portrayal) -> str:
    """The role somebody is shown in; the finer one is tentative and says so."""
    main = "no role" if found.role == "none" else found.role
    return f"{main}, perhaps {spaced(found.finer)}" if found.finer else main


def sentence_numbers(evidence: Iterable[Evidence]) -> str:
    """The numbers of the sentences of evidence, listed."""
    return ", ".join(str(n) for n in sorted({e.sentence for e in evidence}))


def cited(evidence: Mapping[str, Iterable[Evidence]], named: Names) -> str:
    """Whose words evidence is, with the numbers of the sentences, in the order given: "long 3 · short 1, 2"."""
    return " · ".join(f"{name} {sentence_numbers(evidence[v])}" for v, name in named.short.items() if evidence.get(v))
