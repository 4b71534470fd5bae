"""Which versions of a story are near-copies of one text, and which passages one version took from another.

Two outlets that print one agency's report are not two reports. Versions are compared by their *shingles*,
the runs of a few words, with the *resemblance* and *containment* of Broder (On the resemblance and
containment of documents, 1997). What is compared is the body that an engine reads, without its headline, in
lower case and with typography folded. Words in quotation marks are whoever's was quoted: they do not make
one report the copy of another, nor a passage a borrowed one.

The figures below were chosen on published news corpora; nothing here is learnt or asked of a model. In a
script without spaces a word is what stands between two marks, so that little is found there.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby, pairwise, product
from typing import NamedTuple

from summarize.evidence import Evidence, part
from summarize.news import Article, Sentence
from summarize.text.quotations import quotations
from summarize.text.span import Span, within
from summarize.text.view import folded
from summarize.text.words import words

SHINGLE = 5  # words; runs of three are often idiom, few runs of eight survive an editor
CONTAINED = 0.5  # share of shingles that the other text has too; copies were seen to have 0.52 and more, rewrites 0.43
RESEMBLES = 0.2  # below it one text is an excerpt of the other, or a small part of it
PASSAGE = 20  # words outside quotation marks; reports made apart were seen to share up to 18: titles, terms of a law

_FEW = 16  # pairs of places of one run of words that are all tried; of more, the first with the first and so on
_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_OPENING = '"“„«'
_OPENS = re.compile(rf"[\s(][{_OPENING}][\w‘'$]")
_LEFT_OPEN = re.compile(rf"(?:^|[\s(])[{_OPENING}]([\w‘'$][^{_OPENING}”»]*)$")
_ZONES = timedelta(hours=14)  # no clock is further than this from UTC
_DATE, _DAY = len("2024-08-20"), timedelta(days=1, microseconds=-1)


@dataclass(frozen=True, slots=True)
class Origin:
    """The ids of `versions` that are near-copies of each other, or of one that is alone.

    They are in the order of their texts' digests. `resemblance` is the lowest between two of them, 0.2 to 1
    (Broder 1997: shared shingles among all shingles of both); 1 for one alone.
    """

    versions: tuple[str, ...]
    resemblance: float


@dataclass(frozen=True, slots=True)
class Descent:
    """One passage in two versions, word for word; typography, white space and case may differ.

    `evidence` has the passage as it stands under either version's id, `words` counts its words, quoted ones
    too. `earlier` is the id of the version that was published first, "" where the dates do not tell. Who took it
    from whom is not known: both may have it from a third.
    """

    evidence: Mapping[str, Evidence]
    words: int
    earlier: str


def origins(articles: Sequence[Article]) -> tuple[Origin, ...]:
    """Every version of `articles` in exactly one origin, in the order of their first texts' digests.

    Two versions are near-copies if half of the shorter one's shingles are in the other, half of those in
    its own words too, and a fifth of all shingles is shared. The most alike are joined first, and groups
    only where each version is a near-copy of each (complete linkage: a chain of small changes, or a brief
    that two reports hold, would otherwise join texts that have little in common). The order of
    `articles` does not matter; their ids must differ.
    """
    bodies = _bodies(articles)
    return tuple(
        Origin(
            tuple(bodies[i].article.version.id for i in group),
            min((_resemblance(bodies[i], bodies[j]) for i, j in combinations(group, 2)), default=1.0),
        )
        for group in _groups(bodies)
    )


def descents(articles: Sequence[Article]) -> tuple[Descent, ...]:
    """The passages that two versions of different origins have word for word, the longest first.

    A passage is a run of the same words, as long as it can be, with 20 words or more that neither version has
    in quotation marks. In two versions passages do not overlap: the longest goes first (Wise, String similarity
    via greedy string tiling, 1993). The order of `articles` does not matter; their ids must differ.
    """
    bodies = _bodies(articles)
    origin = {i: n for n, group in enumerate(_groups(bodies)) for i in group}
    seeds: dict[tuple[str, ...], int] = {}
    places = [_places(body, seeds) for body in bodies]
    found: list[tuple[int, int, int, int, int]] = []
    for i, j in combinations(range(len(bodies)), 2):
        if origin[i] != origin[j]:
            runs = _runs(bodies[i].low, bodies[j].low, _pairs(places[i], places[j]))
            found += [(-run.words, i, j, run.a, run.b) for run in _tiled(bodies[i], bodies[j], runs)]
    return tuple(_descent(bodies[i], bodies[j], _Run(a, b, -length)) for length, i, j, a, b in sorted(found))


@dataclass(frozen=True, slots=True)
class _Body:
    """The words of a version's body: `low[n]`, folded, stands at `spans[n]` and is the outlet's `own` or quoted."""

    article: Article
    digest: str
    low: tuple[str, ...]
    spans: tuple[Span, ...]
    own: tuple[bool, ...]
    shingles: frozenset[tuple[str, ...]]
    unquoted: frozenset[tuple[str, ...]]


class _Run(NamedTuple):
    """`words` words from the `a`-th of one body on are those from the `b`-th of another on."""

    a: int
    b: int
    words: int


def _bodies(articles: Iterable[Article]) -> list[_Body]:
    """The bodies in an order that does not depend on how they were given."""
    return sorted(map(_body, articles), key=lambda body: (body.digest, body.article.version.id))


def _body(article: Article) -> _Body:
    text = article.version.text
    read = [s for s in article.read() if s.role != "headline"]
    quoted = _quoted(text, read)
    low: list[str] = []
    spans: list[Span] = []
    for sentence in read:
        seen = folded(text[sentence.start : sentence.end])
        for word in words(seen.text):
            low.append(word.low)
            spans.append(Span(sentence.start + seen.starts[word.start], sentence.start + seen.ends[word.end - 1]))
    own = tuple(not within(quoted, span.start) for span in spans)
    size = min(SHINGLE, len(low)) or SHINGLE  # a text of three words is one shingle
    shingles = [tuple(low[n : n + size]) for n in range(len(low) - size + 1)]
    unquoted = frozenset(s for n, s in enumerate(shingles) if all(own[n : n + size]))
    return _Body(article, article.version.digest, tuple(low), tuple(spans), own, frozenset(shingles), unquoted)


def _quoted(text: str, read: Sequence[Sentence]) -> list[Span]:
    """Where the body is in quotation marks, in order and apart.

    Marks of unlike kinds may be partners. A quotation may go on in the next paragraphs: either each opens it
    anew, or none does and it is closed.
    """
    paragraphs: dict[int, Span] = {}
    for s in read:
        paragraphs[s.paragraph] = Span(paragraphs.get(s.paragraph, s).start, s.end)
    blocks = list(paragraphs.values())
    found: list[Span] = []
    for here, following in pairwise(blocks):
        left = _LEFT_OPEN.search(text[here.start : here.end]) if text[following.start] in _OPENING else None
        found += [Span(here.start + left.start(1), here.end)] if left else []
    for marked in (text, text.translate(_STRAIGHT)):
        found += [q for block in blocks for q in quotations(marked, *block)]
        across = quotations(marked, blocks[0].start, blocks[-1].end) if blocks else []
        found += [q for q in across if q.end < blocks[-1].end and not _OPENS.search(marked, q.start, q.end + 2)]
    apart: list[Span] = []
    for span in sorted(found):
        last = apart.pop() if apart and span.start <= apart[-1].end else span
        apart.append(Span(last.start, max(last.end, span.end)))
    return apart


def _resemblance(a: _Body, b: _Body) -> float:
    """Shared shingles among all shingles of both; 1 for the same text."""
    if a.digest == b.digest:
        return 1.0
    shared = len(a.shingles & b.shingles)
    return shared / (len(a.shingles) + len(b.shingles) - shared) if shared else 0.0


def _are_copies(a: _Body, b: _Body) -> bool:
    if a.digest == b.digest:
        return True
    if _resemblance(a, b) < RESEMBLES:
        return False
    short, long = sorted((a, b), key=lambda body: (len(body.shingles), body.digest))
    if len(short.shingles & long.shingles) < CONTAINED * len(short.shingles):
        return False
    if not short.unquoted:  # nothing in it could show who wrote it
        short, long = long, short
    return len(short.unquoted & long.shingles) >= CONTAINED * len(short.unquoted)


def _groups(bodies: Sequence[_Body]) -> list[list[int]]:
    """Indices of bodies that are all near-copies of each other, each group and all groups in order."""
    pairs = combinations(range(len(bodies)), 2)
    near = {(i, j): _resemblance(bodies[i], bodies[j]) for i, j in pairs if _are_copies(bodies[i], bodies[j])}
    group = [[i] for i in range(len(bodies))]  # of each body; one list for all that are in it
    for i, j in sorted(near, key=lambda pair: (-near[pair], pair)):
        if group[i] is not group[j] and all((min(p), max(p)) in near for p in product(group[i], group[j])):
            joined = sorted(group[i] + group[j])
            for member in joined:
                group[member] = joined
    return [members for i, members in enumerate(group) if members[0] == i]


def _places(body: _Body, seeds: dict[tuple[str, ...], int]) -> dict[int, list[int]]:
    """Where each run of `PASSAGE` words begins; a run is known by its number in `seeds`."""
    places: dict[int, list[int]] = {}
    for n in range(len(body.low) - PASSAGE + 1):
        places.setdefault(seeds.setdefault(body.low[n : n + PASSAGE], len(seeds)), []).append(n)
    return places


def _pairs(a: Mapping[int, list[int]], b: Mapping[int, list[int]]) -> list[tuple[int, int]]:
    """Where the same run begins in both, in order; all pairs of one that is repeated would be too many."""
    found: list[tuple[int, int]] = []
    for seed in a.keys() & b.keys():
        few = len(a[seed]) * len(b[seed]) <= _FEW
        found += product(a[seed], b[seed]) if few else zip(a[seed], b[seed], strict=False)
    return sorted(found)


def _runs(a: Sequence[str], b: Sequence[str], pairs: Iterable[tuple[int, int]]) -> Iterator[_Run]:
    """The runs of the same words in `a` and `b` through `pairs`, as long as they can be."""
    reached: dict[int, int] = {}  # by how far b's place lies behind a's
    for i, j in pairs:
        if i < reached.get(j - i, 0):
            continue
        first, last = 0, PASSAGE
        while min(i, j) + first > 0 and a[i + first - 1] == b[j + first - 1]:
            first -= 1
        while i + last < len(a) and j + last < len(b) and a[i + last] == b[j + last]:
            last += 1
        reached[j - i] = i + last
        yield _Run(i + first, j + first, last - first)


def _tiled(a: _Body, b: _Body, runs: Iterable[_Run]) -> Iterator[_Run]:
    """The longest of `runs` first, what is left of others where they overlap with it, those unquoted enough."""
    queue = [(-run.words, run) for run in runs]
    heapq.heapify(queue)
    used_a, used_b = bytearray(len(a.low)), bytearray(len(b.low))
    while queue:
        _, run = heapq.heappop(queue)
        own = sum(a.own[run.a + n] and b.own[run.b + n] for n in range(run.words))
        if own < PASSAGE:
            continue
        free = [not (used_a[run.a + n] or used_b[run.b + n]) for n in range(run.words)]
        if all(free):
            used_a[run.a : run.a + run.words] = used_b[run.b : run.b + run.words] = b"\1" * run.words
            yield run
        for is_free, group in groupby(range(run.words), key=free.__getitem__):
            left = list(group)
            if is_free and PASSAGE <= len(left) < run.words:
                heapq.heappush(queue, (-len(left), _Run(run.a + left[0], run.b + left[0], len(left))))


def _descent(a: _Body, b: _Body, run: _Run) -> Descent:
    evidence = {
        body.article.version.id: part(body.article, body.spans[at].start, body.spans[at + run.words - 1].end)
        for body, at in ((a, run.a), (b, run.b))
    }
    return Descent(evidence, run.words, _earlier(a.article, b.article))


def _earlier(a: Article, b: Article) -> str:
    """The id of the one published first, "" where that cannot be told."""
    one, other = _published(a.version.published), _published(b.version.published)
    if one is None or other is None:
        return ""
    apart = timedelta() if one.zoned == other.zoned else _ZONES
    first = a if other.first - one.last > apart else b if one.first - other.last > apart else None
    return first.version.id if first else ""


class _Published(NamedTuple):
    """The first and the last moment that a date may mean, and whether its zone is known (else read as UTC)."""

    first: datetime
    last: datetime
    zoned: bool


def _published(given: str | None) -> _Published | None:
    """An ISO 8601 date or time; None for what is not one."""
    text = (given or "").strip()
    try:
        moment = datetime.fromisoformat(text)
        zoned = moment.tzinfo is not None
        first = moment.astimezone(UTC) if zoned else moment.replace(tzinfo=UTC)
        return _Published(first, first if len(text) > _DATE else first + _DAY, zoned)
    except (ValueError, OverflowError):
        return None
