"""`retold settings`."""

from __future__ import annotations

import json

import typer

from summarize.cli import options


def settings(
    engine: options.Engine = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    as_json: options.AsJson = False,
) -> None:
    """Show each setting and where it came from: flag, environment, retold.toml or default. Keys are masked."""
    from summarize.settings import load, masked  # noqa: PLC0415  # not at start-up

    found = load({"engine": engine, "model": model, "base_url": base_url}).sources
    shown = {
        name: (masked(setting.value) if name == "key" else setting.value, setting.source)
        for name, setting in found.items()
    }
    if as_json:
        typer.echo(json.dumps({n: {"value": v, "source": s} for n, (v, s) in shown.items()}, indent=2))
        return
    width = max(len(value) for value, _ in shown.values())
    for name, (value, source) in shown.items():
        typer.echo(f"{name:9} {value or '–':{width}}  {source}")
