"""`retold prompts [SECTION]`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from summarize.cli import options


def prompts(
    section: Annotated[str | None, typer.Argument(help="Show this section's prompt and schema.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """List what a model is asked, or show one section word for word with the schema of its answer."""
    from summarize.prompt import SECTIONS, prompt  # noqa: PLC0415  # not at start-up

    if section is not None:
        shown = prompt(section)
        if as_json:
            typer.echo(json.dumps({"id": shown.id, "text": shown.text, "schema": shown.schema}, indent=2))
        else:
            typer.echo(f"{shown.id}\n\n{shown.text}\n\n{json.dumps(shown.schema, indent=2)}")
        return
    listed = [(prompt(name).id, str(prompt(name).schema.get("description", ""))) for name in SECTIONS]
    if as_json:
        typer.echo(json.dumps([{"id": id_, "description": about} for id_, about in listed], indent=2))
        return
    width = max(len(id_) for id_, _ in listed)
    for id_, about in listed:
        typer.echo(f"{id_:{width}}  {about}")
