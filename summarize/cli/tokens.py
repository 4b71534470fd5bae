"""`retold tokens`: how many tokens texts have, and the vocabularies to count them with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer
from summarize.errors import InputError, PartialFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

tokens = typer.Typer(help="Count tokens; fetch the vocabularies that make counts exact.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A file's tokens and whether they are exact, or the error that came instead."""

    name: str
    tokens: int = 0
    exact: bool = True
    error: InputError | None = None


@tokens.command()
def count(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Texts; - is stdin, a folder all in it.")],
    model: Annotated[
        str | None, typer.Option(help="Whose vocabulary counts; without it, that of the settings.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Count the tokens of texts as they are, and say whether that is exact or an estimate (~). Asks nobody."""
    from summarize.archive.files import expand  # noqa: PLC0415  # not at start-up
    from summarize.settings import load  # noqa: PLC0415
    from summarize.tokens import how  # noqa: PLC0415

    named = load({"model": model}).model
    found = [_counted(name, named) for name in expand(files)]
    failed = [one for one in found if one.error]
    if len(found) == 1 and found[0].error:
        raise found[0].error
    counted, printer = how(named), Printer(as_json)
    if as_json:
        printer.emit([json.dumps(_json(found, named, counted), ensure_ascii=False, indent=2) + "\n"])
    else:
        printer.emit(_rows(found, counted))
    for one in failed:
        printer.note(f"retold: {one.error}")
    if failed:
        raise PartialFailure(f"{len(failed)} of {len(found)} files failed", hint="each is named above")


@tokens.command()
def fetch(
    name: Annotated[
        str | None, typer.Argument(metavar="MODEL_OR_VOCABULARY", help="Without it, the model of the settings.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="A .tiktoken file got elsewhere, or a URL.")
    ] = None,
) -> None:
    """Put a vocabulary where counts find it, from its publisher or from a file."""
    from summarize import tokens as vocabularies  # noqa: PLC0415  # not at start-up
    from summarize.settings import load  # noqa: PLC0415

    wanted = load().model if name is None else name
    path = vocabularies.fetch(wanted, source=source)
    vocabulary, known = vocabularies.vocabulary_for(wanted)
    Printer().emit([f"{vocabulary}: {path}\n"])
    if not known and wanted:
        Printer().note(f"retold: the vocabulary of {wanted} is not known; {vocabulary} estimates it")


def _counted(name: str, model: str) -> _Counted:
    from summarize.archive.files import open_version  # noqa: PLC0415  # not at start-up
    from summarize.tokens import count as counted  # noqa: PLC0415

    try:
        found = counted(open_version(name).text, model)
    except InputError as error:
        return _Counted(name, error=error)
    return _Counted(name, found.tokens, found.exact)


def _rows(found: list[_Counted], counted: str) -> Iterator[str]:
    read = [one for one in found if not one.error]
    total = _Counted("total", sum(one.tokens for one in read), all(one.exact for one in read))
    shown = [(f"{'' if one.exact else '~'}{one.tokens:,}", one.name) for one in (*read, total)]
    width = max(len(number) for number, _ in shown)
    for number, name in shown:
        yield f"{number:>{width}}  {''.join(c if c.isprintable() else '?' for c in name)}\n"
    if counted.startswith("estimated"):
        yield f"~ {counted}\n"
    else:
        yield f"{'exact' if total.exact else 'exact but for ~'}: {counted}\n"


def _json(found: list[_Counted], model: str, counted: str) -> dict[str, object]:
    from summarize.report import contract  # noqa: PLC0415  # not at start-up

    read = [one for one in found if not one.error]
    return {
        "format": "retold.tokens/1",
        "model": model,
        "counted": counted,
        "files": [{"file": one.name, "tokens": one.tokens, "exact": one.exact} for one in read],
        "failures": [contract.failure(one.name, one.error) for one in found if one.error],
        "tokens": sum(one.tokens for one in read),
        "exact": all(one.exact for one in read),
    }
