"""How fast the command line starts, as ratios taken in one run.

    retold --help       to the --help of a Typer app with one command          (aim: at most 1.2)
    retold compare      of the two fixture versions, to `python -c pass`

Each pair is run in turn, so that a machine whose speed drifts cannot favour one; medians of the pairs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
STORY = ROOT / "fixtures" / "stories" / "dmz-defection"
RUNS = 15
ONE_COMMAND = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "you") -> None:
    '''Say hello.'''
    typer.echo(f"hello {name}")
app()
"""


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - started


def ratio(name: str, command: list[str], base: list[str]) -> None:
    """Print the median of the paired ratios, and the medians themselves."""
    pairs = [(seconds(command), seconds(base)) for _ in range(RUNS + 1)][1:]
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    quotient = statistics.median(a / b for a, b in pairs)
    print(f"{name:42} {quotient:5.2f} ×   ({mine * 1000:.0f} ms to {other * 1000:.0f} ms, {RUNS} pairs)")


def main() -> None:
    """Run both comparisons."""
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "one_command.py"
        app.write_text(ONE_COMMAND, "utf-8")
        help_of = [sys.executable, "-m", "summarize", "--help"]
        ratio("retold --help / one-command app --help", help_of, [sys.executable, str(app), "--help"])
    compare = [sys.executable, "-m", "summarize", "compare", str(STORY / "long.txt"), str(STORY / "short.txt")]
    ratio("retold compare of the fixtures / pass", compare, [sys.executable, "-c", "pass"])


if __name__ == "__main__":
    main()
