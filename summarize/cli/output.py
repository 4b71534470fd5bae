"""Where a command's output goes: data to standard output or a file, all else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from summarize.errors import SettingsError

if TYPE_CHECKING:
    from rich.console import Console

Format = Literal["terminal", "json", "markdown"]
_SUFFIXES: dict[str, Format] = {".json": "json", ".md": "markdown", ".markdown": "markdown"}
_MINUTE, _MANY = 60.0, 10  # seconds between lines of progress, and for how many items there are any
_FILE_WIDTH = 100  # columns of a terminal view that is written to a file


@dataclass(frozen=True, slots=True)
class Rendering:
    """The three ways to show one result; each is made only when it is wanted."""

    terminal: Callable[[Console], None]
    markdown: Callable[[], str]
    json: Callable[[], object]


class Listed(Protocol):
    """What can be shown as names and their values."""

    def json(self) -> Mapping[str, object]:
        """All of it, for programs."""
        ...

    def rows(self) -> Iterable[tuple[str, str]]:
        """Names and values, for people."""
        ...


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
        if wanted == "json":
            self.emit([json.dumps(rendering.json(), ensure_ascii=False, indent=2) + "\n"])
        elif wanted == "markdown":
            self.emit([rendering.markdown()])
        else:
            self.emit([self.drawn(rendering.terminal)])

    def emit(self, pieces: Iterable[str]) -> None:
        """Print text piece by piece, or write it to the output file, whole or not at all."""
        if self.output is not None:
            _write(self.output, pieces)
            return
        # a "?" in place of a character would break the offsets of JSON
        _reconfigure(encoding="utf-8" if self.format() == "json" else None)
        for piece in pieces:
            sys.stdout.write(piece)

    def drawn(self, draw: Callable[[Console], None]) -> str:
        """What `draw` puts on a terminal like the one that is printed to, or of a file's width."""
        if self.output is None:
            console = _console(no_color=self.no_color)
        else:
            from rich.console import Console  # noqa: PLC0415  # not at start-up

            console = Console(file=io.StringIO(), width=_FILE_WIDTH, no_color=True, force_terminal=False)
        with console.capture() as capture:
            draw(console)
        return capture.get()

    def list(self, told: Listed) -> None:
        """Print names and their values, or the same as JSON."""
        if self.format() == "json":
            self.emit([json.dumps(told.json(), ensure_ascii=False, indent=2) + "\n"])
        else:
            lines = (f"{name:14}{value}".rstrip() for name, value in told.rows())
            self.emit("".join(c if c.isprintable() else "?" for c in line) + "\n" for line in lines)

    def note(self, line: str) -> None:
        """A line for the reader that is not data."""
        if not self.quiet:
            sys.stderr.write("".join(c if c.isprintable() else "?" for c in line) + "\n")

    @contextmanager
    def progress(self, items: int = 1) -> Iterator[Callable[[str], None]]:
        """Tells what is being done: a spinner on a terminal; elsewhere, of many items, a line a minute."""
        if self.quiet or (not sys.stderr.isatty() and items < _MANY):
            yield lambda _: None
            return
        if not sys.stderr.isatty():
            yield _Minutes(self.note)
            return
        from rich.console import Console  # noqa: PLC0415  # not at start-up
        from rich.text import Text  # noqa: PLC0415

        with Console(stderr=True, no_color=self.no_color or None).status(Text("starting")) as status:
            yield lambda what: status.update(Text("".join(c if c.isprintable() else "?" for c in what)))


class _Minutes:
    """Passes on what it is told once a minute at most."""

    def __init__(self, note: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._note, self._clock, self._next = note, clock, clock() + _MINUTE

    def __call__(self, what: str) -> None:
        """Pass it on, if it is time."""
        now = self._clock()
        if now >= self._next:
            self._next = now + _MINUTE
            self._note(f"retold: {what}")


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


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Write the whole file or nothing: beside it first, then in its place (through a link, not over it)."""
    target = path.resolve()
    beside = target.with_name(f".retold.{os.getpid()}.tmp")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe
            _put(path, pieces)
            return
        _put(beside, pieces)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as error:
        raise SettingsError(f"cannot write: {error.strerror}", where=str(path)) from error
    finally:
        beside.unlink(missing_ok=True)


def _put(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", errors="replace") as file:
        file.writelines(pieces)
