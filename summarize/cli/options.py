"""Options that several commands share.

Those of whoever is asked are many and the same everywhere: `asking` adds them to a command, which gets
them as one mapping, as settings.load takes it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON (its schema: docs/contract.md).")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write here; .json and .md choose the format.", dir_okay=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR works too).")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask everything anew, whatever the ledger remembers.")]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Ask again what the ledger remembers as failed.")]
ExtractOnly = Annotated[
    bool, typer.Option("--extract-only", help="Ask nobody: print what would be read, sentence by sentence.")
]
PrivateHosts = Annotated[
    bool, typer.Option("--allow-private-hosts", help="Fetch URLs of this machine and its network too.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Ask nothing: print calls, tokens and cost. Needs no key.")]

_ASKED, _LIMITS = "Who answers", "Limits"
_ENGINE: dict[str, Any] = {
    "engine": Annotated[
        Literal["lexicon", "openai", "recorded"] | None,
        typer.Option(
            help="The embedded word lists, a model behind a URL, or answers it once gave.",
            show_default="lexicon",
            rich_help_panel=_ASKED,
        ),
    ],
    "model": Annotated[str | None, typer.Option(help="The model to ask (chooses openai).", rich_help_panel=_ASKED)],
    "base_url": Annotated[
        str | None,
        typer.Option(help="Any OpenAI-compatible server, such as http://localhost:8000/v1.", rich_help_panel=_ASKED),
    ],
    "recording": Annotated[
        str | None, typer.Option(help="Answers to replay (chooses recorded).", rich_help_panel=_ASKED, metavar="FILE")
    ],
}
_PLAIN: dict[str, tuple[type, str, str]] = {
    "hands": (int, _LIMITS, "Requests under way at once. (default: 8)"),
    "rpm": (float, _LIMITS, "Requests a minute, at most."),
    "tpm": (float, _LIMITS, "Tokens a minute, at most."),
    "max_cost": (str, _LIMITS, "US dollars that this command may cost, resumed or not."),
    "max_output_tokens": (int, _LIMITS, "Tokens of one answer, at most."),
    "context_window": (int, _LIMITS, "Tokens that a question and its answer may have together."),
    "timeout": (float, _LIMITS, "Seconds for one answer. (default: 600)"),
    "samples": (int, _ASKED, "Independent readings of each article; the majority is kept. (default: 1)"),
    "temperature": (float, _ASKED, "Sent only if given."),
    "seed": (int, _ASKED, "Sent only if given."),
    "ledger": (str, _ASKED, "What is remembered. (default: in the user's cache folder)"),
}
_RUNG = Annotated[
    Literal["strict", "schema", "object", "none"] | None,
    typer.Option(help="Pin the form of answer asked for.", rich_help_panel=_ASKED),
]
_WITHOUT_READING = ("samples", "hands", "rpm", "tpm", "max_cost")


def _options(left_out: tuple[str, ...]) -> dict[str, Any]:
    plain = {
        name: Annotated[kind | None, typer.Option(help=about, rich_help_panel=panel)]
        for name, (kind, panel, about) in _PLAIN.items()
    }
    return {name: option for name, option in {**_ENGINE, **plain, "rung": _RUNG}.items() if name not in left_out}


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """`command`, with the options of whoever is asked; it gets them as the mapping `flags`."""
    return _with(command, _options(()))


def reaching(command: Callable[..., None]) -> Callable[..., None]:
    """`command`, with the options of one server and model; it gets them as the mapping `flags`."""
    return _with(command, _options(_WITHOUT_READING))


def _with(command: Callable[..., None], options: Mapping[str, Any]) -> Callable[..., None]:
    own = inspect.signature(command, eval_str=True)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in options.items()
    ]
    kept = [parameter for parameter in own.parameters.values() if parameter.name != "flags"]

    @functools.wraps(command)
    def wrapped(**given: Any) -> None:  # noqa: ANN401  # what Typer made of the command line
        flags = {name: None if (value := given.pop(name)) is None else str(value) for name in options}
        command(**given, flags=flags)

    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept] + added
    wrapped.__signature__ = own.replace(parameters=every)  # type: ignore[attr-defined]  # what Typer reads
    wrapped.__annotations__ = {p.name: p.annotation for p in every}
    return wrapped


def with_unblind(flags: Mapping[str, str | None], *, unblind: bool) -> dict[str, str | None]:
    """The flags as settings.load takes them: a switch that was not given is not a "no"."""
    return {**flags, "unblind": "yes" if unblind else None}


Unblind = Annotated[bool, typer.Option("--unblind", help="Show outlet and links to the engine, which may sway it.")]
