"""Prices: the user's own, then those of genai-prices; unknown is None, and all of it Decimal."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import prices
from summarize.errors import SettingsError
from summarize.prices import Price, own_prices, price_of
from summarize.reply import Usage

OPENAI = "api.openai.com"
MINI = Price(Decimal("0.15"), Decimal("0.6"), Decimal("0.075"))
COUNTS = st.integers(0, 10**9)
AMOUNTS = st.decimals(0, 1000, places=4)


def test_a_known_model_at_its_provider_has_the_providers_price() -> None:
    found = price_of("gpt-4o-mini-2024-07-18", OPENAI, {})
    assert found is not None
    assert (found.input, found.output, found.cached) == (MINI.input, MINI.output, MINI.cached)
    assert found.window == 128_000
    assert found.source == f"genai-prices {version('genai-prices')} (OpenAI)"


@pytest.mark.parametrize(
    ("model", "host"), [("openai/gpt-4o-mini", "openrouter.ai"), ("llama-3.1-8b-instant", "api.groq.com:443")]
)
def test_other_providers_are_known_by_their_host(model: str, host: str) -> None:
    assert price_of(model, host, {}) is not None


@pytest.mark.parametrize(
    ("model", "host"),
    [("gpt-999", OPENAI), ("gpt-4o-mini", "openrouter.ai"), ("no-such-model", "llm.example.org"), ("", OPENAI)],
)
def test_an_unknown_model_has_no_price(model: str, host: str) -> None:
    assert price_of(model, host, {}) is None


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8080", "127.8.9.1", "10.0.0.4:8000", "192.168.1.2"),
        *(
            "172.16.0.1:80",
            "169.254.1.1",
            "203.0.113.9:8000",
            "[::1]:8000",
            "[::1]",
            "::1",
            "[fd00::1]:80",
            "box.local",
        ),
        *("box.local.", "vllm:8000", "gpu.lan", ""),
    ],
)
def test_a_server_of_ones_own_has_no_price_but_ones_own(host: str) -> None:
    assert price_of("gpt-4o-mini", host, {}) is None
    assert price_of("gpt-4o-mini", host, {"gpt-4o-mini": MINI}) is MINI


@pytest.mark.parametrize("host", ["llm.example.org", "api.openai.com.example.org", "notapi.openai.com"])
def test_at_an_unknown_host_the_price_is_the_makers_and_says_so(host: str) -> None:
    found = price_of("gpt-4o-mini", host, {})
    assert found is not None
    assert found.source.endswith(f"(OpenAI's own price, not that of {host})")


def test_ones_own_price_comes_first_and_by_the_exact_name_only() -> None:
    own = {"gpt-4o-mini": Price(Decimal(1), Decimal(2), source="retold.toml")}
    assert price_of("gpt-4o-mini", OPENAI, own) is own["gpt-4o-mini"]
    dated = price_of("gpt-4o-mini-2024-07-18", OPENAI, own)
    assert dated is not None
    assert dated.input == MINI.input


@pytest.mark.parametrize(
    ("model", "host"), [("whisper-1", OPENAI), ("text-embedding-3-small", OPENAI), ("sonar", "api.perplexity.ai")]
)
def test_what_is_not_charged_by_input_and_output_alone_has_no_price(model: str, host: str) -> None:
    assert price_of(model, host, {}) is None


@pytest.mark.parametrize("tokens", [1_000, 900_000])
def test_of_prices_by_length_the_one_for_the_request_is_taken(tokens: int) -> None:
    from genai_prices import Usage as Used
    from genai_prices import calc_price

    found = price_of("gpt-5.5", OPENAI, {})
    assert found is not None
    told = calc_price(Used(input_tokens=tokens, output_tokens=1_000), "gpt-5.5", provider_id="openai")
    assert found.cost(Usage(tokens, 1_000)) == told.total_price
    assert found.bound(tokens, 1_000) >= told.total_price


def test_of_prices_by_the_hour_the_highest_is_taken() -> None:
    found = price_of("deepseek-chat", "api.deepseek.com", {})
    assert found is not None
    assert (found.input, found.output) == (Decimal("0.27"), Decimal("1.1"))


def test_a_price_that_changed_is_that_of_the_day() -> None:
    before = price_of("gpt-5.6-luna", OPENAI, {}, date(2026, 7, 29))
    after = price_of("gpt-5.6-luna", OPENAI, {}, date(2026, 7, 30))
    assert before is not None
    assert after is not None
    assert before.input == 5 * after.input


def test_every_listed_price_is_a_decimal_above_or_at_zero_and_none_is_a_guess() -> None:
    from genai_prices.data import providers

    found = [
        prices._rates(list(prices._in_force(model, date(2026, 11, 10))), beyond=beyond)
        for beyond in (False, True)
        for provider in providers
        for model in provider.models
    ]
    known = [rates for rates in found if rates is not None]
    assert len(known) > 1_500
    for rates in known:
        amounts = [amount for amount in rates[:4] if amount is not None]
        assert all(isinstance(amount, Decimal) and amount >= 0 for amount in amounts)


def test_the_day_of_the_data_is_given_only_for_a_release_whose_day_is_known() -> None:
    found = price_of("gpt-4o-mini", OPENAI, {})
    assert found is not None
    assert found.date == prices._RELEASED.get(version("genai-prices"), "")


def test_cached_tokens_cost_the_cached_price_and_reasoning_nothing_more() -> None:
    used = Usage(input=1_000_000, output=500_000, cached=400_000, reasoning=300_000)
    assert MINI.cost(used) == Decimal("0.09") + Decimal("0.03") + Decimal("0.3")
    assert Price(MINI.input, MINI.output).cost(used) == Decimal("0.45")


@pytest.mark.parametrize("used", [Usage(), Usage(input=5), Usage(output=5)])
def test_what_the_server_did_not_count_has_no_cost(used: Usage) -> None:
    assert MINI.cost(used) is None


@given(st.builds(Price, AMOUNTS, AMOUNTS, st.none() | AMOUNTS), COUNTS, COUNTS, st.none() | COUNTS)
def test_no_usage_costs_more_than_its_bound(price: Price, came: int, went: int, cached: int | None) -> None:
    cost = price.cost(Usage(came, went, cached))
    assert cost is not None
    assert 0 <= cost <= price.bound(came, went)


def test_the_bound_counts_what_writing_to_the_cache_costs() -> None:
    assert Price(Decimal(4), Decimal(0), Decimal(1), written=Decimal(5)).bound(1_000_000, 7) == 5


def test_prices_in_the_settings_file_are_exact_to_the_digit() -> None:
    table = tomllib.loads('[prices."my/model:8b"]\ninput = 0.1\noutput = 0.3\ncached = 1e-7\nwindow = 8192\n')
    found = own_prices(table["prices"], "retold.toml")["my/model:8b"]
    assert found == Price(Decimal("0.1"), Decimal("0.3"), Decimal("1e-7"), "retold.toml", window=8192)
    assert found.cost(Usage(10, 10)) == Decimal("0.000004")


def test_a_model_that_costs_nothing_may_be_said_to() -> None:
    found = own_prices({"mine": {"input": 0, "output": 0, "currency": "USD"}}, "retold.toml")["mine"]
    assert found.cost(Usage(10, 10)) == 0


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("input = -0.1\noutput = 1", "input cannot be '-0.1'"),
        ("input = nan\noutput = 1", "input cannot be 'nan'"),
        ("input = 1\noutput = inf", "output cannot be 'inf'"),
        ("input = '1'\noutput = 1", "input cannot be '1'"),
        ("input = true\noutput = 1", "input cannot be 'True'"),
        ("input = 1\noutput = 1\ncached = []", "cached cannot be"),
        ("input = 1", "output is missing"),
        ("output = 1", "input is missing"),
        ("input = 1\noutput = 1\ninptu = 1", "no 'inptu'"),
        ("input = 1\noutput = 1\ncurrency = 'EUR'", "US dollars"),
        ("input = 1\noutput = 1\nwindow = 0", "window is"),
        ("input = 1\noutput = 1\nwindow = true", "window is"),
    ],
)
def test_a_price_that_cannot_be_used_is_refused_with_its_place(entry: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        own_prices({"m": tomllib.loads(entry)}, "retold.toml")
    assert caught.value.where == "retold.toml [prices.'m']"


def test_a_price_that_is_no_table_is_refused() -> None:
    with pytest.raises(SettingsError, match="is a table"):
        own_prices({"m": 0.5}, "retold.toml")
