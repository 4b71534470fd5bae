"""What is factual about a change: anchors, negations and hedges that one side has and the other has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from summarize.anchors import Anchor
from summarize.revisions.certainty import Lists, hedges, negations
from summarize.revisions.naming import identity, names, opening, same, speakers
from summarize.revisions.sides import Half, Run, Side, Token, plain
from summarize.text.words import stem

_UNITS = frozenset(
    map(
        stem,
        "km kilometre kilometer mile metre meter m cm mm foot feet ft inch yard acre hectare kg kilogram kilo gram g "
        "ton tonne pound lb ounce litre liter gallon barrel degree c f celsius fahrenheit mph kph knot watt kilowatt "
        "megawatt gigawatt kw mw gw volt dollar euro cent penny pence yen yuan won ruble rouble rupee franc second "
        "minute hour day week month year decade century percent point thousand million billion trillion "
        "% ° $ € £ ¥ ₩ usd eur gbp".split(),
    )
)


def reasons(before: Half, after: Half) -> tuple[str, ...]:
    """What makes a change of one sentence into another factual; empty where nothing does."""
    figures = [_swapped(kind, before, after, *_figures(before, after, kind)) for kind in ("number", "date")]
    spoke = speakers(before, after), speakers(after, before)
    named = names(before, after, spoke[0]), names(after, before, spoke[1])
    found = (
        *figures,
        [] if any(figures) else _told("number", _digits(before, after)),
        _exchanged(before, after),
        _told("unit", _units(before, after)),
        _swapped("name", before, after, *named),
        _swapped("speaker", before, after, *spoke),
        _swapped("quotation", before, after, _unquoted(before, after), _unquoted(after, before)),
        _told("negation", negations(before, after)),
        _told("hedge", hedges(before, after)),
    )
    return tuple(dict.fromkeys(reason for told in found for reason in told))


def alone(side: Side, place: int, other: Side) -> tuple[str, ...]:
    """The anchors of a sentence that the other revision has nowhere, as reasons ("number 14", "name Ruiz")."""
    half = Half(side, Run(place, place + 1), ())
    found = [a for a in half.anchors("number", "date", "name", "speaker", "quotation") if not _anywhere(a, side, other)]
    outer = [a.span for a in found if a.kind in {"speaker", "quotation"}]
    own = [a for a in found if a.kind != "name" or not any(o.start <= a.span.start < o.end for o in outer)]
    return tuple(dict.fromkeys(f"{a.kind} {half.show(a.span)}" for a in own))


def _anywhere(a: Anchor, side: Side, other: Side) -> bool:
    """Whether a revision has an anchor of the other anywhere."""
    if a.kind in {"number", "date"}:
        words = side.text[slice(*a.span)]
        return a.value in other.figures or (a.kind == "date" and f" {plain(words)} " in other.running)
    if a.kind == "name":
        return all(map(other.vocabulary.has, side.named(a)))
    if a.kind == "quotation":
        return f" {plain(a.value)} " in other.running
    one = identity(side.text[slice(*a.span)])
    return any(same(one, identity(speaker)) for speaker in other.speakers)


def _told(kind: str, changes: Lists) -> list[str]:
    """Reasons in words: one for one, "unit km → miles"; else what was removed and what was added."""
    gone, new = changes
    if len(gone) == len(new):
        return [f"{kind} {a} → {b}" for a, b in zip(gone, new, strict=True)]
    return [*(f"{kind} removed: {x}" for x in gone), *(f"{kind} added: {x}" for x in new)]


def _swapped(kind: str, before: Half, after: Half, gone: Iterable[Anchor], new: Iterable[Anchor]) -> list[str]:
    """Reasons in words: "number 12 → 14" where one stands in the other's place; else removed and added."""
    left = [(after.touched(a.span), after.show(a.span)) for a in new]
    told = []
    for a in gone:
        place = before.touched(a.span)
        other = next((x for x in left if x[0] == place and place is not None), None)
        if other is not None:
            left.remove(other)
        told.append(f"{kind} {before.show(a.span)} → {other[1]}" if other else f"{kind} removed: {before.show(a.span)}")
    return [*told, *(f"{kind} added: {words}" for _, words in left)]


def _figures(before: Half, after: Half, kind: str) -> tuple[list[Anchor], list[Anchor]]:
    """Figures of one kind that one half has more often than the other."""
    counts = [Counter(a.value for a in half.anchors(kind)) for half in (before, after)]
    gone, new = counts[0] - counts[1], counts[1] - counts[0]
    return (
        [a for a in before.anchors(kind) if a.value in gone and before.touches(a.span)],
        [a for a in after.anchors(kind) if a.value in new and after.touches(a.span)],
    )


def _exchanged(before: Half, after: Half) -> list[str]:
    """Figures or names that changed places while all other words stayed: "5–3" and "3–5"."""
    for kind in ("number", "name"):
        (frame, held), (other, new) = (_framed(half, kind) for half in (before, after))
        if frame == other and held != new and sorted(held) == sorted(new):
            return [f"{kind} {a} → {b}" for a, b in zip(held, new, strict=True) if a != b]
    return []


def _framed(half: Half, kind: str) -> tuple[list[str], list[str]]:
    """The words of a half with its anchors of a kind taken out, and these anchors."""
    found = half.anchors(kind)
    if kind == "name":
        found = sorted({a.span: a for a in (*found, *opening(half))}.values(), key=lambda a: a.span)
    starts = {a.span.start for a in found}
    inside = {t.start for a in found for t in half.side.over(a.span)}
    frame = ["" if t.start in starts else t.low for t in half.tokens() if t.start in starts or t.start not in inside]
    return frame, [a.value for a in found]


def _digits(before: Half, after: Half) -> Lists:
    """Words with digits that are no figure ("G7", "COVID-19")."""
    counts = [Counter(t.norm for t in half.tokens() if _is_loose(half, t)) for half in (before, after)]
    return list((counts[0] - counts[1]).elements()), list((counts[1] - counts[0]).elements())


def _is_loose(half: Half, t: Token) -> bool:
    figures = half.anchors("number", "date")
    return any(c.isdigit() for c in t.norm) and not any(a.span.start < t.end and t.start < a.span.end for a in figures)


def _units(before: Half, after: Half) -> Lists:
    """Units that changed behind a figure that did not."""
    found = [dict(_measures(half)) for half in (before, after)]
    changed = [v for v in found[0] if v in found[1] and stem(found[0][v].lower()) != stem(found[1][v].lower())]
    return [f"{v} {found[0][v]}" for v in changed], [f"{v} {found[1][v]}" for v in changed]


def _measures(half: Half) -> Iterator[tuple[str, str]]:
    """Each number with the unit behind it."""
    tokens = half.tokens()
    for a in half.anchors("number"):
        behind = [t for t in tokens if t.start >= a.span.end][:2]
        if behind and stem(behind[0].low) in _UNITS:
            yield a.value, "".join(t.norm for t in (behind if behind[0].norm == "°" else behind[:1]))


def _unquoted(mine: Half, theirs: Half) -> list[Anchor]:
    """Quotations of one half whose words the other does not quote."""
    there = [f" {q} " for q in theirs.side.quotes(theirs.run)]
    found = [(a, f" {plain(a.value)} ") for a in mine.anchors("quotation")]
    return [a for a, words in found if not any(words in other for other in there)]
