"""What a model costs, from the user's own prices or those genai-prices brings along; never from a network.

An unknown price is None, never 0. Where a price depends on the hour of the day, the dearest is taken and
`source` says so; where it depends on the length of the request, so does what is told here, with the dearest of
the longer ones for all of them: what is shown may be too much, not too little.
All money is Decimal US dollars. Discounts (batches, contracts) and surcharges (priority, regions) are
not known here.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from summarize.errors import SettingsError
from summarize.reply import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

_NAMES = ("input", "output", "cached")
_KNOWN = (*_NAMES, "window", "currency")
# The package does not say of which day its data are; this is the day its release came out.
_RELEASED = {"0.2.3": "2026-11-10"}
_OWN_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
# Charged besides tokens: with one of these a price by tokens would be too low.
_BESIDES = ("requests_kcount", "output_citation_mtok")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens of a model.

    `cached` is for input the server had in its cache, `written` for input it puts there (None: as `input`).
    `source` says whose price it is, `date` (YYYY-MM-DD) of which day, "" if that is not known. `window` is the
    most tokens the model reads at once, None if not known. A request of more than `limit` input tokens is paid,
    all of it, at the price `beyond`.
    """

    input: Decimal
    output: Decimal
    cached: Decimal | None = None
    source: str = ""
    date: str = ""
    window: int | None = None
    written: Decimal | None = None
    limit: int | None = None
    beyond: Price | None = None

    def _for(self, tokens: int) -> Price:
        """The price of a request with so many input tokens."""
        return self.beyond if self.beyond and self.limit is not None and tokens > self.limit else self

    def cost(self, usage: Usage) -> Decimal | None:
        """Dollars for `usage`; None where the server did not count input or output. Reasoning is in the output."""
        if usage.input is None or usage.output is None:
            return None
        price, cached = self._for(usage.input), min(usage.cached or 0, usage.input)
        read = price.input if price.cached is None else price.cached
        return _millionths((usage.input - cached) * price.input + cached * read + usage.output * price.output)

    def bound(self, input_tokens: int, output_tokens: int) -> Decimal:
        """The most dollars that so many tokens can cost, whatever is cached."""
        price = self._for(input_tokens)
        dearest = max(rate for rate in (price.input, price.cached, price.written) if rate is not None)
        return _millionths(input_tokens * dearest + output_tokens * price.output)


def price_of(model: str, host: str, own: Mapping[str, Price], today: date | None = None) -> Price | None:
    """The price of `model` at `host` (as in Settings.host, with or without a port); None if it is not known.

    `own` prices come first, by the model's exact name. A server of one's own (loopback, a private or bare
    address, a name without a dot) has no other price. At a host that genai-prices does not know, the price is
    that of the model's maker, if its name tells who that is, and `source` says so. `today` chooses among prices
    that change with time: without it, those of the day of the data are taken.
    """
    if model in own:
        return own[model]
    name = _name(host)
    if not model or _is_own(name):
        return None
    return _listed(model, name, today)


def own_prices(table: Mapping[str, object], where: str) -> dict[str, Price]:
    """Prices from the `[prices."MODEL"]` tables of the settings file `where`.

    `input` and `output` must be there, in dollars for a million tokens, 0 or more; `cached`, `window` (tokens)
    and `currency` ("USD") may be. Raises SettingsError for anything else.
    """
    return {model: _own_price(model, entry, where) for model, entry in table.items()}


def _own_price(model: str, entry: object, where: str) -> Price:
    section = f"{where} [prices.{model[:60]!r}]"
    if not isinstance(entry, Mapping):
        raise SettingsError("a price is a table", where=section, hint="input = 0.15, output = 0.6")
    for name in entry:
        if name not in _KNOWN:
            raise SettingsError(f"a price has no {str(name)[:40]!r}", where=section, hint=f"known: {', '.join(_KNOWN)}")
    if entry.get("currency", "USD") != "USD":
        raise SettingsError("prices are in US dollars", where=section, hint='currency = "USD"')
    window = entry.get("window")
    if window is not None and (not isinstance(window, int) or isinstance(window, bool) or window < 1):
        raise SettingsError("window is a whole number of tokens above 0", where=section)
    given = {name: _amount(name, entry[name], section) for name in _NAMES if name in entry}
    for name in ("input", "output"):
        if name not in given:
            raise SettingsError(f"{name} is missing", where=section, hint="dollars for a million tokens")
    return Price(given["input"], given["output"], given.get("cached"), source=where, window=window)


def _amount(name: str, value: object, section: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value) or value < 0:
        hint = "dollars for a million tokens, 0 or more, without quotes"
        raise SettingsError(f"{name} cannot be {str(value)[:40]!r}", where=section, hint=hint)
    return Decimal(str(value))  # by its digits: a float's own value is not what was written


@lru_cache(maxsize=256)
def _listed(model: str, host: str, today: date | None) -> Price | None:
    """The price genai-prices has for `model` at `host`."""
    from importlib.metadata import version  # noqa: PLC0415  # 20 ms

    from genai_prices.data import providers  # noqa: PLC0415  # half a second; the data of the wheel, never newer

    release = version("genai-prices")
    day = _RELEASED.get(release, "")
    when = today or (date.fromisoformat(day) if day else date.max)
    here = [provider for provider in providers if _serves(provider, host)]
    for provider in here or _makers(model, providers):
        found = provider.find_model(model, all_providers=providers)
        prices = list(_in_force(found, when)) if found else []
        base = _rates(prices, beyond=False)
        if found and base:
            whose = provider.name if here else f"{provider.name}'s own price, not that of {host}"
            source = f"genai-prices {release} ({whose}{'; the dearest of several' if base.several else ''})"
            dated = Price(base.input, base.output, base.cached, source, day, found.context_window, base.written)
            limit = min(_limits(prices), default=None)
            beyond = _rates(prices, beyond=True)
            if limit is None or beyond is None:
                return dated
            dearer = (beyond.input, beyond.output, beyond.cached)
            return replace(dated, limit=limit, beyond=Price(*dearer, written=beyond.written))
    return None


class _Rates(NamedTuple):
    input: Decimal
    output: Decimal
    cached: Decimal | None
    written: Decimal | None
    several: bool


def _limits(prices: list[ModelPrice]) -> Iterator[int]:
    """Where the tiers of prices by length begin, in input tokens."""
    for price in prices:
        for name in ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"):
            yield from (tier.start for tier in getattr(getattr(price, name, None), "tiers", ()))


def _rates(prices: list[ModelPrice], *, beyond: bool) -> _Rates | None:
    """The dearest of some prices, of the shortest requests or of all; None where not only tokens are charged."""
    if any(getattr(price, name, None) is not None for price in prices for name in _BESIDES):
        return None
    read, made = (_amounts(prices, name, beyond=beyond) for name in ("input_mtok", "output_mtok"))
    if not read or not made:
        return None
    of_cache = ("cache_read_mtok", "cache_write_mtok", "output_reasoning_mtok")
    cached, written, thought = (_amounts(prices, name, beyond=beyond) for name in of_cache)
    return _Rates(
        max(read),
        max(made + thought),
        max(cached, default=None),
        max(written, default=None),
        several=any(len(set(amounts)) > 1 for amounts in (read, made + thought, cached)),
    )


def _in_force(model: ModelInfo, when: date) -> Iterator[ModelPrice]:
    """The prices of the day: the last that has begun, and those it gives way to at some hours."""
    from genai_prices.types import ModelPrice, StartDateConstraint, TimeOfDateConstraint  # noqa: PLC0415  # heavy

    if isinstance(model.prices, ModelPrice):
        yield model.prices
        return
    begun = 0
    for place, entry in enumerate(model.prices):
        dated = isinstance(entry.constraint, StartDateConstraint) and entry.constraint.start_date <= when
        if entry.constraint is None or dated:
            begun = place
    for place, entry in enumerate(model.prices):
        if place == begun or (place > begun and isinstance(entry.constraint, TimeOfDateConstraint)):
            yield entry.prices


def _amounts(prices: list[ModelPrice], name: str, *, beyond: bool) -> list[Decimal]:
    """Every amount that can be charged under `name` at any hour: for short requests, or `beyond` any limit too."""
    amounts: list[Decimal] = []
    for price in prices:
        value = getattr(price, name, None)
        if isinstance(value, Decimal):
            amounts.append(value)
        elif value is not None:
            amounts += [value.base, *(tier.price for tier in value.tiers if beyond)]
    return amounts


def _makers(model: str, providers: list[Provider]) -> list[Provider]:
    return [p for p in providers if p.model_match is not None and p.model_match.is_match(model.lower())][:1]


def _serves(provider: Provider, host: str) -> bool:
    """Whether all of `host` is the provider's: api.openai.com.example.org is not OpenAI's."""
    url = f"https://{host}"
    match = re.match(provider.api_pattern, f"{url}/")
    return match is not None and (match.end() >= len(url) or match[0].endswith("."))


def _name(host: str) -> str:
    """The host without its port and brackets."""
    name, colon, port = host.strip().lower().rpartition(":")
    bare = name if colon and port.isdecimal() and (name.endswith("]") or ":" not in name) else host.strip().lower()
    return bare.strip("[]").rstrip(".")


def _is_own(name: str) -> bool:
    """Whether a host is somebody's own server rather than a provider's."""
    if "." not in name or name.endswith(_OWN_ENDINGS):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _millionths(amount: Decimal) -> Decimal:
    return amount.scaleb(-6)
