"""The command `retold`: one file per command; each parses, makes one call, and prints."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from summarize import __version__
from summarize.cli.batch import batch
from summarize.cli.compare import compare
from summarize.cli.doctor import doctor
from summarize.cli.export import export
from summarize.cli.ledger import ledger
from summarize.cli.profiles import profiles
from summarize.cli.prompts import prompts
from summarize.cli.selftest import selftest
from summarize.cli.settings import settings
from summarize.cli.summarize import summarize
from summarize.cli.tokens import tokens
from summarize.errors import RetoldError, SettingsError

app = typer.Typer(
    name="retold",
    help="The same story, told differently: compare tone and framing across versions of a news story.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with locals could show a key
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(summarize)
app.command()(compare)
app.command()(batch)
app.command()(export)
app.command()(profiles)
app.command()(selftest)
app.command()(prompts)
app.command()(settings)
app.add_typer(ledger, name="ledger")
app.add_typer(tokens, name="tokens")
app.command()(doctor)


def _version(value: bool) -> None:  # noqa: FBT001  # Typer's callback
    if value:
        typer.echo(f"retold {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Compare tone and framing across versions of a news story, with the words that prove it."""


def main() -> None:
    """Run the command line; an error is one line on standard error, and its exit code."""
    if sys.stdout is None or sys.stderr is None:  # closed by whoever called: nobody could be told anything
        sys.exit(SettingsError.exit_code)
    try:
        app()
        sys.stdout.flush()
    except RetoldError as error:
        sys.stderr.write(f"retold: {error}\n")
        sys.exit(error.exit_code)
    except OSError as error:
        sys.stderr.write(f"retold: the operating system refused: {error.strerror or error}\n")
        sys.exit(SettingsError.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("retold: interrupted\n")
        sys.exit(130)
