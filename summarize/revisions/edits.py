"""What each pair of an alignment is: an edit or a move, and of which nature.

trivial     white space, typography, mojibake, letter case of headings and of a sentence's first word,
            punctuation, date lines; a sentence split or joined with the same words
factual     an anchor, a unit, a negation or a hedge changed; a sentence came or went with an anchor that the
            other revision has nowhere
stylistic   the same anchors in other words that say much the same; the same words at another place
narrative   what is left: sentences that came or went without anchors of their own, other content words
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from summarize.revisions.alignment import Alignment, Pair
from summarize.revisions.facts import alone, reasons
from summarize.revisions.likely import Resemblance
from summarize.revisions.model import Edit, Nature
from summarize.revisions.prose import came, change, moved, went
from summarize.revisions.sides import Half, Run, Side, Token
from summarize.text.span import Span

_SAME_CONTENT = 0.75  # share of content from which other words say much the same
_LONG = 1500  # tokens above which words that stand all over a sentence are not compared one by one
_DISPLAY = frozenset({"headline", "subhead"})


class Change(NamedTuple):
    """Tokens that were replaced: a span of the repaired text on each side, None where there are none."""

    before: Span | None
    after: Span | None


def edits(before: Side, after: Side, aligned: Alignment, likeness: Resemblance) -> Iterator[Edit]:
    """All operations, in the order of the later text; what was deleted stands where it would stand there."""
    found: list[tuple[tuple[int, int, int], Edit]] = []
    stops = [(p.before.first, p.after.stop) for p in aligned.pairs if not p.moved]
    rank = {p: i for i, p in enumerate(sorted(aligned.pairs, key=lambda p: p.before))}
    for i, pair in enumerate(aligned.pairs):
        edit = _edit(before, after, pair, likeness, up=rank[pair] > i)
        if edit is not None:
            found.append(((pair.after.first, 1, 0), edit))
    found += [((j, 1, 0), _lone(after, j, before, added=True)) for j in aligned.new]
    at, k = 0, 0
    for i in aligned.gone:
        while k < len(stops) and stops[k][0] < i:
            at, k = stops[k][1], k + 1
        found.append(((at, 0, i), _lone(before, i, after, added=False)))
    return (edit for _, edit in sorted(found, key=lambda item: item[0]))


def _lone(side: Side, place: int, other: Side, *, added: bool) -> Edit:
    """A sentence that came or went."""
    run = Run(place, place + 1)
    nature: Nature = "narrative"
    why: tuple[str, ...] = ()
    if side.dated(place) or not side.said(run):
        nature = "trivial"
    elif why := alone(side, place, other):
        nature = "factual"
    evidence = side.whole(run)
    if added:
        return Edit("addition", nature, None, evidence, (), came(evidence, nature, why), why)
    return Edit("deletion", nature, evidence, None, (), went(evidence, nature, why), why)


def _edit(before: Side, after: Side, pair: Pair, likeness: Resemblance, *, up: bool) -> Edit | None:
    """What a pair is; None for a sentence that is the same at the same place."""
    old, new = before.whole(pair.before), after.whole(pair.after)
    same = old.exact == new.exact
    if same and not pair.moved:
        return None
    changes = [] if same else list(differing(before, pair.before, after, pair.after))
    nature, why = _judged(before, after, pair, changes, likeness)
    words = [(before.part(*c.before) if c.before else None, after.part(*c.after) if c.after else None) for c in changes]
    changed = tuple(e for side in zip(*words, strict=True) for e in side if e) if words else ()
    text = change(nature, why, words, (pair.before.stop - pair.before.first, pair.after.stop - pair.after.first))
    if not pair.moved:
        return Edit("edit", nature, old, new, changed, f"{text[0].upper()}{text[1:]}.", why)
    if nature == "trivial" and not before.dated(pair.before.first):
        nature = "stylistic"
    return Edit("move", nature, old, new, changed, moved(new, "" if same else text, up=up), why)


def _judged(
    before: Side, after: Side, pair: Pair, changes: Sequence[Change], likeness: Resemblance
) -> tuple[Nature, tuple[str, ...]]:
    """The nature of a changed or moved pair, and what makes it factual."""
    b, a = pair.before, pair.after
    if before.dated(b.first) and after.dated(a.first):
        return "trivial", ()
    if _says_the_same(before, b, after, a):
        return "trivial", ()
    halves = (
        Half(before, b, tuple(c.before for c in changes)),
        Half(after, a, tuple(c.after for c in changes)),
    )
    if why := reasons(*halves):
        return "factual", why
    return ("stylistic" if likeness.content(b, a) >= _SAME_CONTENT else "narrative"), ()


def _says_the_same(before: Side, b: Run, after: Side, a: Run) -> bool:
    """Whether what differs is trivial. Letter case is in headings and in the first word of a sentence."""
    if before.key(b) != after.key(a):
        return False
    display = before.sentences[b.first].role in _DISPLAY or after.sentences[a.first].role in _DISPLAY
    first = _openers(before, b), _openers(after, a)
    shouted = [_all_capitals(side.said(run)) for side, run in ((before, b), (after, a))]
    for one, other in zip(before.said(b), after.said(a), strict=True):
        if one.norm == other.norm:
            continue
        acronym = (_capitals(one) and not shouted[0]) or (_capitals(other) and not shouted[1])
        if acronym or not (display or one.start in first[0] or other.start in first[1]):
            return False
    return True


def _openers(side: Side, run: Run) -> set[int]:
    return {next((t.start for t in side.tokens[i] if not t.mark), -1) for i in range(*run)}


def _capitals(token: Token) -> bool:
    return len(token.norm) > 1 and token.norm.isupper()


def _all_capitals(tokens: Sequence[Token]) -> bool:
    return "".join(t.norm for t in tokens).isupper()


def differing(before: Side, b: Run, after: Side, a: Run) -> Iterator[Change]:
    """The tokens that differ: in their words, else in letter case, else in typography and punctuation."""
    old, new = before.said(b), after.said(a)
    if [t.low for t in old] != [t.low for t in new]:
        return _diff(old, new, [t.low for t in old], [t.low for t in new])
    if [t.norm for t in old] != [t.norm for t in new]:
        return _diff(old, new, [t.norm for t in old], [t.norm for t in new])
    old, new = ([t for i in range(*run) for t in side.tokens[i]] for side, run in ((before, b), (after, a)))
    return _diff(
        old, new, [before.part(t.start, t.end).exact for t in old], [after.part(t.start, t.end).exact for t in new]
    )


def _diff(old: Sequence[Token], new: Sequence[Token], keys: Sequence[str], other: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, keys, other, autojunk=len(keys) + len(other) > _LONG)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield Change(
                Span(old[i].start, old[j - 1].end) if j > i else None,
                Span(new[k].start, new[m - 1].end) if m > k else None,
            )
