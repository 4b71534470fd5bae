"""The same claim with other weight: how sure it is, where it stands, whether a cause is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from summarize.comparison.ground import Ground, agreed, numbers, quote, sites
from summarize.comparison.model import Difference, Row
from summarize.evidence import Evidence
from summarize.reading import ClaimKind

_LOW, _FAR = 0.5, 4  # share of the text above a late mention; sentences that must lie between


def certainties(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that one version asserts and another hedges or calls unconfirmed."""
    seen: set[object] = set()
    for row in rows:
        told = row.stating()
        levels = {p.certainty for p in told.values()}
        evidence = {v: p.evidence for v, p in told.items()}
        pairs = list(evidence.values())
        where = frozenset(site for e in pairs for site in sites(e))
        if len(levels) < 2 or where in seen or all(ground.same_words(pairs[0], e) for e in pairs[1:]):  # noqa: PLR2004
            continue
        seen.add(where)
        said = "; ".join(f"{ground.label(v)}: {told[v].certainty}" for v in ground.in_order(told))
        poles = {v: p.certainty for v, p in told.items()}
        text = f"{said}, on {quote(row.text, 120)}."
        yield Difference("certainty", tuple(told), text, evidence, (row.id,), direction=poles)


def prominences(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that open one version (headline, bullets, first paragraph) and come late in another, or close it."""
    for row in rows:
        told = row.stating()
        first = {v: min(numbers(p.evidence)) for v, p in told.items()}
        opens = [v for v, number in first.items() if ground.top(v, number)]
        late = [v for v, number in first.items() if v not in opens and _late(ground, v, number)]
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
        if given and without:
            text = (
                f"{ground.listed(given)} {agreed(given, 'gives', 'give')} a cause, {quote(row.text)}; "
                f"{ground.listed(without)} {agreed(without, 'tells', 'tell')} it without."
            )
            poles = {**dict.fromkeys(given, "gives a cause"), **dict.fromkeys(without, "gives none")}
            yield Difference("causal", (*given, *without), text, {**given, **without}, (row.id,), direction=poles)


def _causal(
    ground: Ground, version: str, evidence: Iterable[Evidence], kinds: tuple[ClaimKind, ...] = ("cause",)
) -> bool:
    """Whether one of the version's own claims of kind "cause", or of `kinds`, rests on these sentences."""
    where = sites(evidence)
    return any(c.kind in kinds and sites(c.evidence) & where for c in ground.readings[version].claims)
