"""How many tokens a model may be asked and answer, from wherever its server says so.

    the model list    max_model_len (vLLM), meta.n_ctx (llama.cpp), context_length, context_window (gateways)
    /props            llama.cpp         /info    TGI
    /api/ps           Ollama, of a loaded model; else num_ctx in /api/show
    the price list    what genai-prices knows of a provider's models

What a model was trained for is no window: it may be served with less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from summarize.doctor.checks import Check
from summarize.doctor.server import Server
from summarize.prices import Price
from summarize.settings import Settings

SMALL = 8_192  # tokens: about 4,000 are instructions and answer, and an article with its claims needs as many
_LISTED = (
    ("max_model_len",), ("meta", "n_ctx"), ("context_length",), ("context_window",), ("max_context_length",),
)  # fmt: skip
_PLACES = (("/props", ("default_generation_settings", "n_ctx")), ("/info", ("max_total_tokens",)))
_NUM_CTX = re.compile(r"^num_ctx\s+(\d{1,9})\s*$", re.MULTILINE)
_GIVE = "give it with --context-window"


@dataclass(frozen=True, slots=True)
class Window:
    """A `size` in tokens and who says so; not `sure` where it is only what the model was trained for."""

    size: int | None = None
    source: str = "nobody says"
    sure: bool = False


def window_of(server: Server, entry: Mapping[str, object], model: str, price: Price | None) -> Window:
    """The window of `model`, whose entry in the server's list is `entry` (empty: not listed)."""
    for path in _LISTED:
        if size := _number(entry, path):
            return Window(size, f"the model list, {'.'.join(path)}", sure=True)
    for place, path in _PLACES:
        if size := _number(server.at(place), path):
            return Window(size, f"the server, {place}", sure=True)
    if server.at("/api/version").get("version"):
        return _ollama(server, model)
    if price and price.window:
        return Window(price.window, price.source, sure=True)
    if size := _number(entry, ("meta", "n_ctx_train")):
        return Window(size, "the model list, meta.n_ctx_train: what it was trained for")
    return Window()


def window_check(window: Window, settings: Settings) -> tuple[int | None, Check]:
    """The tokens to count on, and the check of them: of the server's and the user's word the smaller counts."""
    told, size = settings.context_window, window.size
    if told:
        source = settings.sources["context_window"].source
        if size and window.sure and size < told:
            found = f"{told:,} tokens ({source}), but the server has {size:,} ({window.source})"
            return size, Check("window", "warning", found, f"give --context-window {size}")
        found, small = f"{told:,} tokens ({source})", told < SMALL
    elif size is None:
        return None, Check("window", "warning", f"unknown: {window.source}", _GIVE)
    elif not window.sure:
        found = f"at most {size:,} tokens ({window.source}); it may be served with less"
        return size, Check("window", "warning", found, f"{_GIVE}, as the server was started")
    else:
        found, small = f"{size:,} tokens ({window.source})", size < SMALL
    hint = "a reading needs about 4,000 tokens beside the article: give the server a larger window" if small else ""
    return told or size, Check("window", "warning" if small else "ok", found, hint)


def _ollama(server: Server, model: str) -> Window:
    running = server.at("/api/ps").get("models")
    for loaded in running if isinstance(running, list) else ():
        if isinstance(loaded, dict) and loaded.get("name") in {model, f"{model}:latest"}:
            size = _number(loaded, ("context_length",))
            if size:
                return Window(size, "Ollama, of the loaded model", sure=True)
    shown = server.at("/api/show", {"model": model})
    given = _NUM_CTX.search(str(shown.get("parameters") or ""))
    if given and int(given[1]):
        return Window(int(given[1]), "Ollama, num_ctx of the model", sure=True)
    about = shown.get("model_info")
    names = [name for name in about if name.endswith(".context_length")] if isinstance(about, dict) else []
    size = _number(shown, ("model_info", names[0])) if names else None
    return Window(size, "Ollama: what the model was trained for") if size else Window()


def _number(table: object, path: tuple[str, ...]) -> int | None:
    """The whole number above 0 at `path` in nested tables."""
    for name in path:
        table = table.get(name) if isinstance(table, Mapping) else None
    return table if isinstance(table, int) and not isinstance(table, bool) and table > 0 else None
