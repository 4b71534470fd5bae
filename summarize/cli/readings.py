"""The output of `retold summarize`: pieces made as articles are read, put together at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from summarize.cli.output import Printer
from summarize.cli.spool import Spool
from summarize.provenance import Tally, provenance, request
from summarize.report import contract
from summarize.report.origin import origin

if TYPE_CHECKING:
    from summarize.errors import RetoldError
    from summarize.job import Job
    from summarize.library import Outcome
    from summarize.news import Article
    from summarize.reading import Reading


class Readings:
    """What came of each file, held on disk. A context manager. `lone` is the error of the last that failed."""

    def __init__(self, printer: Printer, job: Job) -> None:
        self.printer, self._job, self._spool, self._whole = printer, job, Spool(), Tally()
        self.read = self.failed = 0
        self.lone: RetoldError | None = None
        self._units: list[object] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.__exit__(kind, error, trace)

    @property
    def spent(self) -> str:
        """What was spent so far, in words; nothing where no price is known."""
        return f"${self._whole.cost:.4f}" if self._whole.cost else ""

    def take(self, outcome: Outcome) -> None:
        """Keep what came of a file."""
        for asked in outcome.asked:
            self._whole.add(asked)
            self._spool.put("requests", outcome.index, _piece(request(asked), 3))
        if outcome.article is not None and outcome.reading is not None:
            self.read += 1
            self._whole.judge(outcome.reading)
            self._keep(outcome.index, outcome.article, outcome.reading)
        elif outcome.error is not None:
            self.failed += 1
            self.lone = outcome.error
            self._spool.put("failures", outcome.index, _piece(contract.failure(outcome.name, outcome.error), 2))
            told = str(outcome.error)
            self._spool.put("told", outcome.index, told if outcome.name in told else f"{outcome.name}: {told}")

    def name_failures(self) -> None:
        """A line for each file that failed."""
        for line in self._spool.lane("told"):
            self.printer.note(f"retold: {line}")

    def show(self, *, blind: bool) -> None:
        """Print or write everything."""
        form, job = self.printer.format(), self._job
        record = provenance(job.engine, self._whole, job.started, blind=blind, samples=job.samples)
        limits = (*job.engine.limits, *origin(record))
        if form == "json":
            self.printer.emit(self._json(record))
        elif form == "markdown":
            from summarize.report.markdown import summarize_head  # noqa: PLC0415  # only where it is wanted

            self.printer.emit(self._joined(lambda: summarize_head(self.read, limits)))
        else:
            from summarize.report.terminal import summarize_head as head  # noqa: PLC0415

            self.printer.emit(
                self._joined(lambda: self.printer.drawn(lambda console: head(self.read, limits, console)))
            )

    def _joined(self, head: Callable[[], str]) -> Iterator[str]:
        yield head()
        yield from self._spool.lane("articles")

    def _keep(self, index: int, article: Article, reading: Reading) -> None:
        form, abstains = self.printer.format(), self._job.engine.abstains
        if form == "json":
            self._spool.put("versions", index, _piece(contract.version(article), 2))
            name = json.dumps(article.version.id, ensure_ascii=False)
            told = contract.reading(reading, weak="tone" in abstains)
            self._spool.put("readings", index, f"{' ' * 4}{name}: {_piece(told, 2).lstrip()}")
        elif form == "markdown":
            from summarize.report.markdown import article_markdown  # noqa: PLC0415

            self._spool.put("articles", index, "\n" + article_markdown(article, reading, abstains))
        else:
            from summarize.report.terminal import article_view  # noqa: PLC0415

            drawn = self.printer.drawn(lambda console: article_view(article, reading, abstains, console))
            self._spool.put("articles", index, drawn)

    def _json(self, record: dict[str, object]) -> Iterator[str]:
        """The contract's object, piece by piece, as json.dumps with an indent of 2 would print it."""
        del record["requests"]
        yield f'{{\n  "format": {json.dumps(contract.SUMMARY)},\n'
        yield from self._list("versions", "[]")
        yield from self._list("readings", "{}")
        yield from self._list("failures", "[]")
        head = _piece({**record, "requests": 0}, 1).lstrip()
        yield '  "provenance": ' + head[: head.rindex('    "requests"')]
        yield from self._list("requests", "[]", "    ", "\n")
        yield "  }\n}\n"

    def _list(self, lane: str, around: str, indent: str = "  ", end: str = ",\n") -> Iterator[str]:
        yield f'{indent}"{lane}": {around[0]}'
        first = True
        for piece in self._spool.lane(lane):
            yield ("\n" if first else ",\n") + piece
            first = False
        yield ("" if first else f"\n{indent}") + around[1] + end


def _piece(value: object, level: int) -> str:
    """`value` as JSON that stands `level` levels deep."""
    indent = "  " * level
    return indent + json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + indent)
