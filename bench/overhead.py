"""What Retold costs beside the model: CPU, wall and memory, as ratios taken in one run against a loopback server.

cpu      CPU for each settled question (read, laid out, asked, gated, cited, kept in the ledger) to that of the
         bare SDK's `chat.completions.create` under a semaphore, at 50 ms and 32 hands         (aim: at most 1.0)
wall     at 1 s, like a model, and 128 hands: to requests ÷ hands × latency                  (aim: at most 1.05)
memory   peak of 20,000 articles to that of 1,000, in processes of their own                (aim: flat)

python bench/overhead.py [cpu] [wall] [memory]
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import loopback

from summarize.engines.asking import Asking
from summarize.engines.request import requested
from summarize.ledger import Ledger
from summarize.library import job_of, read_files
from summarize.news import Version, lay_out
from summarize.prompt import reading_question
from summarize.settings import load

ROUNDS = 5


def articles(folder: Path, count: int) -> list[str]:
    """Paths of so many short articles."""
    paths = [folder / f"{n:05}.txt" for n in range(count)]
    for n, path in enumerate(paths):
        path.write_text(loopback.article(n), "utf-8")
    return [str(path) for path in paths]


def retold(base_url: str, files: list[str], hands: int, folder: Path) -> tuple[float, float]:
    """(CPU, wall) seconds to settle a reading of each file in a new ledger."""
    (folder / "ledger.sqlite").unlink(missing_ok=True)
    settings = load({"model": "loopback", "base_url": base_url, "hands": str(hands)}, {}, folder)
    ledger = Ledger(folder / "ledger.sqlite")
    job = job_of(settings, ledger)
    cpu, wall = time.process_time(), time.perf_counter()
    read = sum(outcome.reading is not None for outcome in read_files(job, files))
    spent = time.process_time() - cpu, time.perf_counter() - wall
    assert read == len(files)
    job.engine.close()
    ledger.close()
    return spent


def bare(base_url: str, files: list[str], hands: int) -> tuple[float, float]:
    """(CPU, wall) seconds of the SDK for the same requests, made beforehand; nothing is checked or kept."""
    import openai  # noqa: PLC0415  # only here

    questions = [reading_question(lay_out(Version(Path(file).read_text("utf-8")))) for file in files]
    bodies = (requested("loopback", Asking(), question, "strict", {"max_tokens": 16_384}) for question in questions)
    requests: list[dict[str, Any]] = [json.loads(body) for body in bodies]  # the same

    async def run() -> tuple[float, float]:
        client = openai.AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
        allowed = asyncio.Semaphore(hands)

        async def one(request: dict[str, Any]) -> None:
            async with allowed:
                answer = await client.chat.completions.create(**request)
            assert answer.choices[0].message.content

        await one(requests[0])
        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*map(one, requests))
        return time.process_time() - cpu, time.perf_counter() - wall

    return asyncio.run(run())


def cpu(folder: Path, count: int = 1_000, hands: int = 32) -> None:
    """Print the first figure."""
    files = articles(folder, count)
    with loopback.running(0.05) as base_url:
        retold(base_url, files[:50], hands, folder)  # modules are loaded, schemas compiled
        pairs = [(retold(base_url, files, hands, folder)[0], bare(base_url, files, hands)[0]) for _ in range(ROUNDS)]
    mine, sdk = (statistics.median(side) / count * 1000 for side in zip(*pairs, strict=True))
    quotients = sorted(a / b for a, b in pairs)
    spread = f"{quotients[0]:.2f} to {quotients[-1]:.2f}"
    print(
        f"cpu: {statistics.median(quotients):.2f} × the bare SDK ({spread}; {mine:.2f} ms to {sdk:.2f} ms a question)"
    )


def wall(folder: Path, count: int = 1_280, hands: int = 128) -> None:
    """Print the second figure."""
    files = articles(folder, count)
    with loopback.running(1.0) as base_url:
        took = retold(base_url, files, hands, folder)[1]
    ideal = count / hands
    print(f"wall: {took / ideal:.3f} × ideal at 1 s and {hands} hands ({took:.2f} s to {ideal:.2f} s)")


def peak(count: int) -> float:
    """Peak megabytes of a process that has its articles read by `retold summarize`."""
    code = f"import overhead, sys, pathlib; overhead.measured({count}, sys.argv[1])"
    with loopback.running(0.0) as base_url:
        done = subprocess.run(
            [sys.executable, "-c", code, base_url],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    return float(done.stdout.split()[-1])


def measured(count: int, base_url: str) -> None:
    """In a process of its own: the command line over `count` articles, then this process's peak."""
    from summarize.cli import app  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        articles(folder / "in", count)
        arguments = ["summarize", str(folder / "in"), "--json", "-o", str(folder / "out.json"), "-q", "--hands", "32"]
        app(
            [*arguments, "--model", "loopback", "--base-url", base_url, "--ledger", str(folder / "l.sqlite")],
            standalone_mode=False,
        )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def memory(_: Path) -> None:
    """Print the third figure."""
    few, many = peak(1_000), peak(20_000)
    print(f"memory: {many / few:.2f} × ({few:.0f} MB for 1,000 articles, {many:.0f} MB for 20,000)")


def main() -> None:
    """Run what is asked for, or everything."""
    wanted = sys.argv[1:] or ["cpu", "wall", "memory"]
    for name, figure in (("cpu", cpu), ("wall", wall), ("memory", memory)):
        if name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                figure(Path(folder))


if __name__ == "__main__":
    main()
