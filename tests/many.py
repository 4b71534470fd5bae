"""Many small articles in a folder, read by a process that may be killed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from command import Ran, retold
from fault_server import Asked, FaultServer

if TYPE_CHECKING:
    from pathlib import Path

_PLACES = ("Lisbon", "Porto", "Faro", "Braga", "Evora", "Sintra", "Tomar")
_NUMBER = re.compile(r"engine (\d+) of the brigade")


def articles(folder: Path, count: int) -> Path:
    """The folder `many` in `folder`, with so many articles; each tells its number, and no two are alike."""
    many = folder / "many"
    many.mkdir(exist_ok=True)
    for i in range(count):
        place = _PLACES[i % len(_PLACES)]
        text = (
            f"Fire hits {place}\n\nSome {i + 2} men died in {place} on Tuesday, police said. The mayor said that "
            f"engine {i} of the brigade “came far too late”. It was a horrific night for {place}.\n"
        )
        (many / f"{i:03}.txt").write_text(text, "utf-8")
    return many


def number(asked: Asked) -> int:
    """The number of the article that a request is about."""
    found = _NUMBER.search(asked.user)
    assert found is not None
    return int(found[1])


def arguments(server: FaultServer, *more: str) -> tuple[str, ...]:
    """What comes after `retold`, to read the folder."""
    whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--timeout", "10")
    return ("summarize", "many", "--json", *whom, *more)


def read_by(server: FaultServer, folder: Path, *more: str) -> Ran:
    """The folder, read to the end."""
    return retold(*arguments(server, *more), cwd=folder)


def embedded(folder: Path) -> dict[str, Any]:
    """The embedded engine's reading of each article, but for its own reliability."""
    ran = retold("summarize", "many", "--json", cwd=folder)
    assert ran.code == 0
    found: dict[str, Any] = json.loads(ran.out.replace('"reliability": "weak"', '"reliability": "unmeasured"'))
    return found["readings"]  # type: ignore[no-any-return]  # JSON


@contextmanager
def started(server: FaultServer, folder: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same as a process under way; at the end it is killed, if it still runs."""
    args = [sys.executable, "-m", "summarize", *arguments(server, *more)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(args, cwd=folder, stdout=quiet, stderr=quiet, env={**os.environ}) as process:
        try:
            yield process
        finally:
            process.kill()
