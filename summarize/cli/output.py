"""Where a command's output goes: data to standard output or a file, all else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from summarize.errors import SettingsError

if TYPE_CHECKING:
    from rich.console import Console

Format = Literal["terminal", "json", "markdown"]
_SUFFIXES: dict[str, Format] = {".json": "json", ".md": "markdown", ".markdown": "markdown"}
_FILE_WIDTH = 100  # columns of a terminal view that is written to a file


@dataclass(frozen=True, slots=True)
class Rendering:
    """The three ways to show one result; each is made only when it is wanted."""

    terminal: Callable[[Console], None]
    markdown: Callable[[], str]
    json: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Printer:
    """How and where to print, from a command's options."""

    as_json: bool = False
    as_markdown: bool = False
    output: Path | None = None
    quiet: bool = False
    no_color: bool = False

    def format(self) -> Format:
        """The format asked for by flag, else by the output's suffix. Raises SettingsError for two at once."""
        if self.as_json and self.as_markdown:
            raise SettingsError("--json and --markdown exclude each other", hint="give one")
        if self.as_json or self.as_markdown:
            return "json" if self.as_json else "markdown"
        return _SUFFIXES.get(self.output.suffix.lower(), "terminal") if self.output else "terminal"

    def show(self, rendering: Rendering) -> None:
        """Print a result, or write it to the output file."""
        wanted = self.format()
        if wanted == "terminal" and self.output is None:
            rendering.terminal(_console(no_color=self.no_color))
            return
        text = _text(rendering, wanted)
        if self.output is None:
            _utf8_stdout()
            sys.stdout.write(text)
        else:
            _write(self.output, text)

    def note(self, line: str) -> None:
        """A line for the reader that is not data."""
        if not self.quiet:
            sys.stderr.write("".join(c if c.isprintable() else "?" for c in line) + "\n")

    @contextmanager
    def progress(self) -> Iterator[Callable[[str], None]]:
        """Tells what is being done: a spinner on a terminal, nothing elsewhere."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console  # noqa: PLC0415  # not at start-up
        from rich.text import Text  # noqa: PLC0415

        with Console(stderr=True, no_color=self.no_color or None).status(Text("starting")) as status:
            yield lambda what: status.update(Text("".join(c if c.isprintable() else "?" for c in what)))


def _text(rendering: Rendering, wanted: Format) -> str:
    if wanted == "json":
        return json.dumps(rendering.json(), ensure_ascii=False, indent=2) + "\n"
    if wanted == "markdown":
        return rendering.markdown()
    from rich.console import Console  # noqa: PLC0415  # not at start-up

    held = io.StringIO()
    rendering.terminal(Console(file=held, width=_FILE_WIDTH, no_color=True, force_terminal=False))
    return held.getvalue()


def _console(*, no_color: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415  # not at start-up

    _utf8_stdout()
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _FILE_WIDTH
    return Console(no_color=no_color or None, width=width, highlight=False)


def _utf8_stdout() -> None:
    """Characters that the terminal's encoding lacks are replaced, not a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _write(path: Path, text: str) -> None:
    """Write the whole file or nothing: beside it first, then in its place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, "utf-8", errors="replace")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SettingsError(f"cannot write: {error.strerror}", where=str(path)) from error
