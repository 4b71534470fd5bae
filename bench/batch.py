"""What a batch costs beside its engine, and how it grows: ratios taken in one run.

overhead   CPU of `Batch.run` for each article to that of the embedded engine alone on the same articles, for an
           archive of single articles and for one of stories of three        (aim: at most 1.25)
growth     peak memory and CPU an article of 10 times as many articles to those of a few, each in a process of its
           own; the ledger's size; and the seconds of the same command again   (aims: 1.3 in memory; seconds)
server     wall of a batch of single articles at 32 hands against a server on loopback that takes a second, to
           articles ÷ hands × latency                                          (aim: at most 1.15)

python bench/batch.py [overhead] [growth] [server] [--articles 2000]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import loopback

from summarize.batch import Batch, Wanted
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.ledger import Ledger
from summarize.library import job_of, story_of
from summarize.news import Version
from summarize.settings import load
from summarize.stories import Rules
from summarize.telling import tell

ROOT = Path(__file__).resolve().parent.parent
HANDS, LATENCY = 32, 1.0
_WORDS = (ROOT / "fixtures" / "stories" / "dmz-defection" / "long.txt").read_text("utf-8")
_PLACES = "Lowick Hartmere Osterby Pellworth Dunsford Karnholt Velmoor Tarnby Quillan Arden".split()


def text(number: int, version: int = 0, most: int = 12) -> str:
    """An article of so many sentences of the fixture, others for each version, with names of its own."""
    sentences = [s for s in _WORDS.replace("\n", " ").split(". ") if len(s) > 40]  # noqa: PLR2004
    place = f"{_PLACES[number % 10]}-{number}"
    kept = [s for i, s in enumerate(sentences) if (i * 7 + number) % 3 != version][:most]
    return f"Report {number} from {place}\n\nIn {place}, {number + 3} people were counted. " + ". ".join(kept) + ".\n"


def archive(path: Path, articles: int, versions: int, most: int = 12) -> Path:
    """A JSONL file of so many articles, in stories of so many versions; of so many sentences."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(articles):
            story, version = divmod(n, versions)
            row = {"id": f"a{n}", "text": text(story, version, most), "outlet": f"Outlet {version}"}
            if versions > 1:
                row["story"] = f"s{story}"
            file.write(json.dumps(row) + "\n")
    return path


def words(path: Path) -> int:
    """How many an article of an archive has, on average."""
    with path.open(encoding="utf-8") as file:
        counts = [len(json.loads(line)["text"].split()) for line in file]
    return round(sum(counts) / len(counts))


def wanted(path: Path, versions: int) -> Wanted:
    """Stories by given ids, or none."""
    return Wanted(str(path), rules=Rules(by=frozenset({"given"} if versions > 1 else set())))


def batch(path: Path, ledger: Path, versions: int) -> float:
    """CPU seconds of the batch with the embedded engine."""
    opened = Ledger(ledger)
    began = time.process_time()
    Batch(Job.of(Lexicon()), opened, wanted(path, versions)).run()
    spent = time.process_time() - began
    opened.close()
    return spent


def alone(articles: int, versions: int) -> float:
    """CPU seconds of the engine alone: the same articles read or compared, and nothing kept."""
    began = time.process_time()
    for story in range(articles // versions):
        job = Job.of(Lexicon())
        found = [Version(text(story, v), id=f"v{v}", outlet=f"Outlet {v}") for v in range(versions)]
        if versions > 1:
            tell(job, story_of(found))
        else:
            job.read(story_of(found).articles[0])
    return time.process_time() - began


def overhead(folder: Path, articles: int) -> None:
    """Print the ratio for single articles and for stories."""
    for versions in (1, 3):
        many = articles - articles % versions
        path = archive(folder / f"o{versions}.jsonl", many, versions)
        alone(30, versions)  # warm
        engine = alone(many, versions)
        ledger = folder / f"o{versions}.sqlite"
        whole = batch(path, ledger, versions)
        print(
            f"overhead  {words(path)} words, stories of {versions}: {whole / engine:.2f} × the engine alone "
            f"({many / whole:.1f} articles a second of CPU, {many / engine:.1f} alone), "
            f"ledger {ledger.stat().st_size / many / 1000:.1f} kB an article"
        )


def growth(folder: Path, articles: int) -> None:
    """Print how memory and time grow, and what the same command again takes."""
    seen: list[tuple[int, float, float]] = []
    for many in (articles // 10, articles):
        path = archive(folder / f"g{many}.jsonl", many, 1, 3)  # short ones: it is their number that counts
        peak, spent = _apart(path, folder / f"g{many}.sqlite")
        again_peak, again = _apart(path, folder / f"g{many}.sqlite")
        size = (folder / f"g{many}.sqlite").stat().st_size
        seen.append((many, peak, spent))
        print(
            f"growth    {many:>9,} articles of {words(path)} words: {peak:.0f} MB peak, "
            f"{1000 * spent / many:.2f} ms an article, "
            f"ledger {size / many / 1000:.1f} kB an article; again: {again:.1f} s, {again_peak:.0f} MB",
            flush=True,
        )
    (few, low, slow), (many, high, spent) = seen
    print(f"growth    memory {high / low:.2f} ×, time an article {(spent / many) / (slow / few):.2f} × at 10 × as many")


def _apart(path: Path, ledger: Path) -> tuple[float, float]:
    """(peak MB, wall seconds) of the command in a process of its own."""
    code = (
        "import resource, sys, time; began = time.perf_counter(); sys.argv = ['retold', *sys.argv[1:]]\n"
        "from summarize.cli import app\n"
        "try: app(standalone_mode=False)\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - began,"
        " file=sys.stderr)"
    )
    args = [sys.executable, "-c", code, "batch", str(path), "--ledger", str(ledger), "--stories", "given", "-q"]
    done = subprocess.run(args, capture_output=True, text=True, check=True, cwd=ROOT)
    peak, spent = map(float, done.stderr.split()[-2:])
    return peak, spent


def server(folder: Path, articles: int) -> None:
    """Print the wall time at 32 hands to the ideal."""
    path = folder / "s.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": f"a{n}", "text": loopback.article(n)}) + "\n" for n in range(articles))
    with loopback.running(LATENCY) as base_url:
        settings = load({"model": "loopback", "base_url": base_url, "hands": str(HANDS)}, {}, folder)
        ledger = Ledger(folder / "s.sqlite")
        job = job_of(settings, ledger)
        began = time.perf_counter()
        Batch(job, ledger, wanted(path, 1)).run()
        spent = time.perf_counter() - began
        job.engine.close()
        ledger.close()
    ideal = articles / HANDS * LATENCY
    print(f"server    {articles:,} articles, {HANDS} hands, {LATENCY:g} s: {spent:.0f} s, {spent / ideal:.2f} × ideal")


def main(argv: list[str]) -> None:
    """Run the parts that are named, or all."""
    parts = {"overhead": overhead, "growth": growth, "server": server}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", choices=[*parts, []])
    parser.add_argument("--articles", type=int, default=2000)
    given = parser.parse_args(argv)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}", flush=True)
    for name in given.part or parts:
        with tempfile.TemporaryDirectory(prefix="retold-bench-") as folder:
            parts[name](Path(folder), given.articles)


if __name__ == "__main__":
    main(sys.argv[1:])
