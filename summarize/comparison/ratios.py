"""Ratios in words ("almost tripled to 181 from 67"), checked against the numbers that they rest on.

What the words claim is a range of factors, as wide as usage is; the bounds are included:

    tripled, three times, half of, a third of    10 % to either side
    almost (nearly, close to, just under)        of 2 and more: from ½ below to it; of a part: from 15 % below to it
    more than (over, at least)                   of 2 and more: from it to 1 above; of a part: from it to the whole
    less than (under)                            of 2 and more: from 1 to it; of a part: from nothing to it
    about (around, roughly, some)                20 % to either side
    fell by half, cut in half, halved            1 less such a part
    up 26 percent, a 26 percent drop             1 and the part, or less it: ± 5 % of it, at least ± 1 point; almost:
                                                 from 15 % below to it; more than: to half as much again

Numbers are told with certainty only by these constructions, in one clause and of one kind:

    “… tripled to NEW from OLD”, “tripled from OLD to NEW”, and “from OLD to NEW, almost tripling”
    “NEW, twice the OLD”, “NEW, about one-third of the OLD”, “NEW, up 26 percent from the OLD”, of one thing
    “more than half of the panelists – 58 percent –”
    the first of these in the sentence before or behind, where the ratio is not told in percent, its own sentence
        has no number, and the two share a word

Everything else is left open. So is a construction but the first that is off by a factor of three: what is so
far from its words is hardly what they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarize.comparison.claimed import Claim, claims
from summarize.comparison.ground import Ground
from summarize.comparison.measured import Mention, mentions
from summarize.comparison.model import Ratio
from summarize.evidence import part
from summarize.news import Article, Sentence
from summarize.text.span import Span

_FILL = (
    r"(?:(?:a|an|the|about|around|nearly|almost|more|than|just|over|under|some|only|roughly|approximately|at|least|up|as"
    r"|current|currently|previous|earlier|record|high|low|peak|of|total|estimated|its|their|his|her|last|year’s|year's"
    r"|much|many|from|that|what|original|initial)\s)*"
)
_TO = re.compile(rf"\bto\s{_FILL}$")
_FROM = re.compile(rf"\bfrom\s{_FILL}$")
_FILLED = re.compile(rf"\s(?:of\s|from\s|than\s)?{_FILL}")
_BREAK = re.compile(r"[;:()“”]|\b(?:and|but|while|whereas|as|when|after|before|although|though|than|compared)\b")
_ASIDE = re.compile(r"(?:[,—–]|-\s?-|\b(?:which|that)\s(?:is|was|are|were)|\b(?:is|was|are|were|or))\s$")
_OPEN = re.compile(r"[^,;:()—–“”\d]{0,60}(?:(?P<dash>\s[–—-]\s)|(?P<comma>,\s)|(?P<bracket>\s\())")
_REACH, _NEAR = 80, 60  # code points between the words and the numbers, and between two numbers
_FAR = 3.0  # factor between the numbers and the words from which the words are about something else
_EXACT = 1e-9


class _Pair(NamedTuple):
    new: Mention
    old: Mention


def ratios(ground: Ground) -> tuple[Ratio, ...]:
    """Every ratio that a version tells in words, in the order of the versions' texts (see the module's rules).

    `found` is the factor of the numbers, new by old (for a part told in percent, that share of 1), `numbers` the
    new and the old one. `holds` allows for the rounding of the numbers (see rounding.py).
    """
    return tuple(ratio for version in ground.articles for ratio in _of_version(ground, version))


def _of_version(ground: Ground, version: str) -> Iterator[Ratio]:
    article, bags, read = ground.articles[version], ground.bags[version], ground.read[version]
    told: dict[int, list[Mention]] = {}
    for m in mentions(ground, version):
        told.setdefault(m.figure.evidence.sentence, []).append(m)
    for place, s in enumerate(read):
        for claim in claims(article.version.text, s.span):
            own = [m for m in told.get(s.number, []) if not _inside(m, claim.span)]
            found = _checked(article, s, claim, own)
            if not own and claim.kind == "change":
                beside = [*read[max(0, place - 1) : place], *read[place + 1 : place + 2]]
                near = [n for n in beside if not bags[n.number].stems.isdisjoint(bags[s.number].stems)]
                pairs = [p for n in near for p in _pairs(article.version.text, n.span, told.get(n.number, []))]
                found = _ratio(article, claim, pairs[0], sure=False) if len(pairs) == 1 else None
            yield found or Ratio(part(article, *claim.span), claim.factors)


def _inside(m: Mention, span: Span) -> bool:
    return span.start <= m.figure.evidence.start and m.figure.evidence.end <= span.end


def _checked(article: Article, s: Sentence, claim: Claim, own: Sequence[Mention]) -> Ratio | None:
    """The ratio with the numbers of its own sentence, if a construction tells which they are."""
    text = article.version.text
    explicit = [p for p in _pairs(text, s.span, own) if _goes_with(text, claim.span, p, own)]
    if explicit and claim.kind != "part":
        return _ratio(article, claim, explicit[0], sure=True) if len(explicit) == 1 else None
    apposed = _apposed(text, s.span, claim, own)
    if apposed:
        share = apposed.told.number / 100
        if _plausible(share, claim):
            holds = claim.factors[0] - _EXACT <= share <= claim.factors[1] + _EXACT
            return Ratio(part(article, *claim.span), claim.factors, (apposed.figure.evidence,), share, holds)
    pair = _framed(text, claim.span, own)
    return _ratio(article, claim, pair, sure=False) if pair else None


def _pairs(text: str, span: Span, own: Sequence[Mention]) -> list[_Pair]:
    """The numbers of a sentence that are told as new and old: "to 181, up from 67", "from 67 to 181"."""
    found: list[_Pair] = []
    for one, other in pairwise(own):
        start, end = one.figure.evidence.start, one.figure.evidence.end
        between = text[end : other.figure.evidence.start]
        if len(between) > _NEAR or re.search(r"[;:()“”]", between) or not _comparable(one, other):
            continue
        if _TO.search(text, span.start, start) and _FROM.search(between):
            found.append(_Pair(one, other))
        elif _FROM.search(text, span.start, start) and _TO.search(between):
            found.append(_Pair(other, one))
    return found


def _comparable(one: Mention, other: Mention, *, surely: bool = False) -> bool:
    """Whether two numbers count the same thing; `surely`: both say what."""
    if one.kind != other.kind or (one.kind == "money" and one.figure.unit != other.figure.unit):
        return False
    if one.kind in {"time", "age", "tally"}:
        return one.kind == "time" and one.thing == other.thing
    if surely and one.kind == "count":
        return not one.thing.isdisjoint(other.thing)
    return not one.thing or not other.thing or not one.thing.isdisjoint(other.thing) or one.kind != "count"


def _goes_with(text: str, words: Span, pair: _Pair, own: Sequence[Mention]) -> bool:
    """Whether the words stand close before two numbers, or behind them and a comma, in their clause."""
    first, last = sorted((pair.new.figure.evidence, pair.old.figure.evidence))
    low, high = (words.end, first.start) if words.end <= first.start else (last.end, words.start)
    if any(low <= m.figure.evidence.start < high for m in own):
        return False
    gap = text[low:high]
    behind = low == last.end
    return 0 <= high - low <= _REACH and not _BREAK.search(gap) and (not behind or "," in gap or "—" in gap)


def _framed(text: str, words: Span, own: Sequence[Mention]) -> _Pair | None:
    """The numbers before and behind the words: "NEW, twice the OLD"."""
    before = [m for m in own if m.figure.evidence.end <= words.start]
    behind = [m for m in own if m.figure.evidence.start >= words.end]
    if not before or not behind or not _comparable(before[-1], behind[0], surely=True):
        return None
    gap = text[before[-1].figure.evidence.end : words.start]
    filled = _FILLED.fullmatch(text, words.end, behind[0].figure.evidence.start)
    if not filled or len(gap) > _REACH or _BREAK.search(gap) or not _ASIDE.search(gap):
        return None
    return _Pair(before[-1], behind[0])


def _apposed(text: str, span: Span, claim: Claim, own: Sequence[Mention]) -> Mention | None:
    """The share that is set beside a part between dashes, commas or brackets: "half of them – 58 percent –"."""
    opened = _OPEN.match(text, claim.span.end, span.end) if claim.kind == "part" else None
    following = next((m for m in own if m.figure.evidence.start >= claim.span.end), None)
    if not opened or following is None or following.kind != "share" or following.figure.evidence.start != opened.end():
        return None
    closer = {"dash": r"\s[–—-]\s", "comma": r",\s", "bracket": r"\)"}[opened.lastgroup or "comma"]
    return following if re.match(closer, text[following.figure.evidence.end : span.end]) else None


def _ratio(article: Article, claim: Claim, pair: _Pair, *, sure: bool) -> Ratio | None:
    """The ratio with its numbers; None for numbers that no factor can be made of, or, if not `sure`, far off."""
    new, old = pair.new.told, pair.old.told
    if not old.number or not old.bounds[0]:
        return None
    found = new.number / old.number
    if not sure and not _plausible(found, claim):
        return None
    least, most = new.bounds[0] / old.bounds[1], new.bounds[1] / old.bounds[0]
    holds = least <= claim.factors[1] + _EXACT and claim.factors[0] - _EXACT <= most
    numbers = (pair.new.figure.evidence, pair.old.figure.evidence)
    return Ratio(part(article, *claim.span), claim.factors, numbers, found, holds)


def _plausible(found: float, claim: Claim) -> bool:
    """Whether a factor is on the side of 1 that the words are on, and within a factor of three of them."""
    low, high = claim.factors
    if (low >= 1 and found < 1) or (high <= 1 and found > 1):
        return False
    return low / _FAR <= found <= high * _FAR
