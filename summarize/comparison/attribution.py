"""Who says it: the same claim in the author's voice or somebody's, or by other speakers; other quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from summarize.anchors import quoted as quoted_value
from summarize.anchors import title_words
from summarize.comparison.ground import Ground, quote, sites
from summarize.comparison.model import Difference, Row, where
from summarize.evidence import Evidence, part
from summarize.reading import Position
from summarize.text.lists import stopwords
from summarize.text.quotations import quotations
from summarize.text.speech import speeches
from summarize.text.view import find, fold

_WORD = re.compile(r"\w+")
_THIRD = frozenset("he she it they who".split())
_RELATED = 0.1  # coverage, one way, below which two sentences do not tell of one thing
_LONG = 4  # words that make a quotation an utterance


def attributions(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """Claims that versions tell by different voices; a pair of sentences gives one difference."""
    seen: set[object] = set()
    for row in rows:
        told = row.stating()
        groups = _voices(told.values())
        evidence = {v: _who(ground, v, p) for v, p in told.items()}
        sentences = {v: p.evidence for v, p in told.items()}
        pairs = list(sentences.values())
        if groups < 2 or all(ground.same_words(pairs[0], other) for other in pairs[1:]):  # noqa: PLR2004
            continue
        places = frozenset(min(sites(p.evidence)) for p in told.values() if p.voice == "attributed")
        voices = frozenset((v, _key(p)) for v, p in told.items())
        if (places, voices) in seen:
            continue
        seen.add((places, voices))
        said = "; ".join(f"{ground.label(v)}: {_said(told[v])}" for v in ground.in_order(told))
        yield Difference("attribution", tuple(told), f"{said}, on {quote(row.text, 120)}.", evidence, (row.id,))


def _voices(told: Iterable[Position]) -> int:
    """How many voices tell it: the author's, and each speaker's.

    A shorter form of a name is the same speaker ("officials", "two officials"); one that is not named, or
    by a pronoun only, may be any of the others.
    """
    keys = {_key(p) for p in told}
    named = {k for k in keys if k and not any(other and k < other for other in keys)}
    return (None in keys) + (len(named) or frozenset() in keys)


def _key(position: Position) -> frozenset[str] | None:
    """The words that tell a speaker from others; none for one who is not named, None for the author."""
    if position.voice == "author":
        return None
    if not position.speaker or position.speaker.lower() in _THIRD:
        return frozenset()
    found = [w for w in _WORD.findall(fold(position.speaker)) if w.lower() not in stopwords()]
    named = [w for w in found if w not in title_words()]
    return frozenset(w.lower().rstrip("s") for w in named or found)


def _said(position: Position) -> str:
    if position.voice == "author":
        return "in its own voice"
    return f"according to {quote(position.speaker, 80)}" if position.speaker else "attributed"


def _who(ground: Ground, version: str, position: Position) -> tuple[Evidence, ...]:
    """The words that name the speaker in the evidence; the evidence itself where there are none."""
    article = ground.articles[version]
    if position.speaker:
        for e in position.evidence:
            span = find(article.seen(e.span), position.speaker)
            if span is not None:
                return (part(article, *span),)
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
            [q for q in own[v] if (v, q.sentence) not in settled and not _has(ground, other, q)]
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
        if len(article.exact(q).split()) >= _LONG
    ]


def _has(ground: Ground, version: str, quotation: Evidence) -> bool:
    """Whether a version has the words of a quotation, or they are a part of what it quotes."""
    return quoted_value(quotation.exact).lower() in ground.folded(version)


def _paired(ground: Ground, mine: list[Evidence], theirs: list[Evidence]) -> list[tuple[Evidence, Evidence]]:
    """Each quotation with the nearest of the other side, where the two sentences tell of one thing."""
    if not mine or not theirs:
        return []

    def covers(a: Evidence, b: Evidence) -> tuple[float, float]:
        one, other = ground.bags[a.version][a.sentence], ground.bags[b.version][b.sentence]
        return ground.likeness.coverage(one, other), ground.likeness.coverage(other, one)

    def likeness(a: Evidence, b: Evidence) -> float:
        return sum(covers(a, b))

    forth = [(a, max(theirs, key=lambda b: (likeness(a, b), -b.start))) for a in mine]
    back = [(max(mine, key=lambda a: (likeness(a, b), -a.start)), b) for b in theirs]
    return [p for p in dict.fromkeys([*forth, *back]) if max(covers(*p)) >= _RELATED]


def _other_words(ground: Ground, a: Evidence, b: Evidence) -> Difference:
    evidence = {e.version: (*_speaker_of(ground, e), e) for e in (a, b)}
    said = "; ".join(
        f"{ground.label(v)} quotes {quote(who[0].exact, 80) if len(who) > 1 else 'somebody'}: {quote(who[-1].exact)}"
        for v in ground.in_order(evidence)
        if (who := evidence[v])
    )
    return Difference("attribution", tuple(evidence), f"Other words are quoted. {said}.", evidence)


def _speaker_of(ground: Ground, quotation: Evidence) -> tuple[Evidence, ...]:
    article = ground.articles[quotation.version]
    sentence = article.sentences[quotation.sentence - 1]
    found = speeches(article.version.text, *sentence.span)
    return (part(article, *found[0].speaker),) if found else ()
