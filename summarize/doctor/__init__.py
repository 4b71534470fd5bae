"""Is whoever is to answer in order? What a run would need is looked at, and one tiny question is asked.

    address → key → reachable → model → question → window → rung → usage → tokens → price

A check that fails stops no other that can still be made. Nothing is remembered, and no key is shown.
"""

from __future__ import annotations

import difflib
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import cast

from summarize import tokens
from summarize.doctor.checks import Check, Report, State, failed
from summarize.doctor.embedded import embedded, recorded
from summarize.doctor.question import OUTPUT, Trial, question_check, rung_check, tried, usage_check
from summarize.doctor.server import Listing, Server
from summarize.doctor.window import Window, window_check, window_of
from summarize.engines.asking import Asking, Rung
from summarize.engines.openai import OpenAI
from summarize.errors import EngineError, ModelError, RetoldError, UnreachableError
from summarize.prices import Price, own_prices, price_of
from summarize.settings import Settings, masked

__all__ = ["Check", "Report", "State", "examine"]

_LOOK = 15.0  # seconds at most for whatever is not the question
_NEAR, _LIKE = 8, 0.4  # how many names like a missing one are shown, and how like they must be


def examine(
    settings: Settings, tick: Callable[[str], None] = lambda _: None, clock: Callable[[], float] = time.monotonic
) -> Report:
    """The report on the engine that `settings` choose; an address without a model is looked at, too.

    `tick` is told what is being done, for a progress display; `clock` is in seconds. Raises nothing of the
    RetoldError tree: what fails is a check.
    """
    named = settings.sources["base_url"].source != "default" and settings.sources["engine"].source == "default"
    if settings.engine == "recorded":
        return recorded(settings)
    if settings.engine == "lexicon" and not named:
        return embedded()
    key = settings.key
    sendable = key.isascii() and key.isprintable()
    server = Server(settings.base_url, key if sendable else "", min(settings.timeout, _LOOK), clock)
    checks = [_address(server, settings), _key(server, settings, sendable=sendable)]
    try:
        with server:
            return _examined(_Case(settings, server, tick, clock), checks)
    except EngineError as error:  # proxies and certificates: there is no connection to look through
        return Report("openai", (*checks, failed("reachable", error, server.said)), server.shown, settings.model)


class _Case:
    """Whom a report is on, and what is known of them so far."""

    def __init__(
        self, settings: Settings, server: Server, tick: Callable[[str], None], clock: Callable[[], float]
    ) -> None:
        self.settings, self.server, self.tick, self.clock = settings, server, tick, clock
        self.model, self.entry = settings.model, cast("Mapping[str, object]", {})
        self.price: Price | None = None
        self.memory: dict[str, str] = {}

    def engine(self, window: Window) -> OpenAI:
        """Who is asked. Raises EngineError for a key that cannot be sent."""
        s = self.settings
        known = s.context_window or (window.size if window.sure else None)
        rung, output = cast("Rung | None", s.rung), s.max_output_tokens or OUTPUT
        asking = Asking(s.temperature, s.seed, output, known, rung, s.timeout)
        return OpenAI(self.model, s.base_url, s.key, asking=asking, memory=self.memory)


def _examined(case: _Case, checks: list[Check]) -> Report:
    settings, server = case.settings, case.server
    case.tick("listing the models")
    listing, reachable = _reached(server)
    model = _model(case, listing, reachable)
    priced = _price(case)
    case.tick("looking for the context window")
    there = reachable.state != "failed"
    window = window_of(server, case.entry, case.model, case.price) if there else _priced(case.price)
    trial, cap = Trial(), ""
    if there and case.model:
        case.tick(f"asking {case.model} one tiny question")
        trial, cap, window = _asked(case, window)
        model = _judged(model, trial)
        asked = question_check(trial, case.model, server.said)
    else:
        asked = Check("question", "skipped", "nobody can be reached" if not there else "no model is named")
    size, windowed = window_check(window, settings)
    answered = (rung_check(trial, settings.rung), usage_check(trial, cap, case.price))
    counted = Check("tokens", "ok", tokens.how(case.model)) if case.model else Check("tokens", "skipped", "no model")
    reply = trial.reply
    report = Report("openai", (*checks, reachable, model, windowed, asked, *answered, counted, priced), server.shown)
    report = replace(report, model=case.model, window=size)
    if reply is None:
        return report
    cost = case.price.cost(reply.usage) if case.price else None
    answered_by = server.said(reply.model)
    return replace(
        report, answered_by=answered_by, rung=trial.rung, cap=cap, usage=reply.usage, cost=cost, seconds=trial.seconds
    )


def _asked(case: _Case, window: Window) -> tuple[Trial, str, Window]:
    """The trial, the field that caps an answer, and the window, of which more may be known by now."""
    try:
        engine = case.engine(window)
    except EngineError as error:
        return Trial(error=error), "", window
    try:
        trial = tried(engine, case.clock)
        cap = engine.cap
    finally:
        engine.close()
    if not window.sure and case.memory.get("window"):
        window = Window(int(case.memory["window"]), "the server, when it refused a question", sure=True)
    elif not window.sure and trial.reply:  # Ollama tells of a model that is loaded, which it is now
        window = window_of(case.server, case.entry, case.model, case.price)
    return trial, cap, window


def _address(server: Server, settings: Settings) -> Check:
    found = f"{server.shown} ({settings.sources['base_url'].source})"
    if server.scheme == "https" or _loopback(server.hostname):
        return Check("address", "ok", found)
    carried = "the key and the texts travel" if settings.key else "the texts travel"
    return Check("address", "warning", f"{found}: {carried} in clear", "use https, or a tunnel to the server")


def _key(server: Server, settings: Settings, *, sendable: bool) -> Check:
    source = settings.sources["key"].source
    if not sendable:
        error = EngineError("it has characters that no header can carry", hint=f"look at {source}")
        return failed("key", error)
    if settings.key:
        return Check("key", "ok", f"{masked(settings.key)} ({source}), for {server.host}")
    if _loopback(server.hostname):
        return Check("key", "ok", f"none for {server.host}; a server of your own may need none")
    hint = 'set RETOLD_API_KEY, or [keys] in retold.toml: "HOST" = "…"'
    return Check("key", "warning", f"no key for {server.host}", hint)


def _loopback(hostname: str) -> bool:
    if hostname == "localhost" or hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False


def _reached(server: Server) -> tuple[Listing, Check]:
    nothing = Listing(0, {})
    try:
        listing = server.models()
    except UnreachableError as error:
        return nothing, failed("reachable", error, server.said)
    except EngineError as error:
        if not error.retryable:
            return nothing, failed("reachable", error, server.said)
        return nothing, Check("reachable", "warning", f"no list of models: {error.what}", error.hint)
    if count := len(listing.models):
        return listing, Check("reachable", "ok", f"it lists {count:,} model{'s' if count > 1 else ''}")
    status = listing.status
    if status == HTTPStatus.OK:
        return listing, Check("reachable", "warning", "it answers, but what it gives is no list of models", _V1)
    known = status in HTTPStatus.__members__.values()
    told = f"{status} {HTTPStatus(status).phrase}" if known else str(status)
    hint = _V1 if status in {404, 405} else _REDIRECT if status in range(300, 400) else ""
    return listing, Check("reachable", "warning", f"it answers, but does not list its models ({told})", hint)


_V1 = "check --base-url; most end in /v1"
_REDIRECT = "redirects are not followed: give the address that it leads to"


def _model(case: _Case, listing: Listing, reachable: Check) -> Check:
    """Whether the model is listed; the only one there is, if none is named."""
    model, names, said = case.settings.model, list(listing.models), case.server.said
    if not model and len(names) == 1:
        case.model, case.entry = names[0], listing.models[names[0]]
        return Check("model", "ok", f"{said(names[0])}: none is named, and it is the only one", "name it: --model")
    if not model:
        shown = f" (listed: {_some(names, said)})" if names else ""
        hint = "give --model, or set RETOLD_MODEL"
        return failed("model", ModelError(f"no model is named{shown}", hint=hint))
    listed = next((name for name in names if _same(model, name, listing.models[name])), None)
    if listed is not None:
        case.entry = listing.models[listed]
        alias = f", as {said(listed)}" if listed != model else ""
        return Check("model", "ok", f"{model} is listed{alias}")
    if not names:
        why = "nobody can be reached" if reachable.state == "failed" else "there is no list to look in"
        return Check("model", "skipped", f"{model}: {why}")
    near = difflib.get_close_matches(model, names, _NEAR, _LIKE) or names
    return Check("model", "warning", f"{model} is not listed (listed: {_some(near, said, len(names))})")


def _same(model: str, name: str, entry: Mapping[str, object]) -> bool:
    """Whether the listed `name` is the `model`, perhaps with a tag, a revision or its maker's name."""
    aliases = entry.get("aliases")
    return (
        name in {model, f"{model}:latest"}
        or model == f"{name}:latest"
        or name.startswith(f"{model}@")
        or model.startswith(f"{name}@")
        or name.endswith(f"/{model}")
        or (isinstance(aliases, list) and model in aliases)
    )


def _some(names: list[str], said: Callable[[str], str], count: int = 0) -> str:
    more = (count or len(names)) - len(names[:_NEAR])
    return ", ".join(said(name)[:80] for name in names[:_NEAR]) + (f" and {more:,} more" if more > 0 else "")


def _judged(model: Check, trial: Trial) -> Check:
    """The check of a model that is not listed, now that it was asked: some servers answer to any name."""
    if model.state != "warning":
        return model
    if isinstance(trial.error, ModelError):
        return replace(model, state="failed", hint="choose one with --model", code=ModelError.exit_code)
    if trial.reply is None:
        return model
    found = f"{model.found}; the server answers to the name all the same"
    return replace(model, found=found, hint="some answer to any name: see whose answer it was")


def _price(case: _Case) -> Check:
    settings = case.settings
    try:
        case.price = price_of(case.model, settings.host, own_prices(settings.prices, settings.file))
    except RetoldError as error:
        return failed("price", error)
    price = case.price
    if price is None:
        state: State = "ok" if _loopback(case.server.hostname) and settings.max_cost is None else "warning"
        hint = '--max-cost needs one: [prices."MODEL"] in retold.toml' if state == "warning" else ""
        return Check("price", state, "unknown: no cost will be told", hint)
    dated = f", {price.date}" if price.date else ""
    found = f"${price.input:f} read, ${price.output:f} written for a million tokens ({price.source}{dated})"
    return Check("price", "ok", found)


def _priced(price: Price | None) -> Window:
    return Window(price.window, price.source, sure=True) if price and price.window else Window()
