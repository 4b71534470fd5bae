"""`retold ledger`: what is remembered, and its way out and in as a recording."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer
from summarize.errors import LedgerError, SettingsError

if TYPE_CHECKING:
    from summarize.ledger import Ledger

File = Annotated[
    Path | None, typer.Option("--ledger", metavar="FILE", help="Which one; without it, that of the settings.")
]
_DONE = "done"

ledger = typer.Typer(
    help="What is remembered of questions to models: show, export, import, failures.", invoke_without_command=True
)


@ledger.callback()
def _default(ctx: typer.Context, file: File = None, as_json: options.AsJson = False) -> None:
    """Show what is remembered, or export it, import it, or list what failed."""
    ctx.obj = file
    if ctx.invoked_subcommand is None:
        show(ctx, file, as_json)


@ledger.command()
def show(ctx: typer.Context, file: File = None, as_json: options.AsJson = False) -> None:
    """Show how many questions are settled, by model and status, what they cost, and what failed."""
    with _opened(file or ctx.obj) as found:
        told = _told(found)
    Printer(as_json).emit([json.dumps(told, ensure_ascii=False, indent=2) + "\n"] if as_json else _rows(told))


@ledger.command()
def export(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FILE.jsonl", help="- is standard output.")],
    model: Annotated[str, typer.Option(help="Only of this model.", show_default=False)] = "",
    status: Annotated[str, typer.Option(help="Only with this status.", show_default=False)] = "",
    done_only: Annotated[
        bool, typer.Option("--done-only", help="Only answers that passed every check. A repair will not replay.")
    ] = False,
    file: File = None,
) -> None:
    """Write settled questions as a recording, a line each, for --recording or another ledger."""
    if done_only and status not in {"", _DONE}:
        raise SettingsError(f"--done-only and --status {status} exclude each other", hint="give one")
    path = None if target == "-" else Path(target)
    with _opened(file or ctx.obj) as found:
        if path is not None and path.resolve() == found.path.resolve():
            raise SettingsError("this would overwrite the ledger", where=str(path), hint="write elsewhere")
        printer, written = Printer(as_json=True, output=path), _Counted()
        printer.emit(written.of(_lines(found, model, _DONE if done_only else status)))
    if path is not None:
        printer.note(f"retold: {_many(written.count)} written to {path}")


@ledger.command("import")
def bring(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="A recording.")],
    file: File = None,
) -> None:
    """Add the settled questions of a recording that are not there yet: all, or none if a line is faulty."""
    from summarize.engines.recorded import recording  # noqa: PLC0415  # not at start-up

    lines = iter(recording(source))
    first = next(lines, None)  # a file that is none makes no ledger
    with _opened(file or ctx.obj, make=True) as found:
        added, there = found.bring(chain([] if first is None else [first], lines))
        Printer().emit([f"{_many(added)} added, {there:,} there already: {_shown(str(found.path))}\n"])


@ledger.command()
def failures(ctx: typer.Context, file: File = None, as_json: options.AsJson = False) -> None:
    """List the questions that failed: status, sections, and what happened. Some were repaired later."""
    with _opened(file or ctx.obj) as found:
        Printer(as_json).emit(_failures_json(found) if as_json else _failures(found))


@contextmanager
def _opened(given: Path | None, *, make: bool = False) -> Iterator[Ledger]:
    """The ledger `given`, or that of the settings. Raises LedgerError for none, unless one may be made."""
    from summarize.ledger import Ledger  # noqa: PLC0415  # not at start-up
    from summarize.settings import ledger_path, load  # noqa: PLC0415

    path = ledger_path(load({"ledger": None if given is None else str(given)}).ledger)
    if not (make or path.exists()):
        hint = "asking a model makes one; --ledger FILE names another"
        raise LedgerError("there is no ledger", where=str(path), hint=hint)
    found = Ledger(path)
    try:
        yield found
    finally:
        found.close()


def _told(found: Ledger) -> dict[str, object]:
    counts = found.counts()
    failed: dict[str, tuple[int, str]] = {}
    for one in found.all(failed=True):
        many, example = failed.get(one.status, (0, one.what))
        failed[one.status] = (many + 1, example or one.what)
    every = list(counts.values())
    whole = (sum(n for n, _, _ in every), sum((c for _, c, _ in every), Decimal(0)), sum(u for _, _, u in every))
    return {
        "format": "retold.ledger/1",
        "path": str(found.path),
        **_count(*whole),
        "by": [{"model": model, "status": status, **_count(*count)} for (model, status), count in counts.items()],
        "failures": [{"status": s, "questions": n, "example": what} for s, (n, what) in sorted(failed.items())],
    }


def _count(questions: int, cost: Decimal, unknown: int) -> dict[str, object]:
    """What so many questions cost, in US dollars; None where it is known of none."""
    return {
        "questions": questions,
        "cost": None if unknown == questions else str(cost),
        "cost_unknown": unknown,
    }


def _rows(told: dict[str, object]) -> Iterator[str]:
    yield f"{'ledger':10} {_shown(str(told['path']))}\n"
    yield f"{'settled':10} {_spent(told)}\n"
    by, failed = _objects(told["by"]), _objects(told["failures"])
    models, statuses = (max((len(_shown(str(one[n]))) for one in by), default=0) for n in ("model", "status"))
    for one in by:
        model, status = _shown(str(one["model"])), _shown(str(one["status"]))
        yield f"{'':10} {model:{models}}  {status:{statuses}}  {_spent(one)}\n"
    yield f"{'failures':10} {sum(int(str(one['questions'])) for one in failed) or 'none'}\n"
    for one in failed:
        yield f"{'':10} {_shown(str(one['status']))} · {one['questions']}: {_shown(str(one['example']))}\n"


def _objects(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _spent(one: dict[str, object]) -> str:
    many, unknown = int(str(one["questions"])), int(str(one["cost_unknown"]))
    cost = "cost unknown" if one["cost"] is None else f"${Decimal(str(one['cost'])):.4f}"
    rest = f", and {unknown:,} of unknown cost" if 0 < unknown < many else ""
    return f"{_many(many)}, {cost if many else 'nothing spent'}{rest}"


def _lines(found: Ledger, model: str, status: str) -> Iterator[str]:
    from summarize.settled import line  # noqa: PLC0415  # not at start-up

    return (line(one) + "\n" for one in found.all(model=model, status=status))


def _failures(found: Ledger) -> Iterator[str]:
    for one in found.all(failed=True):
        yield f"{_shown(one.status)}  {_shown(', '.join(one.sections))}  {_shown(one.what)}\n"


def _failures_json(found: Ledger) -> Iterator[str]:
    yield '{\n  "format": "retold.failures/1",\n  "failures": ['
    between = "\n    "
    for one in found.all(failed=True):
        shown = {"status": one.status, "sections": one.sections, "what": one.what, "at": one.at, "key": one.key}
        yield between + json.dumps({"model": str(one.identity.get("model", "")), **shown}, ensure_ascii=False)
        between = ",\n    "
    yield "]\n}\n" if between == "\n    " else "\n  ]\n}\n"


class _Counted:
    """Counts what passes."""

    count = 0

    def of(self, pieces: Iterable[str]) -> Iterator[str]:
        for piece in pieces:
            self.count += 1
            yield piece


def _many(questions: int) -> str:
    return f"{questions:,} question{'' if questions == 1 else 's'}"


def _shown(text: str) -> str:
    """Words that may be a server's, on one line and safe for a terminal."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
