"""`retold doctor` on a server of our own that tells something of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from command import Ran, retold
from exchange import Answer, Asked, raw
from fault_server import FaultServer

from summarize.doctor import examine
from summarize.settings import load

KEY = "sk-very-secret-key-0123456789"


@dataclass
class Telling(FaultServer):
    """A fault server that gives `told` at its paths, on GET and POST."""

    told: Mapping[str, Answer] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        """What is told at the path, else as ever."""
        return self.told.get(asked.path) or super().answer(asked)


def listing(*entries: Mapping[str, object]) -> Answer:
    """A list of models as OpenAI gives it."""
    return raw(200, {"object": "list", "data": list(entries)})


def doctor(server: FaultServer, folder: Path, *args: str, env: dict[str, str] | None = None) -> Ran:
    """`retold doctor` on a server, with the model fake-1 unless `args` name one."""
    model = () if "--model" in args or "--no-model" in args else ("--model", "fake-1")
    rest = [arg for arg in args if arg != "--no-model"]
    return retold("doctor", "--json", *model, "--base-url", server.base_url, *rest, cwd=folder, env=env)


def checks(ran: Ran) -> dict[str, dict[str, str]]:
    """The checks in a report, by name."""
    return {check["check"]: check for check in ran.json()["checks"]}


def look(folder: Path, told: Mapping[str, Answer], **flags: str) -> dict[str, Any]:
    """The report, in this process, on a server that tells something of itself."""
    with Telling(told=told) as server:
        settings = load({"model": "fake-1", "base_url": server.base_url, **flags}, {}, folder)
        return examine(settings).json()
