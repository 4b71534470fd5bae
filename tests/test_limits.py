"""How long servers ask to wait, and how requests are held back, by a clock on which nobody waits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from exchange import Answer, Asked
from hypothesis import given
from hypothesis import strategies as st
from scripts import limited as limits
from simulated import GOOD, QUESTION, Clock, Server, each, limited, refused

from summarize.engines.limited import Limited
from summarize.engines.waits import CEILING, asked, used_up
from summarize.errors import OverloadError, RateError, Stopped, TransientError
from summarize.reply import Reply

NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}, 30.0),
        ({"retry-after": "Wed, 31 Dec 2025 23:59:00 GMT"}, 0.0),
        ({"retry-after": "20", "retry-after-ms": "250"}, 0.25),
        ({"x-ratelimit-reset-requests": "120ms"}, 0.12),
        ({"x-ratelimit-reset-tokens": "6s"}, 6.0),
        ({"x-ratelimit-reset-tokens": "1m0.5s"}, 60.5),
        ({"x-ratelimit-reset": "1767225630"}, 30.0),
        ({"x-ratelimit-reset": "1767225630000"}, 30.0),
        ({"x-ratelimit-reset": "2026-01-01T00:00:07Z"}, 7.0),
        ({"x-ratelimit-reset": "30"}, 30.0),
        ({"x-ratelimit-reset-requests": "20s", "x-ratelimit-reset-tokens": "5s"}, 5.0),
        (
            {
                "x-ratelimit-reset-requests": "20s",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "5s",
                "x-ratelimit-remaining-tokens": "17",
            },
            20.0,
        ),
        ({"x-ratelimit-reset-requests": "6m0s"}, CEILING),
        ({"x-ratelimit-reset-requests": "1h2m3.5s"}, CEILING),
        ({"retry-after": "86400"}, CEILING),
        ({"retry-after": "inf"}, CEILING),
        ({"retry-after": "nan"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_read_in_whatever_form_a_server_says_it(headers: dict[str, str], seconds: float | None) -> None:
    assert asked(headers, "", NOW) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached. Please try again in 20ms.", 0.02),
        ("Please try again in 1.5s. Visit us.", 1.5),
        ("Try again in 5 seconds.", 5.0),
        ("please retry again in 2 minutes", CEILING),
        ("try again in 1 minute", 60.0),
        ("Try again in 5 milliseconds", 0.005),
        ("try again in 5 months", None),
        ("Try again later.", None),
    ],
)
def test_a_wait_in_words_is_read_with_its_unit(words: str, seconds: float | None) -> None:
    assert asked({}, words, NOW) == (None if seconds is None else pytest.approx(seconds))


NAMES = ("retry-after", "retry-after-ms", "x-ratelimit-reset", "x-ratelimit-reset-requests")
SAID = st.text(max_size=20) | st.floats().map(str) | st.integers().map(str) | st.datetimes().map(str)


@given(st.dictionaries(st.sampled_from(NAMES), SAID), st.text(max_size=40))
def test_whatever_a_server_says_a_wait_is_none_or_a_time_below_the_ceiling(headers: dict[str, str], body: str) -> None:
    wait = asked(headers, body, NOW)
    assert wait is None or 0 <= wait <= CEILING


def test_a_good_answer_that_says_nothing_is_left_says_until_when() -> None:
    reset = {"x-ratelimit-reset-requests": "3s", "x-ratelimit-remaining-requests": "0"}
    assert used_up(reset, NOW) == 3.0
    assert used_up({**reset, "x-ratelimit-remaining-requests": "1"}, NOW) is None


def all_of(engine: Limited, count: int) -> int:
    """How many of so many questions were refused."""
    failed = 0
    for _ in range(count):
        try:
            engine.ask(QUESTION)
        except (RateError, TransientError):
            failed += 1
    return failed


@pytest.mark.parametrize("rpm", [6, 60, 6_000])
def test_no_more_requests_a_minute_go_out_than_are_allowed_and_hardly_fewer(rpm: int) -> None:
    clock = Clock()
    server = Server(clock, each())
    started = clock.now
    all_of(limited(server, clock, rpm=rpm), 300)
    for sent, at in enumerate(server.arrivals, start=1):
        assert sent <= rpm / 60 * (at - started + 1) + 1.001
    assert server.arrivals[-1] - started <= 300 * 60 / rpm + 1


def test_no_more_tokens_a_minute_go_out_and_come_back_than_are_allowed() -> None:
    clock = Clock()
    server = Server(clock, each(), tokens=100)
    started = clock.now
    all_of(limited(server, clock, tpm=6_000), 200)  # 150 tokens each: 100 there, 50 back
    for sent, at in enumerate(server.arrivals, start=1):
        assert (sent - 1) * 150 <= 100 * (at - started + 1) + 1
    assert server.arrivals[-1] - started <= 200 * 150 / 100 + 2


def burst(fault: Callable[[], Exception], size: int = 8) -> tuple[Limited, Clock]:
    """So many requests under way at once, which all come to the same end."""
    clock = Clock()

    def nested(number: int) -> Exception:
        clock.now += 0.01
        if number < size:
            with contextlib.suppress(RateError, TransientError):
                engine.ask(QUESTION)
        return fault()

    engine = limited(Server(clock, nested), clock, width=size)
    with pytest.raises(TransientError):
        engine.ask(QUESTION)
    return engine, clock


def test_a_burst_of_refusals_narrows_the_width_once() -> None:
    engine, _ = burst(lambda: refused(0.0))
    assert engine.width == int(8 * 0.7)


@pytest.mark.parametrize("fault", [TransientError, OverloadError])
def test_a_failing_server_is_not_a_full_one(fault: type[TransientError]) -> None:
    engine, clock = burst(lambda: fault("busy"))
    assert engine.width == 8
    before = clock.now
    all_of(engine, 20)
    assert clock.now == pytest.approx(before + 20 * 0.01)  # what the server took, and no pause


def test_good_answers_widen_again_up_to_the_hands_and_no_further() -> None:
    clock = Clock()
    engine = limited(Server(clock, each(refused(0.1), refused(0.1)), takes=0.1), clock)
    assert all_of(engine, 2) == 2
    narrow = engine.width
    widths = []
    for _ in range(60):
        engine.ask(QUESTION)
        widths.append(engine.width)
    assert narrow < 8
    assert widths == sorted(widths)
    assert widths[-1] == 8


def test_a_refusal_stops_everybody_for_as_long_as_was_asked() -> None:
    clock = Clock()
    server = Server(clock, each(refused(7.0)))
    assert all_of(limited(server, clock), 2) == 1
    first, second = server.arrivals
    assert second - first >= 7.0


def test_a_good_answer_after_which_nothing_is_left_holds_the_next_one_back() -> None:
    clock = Clock()
    server = Server(clock, each(Reply("{}", pause=5.0)))
    all_of(limited(server, clock), 3)
    assert server.arrivals[1] - server.arrivals[0] >= 5.0
    assert server.arrivals[2] - server.arrivals[1] < 1.0


def test_where_no_time_is_said_the_pause_doubles_until_a_good_answer() -> None:
    clock = Clock()
    server = Server(clock, each(*[refused()] * 4, GOOD, refused()))
    all_of(limited(server, clock), 7)
    gaps = [later - earlier for earlier, later in pairwise(server.arrivals)]
    for gap, least in zip(gaps[:4], (0.25, 0.5, 1.0, 2.0), strict=True):
        assert gap >= least
    assert 0.25 <= gaps[5] < 2.0


@pytest.mark.parametrize("rate", [1, 5, 20, 50])
def test_nearly_all_that_a_server_bears_is_used_with_few_refusals(rate: float) -> None:
    clock = Clock()
    bucket = limits(rate, 10, lambda _: Answer(), clock=clock)

    def answer(_: int) -> Reply | Exception:
        got = bucket(Asked("", {}, b""))
        return GOOD if got.status == 200 else refused(float(got.headers["retry-after-ms"]) / 1000)

    engine = limited(Server(clock, answer, takes=0.001), clock)
    started = clock.now
    while clock.now - started < 120:
        all_of(engine, 1)
    assert bucket.admitted >= 0.85 * rate * 120
    assert bucket.refused <= max(0.05 * bucket.admitted, 120)  # or one a second


def test_who_waits_gives_up_when_the_run_is_stopped() -> None:
    stop = threading.Event()
    clock = Clock()
    engine = Limited(Server(clock, each(refused(60.0))), width=2, stop=stop, clock=clock)
    with pytest.raises(RateError):
        engine.ask(QUESTION)
    stop.set()
    with pytest.raises(Stopped):
        engine.ask(QUESTION)
