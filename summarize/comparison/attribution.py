"""Who says it: the same claim in the author's voice or somebody's, or by other speakers; other quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from summarize.anchors import title_words
from summarize.comparison.ground import Ground, numbers, quote, sites
from summarize.comparison.model import Difference, Row, where
from summarize.comparison.quotes import LONG, has
from summarize.comparison.voicing import alike, also_plainly, conditional, hedges, reports
from summarize.evidence import Evidence, part
from summarize.reading import Position
from summarize.text.hedges import hedging
from summarize.text.likeness import Bag
from summarize.text.lists import stopwords
from summarize.text.quotations import quotations
from summarize.text.speech import role, speeches
from summarize.text.view import find, fold
from summarize.text.words import words

_WORD = re.compile(r"\w+")
_HEAD_END = re.compile(r",|\s(?:of|for|in|at|from|with|on|who)\s")
_THIRD = frozenset("he she it they who".split())
_RELATED = 0.5  # coverage, one way, from which two quotations speak of one thing without a shared turn of phrase
_TOLD = 0.3  # share of a sentence that must be the claim, for it to tell the claim in its own voice
_SPOKES = frozenset("spokesperson spokesman spokeswoman spokespeople representative representatives".split())
_INDISTINCT = frozenset({None, "document", "source"})  # kinds of speakers of whom two names may mean one
_PROPER = re.compile(r"(?<=\w\s)[^\W\d_a-z]")  # a capital within a phrase


def attributions(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that versions tell by different voices; a pair of sentences gives one difference."""
    seen: set[object] = set()
    for row in rows:
        told = {v: p for v, p in row.stating().items() if _fit(ground, row, v, p)}
        if next(hedging(words(row.text)), None) and not all(hedges(p.evidence) for p in told.values()):
            continue  # the hedge is in the claim: who states it flatly states another
        evidence = {v: _who(ground, v, p) for v, p in told.items()}
        pairs = [p.evidence for p in told.values()]
        if _voices(told.values()) < 2 or all(ground.same_words(pairs[0], other) for other in pairs[1:]):  # noqa: PLR2004
            continue
        places = frozenset(min(sites(p.evidence)) for p in told.values() if p.voice == "attributed")
        voices = frozenset((v, _key(p)) for v, p in told.items())
        if (places, voices) in seen or _repeats(ground, row, told):
            continue
        seen.add((places, voices))
        said = "; ".join(f"{ground.label(v)}: {_said(told[v])}" for v in ground.in_order(told))
        poles = {v: _pole(p) for v, p in told.items()}
        text = f"{said}, on {quote(row.text, 120)}."
        yield Difference("attribution", tuple(told), text, evidence, (row.id,), direction=poles)


def _repeats(ground: Ground, row: Row, told: Mapping[str, Position]) -> bool:
    """Whether the voices differ only because a version tells the claim more than once, in more than one voice.

    News leads with an attributed sentence and repeats it plainly further down, or the other way round.
    """
    voices = {v: _all_voices(ground, row, v, p) for v, p in told.items()}
    return all(
        any(_one_voice(_key(told[v]), other) for other in voices[w])
        or any(_one_voice(_key(told[w]), other) for other in voices[v])
        for v, w in combinations(told, 2)
    )


def _all_voices(ground: Ground, row: Row, version: str, position: Position) -> set[tuple[str, ...] | None]:
    """The voices by which a version tells a claim, wherever it does."""
    others = alike(ground, row, version, position)
    again = (Position(0, "states", c.voice, c.speaker, c.certainty, c.evidence) for c in others)
    keys = {_key(p) for p in (position, *again)}
    return keys | {None} if also_plainly(ground, row, version, position) else keys


def _one_voice(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    """Whether both are the author's, or may be one speaker's; a speaker who is not named may be any."""
    if one is None or other is None:
        return one is other
    return not one or not other or _same_speaker(one, other)


def _pole(position: Position) -> str:
    """One of "own voice", "named speaker", "unnamed speaker": a name, or a role alone ("two officials")."""
    if position.voice == "author":
        return "own voice"
    return "unnamed speaker" if not position.speaker or _is_role(position.speaker) else "named speaker"


def _is_role(speaker: str) -> bool:
    """Whether a phrase names nobody: "a spokesperson for the Ryan office", "South Korean officials"."""
    last = _WORD.findall(_HEAD_END.split(fold(speaker), maxsplit=1)[0])[-1:]
    return not last or last[0].islower()


def _fit(ground: Ground, row: Row, version: str, position: Position) -> bool:
    """Whether somebody is named, or the evidence is fit to say that the author tells the claim.

    Not a headline, which has no room for who says so; nor a sentence that is mostly about something else,
    or in which somebody does speak whom no rule found (", claiming that …").
    """
    article, bags = ground.articles[version], ground.bags[version]
    roles = {article.sentences[e.sentence - 1].role for e in position.evidence}
    if conditional(position.evidence, row.text):
        return False
    if position.voice == "attributed":
        return position.certainty != "unconfirmed"  # who only takes it up does not say it
    if hedges(position.evidence) or reports(ground, position.evidence):
        return False
    claim = Bag.of(row.text)
    return roles != {"headline"} and any(
        ground.likeness.coverage(bags[n], claim) >= _TOLD for n in numbers(position.evidence)
    )


def _voices(told: Iterable[Position]) -> int:
    """How many voices tell it: the author's, and each speaker's.

    A speaker who is not named, or by a pronoun only, may be any of the others.
    """
    speakers = {_key(p): p.speaker or "" for p in told}
    named: list[tuple[str, ...]] = []
    for key in sorted((k for k in speakers if k), key=lambda k: (-len(set(k)), k)):
        if not any(_same_speaker(key, other) or _may_be(speakers[key], speakers[other]) for other in named):
            named.append(key)
    return (None in speakers) + (len(named) or () in speakers)


def _may_be(one: str, other: str) -> bool:
    """Whether two that are only called by what they are may be the same: papers, and sources that nobody names."""
    unnamed = not any(_PROPER.search(speaker) for speaker in (one, other))
    kinds = {role(one), role(other)}
    return unnamed and _is_role(one) and _is_role(other) and len(kinds) == 1 and kinds <= _INDISTINCT


def _same_speaker(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two keys may be one speaker: a shorter form of the name, or a shared surname and one more word.

    "officials" and "two officials"; "House Speaker John Boehner" and "John A. Boehner of Ohio".
    """
    shared = set(one) & set(other)
    short = {"".join(one), "".join(other)} & {"".join(w[0] for w in key) for key in (one, other)}  # "the W.H.O."
    return bool(short) or shared in (set(one), set(other)) or (one[-1] == other[-1] and len(shared) > 1)


def _key(position: Position) -> tuple[str, ...] | None:
    """The words that name a speaker, the head of the phrase last; none if unnamed; None for the author."""
    if position.voice == "author":
        return None
    if not position.speaker or position.speaker.lower() in _THIRD:
        return ()
    head, *rest = _HEAD_END.split(fold(position.speaker), maxsplit=1)
    found = [w for part in (*rest, head) for w in _WORD.findall(part) if w.lower() not in stopwords()]
    named = [w for w in found if w not in title_words() and w.lower() not in _SPOKES]  # who speaks for a body is it
    return tuple(w.lower().rstrip("s") for w in named or found)


def _said(position: Position) -> str:
    if position.voice == "author":
        return "in its own voice"
    return f"according to {quote(position.speaker, 80)}" if position.speaker else "attributed"


def _who(ground: Ground, version: str, position: Position) -> tuple[Evidence, ...]:
    """The evidence, and before it the words that name the speaker in it, if there are any."""
    article = ground.articles[version]
    if position.speaker:
        for e in position.evidence:
            span = find(article.seen(e.span), position.speaker)
            if span is not None:
                return (part(article, *span), *position.evidence)
    return position.evidence


def quoted(ground: Ground, against: Iterable[Difference]) -> Iterator[Difference]:
    """Quotations that one version has and another has not, against those the other has instead.

    Only where both have some of their own: a quotation that is simply missing is an omission. What two
    versions contradict each other in, by a difference in `against`, is told there.
    """
    against = list(against)
    own = {v: _utterances(ground, v) for v in ground.articles}
    for left, right in combinations(ground.articles, 2):
        settled = where(d for d in against if {left, right} <= set(d.versions))
        mine, theirs = (
            [q for q in own[v] if (v, q.sentence) not in settled and not has(ground, other, q)]
            for v, other in ((left, right), (right, left))
        )
        for a, b in _paired(ground, mine, theirs):
            yield _other_words(ground, a, b)


def _utterances(ground: Ground, version: str) -> list[Evidence]:
    article = ground.articles[version]
    return [
        part(article, *q)
        for s in ground.read[version]
        for q in quotations(article.version.text, *s.span)
        if len(article.exact(q).split()) >= LONG
    ]


def _paired(ground: Ground, mine: list[Evidence], theirs: list[Evidence]) -> list[tuple[Evidence, Evidence]]:
    """Quotations of which each is the other's nearest, where the two speak of one thing."""
    if not mine or not theirs:
        return []

    def likeness(a: Evidence, b: Evidence) -> float:
        one, other = ground.bags[a.version][a.sentence], ground.bags[b.version][b.sentence]
        return ground.likeness.coverage(one, other) + ground.likeness.coverage(other, one)

    def related(a: Evidence, b: Evidence) -> bool:
        one, other = Bag.of(a.exact), Bag.of(b.exact)
        cover = max(ground.likeness.coverage(one, other), ground.likeness.coverage(other, one))
        return bool(ground.turns(a.exact) & ground.turns(b.exact)) or (
            cover >= _RELATED and min(len(one.stems), len(other.stems)) >= LONG
        )

    forth = [(a, max(theirs, key=lambda b: (likeness(a, b), -b.start))) for a in mine]
    back = {(max(mine, key=lambda a: (likeness(a, b), -a.start)), b) for b in theirs}
    return [p for p in forth if p in back and related(*p)]


def _other_words(ground: Ground, a: Evidence, b: Evidence) -> Difference:
    evidence = {e.version: (*_speaker_of(ground, e), e) for e in (a, b)}
    said = "; ".join(
        f"{ground.label(v)} quotes {quote(who[0].exact, 80) if len(who) > 1 else 'somebody'}: {quote(who[-1].exact)}"
        for v in ground.in_order(evidence)
        if (who := evidence[v])
    )
    poles = dict.fromkeys(evidence, "quotes other words")
    return Difference("attribution", tuple(evidence), f"Other words are quoted. {said}.", evidence, direction=poles)


def _speaker_of(ground: Ground, quotation: Evidence) -> tuple[Evidence, ...]:
    article = ground.articles[quotation.version]
    sentence = article.sentences[quotation.sentence - 1]
    found = speeches(article.version.text, *sentence.span)
    return (part(article, *found[0].speaker),) if found else ()
