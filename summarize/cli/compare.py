"""`retold compare FILE FILE …`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarize.cli import options
from summarize.cli.output import Printer, Rendering

if TYPE_CHECKING:
    from rich.console import Console

    from summarize.comparison.model import Comparison


_TRIED = "What is compared, and tried besides"


@options.asking
def compare(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE FILE…", help="Two versions or more, also URLs; - is stdin, a folder all in it."),
    ],
    flags: Mapping[str, str | None],
    unblind: options.Unblind = False,
    revisions: Annotated[
        bool | None,
        typer.Option(
            "--revisions/--no-revisions",
            help="They are revisions of one article, oldest first.",
            show_default="if they have the same URL",
            rich_help_panel=_TRIED,
        ),
    ] = None,
    counterfactual: Annotated[
        bool,
        typer.Option(
            "--counterfactual", rich_help_panel=_TRIED, help="Read the tone again with loaded words made neutral."
        ),
    ] = False,
    check_order: Annotated[
        bool, typer.Option("--check-order", rich_help_panel=_TRIED, help="Show the claims in the other order too.")
    ] = False,
    check_blind: Annotated[
        bool, typer.Option("--check-blind", rich_help_panel=_TRIED, help="Read with and without the outlet's name.")
    ] = False,
    fresh: options.Fresh = False,
    retry_failed: options.RetryFailed = False,
    dry_run: options.DryRun = False,
    extract_only: options.ExtractOnly = False,
    allow_private_hosts: options.PrivateHosts = False,
    as_json: options.AsJson = False,
    as_markdown: options.AsMarkdown = False,
    output: options.Output = None,
    quiet: options.Quiet = False,
    no_color: options.NoColor = False,
) -> None:
    """Compare versions of one story: what each leaves out, contradicts, words or attributes differently."""
    from summarize import library  # noqa: PLC0415  # not at start-up
    from summarize.archive.files import expand, open_version  # noqa: PLC0415
    from summarize.settings import load  # noqa: PLC0415
    from summarize.telling import Trials, tell  # noqa: PLC0415

    printer = Printer(as_json, as_markdown, output, quiet, no_color)
    names = expand(files)
    printer.check(names)
    settings = load(options.with_unblind(flags, unblind=unblind))
    opened = [open_version(name, private=allow_private_hosts) for name in names]
    story = library.story_of(opened, unblind=settings.unblind, revisions=revisions)
    if extract_only:
        from summarize.cli.extracting import extract  # noqa: PLC0415

        extract(printer, story.articles, [])
        return
    trials = Trials(check_order, check_blind, counterfactual)
    if dry_run:
        from summarize.plan import of_story  # noqa: PLC0415

        with library.ledger_if_any(settings, fresh=fresh) as known:
            printer.list(of_story(settings, story, known, trials))
        return
    ledger = library.ledger_of(settings, fresh=fresh)
    asks_for = ("compare", *(str(Path(name).resolve()) for name in names))
    with library.running(settings, ledger, asks_for, again=retry_failed) as job, printer.progress() as tick:
        job.tick = tick
        found = tell(job, story, trials)
    if not any(len(row.telling()) > 1 for row in found.rows):
        printer.note("retold: no two of these versions tell the same claim; do they tell one story?")
    from summarize.report.origin import origin  # noqa: PLC0415

    printer.show(_rendering(found, (*job.engine.limits, *origin(found.provenance))))


def _rendering(found: Comparison, limits: tuple[str, ...]) -> Rendering:
    def terminal(console: Console) -> None:
        from summarize.report.terminal import compare_view  # noqa: PLC0415

        compare_view(found, limits, console)

    def markdown() -> str:
        from summarize.report.markdown import compare_markdown  # noqa: PLC0415

        return compare_markdown(found, limits)

    def as_json() -> object:
        from summarize.report import contract  # noqa: PLC0415

        return contract.comparison(found)

    return Rendering(terminal, markdown, as_json)
