"""Which pairs of articles are compared: a bounded number for each article, whatever the archive holds.

Articles are ranked by time (the undated first, then by a digest of what they are), so that a window of time is a
run of ranks, and neither the order of the archive nor its numbers decide anything. Two indices on disk propose
pairs: telling terms, and the smallest hashes of shingles. Each is filled loosely and then sorted once, since
inserting into a large tree at random is slow.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Mapping
from zlib import crc32

from summarize.stories.dates import DAY
from summarize.stories.features import Features, Held, compared
from summarize.stories.model import Rules
from summarize.stories.shelf import Shelf
from summarize.stories.terms import FULL, Frequencies

FINE = 1_000_000  # steps of a ratio on the shelf
_INDEXED = 24  # telling terms of an article
_COMMON = 250  # articles in the window; a term that more have tells nothing
_HINT = 0.4  # of the similarity needed; what the telling terms alone must come to. Of pairs it loses one in 700
_COMPARED = 48  # articles, the most likely, that one is compared with
SEEDS = 24  # smallest hashes; two texts that resemble each other by 0.2 share about six of them
SHARED = 4  # of them; one sentence that many articles have is seldom so many
_NEIGHBOURS = 12  # articles with the same shingle, nearest in time
_PAGE = 500  # articles


def rank(shelf: Shelf, counted: Frequencies) -> int:
    """Give each article its rank and its vector, and fill the two indices; how many articles there are."""
    last = 0
    query = "select number, minute, terms, weights, hashes, shingles from raw order by minute, key, number"
    for number, minute, terms, weights, hashes, shingles in shelf.each(query):
        last += 1
        words = counted.weighed(terms.split(), array("H", weights))
        vector: dict[int, int] = {}  # two words of one code are one term: it hardly happens
        for word, weight in words.items():
            code = crc32(word.encode())
            vector[code] = min(FULL, vector.get(code, 0) + weight)
        packed = array("I", vector).tobytes(), array("H", vector.values()).tobytes()
        row = (last, number, minute, *packed, hashes, shingles, " ".join(words))
        shelf.rows("insert into ranked values (?, ?, ?, ?, ?, ?, ?, ?)", *row)
        telling = ((code, last, vector[code]) for code in most_telling(vector))
        shelf.put("insert into loose_posting values (?, ?, ?)", telling)
        shelf.put("insert into loose_shingle values (?, ?)", ((h, last) for h in array("I", hashes)[:SEEDS]))
    shelf.rows("create index minutes on ranked (minute, rank)")
    shelf.rows("drop table raw")
    shelf.rows("insert into posting select term, rank, weight from loose_posting order by term, rank")
    shelf.rows("drop table loose_posting")
    return last


def propose_copies(shelf: Shelf) -> None:
    """Write down the pairs that share some of their smallest hashes; of a shingle that many have, neighbours."""
    near: deque[int] = deque(maxlen=_NEIGHBOURS)
    seen: int | None = None
    for found, article in shelf.each("select hash, rank from loose_shingle order by hash, rank"):
        if found != seen:
            near.clear()
            seen = found
        shelf.put("insert into loose_pair values (?, ?)", [(other, article) for other in near])
        near.append(article)
    shelf.rows("drop table loose_shingle")
    query = "select a, b from loose_pair group by a, b having count(*) >= ? order by a, b"
    shelf.rows(f"insert into pair {query}", SHARED)
    shelf.rows("drop table loose_pair")


def link(shelf: Shelf, held: Held, rules: Rules, last: int) -> None:
    """Compare each article with the likely ones of a higher rank, and write down which are one story by themselves."""
    for start in range(1, last + 1, _PAGE):
        query = "select rank, minute from ranked where rank between ? and ? order by rank"
        for article, minute in shelf.rows(query, start, start + _PAGE - 1):
            found, its = [], held[article]
            enough = _HINT * (rules.undated if minute is None else rules.alike)
            for other in _likely(shelf, its, _window(shelf, rules, minute, last), enough):
                ratio = compared(its, held[other], rules).ratio
                if ratio >= 1:
                    found.append((round(ratio * FINE), article, other))
            shelf.put("insert into link values (?, ?, ?)", found)


def most_telling(vector: Mapping[int, int]) -> list[int]:
    """The codes of an article's terms that weigh most."""
    return sorted(vector, key=lambda code: (-vector[code], code))[:_INDEXED]


def _window(shelf: Shelf, rules: Rules, minute: int | None, last: int) -> int:
    """The highest rank that time allows for one event."""
    if minute is None:
        return last
    latest = minute + int(rules.window_days * DAY)
    query = "select rank from ranked where minute <= ? order by minute desc, rank desc limit 1"
    return int(shelf.rows(query, latest)[0][0])


def _likely(shelf: Shelf, article: Features, highest: int, enough: float) -> list[int]:
    """Ranks above the article's that share telling terms with it, the likeliest, and those proposed as copies."""
    products: Counter[int] = Counter()
    for code in most_telling(article.terms):
        weight = article.terms[code]
        query = "select rank, weight from posting where term = ? and rank > ? and rank <= ? limit ?"
        rows = shelf.rows(query, code, article.rank, highest, _COMMON + 1)
        if len(rows) <= _COMMON:
            for other, its in rows:
                products[other] += weight * its
    likely = sorted((-p, other) for other, p in products.items() if p >= enough * FULL * FULL)[:_COMPARED]
    copies = shelf.rows("select b from pair where a = ? order by b limit ?", article.rank, _COMPARED * _NEIGHBOURS)
    return sorted({other for _, other in likely} | {other for (other,) in copies})
