"""Who is named and who speaks on one side of a change and not on the other.

An anchor counts only where the words of the sentence changed: what a reader of names finds in one revision and
misses in the other, because other sentences taught it which words are names, is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from summarize.anchors import Anchor, title_words
from summarize.revisions.sides import Half
from summarize.revisions.vocabulary import Vocabulary, bare
from summarize.text.lists import stopwords
from summarize.text.span import Span
from summarize.text.speech import is_pronoun, role, speeches
from summarize.text.words import content, words

_HEAD_END = re.compile(r",|\s(?:of|for|in|at|from|with|on|who)\s")
_ABOVE = 3  # sentences above in which the speaker stands whom a pronoun points to


def names(mine: Half, theirs: Half, speakers: list[Anchor]) -> list[Anchor]:
    """Names of one half that the other has not; those of `speakers`, who are told for themselves, left out."""
    there = Vocabulary([*(t.low for t in theirs.tokens()), *(w.low for v in _meant(theirs) for w in words(v))])
    found: dict[str, Anchor] = {}
    for a in (*mine.anchors("name"), *opening(mine, theirs)):
        new = [w for w in mine.side.named(a) if not there.has(w)]
        told = any(s.span.start <= a.span.start < s.span.end for s in speakers)
        if new and mine.touches(a.span) and not told and not _abbreviated(new, theirs):
            found.setdefault(" ".join(new), a)
    return list(found.values())


def _abbreviated(new: list[str], theirs: Half) -> bool:
    """Whether the other half has the initials of a name, or a name whose initials it is ("UN", "United Nations")."""
    tokens = theirs.tokens()
    if len(new) == 1:
        short = new[0].replace(".", "")
        initials = "".join(t.low[0] if t.norm[0].isupper() else " " for t in tokens)
        return len(short) > 1 and short in initials
    return "".join(w[0] for w in new) in {t.low for t in tokens if t.norm.isupper()}


def opening(mine: Half, *others: Half) -> Iterator[Anchor]:
    """The first words of sentences that are names by what else the revisions have, or by the name they stand before."""
    for i in range(*mine.run):
        first, following = [*(t for t in mine.side.tokens[i] if not t.mark), None, None][:2]
        if first is None or not first.norm[0].isupper() or first.low in stopwords():
            continue
        known = any(bare(first.low) in half.side.names for half in (mine, *others))
        beside = following is not None and following.norm[0].isupper() and following.start - first.end == 1
        before_name = beside and first.norm not in title_words()
        if known or (before_name and role(first.low) is None):
            yield Anchor("name", first.norm, Span(first.start, first.end), mine.side.sentences[i].number)


def speakers(mine: Half, theirs: Half) -> list[Anchor]:
    """Speakers of one half who do not speak in the other."""
    there = [identity(voice) for voice in (*_named(theirs), *_meant(theirs))]
    words_there = {w.stem for i in range(*theirs.run) for w in theirs.side.words[i]}
    found = [(a, identity(mine.side.text[slice(*a.span)])) for a in mine.anchors("speaker") if mine.touches(a.span)]
    return [
        a
        for a, one in found
        if not any(same(one, other) for other in there) and (there or not one.words <= words_there)
    ]


class Identity(NamedTuple):
    """The stems that tell a speaker from others, and those of the name that the phrase begins with."""

    words: frozenset[str]
    name: frozenset[str]


def same(one: Identity, other: Identity) -> bool:
    """Whether two speakers may be one: the words, or the name, of one are among those of the other."""
    return any(a and b and (a <= b or b <= a) for a, b in zip(one, other, strict=True))


@cache
def identity(speaker: str) -> Identity:
    """Who a speaker is: without titles, where there is more than these."""
    found = content(words(speaker))
    told = [w for w in found if speaker[w.start : w.end].capitalize() not in title_words()] or found
    head = _HEAD_END.split(speaker, maxsplit=1)[0]
    named = (w.stem for w in told if w.end <= len(head) and speaker[w.start].isupper())
    return Identity(frozenset(w.stem for w in told), frozenset(named))


def _speeches(half: Half) -> Iterator[tuple[int, str]]:
    """Who speaks in each sentence of a half, with the sentence's place."""
    for i in range(*half.run):
        for speaker, _ in speeches(half.side.text, *half.side.sentences[i].span):
            yield i, half.side.text[slice(*speaker)]


def _named(half: Half) -> Iterator[str]:
    return (said for _, said in _speeches(half) if not is_pronoun(said))


def _meant(half: Half) -> Iterator[str]:
    """Whom the pronouns that speak point to: who spoke last above."""
    for i, said in _speeches(half):
        if is_pronoun(said):
            above = [a for k in range(max(0, i - _ABOVE), i) for a in half.side.anchors[k] if a.kind == "speaker"]
            yield from (half.side.text[slice(*a.span)] for a in above[-1:])
