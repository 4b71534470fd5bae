"""`retold profiles LEDGER`: what each outlet does, beside the others that tell the same stories."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import holding, options
from summarize.cli.output import Printer, Rendering

if TYPE_CHECKING:
    from rich.console import Console

    from summarize.profiles import Profiles


def profiles(
    source: holding.Source,
    job: holding.Number = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be given again.", show_default="all"),
    ] = None,
    least: Annotated[
        int, typer.Option("--least", metavar="N", help="How many stories a figure takes, 10 or more.")
    ] = 20,
    as_json: options.AsJson = False,
    as_markdown: options.AsMarkdown = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Show what each outlet leaves out, words and quotes otherwise over many stories, with intervals. No ranking."""
    from summarize.profiles import profiles as profiled  # noqa: PLC0415  # not at start-up

    printer = Printer(as_json, as_markdown, output, quiet, no_color)
    printer.format()
    if output is not None:
        holding.refuse(output, source)
    with holding.opened(source) as found:
        chosen = holding.chosen(found, job, printer)
        if chosen.phase != "done":
            printer.note(f"retold: job {chosen.id} is not done; this is of the stories that are")
        with printer.progress() as tick:
            tick("measuring outlets")
            made = profiled(partial(found.holdings.rows, chosen.id), least=least, only=outlet or ())
    printer.show(_rendering(made, chosen.id))


def _rendering(made: Profiles, job: int) -> Rendering:
    def terminal(console: Console) -> None:
        from summarize.report.profiles import profiles_view  # noqa: PLC0415

        profiles_view(made, console)

    def markdown() -> str:
        from summarize.report.profiles import profiles_markdown  # noqa: PLC0415

        return profiles_markdown(made)

    def as_json() -> object:
        from summarize.report import profiles as report  # noqa: PLC0415

        return report.as_json(made, job)

    return Rendering(terminal, markdown, as_json)
