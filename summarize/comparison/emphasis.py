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
        yield Difference("certainty", tuple(told), f"{said}, on {quote(row.text, 120)}.", evidence, (row.id,))


def prominences(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that open one version (headline, bullets, first paragraph) and come late in another."""
    for row in rows:
        told = row.stating()
        first = {v: min(numbers(p.evidence)) for v, p in told.items()}
        opens = [v for v, number in first.items() if ground.top(v, number)]
        late = [v for v, number in first.items() if v not in opens and _late(ground, v, number)]
        if not opens or not late:
            continue
        evidence = {v: told[v].evidence[:1] for v in (*opens, *late)}
        words = quote(row.text, 120)
        text = (
            f"{ground.listed(opens)} {agreed(opens, 'opens', 'open')} with {words}; "
            f"{ground.listed(late)} {agreed(late, 'comes', 'come')} to it in the second half."
        )
        yield Difference("prominence", tuple(evidence), text, evidence, (row.id,))


def _late(ground: Ground, version: str, number: int) -> bool:
    before, share = ground.place(version, number)
    return share >= _LOW and before >= _FAR


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
            yield Difference("causal", (*given, *without), text, {**given, **without}, (row.id,))


def _causal(
    ground: Ground, version: str, evidence: Iterable[Evidence], kinds: tuple[ClaimKind, ...] = ("cause",)
) -> bool:
    """Whether one of the version's own claims of kind "cause", or of `kinds`, rests on these sentences."""
    where = sites(evidence)
    return any(c.kind in kinds and sites(c.evidence) & where for c in ground.readings[version].claims)
