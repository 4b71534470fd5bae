"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Engine = Annotated[
    Literal["lexicon", "openai"] | None,
    typer.Option(help="Who answers: the embedded word lists, or a model behind a URL.", show_default="lexicon"),
]
Model = Annotated[str | None, typer.Option(help="The model to ask (chooses the openai engine).")]
BaseUrl = Annotated[str | None, typer.Option(help="Any OpenAI-compatible server, such as http://localhost:8000/v1.")]
Unblind = Annotated[bool, typer.Option("--unblind", help="Show outlet and links to the engine, which may sway it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON (its schema: docs/contract.md).")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write here; .json and .md choose the format.", dir_okay=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR works too).")]
