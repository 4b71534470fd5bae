"""`--extract-only` of the commands that read articles: what would be read of each; nobody is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from summarize.cli.output import Printer
from summarize.errors import PartialFailure, RetoldError

if TYPE_CHECKING:
    from summarize.news import Article


@dataclass(slots=True)
class Opened:
    """The articles in files, one after another; those that cannot be read are kept as `failures`, with their names."""

    names: list[str]
    blind: bool
    private: bool
    failures: list[tuple[str, RetoldError]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Article]:
        from summarize.archive.files import idents, open_version  # noqa: PLC0415  # not at start-up
        from summarize.news import lay_out  # noqa: PLC0415

        for name, ident in zip(self.names, idents(self.names), strict=True):
            try:
                version = replace(open_version(name, private=self.private), id=ident)
            except RetoldError as error:
                if len(self.names) == 1:
                    raise
                self.failures.append((name, error))
                continue
            yield lay_out(version, blind=self.blind)


def extract(printer: Printer, articles: Iterable[Article], failures: list[tuple[str, RetoldError]]) -> None:
    """Print what would be read of `articles`; `failures` grow as these are drawn.

    Raises PartialFailure where some could not be read.
    """
    pieces = _json(articles, failures) if printer.format() == "json" else _text(articles)
    first = next(pieces, "")  # what is wrong with the only file is told before anything is printed
    printer.emit(chain([first], pieces))
    for name, error in failures:
        told = str(error)
        printer.note(f"retold: {told}" if name in told else f"retold: {name}: {told}")
    if failures:
        raise PartialFailure(f"{len(failures)} could not be read", hint="each is named above")


def _text(articles: Iterable[Article]) -> Iterator[str]:
    from summarize.report.extract import lines  # noqa: PLC0415  # not at start-up

    for number, article in enumerate(articles):
        yield ("\n" if number else "") + "\n".join(lines(article)) + "\n"


def _json(articles: Iterable[Article], failures: list[tuple[str, RetoldError]]) -> Iterator[str]:
    """One object, piece by piece, as json.dumps with an indent of 2 would print it."""
    from summarize.report import contract, extract  # noqa: PLC0415  # not at start-up

    before = f'{{\n  "format": "{extract.FORMAT}",\n  "versions": ['
    for article in articles:
        yield before + "\n    " + _indented(extract.extracted(article), 4)
        before = ","
    told = [contract.failure(name, error) for name, error in failures]
    closing = "\n  ]" if before == "," else before + "]"
    yield f'{closing},\n  "failures": {_indented(told, 2)}\n}}\n'


def _indented(value: object, by: int) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + " " * by)
