"""The same fact in other words: loaded words of one version beside what another says in their place.

Both sides' words are always shown, so a loaded word counts only where its counterpart can be found:
a neutral word that the engine named for it, the words at the same place of an otherwise parallel
sentence, or the noun that the loaded word only decorates. Likeness of sentences finds the pairs;
the counterpart itself is looked up letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from summarize.comparison.ground import Ground, numbers, quote
from summarize.comparison.model import Difference, Row
from summarize.evidence import Evidence, part
from summarize.reading import Wording
from summarize.text.lists import speech_verbs, stopwords
from summarize.text.span import Span
from summarize.text.words import Word, content, words

_PARALLEL = 0.55  # coverage, one way, from which the same place in two sentences means the same thing
_MORE = 1  # words that a counterpart found by its place may have more than the loaded ones
_REACH = 3  # words between a decorating word and its noun
_NEAR = 4  # words that make a context
_SLACK = 4  # words beside the loaded ones that may differ with them
_VERB = re.compile("(?:ed|ing|s)$")
_DETERMINERS = frozenset("a an the this that these those his her its their our your my of with as and".split())
_OR = re.compile(r"\s*[,;/|]\s*|\s+or\s+")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A loaded finding, the sentence it stands in, and one that another version tells the same fact in.

    `told` and `text` are the texts of the two versions.
    """

    finding: Wording
    mine: list[Word]
    loaded: range
    theirs: list[Word]
    parallel: bool
    told: str
    text: str

    def names(self, there: range) -> bool:
        """Whether all the words `there` are capitalised: a name or title is no other word for a loaded one."""
        found = content(self.theirs[there.start : there.stop])
        return all(self.text[w.start].isupper() for w in found)

    def shares(self) -> bool:
        """Whether the other sentence has the loaded words too."""
        there = {w.stem for w in self.theirs}
        return all(w.stem in there for w in content(self.mine[self.loaded.start : self.loaded.stop]))


def wordings(ground: Ground, rows: Iterable[Row]) -> Iterator[Difference]:
    """A difference for each loaded finding that has counterparts in other versions."""
    sites_of, rows_of = _candidates(ground, rows)
    done: set[frozenset[tuple[str, int]]] = set()
    for finding, candidates in sites_of.items():
        found = [pair for v, where in candidates.items() if (pair := _counterpart(ground, finding, v, where))]
        where = frozenset((e.version, e.start) for pair in found for e in pair)
        if found and where not in done:
            done.add(where)
            yield _difference(ground, finding, found, tuple(rows_of[finding]))


def _candidates(
    ground: Ground, rows: Iterable[Row]
) -> tuple[dict[Wording, dict[str, set[int]]], dict[Wording, dict[str, None]]]:
    """For each finding: by version, the sentences that tell the same claim; and the claims' ids."""
    where: dict[Wording, dict[str, set[int]]] = {}
    claims: dict[Wording, dict[str, None]] = {}
    loaded: dict[tuple[str, int], list[Wording]] = {}
    for version in ground.articles:
        for finding in ground.readings[version].wording:
            loaded.setdefault((version, finding.evidence[0].sentence), []).append(finding)
    for row in rows:
        told = {v: numbers(p.evidence) for v, p in row.telling().items()}
        for version, cited in told.items():
            for finding in (f for n in sorted(cited) for f in loaded.get((version, n), ())):
                claims.setdefault(finding, {})[row.id] = None
                for other in sorted(told.keys() - {version}):
                    where.setdefault(finding, {}).setdefault(other, set()).update(told[other])
    return where, claims


def _counterpart(ground: Ground, finding: Wording, version: str, where: set[int]) -> tuple[Evidence, Evidence] | None:
    """The loaded words and those of `version` in their place, in the likest of the sentences `where`."""
    loaded = finding.evidence[0]
    mine = ground.bags[loaded.version][loaded.sentence]
    likest = max(sorted(where), key=lambda n: ground.likeness.rank(mine, ground.bags[version][n]))
    pair = _pair(ground, finding, version, likest)
    if pair is None or pair.shares():
        return None
    neutral = _neutral(pair)
    both = _same_place(pair) or ((loaded.span, neutral) if neutral else _decorated(pair))
    return both and (part(ground.articles[loaded.version], *both[0]), part(ground.articles[version], *both[1]))


def _pair(ground: Ground, finding: Wording, version: str, number: int) -> _Pair | None:
    loaded = finding.evidence[0]
    mine = _words(ground, loaded.version, loaded.sentence)
    theirs = _words(ground, version, number)
    inside = [i for i, w in enumerate(mine) if loaded.start <= w.start < loaded.end]
    if not inside or not theirs:
        return None
    one, other = ground.bags[loaded.version][loaded.sentence], ground.bags[version][number]
    cover = max(ground.likeness.coverage(one, other), ground.likeness.coverage(other, one))
    texts = (ground.articles[v].version.text for v in (loaded.version, version))
    return _Pair(finding, mine, range(inside[0], inside[-1] + 1), theirs, cover >= _PARALLEL, *texts)


def _words(ground: Ground, version: str, number: int) -> list[Word]:
    article = ground.articles[version]
    return words(article.version.text, *article.sentences[number - 1].span)


def _same_place(pair: _Pair) -> tuple[Span, Span] | None:
    """What stands between the same neighbours in two parallel sentences; in place of an adverb, nothing need."""
    if not pair.parallel or pair.mine[pair.loaded.start].low.endswith("ly"):
        return None
    matcher = SequenceMatcher(None, [w.stem for w in pair.mine], [w.stem for w in pair.theirs], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "replace" and i1 <= pair.loaded.start and pair.loaded.stop <= i2:
            if i2 - i1 > len(pair.loaded) + _SLACK or j2 - j1 > len(pair.loaded) + _MORE:
                return None
            first, last = (i1, i2) if _decorates(pair) else (pair.loaded.start, pair.loaded.stop)
            mine, theirs = _trimmed(pair.mine[first:last]), _trimmed(pair.theirs[j1:j2])
            return None if pair.names(range(j1, j2)) or mine is None or theirs is None else (mine, theirs)
    return None


def _neutral(pair: _Pair) -> Span | None:
    """A neutral word that the engine named, where the other version has it in a like context."""
    here = {w.stem for w in pair.mine}
    for phrase in _OR.split(pair.finding.neutral):
        wanted = [w.stem for w in words(phrase)]
        if not wanted or (set(wanted) <= here):
            continue
        for i in range(len(pair.theirs) - len(wanted) + 1):
            there = range(i, i + len(wanted))
            if [pair.theirs[j].stem for j in there] == wanted and _like_context(pair, there):
                return Span(pair.theirs[there.start].start, pair.theirs[there.stop - 1].end)
    return None


def _like_context(pair: _Pair, there: range) -> bool:
    """Whether a content word stands near both the loaded words here and the neutral ones there."""
    near = _around(pair.mine, pair.loaded) & _around(pair.theirs, there)
    return bool(near)


def _around(found: list[Word], place: range) -> set[str]:
    beside = found[max(0, place.start - _NEAR) : place.start] + found[place.stop : place.stop + _NEAR]
    return {w.stem for w in content(beside)}


def _decorated(pair: _Pair) -> tuple[Span, Span] | None:
    """The loaded words with the word they decorate or are added to, and this word undecorated there.

    "brave soldier" beside "soldier"; "trash and propaganda" beside "trash".
    """
    if not _decorates(pair):
        return None
    adverb = pair.mine[pair.loaded.start].low.endswith("ly")  # what it decorates is the next word
    beside = pair.mine[pair.loaded.stop : pair.loaded.stop + (1 if adverb else _REACH)]
    before = pair.mine[max(0, pair.loaded.start - 2) : pair.loaded.start]
    if len(before) > 1 and before[1].low == "and" and (not beside or beside[0].low in stopwords()):
        beside = before[:1]
    for word in beside:
        if word.low in stopwords():
            return None
        for i, other in enumerate(pair.theirs):
            if other.stem == word.stem and (beside == before[:1] or _like_context(pair, range(i, i + 1))):
                loaded = pair.mine[pair.loaded.start].start, pair.mine[pair.loaded.stop - 1].end
                return Span(min(word.start, loaded[0]), max(word.end, loaded[1])), Span(other.start, other.end)
    return None


def _decorates(pair: _Pair) -> bool:
    """Whether the loaded words may decorate what follows: no mark between, and they are not its verb.

    "slams Democrats" and "plunged on Monday" decorate nothing; "a plunging pound" does.
    """
    loaded = pair.mine[pair.loaded.start : pair.loaded.stop]
    if any(w.low in speech_verbs() for w in loaded) or loaded[-1].low in stopwords():
        return False
    if pair.loaded.stop < len(pair.mine):
        first, then = loaded[-1].end, pair.mine[pair.loaded.stop].start
        if pair.told[first:then].strip():
            return False
    before = pair.mine[pair.loaded.start - 1].low if pair.loaded.start else ""
    return not _VERB.search(loaded[-1].low) or before in _DETERMINERS or before.endswith("'s")


def _trimmed(found: list[Word]) -> Span | None:
    """The span of some words without function words at its ends."""
    while found and found[0].low in stopwords():
        found = found[1:]
    while found and found[-1].low in stopwords():
        found = found[:-1]
    return Span(found[0].start, found[-1].end) if found else None


def _difference(
    ground: Ground, finding: Wording, found: list[tuple[Evidence, Evidence]], claims: tuple[str, ...]
) -> Difference:
    loaded = max((mine for mine, _ in found), key=lambda e: (e.end - e.start, -e.start))
    evidence = {loaded.version: (loaded,), **{e.version: (e,) for _, e in found}}
    said = "; ".join(f"{ground.label(v)}: {quote(evidence[v][0].exact)}" for v in ground.in_order(evidence))
    poles = {v: "loaded" if v == loaded.version else "plain" for v in evidence}
    text = f"{said} ({finding.technique.replace('_', ' ')})."
    return Difference("wording", tuple(evidence), text, evidence, claims, direction=poles)
