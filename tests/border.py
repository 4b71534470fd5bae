"""Two articles through the command line, as a process, against a server that wrongs only the second of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from command import Ran, retold
from fault_server import Asked, FaultServer, Script, good

if TYPE_CHECKING:
    from pathlib import Path

CITY = "Porto"  # in every sentence of the article that is wronged, so in every part of it
SAFE = "Two die in Lisbon\n\nTwo men died in Lisbon on Tuesday. The mayor of Lisbon said so.\n"
STRUCK = (
    "Three die in horrific Porto fire\n\nThree men died in Porto on Monday, police in Porto said. “It is over in "
    "Porto,” the mayor of Porto said. Porto had 12 horrific fires in May.\n"
)


@dataclass(frozen=True)
class Seen:
    """What a run left, and the requests for the article that was wronged."""

    ran: Ran
    asked: list[Asked]

    @property
    def end(self) -> tuple[int, str, int]:
        """Exit code, the failure's status ("" if the article was read), how many requests it took."""
        told = self.ran.json()
        assert "a" in told["readings"], "what nobody wronged must be read"
        assert len(told["readings"]) + len(told["failures"]) == 2
        return self.ran.code, "".join(failure["status"] for failure in told["failures"]), len(self.asked)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The provenance of each settled question about the article."""
        return [record for record in self.ran.json()["provenance"]["requests"] if record["version"] == "b"]

    @property
    def rungs(self) -> list[str]:
        """The form in which each of its answers was asked for."""
        return [record["rung"] for record in self.records]


@dataclass(frozen=True)
class Border:
    """A folder with a.txt and b.txt, and a server."""

    folder: Path
    server: FaultServer

    def run(self, *args: str, files: tuple[str, ...] = ("a.txt", "b.txt"), env: dict[str, str] | None = None) -> Seen:
        """`retold summarize FILES --json` with `args`; two seconds for an answer, one ledger in the folder."""
        before = len(self.server.questions)
        url = () if "--base-url" in args else ("--base-url", self.server.base_url)
        whom = ("--model", "fake-1", *url, "--ledger", "l.sqlite", "--timeout", "2")
        ran = retold("summarize", *files, "--json", *whom, *args, cwd=self.folder, env=env)
        return Seen(ran, [asked for asked in self.server.questions[before:] if CITY in asked.user])


@contextmanager
def border(folder: Path, script: Script, struck: str = STRUCK) -> Iterator[Border]:
    """A server whose `script` answers for the article `struck`, and which is good to the other."""
    (folder / "a.txt").write_text(SAFE, "utf-8")
    (folder / "b.txt").write_text(struck, "utf-8")
    with FaultServer(lambda asked: script(asked) if CITY in asked.user else good(asked)) as server:
        yield Border(folder, server)
