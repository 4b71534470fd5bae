"""An inventory of more claims than one question bears: asked in batches, in which claims that are alike meet.

    claims ─ batches ─▶ asked one by one ─▶ merged ─ strangers ─▶ those with a likely twin in another batch,
                                                                   asked once more among themselves

So the number of questions grows with the number of claims, not with the number of pairs, and what can be one
claim is shown together, whatever the order of the versions.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarize.text.likeness import Bag, Likeness

MOST = 150  # claims in one question: more than two long versions have, fewer than a model loses sight of
_LIKELY = 0.4  # coverage, the mean of both ways, from which two claims may be one
_TWINS = 6  # likely twins of a claim that are looked at


def batches(texts: Sequence[str], most: int = MOST) -> list[list[int]]:
    """Indices of all `texts` in batches of at most `most`, alike ones together; one batch if they fit.

    Pairs are joined from the likest down, as long as a batch holds them (single linkage, capped); what is left
    fills the batches up. Indices are in order within a batch, so the shuffle of the texts is kept; which texts
    meet in a batch hangs on no order.
    """
    if len(texts) <= most:
        return [list(range(len(texts)))] if texts else []
    order = sorted(range(len(texts)), key=lambda i: texts[i])
    found = _packed(_linked([texts[i] for i in order], most), most)
    return sorted(sorted(order[i] for i in batch) for batch in found)


def _linked(texts: Sequence[str], most: int) -> list[list[int]]:
    """Groups of at most `most` texts, the largest first."""
    group = list(range(len(texts)))
    members = {i: [i] for i in group}
    for _, i, j in _pairs(texts):
        one, other = sorted((group[i], group[j]))
        if one != other and len(members[one]) + len(members[other]) <= most:
            for k in members[other]:
                group[k] = one
            members[one] += members.pop(other)
    return sorted((sorted(m) for m in members.values()), key=lambda m: (-len(m), m))


def strangers(texts: Sequence[str], met: Sequence[frozenset[int]]) -> list[int]:
    """Indices of the `texts` that have a likely twin with which they share none of the batches they have `met` in."""
    return sorted({k for _, i, j in _pairs(texts) if met[i].isdisjoint(met[j]) for k in (i, j)})


def _pairs(texts: Sequence[str]) -> list[tuple[float, int, int]]:
    """Pairs of texts that may say the same, the likest first."""
    bags = [Bag.of(text) for text in texts]
    index = Likeness(bags)
    found: dict[tuple[int, int], float] = {}
    for i, bag in enumerate(bags):
        for j, cover, _ in index.best(bag)[: _TWINS + 1]:
            alike = (cover + index.coverage(bags[j], bag)) / 2
            if i != j and alike >= _LIKELY:
                found[min(i, j), max(i, j)] = round(alike, 9)
    return sorted(((alike, i, j) for (i, j), alike in found.items()), key=lambda pair: (-pair[0], pair[1], pair[2]))


def _packed(groups: Sequence[list[int]], most: int) -> list[list[int]]:
    """The groups, the largest first, each put into the first batch that has room for it."""
    filled: list[list[int]] = []
    for group in groups:
        room = next((batch for batch in filled if len(batch) + len(group) <= most), None)
        if room is None:
            filled.append(list(group))
        else:
            room += group
    return filled
