"""`retold settings`."""

from __future__ import annotations

import json
from collections.abc import Mapping

import typer

from summarize.cli import options


@options.asking
def settings(flags: Mapping[str, str | None], as_json: options.AsJson = False) -> None:
    """Show each setting and where it came from: flag, environment, retold.toml or default. Keys are masked."""
    from summarize.settings import ledger_path, load, masked, without_password  # noqa: PLC0415  # not at start-up

    found = load(flags).sources
    hiding = {"key": masked, "base_url": without_password}
    shown = {name: (hiding.get(name, str)(setting.value), setting.source) for name, setting in found.items()}
    if not found["ledger"].value:
        shown["ledger"] = (str(ledger_path("")), "default")
    if as_json:
        typer.echo(json.dumps({n: {"value": v, "source": s} for n, (v, s) in shown.items()}, indent=2))
        return
    names, width = max(map(len, shown)), max(len(value) for value, _ in shown.values())
    for name, (value, source) in shown.items():
        typer.echo(f"{name:{names}} {value or '–':{width}}  {source}")
