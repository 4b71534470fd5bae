"""`retold summarize FILE…`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer, Rendering

if TYPE_CHECKING:
    from rich.console import Console

    from summarize.job import Job
    from summarize.library import Summaries


def summarize(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Articles (.txt, .md); - is stdin.")],
    engine: options.Engine = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    unblind: options.Unblind = False,
    as_json: options.AsJson = False,
    as_markdown: options.AsMarkdown = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Read articles, each by itself: summary, claims, tone, frames, portrayal, loaded words and voices, cited."""
    from summarize import library  # noqa: PLC0415  # not at start-up
    from summarize.job import Job  # noqa: PLC0415
    from summarize.settings import load  # noqa: PLC0415

    printer = Printer(as_json, as_markdown, output, quiet, no_color)
    printer.check(files)
    settings = load({"engine": engine, "model": model, "base_url": base_url, "unblind": "yes" if unblind else None})
    with printer.progress() as tick:
        job = Job(library.engine_of(settings), tick)
        found = library.read_files(job, files, unblind=settings.unblind)
    if found.readings or len(found.failures) > 1:  # a lone failure is the run's own error, told once
        for name, error in found.failures.items():
            printer.note(f"retold: {error}" if name in str(error) else f"retold: {name}: {error}")
    if found.readings:
        printer.show(_rendering(found, job))
    found.raise_failures()


def _rendering(found: Summaries, job: Job) -> Rendering:
    def terminal(console: Console) -> None:
        from summarize.report.terminal import summarize_view  # noqa: PLC0415

        summarize_view(found.articles, found.readings, job.engine, console)

    def markdown() -> str:
        from summarize.report.markdown import summarize_markdown  # noqa: PLC0415

        return summarize_markdown(found.articles, found.readings, job.engine)

    def as_json() -> object:
        from summarize.report import contract  # noqa: PLC0415

        record = job.record(found.articles, found.readings.values())
        return contract.summary(found.articles, found.readings, record, found.failures)

    return Rendering(terminal, markdown, as_json)
