"""How many articles the embedded engine reads a second on one core, and how that grows with length.

Everything a reading needs is in the figure: layout, question, engine, gates, schema, citations. The
growth is the time for a text k times as long over k times the time; 1.0 is linear.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.news import Version, lay_out

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
ARTICLES, SWEEP = 40, (1, 2, 4, 8, 16)


def article(words: int, salt: int) -> Version:
    """A text of about `words` words from the fixture's body, each with a sentence of its own."""
    body = (STORY / "long.txt").read_text("utf-8").split("Sources:")[0].split("\n")
    lines = [f"Report number {salt} was filed on Tuesday."]
    while sum(len(line.split()) for line in lines) < words:
        lines.append(body[len(lines) % len(body)])
    return Version("\n".join(lines), id=f"a{salt}")


def seconds(versions: list[Version]) -> float:
    """CPU time to read them all."""
    started = time.process_time()
    for version in versions:
        Job.of(Lexicon()).read(lay_out(version))
    return time.process_time() - started


def main() -> None:
    """Print both figures."""
    seconds([article(600, 0)])  # lists are loaded, schemas compiled
    spent = seconds([article(600, n) for n in range(ARTICLES)])
    print(f"articles of 600 words per second per core: {ARTICLES / spent:.0f}")
    times = {k: statistics.median(seconds([article(600 * k, n)]) for n in range(5)) for k in SWEEP}
    for k in SWEEP[1:]:
        print(f"{600 * k:6} words: {times[k] / times[1] / k:.2f} × linear  ({times[k] * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
