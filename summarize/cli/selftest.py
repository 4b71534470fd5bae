"""`retold selftest FILE`."""

from __future__ import annotations

import json
import random  # noqa: TID251  # seeded by the text
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from summarize.cli import options
from summarize.cli.output import Printer
from summarize.errors import PartialFailure

_WIDTH, _NAME, _HEAD = 100, 11, 24  # columns in all, of a control's name, and before its words
_LEAST = 4  # controls below which nothing was tested
_MOST = 6  # differences of one control that are printed; JSON has all


@options.asking
def selftest(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Any article; the controls are made from it by code.")],
    flags: Mapping[str, str | None],
    fresh: options.Fresh = False,
    retry_failed: options.RetryFailed = False,
    as_json: options.AsJson = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
) -> None:
    """Compare an article with itself and with planted edits: whether they are found, and nothing else."""
    from summarize import library  # noqa: PLC0415  # not at start-up
    from summarize.archive.files import open_version  # noqa: PLC0415
    from summarize.selftest import rows, trial  # noqa: PLC0415
    from summarize.settings import load  # noqa: PLC0415
    from summarize.telling import tell  # noqa: PLC0415

    printer = Printer(as_json, output=output, quiet=quiet)
    printer.check([file])
    settings, version = load(flags), open_version(file)
    ledger = library.ledger_of(settings, fresh=fresh)
    asks_for = ("selftest", str(Path(file).resolve()))
    with library.running(settings, ledger, asks_for, again=retry_failed) as job, printer.progress() as tick:
        job.tick = tick
        outcomes = trial(lambda story: tell(job, story), version, chance=random.Random(version.digest))  # noqa: S311
        found = rows(outcomes)
        who = {"engine": job.engine.name, "model": job.engine.model}
    if printer.format() == "json":
        told = {"format": "retold.selftest/1", "file": file, **who, "controls": found}
        printer.emit([json.dumps(told, ensure_ascii=False, indent=2) + "\n"])
    else:
        printer.emit(_lines(found, f"{who['engine']} ({who['model']}) on {version.label}"))
    failed = [row for row in found if row["passed"] is False]
    made = [row for row in found if row["passed"] is not None]
    if len(made) < _LEAST and not failed:
        what = f"only {len(made)} of {len(found)} controls could be made"
        raise PartialFailure(what, hint="give a longer article in English")
    if failed:
        what = f"{len(failed)} of {len(found)} controls were not passed"
        raise PartialFailure(what, hint="read what this model finds with care")


def _lines(found: Sequence[Mapping[str, object]], who: str) -> Iterator[str]:
    yield f"Negative controls: {who}\n\n"
    for row in found:
        mark = {True: "✓ passed", False: "✗ FAILED", None: "· left out"}[cast("bool | None", row["passed"])]
        yield from _filled(f"{mark:{_NAME}} {row['name']:{_NAME}} ", str(row["about"]))
        if row["passed"] is None:
            continue
        yield from _filled("", f"expected: {row['expected']}")
        if row["error"]:
            yield from _filled("", f"no comparison: {row['error']}")
            continue
        shown = cast("Sequence[str]", row["shown"])
        yield from _filled("", f"found: {shown[0] if shown else 'nothing' if not row['found'] else 'as expected'}")
        others = cast("Sequence[str]", row["others"])
        for strange in others[:_MOST]:
            yield from _filled("", f"and, wrongly: {strange}")
        if len(others) > _MOST:
            yield from _filled("", f"and {len(others) - _MOST} more")
    made = [row for row in found if row["passed"] is not None]
    yield f"\n{sum(bool(row['passed']) for row in made)} of {len(made)} controls passed.\n"


def _filled(head: str, text: str) -> Iterator[str]:
    clean = "".join(c if c.isprintable() else "?" for c in text)
    yield (
        textwrap.fill(
            clean, _WIDTH, initial_indent=head or " " * _HEAD, subsequent_indent=" " * _HEAD, break_on_hyphens=False
        )
        + "\n"
    )
