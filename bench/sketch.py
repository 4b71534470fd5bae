"""Near-copies by our sketch beside MinHash as others have it: `sketch.py CORPORA`.

speed    texts a second of `summarize.stories.sketch` to those of datasketch's MinHash (128 permutations, its
         usual figure), both from the same five-word runs of the same texts, in one run
recall   of pairs whose true resemblance is 0.2 or more, those that each proposes by its index, and those that it then
         takes for such pairs: ours by four of the 24 smallest hashes, MinHash by its LSH at the same threshold

datasketch is no dependency; without it only our side is told. The texts are those of the corpora, and each tenth of
them edited: every ninth word changed, or cut to its half.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any
from zlib import crc32

from grouping import told

from summarize.copies import RESEMBLES, SHINGLE
from summarize.stories.candidates import SEEDS, SHARED
from summarize.stories.sketch import Sketch, likeness, sketch
from summarize.stories.terms import low

ROUNDS, EDITED, EVERY = 5, 10, 9
Pair = tuple[int, int]


def texts(corpora: Path) -> list[list[str]]:
    """Words of the corpora's texts and of edited ones."""
    found = [words for a in told(corpora) if len(words := low(a.text)) > SHINGLE]
    edited = [[f"x{w}" if n % EVERY == 0 else w for n, w in enumerate(words)] for words in found[::EDITED]]
    return [*found, *edited, *(words[: len(words) // 2 + SHINGLE] for words in found[1::EDITED])]


def runs(words: list[str]) -> set[bytes]:
    """The five-word runs of a text."""
    return {" ".join(words[n : n + SHINGLE]).encode() for n in range(len(words) - SHINGLE + 1)}


def true_pairs(found: list[set[bytes]]) -> set[Pair]:
    """The pairs that resemble each other, by all of their runs."""
    where: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(found):
        for run in one:
            where[crc32(run)].append(n)
    near = {pair for places in where.values() if len(places) <= EDITED * EVERY for pair in combinations(places, 2)}
    return {(a, b) for a, b in near if len(found[a] & found[b]) >= RESEMBLES * len(found[a] | found[b])}


def ours(found: list[list[str]]) -> list[Sketch]:
    """Our sketches."""
    return [sketch(words) for words in found]


def proposed(sketches: list[Sketch]) -> set[Pair]:
    """The pairs that our index proposes, without its bound on neighbours."""
    where: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(sketches):
        for seed in one.hashes[:SEEDS]:
            where[seed].append(n)
    shared: dict[Pair, int] = defaultdict(int)
    for places in where.values():
        for pair in combinations(places, 2):
            shared[pair] += 1
    return {pair for pair, count in shared.items() if count >= SHARED}


def taken(pairs: Iterable[Pair], resemblance: Callable[[int, int], float]) -> set[Pair]:
    """Those that are taken to resemble each other."""
    return {(a, b) for a, b in pairs if resemblance(a, b) >= RESEMBLES}


def spent(work: Callable[[], object]) -> float:
    """CPU seconds, the median of some rounds."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return statistics.median(once() for _ in range(ROUNDS))


def told_of(true: set[Pair], by_index: set[Pair], by_figures: set[Pair]) -> str:
    """Recall and precision, in words."""
    right = len(by_figures & true)
    precision, recall = right / max(1, len(by_figures)), right / max(1, len(true))
    return f"proposed {len(by_index & true) / max(1, len(true)):.3f}, taken {recall:.3f} (precision {precision:.3f})"


def lines(corpora: Path) -> Iterator[str]:
    """What is printed."""
    found = texts(corpora)
    whole = [runs(words) for words in found]
    true = true_pairs(whole)
    sketches = ours(found)
    mine = spent(lambda: ours(found))
    by_index = proposed(sketches)
    by_figures = taken(by_index, lambda a, b: likeness(sketches[a], sketches[b])[0])
    yield f"{len(found):,} texts, {len(true):,} pairs that resemble each other by {RESEMBLES} or more"
    yield f"sketch:     {told_of(true, by_index, by_figures)}"
    try:
        datasketch: Any = import_module("datasketch")  # only to be compared with
    except ImportError:
        yield "datasketch is not installed: nothing to compare with (pip install datasketch)"
        return
    hashed: list[Any] = datasketch.MinHash.bulk(whole, num_perm=128)
    theirs = spent(lambda: datasketch.MinHash.bulk([runs(words) for words in found], num_perm=128))
    index = datasketch.MinHashLSH(threshold=RESEMBLES, num_perm=128)
    for n, one in enumerate(hashed):
        index.insert(n, one)
    near = {(min(n, m), max(n, m)) for n, one in enumerate(hashed) for m in index.query(one) if n != m}
    yield f"datasketch: {told_of(true, near, taken(near, lambda a, b: hashed[a].jaccard(hashed[b])))}"
    yield f"texts a second, sketch to datasketch: {theirs / mine:.1f}"


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1])):
        print(line)
