"""How well articles are grouped into stories, on published corpora, and what many of them take.

    grouping.py CORPORA                  the table of docs/stories.md
    grouping.py CORPORA --chosen-on      the same of the half on which thresholds were chosen
    grouping.py CORPORA --scale 10000    made articles, so many: time, memory, disk

Each corpus is given to `summarize.stories` as one archive, and all of them together; pairs of articles that were
put into one story are held against the pairs that the corpus has in one. Half of the stories, by a hash of their
name, were used to choose the thresholds (--chosen-on prints their figures); the table is of the other half. Articles
of the two halves are never in one archive. What two corpora both have is one: articles with one text are given once,
and stories that share a text, a headline or an address are one story.

dated     the dates of the corpus. Only basil has the date of each article; the others have that of the story,
          which is kinder than life
undated   the same articles without dates

Made articles are sentences of the corpora, shuffled: a story is 14 sentences drawn from anywhere, its three
versions have 10 of them and 4 others each, on one of the days, of which each has a thousand articles.

The texts belong to their publishers; nothing of them is kept or printed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarize.stories import Rules, Stories, Telling

CORPORA = ("basil", "seesaw", "pac", "moralevents", "roundups", "biasedsents", "neus", "newswcl50")
UNDATED = ("neus", "newswcl50")
SENTENCE = range(40, 400)  # characters of one that made articles are of
SMALL = 5  # stories of a small archive
HEAP = 300  # made articles that are mixed
_SAME = 300  # characters of the plain text, at its start, that tell a text
_TELLING = 30  # characters of a headline that tells a story


@dataclass(frozen=True, slots=True)
class Told:
    """An article of a corpus, and the story that it tells by those who made the corpus."""

    corpus: str
    story: str
    headline: str | None
    text: str
    published: str | None
    url: str | None

    @property
    def marks(self) -> list[str]:
        """What two corpora have in common if they have the same article."""
        title = plain(self.headline or "")
        known = [f"text {plain(self.text)[:_SAME]}", f"url {self.url}" if self.url else ""]
        return [mark for mark in (*known, f"headline {title}" if len(title) > _TELLING else "") if mark]


def plain(text: str) -> str:
    """The words of a text and nothing else."""
    return " ".join(re.findall(r"\w+", text.lower()))


def records(folder: Path) -> Iterator[dict[str, str]]:
    """The records of a corpus."""
    for path in folder.glob("dev.jsonl*"):
        raw = path.read_bytes()
        yield from map(json.loads, (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").splitlines())


def told(corpora: Path) -> list[Told]:
    """The articles of the corpora, each text once in its corpus, with one name for what is one story."""
    found = [
        Told(name, f"{name} {r['story']}", r["title"] or None, r["text"], r.get("date") or None, r.get("url"))
        for name in CORPORA
        for r in records(corpora / name)
    ]
    one = {article.story: article.story for article in found}

    def root(story: str) -> str:
        while one[story] != story:
            story = one[story]
        return story

    first: dict[str, str] = {}
    for article in found:
        for mark in article.marks:
            a, b = sorted((root(article.story), root(first.setdefault(mark, article.story))))
            one[b] = a
    kept = {(a.corpus, plain(a.text)[:_SAME]): a for a in reversed(found)}
    return [
        Told(a.corpus, root(a.story), a.headline, a.text, a.published, a.url)
        for a in found
        if kept[a.corpus, plain(a.text)[:_SAME]] is a
    ]


def half(story: str) -> int:
    """0: thresholds were chosen on it; 1: figures are stated on it."""
    return hashlib.sha256(story.encode()).digest()[0] % 2


def grouped(articles: Sequence[Told], rules: Rules, *, dated: bool) -> list[int]:
    """The number of the story that each article was put into; its own for one that is alone."""
    found = list(range(len(articles)))
    with Stories(rules) as stories:
        for number, a in enumerate(articles, start=1):
            text = f"{a.headline}\n\n{a.text}" if a.headline else a.text
            stories.add(Telling(number, text, a.headline, None, a.published if dated else None))
        for group in stories.groups():
            for number in group.members:
                found[number - 1] = group.members[0] - 1
    return found


def pairs(sizes: Iterable[int]) -> int:
    """How many pairs there are in groups of these sizes."""
    return sum(n * (n - 1) // 2 for n in sizes)


@dataclass(frozen=True, slots=True)
class Figures:
    """Pairs of articles: found, right among those, and true."""

    found: int = 0
    right: int = 0
    true: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.found + other.found, self.right + other.right, self.true + other.true)

    def __str__(self) -> str:
        if not self.true:
            return f"— | — | — | {self.found - self.right}"
        precision, recall = self.right / max(1, self.found), self.right / self.true
        f1 = 2 * self.right / max(1, self.found + self.true)
        return f"{precision:.3f} | {recall:.3f} | {f1:.3f} | {self.found - self.right}"


def measured(articles: Sequence[Told], rules: Rules, *, dated: bool) -> Figures:
    """The figures of one archive."""
    labels = grouped(articles, rules, dated=dated)
    stories = [article.story for article in articles]
    both = Counter(zip(labels, stories, strict=True))
    return Figures(pairs(Counter(labels).values()), pairs(both.values()), pairs(Counter(stories).values()))


def small(articles: Sequence[Told]) -> Iterator[list[Told]]:
    """Archives of a few stories each, drawn by a hash."""
    names = sorted({a.story for a in articles}, key=lambda s: hashlib.sha256(s.encode()).digest())
    by_story: dict[str, list[Told]] = defaultdict(list)
    for article in articles:
        by_story[article.story].append(article)
    for at in range(0, len(names), SMALL):
        yield [article for name in names[at : at + SMALL] for article in by_story[name]]


def archives(everything: Sequence[Told], which: int) -> Iterator[tuple[str, list[list[Told]], bool]]:
    """(name, archives whose figures are added, whether dates are given) for each line of the table."""
    here = [a for a in everything if half(a.story) == which]
    once = list({plain(a.text)[:_SAME]: a for a in reversed(here)}.values())[::-1]
    lines = {name: [[a for a in here if a.corpus == name]] for name in CORPORA}
    lines["all together"] = [once]
    lines[f"{SMALL} stories at a time"] = list(small(once))
    for dated in (True, False):
        for name, found in lines.items():
            if not (dated and name in UNDATED):
                yield name, found, dated


def table(corpora: Path, rules: Rules, which: int = 1) -> Iterator[str]:
    """The lines of the table."""
    yield "| archive | articles | stories | dates | precision | recall | F1 | false pairs |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    everything = told(corpora)
    for name, found, dated in archives(everything, which):
        figures = sum((measured(articles, rules, dated=dated) for articles in found), Figures())
        articles = [a for archive in found for a in archive]
        what = f"{len(articles):,} | {len({a.story for a in articles})} | {'yes' if dated else 'no'}"
        yield f"| {name} | {what} | {figures} |"


def crisis(corpora: Path, rules: Rules) -> str:
    """What becomes of 45 reports on one crisis over months, none of which is another's version."""
    articles = [Told("ukraine", r["version"], r["title"], r["text"], None, None) for r in records(corpora / "ukraine")]
    sizes = sorted(size for size in Counter(grouped(articles, rules, dated=False)).values() if size > 1)[::-1]
    return f"ukraine, {len(articles)} reports on one crisis: stories found of {sizes or 'no'} articles"


def revised(corpora: Path, rules: Rules) -> str:
    """How many articles of the corpus of revisions have all of theirs in one story."""
    found = [(r["article"], r["text"]) for r in records(corpora / "revisions")]
    labels = grouped([Told("", "", None, text, None, None) for _, text in found], rules, dated=False)
    by_article: dict[str, set[int]] = defaultdict(set)
    for (article, _), label in zip(found, labels, strict=True):
        by_article[str(article)].add(label)
    joined, stories = sum(len(s) == 1 for s in by_article.values()), [next(iter(s)) for s in by_article.values()]
    others = "none" if len(set(stories)) == len(stories) else "some"
    return f"revisions: {joined} of {len(by_article)} articles joined with their revision, {others} with another"


def made(corpora: Path, count: int) -> Iterator[tuple[Telling, int]]:
    """So many articles, and the story of each; the same each time."""
    pool = sorted({s for a in told(corpora) for s in re.split(r"(?<=[.!?])\s+", a.text) if len(s) in SENTENCE})
    chance = random.Random(count)  # noqa: S311  # texts, not secrets
    waiting: list[tuple[str, str, int]] = []
    for number in range(1, count + 1):
        while len(waiting) < HEAP:
            own, story = chance.sample(pool, 14), chance.randrange(1 << 60)
            day = f"2024-{1 + number // 28_000 % 12:02}-{1 + number // 1000 % 28:02}"
            for _ in range(3):
                mixed = chance.sample(own, 10) + chance.sample(pool, 4)
                waiting.append((" ".join(chance.sample(mixed, 14)), day, story))
        text, day, story = waiting.pop(chance.randrange(len(waiting)))
        yield Telling(number, text, None, None, day), story


def scale(corpora: Path, count: int) -> str:
    """What so many made articles take in this process; the time is of its CPU."""
    spent, labels, stories = 0.0, list(range(count + 1)), [0] * (count + 1)
    with tempfile.TemporaryDirectory() as folder, Stories(Rules(), path := Path(folder) / "stories") as found:
        for article, story in made(corpora, count):
            stories[article.number] = story
            started = time.process_time()
            found.add(article)
            spent += time.process_time() - started
        added, started = spent, time.process_time()
        for group in found.groups():
            for number in group.members:
                labels[number] = group.members[0]
        spent += time.process_time() - started
        size = path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    both = Counter(zip(labels, stories, strict=True))
    figures = Figures(pairs(Counter(labels).values()), pairs(both.values()), pairs(Counter(stories).values()))
    taken = f"{spent / count * 1000:.2f} ms an article ({added / count * 1000:.2f} to add), peak {peak:.0f} MB"
    return f"{count:,} articles: {taken}, {size / count / 1000:.1f} kB an article on disk; {figures}"


def main() -> None:
    """Print what was asked for."""
    corpora, rules = Path(sys.argv[1]), Rules()
    if sys.argv[2:3] == ["--scale"]:
        if len(sys.argv) == 4:  # noqa: PLR2004  # one count: measured here
            print(scale(corpora, int(sys.argv[3])))
        for count in sys.argv[3:] if len(sys.argv) > 4 else ():  # noqa: PLR2004  # each in a process of its own
            subprocess.run([sys.executable, __file__, str(corpora), "--scale", count], check=True)
        return
    for line in table(corpora, rules, which=int("--chosen-on" not in sys.argv)):
        print(line)
    print()
    print(crisis(corpora, rules))
    print(revised(corpora, rules))


if __name__ == "__main__":
    main()
