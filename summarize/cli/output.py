"""Where a command's output goes: data to standard output or a file, all else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
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

    def check(self, files: Iterable[str]) -> None:
        """Raise SettingsError, before any work, for formats that exclude each other or an output over an input."""
        self.format()
        if self.output is not None and any(Path(f).resolve() == self.output.resolve() for f in files if f != "-"):
            raise SettingsError("this would overwrite an article given", where=str(self.output), hint="write elsewhere")

    def show(self, rendering: Rendering) -> None:
        """Print a result, or write it to the output file."""
        wanted = self.format()
        if wanted == "terminal" and self.output is None:
            rendering.terminal(_console(no_color=self.no_color))
            return
        text = _text(rendering, wanted)
        if self.output is None:
            # a "?" in place of a character would break the offsets of JSON
            _reconfigure(encoding="utf-8" if wanted == "json" else None)
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

    _reconfigure()
    given = os.environ.get("COLUMNS", "")
    if not (given.isascii() and given.isdigit() and int(given) > 0):
        os.environ.pop("COLUMNS", None)  # rich would print on no columns, which is nothing
        given = ""
    width = None if sys.stdout.isatty() or given else _FILE_WIDTH
    return Console(no_color=no_color or None, width=width, highlight=False)


def _reconfigure(encoding: str | None = None) -> None:
    """Characters that standard output's encoding lacks are replaced, not a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, errors="replace")


def _write(path: Path, text: str) -> None:
    """Write the whole file or nothing: beside it first, then in its place (through a link, not over it)."""
    target = path.resolve()
    beside = target.with_name(f".retold.{os.getpid()}.tmp")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe
            path.write_text(text, "utf-8", errors="replace")
            return
        beside.write_text(text, "utf-8", errors="replace")
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SettingsError(f"cannot write: {error.strerror}", where=str(path)) from error
