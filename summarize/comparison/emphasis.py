"""The same claim with other weight: how sure it is, where it stands, whether a cause is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from summarize.comparison.ground import Ground, agreed, numbers, quote, sites
from summarize.comparison.model import Difference, Row
from summarize.comparison.voicing import also_hedged, also_plainly, hedges, reports
from summarize.evidence import Evidence
from summarize.reading import ClaimKind, Position
from summarize.text.likeness import Bag

_EFFECT, _LIKE_CAUSE = 0.65, 0.3  # coverage: of a claim by what tells it without its cause; of another cause by it
_ABOUT = 0.35  # coverage of a claim from which a sentence is about it
_LOW, _FAR = 0.5, 4  # share of the text above a late mention; sentences that must lie between


def certainties(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that one version asserts and another hedges or calls unconfirmed.

    Law 7 holds here too: what a speaker is sure of is not the version's certainty. Two versions are compared in
    their own voices, or in one speaker's; and the words must show it (see voicing.py).
    """
    seen: set[object] = set()
    for row in rows:
        firm, soft = _firm(ground, row), _soft(ground, row)
        firm = {v: p for v, p in firm.items() if any(_one_voice(p, other) for other in soft.values())}
        soft = {v: p for v, p in soft.items() if any(_one_voice(other, p) for other in firm.values())}
        told = {**firm, **soft}
        evidence = {v: p.evidence for v, p in told.items()}
        where = frozenset(site for e in evidence.values() for site in sites(e))
        if not firm or not soft or where in seen:
            continue
        seen.add(where)
        said = "; ".join(f"{ground.label(v)}: {told[v].certainty}" for v in ground.in_order(told))
        poles = {v: p.certainty for v, p in told.items()}
        text = f"{said}, on {quote(row.text, 120)}."
        yield Difference("certainty", tuple(told), text, evidence, (row.id,), direction=poles)


def _firm(ground: Ground, row: Row) -> dict[str, Position]:
    return {
        v: p
        for v, p in row.stating().items()
        if p.certainty == "asserted"
        and not hedges(p.evidence)
        and not (p.voice == "author" and reports(ground, p.evidence))
        and not also_hedged(ground, row, v, p)
    }


def _soft(ground: Ground, row: Row) -> dict[str, Position]:
    return {
        v: p
        for v, p in row.stating().items()
        if p.certainty != "asserted" and _shown(ground, v, p) and not also_plainly(ground, row, v, p)
    }


def _shown(ground: Ground, version: str, position: Position) -> bool:
    """Whether the words hedge; in a language that the lists do not know, the label has to do."""
    return hedges(position.evidence) or not ground.english(version)


def _one_voice(firm: Position, soft: Position) -> bool:
    """Whether both speak in the version's own voice, or by one speaker whom only one of them lets hedge."""
    return (
        firm.voice == soft.voice
        and firm.speaker == soft.speaker
        and (firm.voice == "author" or soft.certainty == "hedged")
    )


def prominences(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that open one version (headline, bullets, first paragraph) and come late in another, or close it."""
    for row in rows:
        told = row.stating()
        first = {v: min(numbers(p.evidence)) for v, p in told.items()}
        opens = [v for v, number in first.items() if ground.top(v, number)]
        late = [
            v for v, n in first.items() if v not in opens and _late(ground, v, n) and not _sooner(ground, row, v, n)
        ]
        if not opens or not late:
            continue
        evidence = {v: told[v].evidence[:1] for v in (*opens, *late)}
        text = (
            f"{ground.listed(opens)} {agreed(opens, 'opens', 'open')} with {quote(row.text, 120)}; "
            f"{'; '.join(_late_mention(ground, v, first[v]) for v in ground.in_order(late))}."
        )
        poles = {v: _standing(ground, v, first[v]) for v in evidence}
        yield Difference("prominence", tuple(evidence), text, evidence, (row.id,), direction=poles)


def _late(ground: Ground, version: str, number: int) -> bool:
    before, share = ground.place(version, number)
    return share >= _LOW and before >= _FAR


def _sooner(ground: Ground, row: Row, version: str, number: int) -> bool:
    """Whether a sentence before the first one cited is about the claim too."""
    return any(n < number for n in ground.covering(version, row.text, _ABOUT))


def _late_mention(ground: Ground, version: str, number: int) -> str:
    before, _ = ground.place(version, number)
    which = f"in sentence {before + 1} of {len(ground.read[version])}"
    closing = ", its last paragraph" if _closes(ground, version, number) else ""
    return f"{ground.label(version)} comes to it {which}{closing}"


def _closes(ground: Ground, version: str, number: int) -> bool:
    last = ground.read[version][-1]
    return ground.articles[version].sentences[number - 1].paragraph == last.paragraph


def _standing(ground: Ground, version: str, number: int) -> str:
    """Where a claim first stands: "headline", "lede", "late" or "close"."""
    if ground.top(version, number):
        return "headline" if ground.articles[version].sentences[number - 1].role == "headline" else "lede"
    return "close" if _closes(ground, version, number) else "late"


def causes(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Causes that one version gives and another, which tells a part of the claim, does not."""
    for row in rows:
        if row.kind != "cause":
            continue
        given = {v: p.evidence for v, p in row.stating().items() if _causal(ground, v, p.evidence)}
        others = {v: p.evidence for v, p in row.telling().items() if p.status == "partly"}
        # a quotation may hold the cause
        without = {v: e for v, e in others.items() if not _causal(ground, v, e, ("cause", "quote"))}
        without = {v: e for v, e in without.items() if _tells_effect(ground, row, v, e)}
        if given and without:
            text = (
                f"{ground.listed(given)} {agreed(given, 'gives', 'give')} a cause, {quote(row.text)}; "
                f"{ground.listed(without)} {agreed(without, 'tells', 'tell')} it without."
            )
            poles = {**dict.fromkeys(given, "gives a cause"), **dict.fromkeys(without, "gives none")}
            yield Difference("causal", (*given, *without), text, {**given, **without}, (row.id,), direction=poles)


def _tells_effect(ground: Ground, row: Row, version: str, evidence: Iterable[Evidence]) -> bool:
    """Whether a version tells enough of a claim to be without its cause, and gives no other cause for the like."""
    claim, bags = Bag.of(row.text), ground.bags[version]
    said = max((ground.likeness.coverage(claim, bags[n]) for n in numbers(evidence)), default=0.0)
    causes = (Bag.of(c.text) for c in ground.readings[version].claims if c.kind == "cause")
    return said >= _EFFECT and all(ground.likeness.coverage(cause, claim) < _LIKE_CAUSE for cause in causes)


def _causal(
    ground: Ground, version: str, evidence: Iterable[Evidence], kinds: tuple[ClaimKind, ...] = ("cause",)
) -> bool:
    """Whether one of the version's own claims of kind "cause", or of `kinds`, rests on these sentences."""
    where = sites(evidence)
    return any(c.kind in kinds and sites(c.evidence) & where for c in ground.readings[version].claims)
