"""Who says it: the same claim in the author's voice or somebody's, or by other speakers; other quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from summarize.anchors import title_words
from summarize.comparison.ground import Ground, quote, sites
from summarize.comparison.model import Difference, Row
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
        told = {v: p for v, p in row.telling().items() if p.status == "states"}
        groups = _by_speaker(told)
        evidence = {v: _who(ground, v, p) for v, p in told.items()}
        sentences = {v: p.evidence for v, p in told.items()}
        pairs = list(sentences.values())
        if len(groups) < 2 or all(ground.same_words(pairs[0], other) for other in pairs[1:]):  # noqa: PLR2004
            continue
        where = frozenset(min(sites(p.evidence)) for p in told.values() if p.voice == "attributed")
        voices = frozenset((v, _key(p)) for v, p in told.items())
        if (where, voices) in seen:
            continue
        seen.add((where, voices))
        said = "; ".join(
            f"{ground.label(v)}: {_said(told[v])}" for v in sorted(told, key=lambda v: (ground.label(v), v))
        )
        yield Difference("attribution", tuple(told), f"{said}, on {quote(row.text, 120)}.", evidence, (row.id,))


def _by_speaker(told: dict[str, Position]) -> set[frozenset[str]]:
    """Distinct speakers; a shorter form of a name is the same speaker ("officials", "two officials").

    A pronoun whose speaker is not known may be any of them.
    """
    keys = {_key(p) for p in told.values() if (p.speaker or "").lower() not in _THIRD}
    return {k for k in keys if not k or not any(k < other for other in keys)}


def _key(position: Position) -> frozenset[str]:
    if position.voice == "author" or not position.speaker:
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


def quoted(ground: Ground, settled: frozenset[tuple[str, int]]) -> Iterator[Difference]:
    """Quotations that one version has and another has not, against those the other has instead.

    Only where both have some of their own: a quotation that is simply missing is an omission. Sentences
    in `settled` are spoken for by a difference of another kind.
    """
    versions = list(ground.articles)
    own = {v: _utterances(ground, v, settled) for v in versions}
    for i, left in enumerate(versions):
        for right in versions[i + 1 :]:
            mine = [q for q in own[left] if not _has(ground, right, q)]
            theirs = [q for q in own[right] if not _has(ground, left, q)]
            for a, b in _paired(ground, mine, theirs):
                yield _other_words(ground, a, b)


def _utterances(ground: Ground, version: str, settled: frozenset[tuple[str, int]]) -> list[Evidence]:
    article = ground.articles[version]
    return [
        part(article, *q)
        for s in ground.read[version]
        if (version, s.number) not in settled
        for q in quotations(article.version.text, *s.span)
        if len(article.exact(q).split()) >= _LONG
    ]


def _has(ground: Ground, version: str, quotation: Evidence) -> bool:
    """Whether a version has the words of a quotation, or they are a part of what it quotes."""
    words = fold(quotation.exact).strip(" ,.;:!?").lower()
    return words in ground.folded(version).lower()


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
        for v, who in sorted(evidence.items(), key=lambda item: (ground.label(item[0]), item[0]))
    )
    return Difference("attribution", tuple(evidence), f"Other words are quoted. {said}.", evidence)


def _speaker_of(ground: Ground, quotation: Evidence) -> tuple[Evidence, ...]:
    article = ground.articles[quotation.version]
    sentence = article.sentences[quotation.sentence - 1]
    found = speeches(article.version.text, *sentence.span)
    return (part(article, *found[0].speaker),) if found else ()
