"""What is asked again, how often and after which pauses, by a clock on which nobody waits."""

from __future__ import annotations

import pytest
from simulated import QUESTION, Clock, Server, each, refused

from summarize.engines.retrying import OUTAGE, PATIENCE, SAME, Retrying
from summarize.engines.waits import CEILING
from summarize.errors import (
    AuthError,
    DeterministicError,
    OverloadError,
    RateError,
    TransientError,
    UnreachableError,
)
from summarize.reply import Reply


def retrying(*answers: Reply | Exception, chance: float = 0.5) -> tuple[Retrying, Server, Clock]:
    clock = Clock()
    server = Server(clock, each(*answers))
    return Retrying(server, chance=lambda: chance, clock=clock, sleep=clock.sleep), server, clock


def test_the_same_fault_five_times_is_deterministic_after_growing_pauses() -> None:
    engine, server, clock = retrying(*[TransientError("crash (500)") for _ in range(9)])
    with pytest.raises(DeterministicError, match="5 times the same: crash"):
        engine.ask(QUESTION)
    assert len(server.arrivals) == SAME
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]


def test_a_fault_is_the_same_whatever_request_id_or_size_it_tells() -> None:
    told = [TransientError(f"crash (500): request req_{i}a9, {i * 77} bytes") for i in range(1, 9)]
    engine, server, _ = retrying(*told)
    with pytest.raises(DeterministicError):
        engine.ask(QUESTION)
    assert len(server.arrivals) == SAME


def test_faults_of_several_kinds_are_given_up_after_ten_and_left_open() -> None:
    engine, server, _ = retrying(*[TransientError(f"busy ({500 + i % 3})") for i in range(20)])
    with pytest.raises(TransientError) as failed:
        engine.ask(QUESTION)
    assert not failed.value.settles
    assert len(server.arrivals) == 2 * SAME


def test_what_passes_is_a_reply_that_says_how_often_it_was_asked_for() -> None:
    engine, _, _ = retrying(TransientError("crash"), refused(1.0), OverloadError("full"))
    assert engine.ask(QUESTION).attempts == 4


def test_nobody_reached_thrice_ends_it() -> None:
    engine, server, _ = retrying(*[UnreachableError("nobody") for _ in range(9)])
    with pytest.raises(UnreachableError):
        engine.ask(QUESTION)
    assert len(server.arrivals) == 3


def test_what_is_no_passing_fault_is_not_asked_again() -> None:
    engine, server, clock = retrying(AuthError("no"))
    with pytest.raises(AuthError):
        engine.ask(QUESTION)
    assert (len(server.arrivals), clock.slept) == (1, [])


def test_too_many_requests_are_waited_out_until_patience_ends() -> None:
    engine, server, clock = retrying(*[refused(30.0) for _ in range(99)], chance=0.0)
    started = clock.now
    with pytest.raises(RateError) as failed:
        engine.ask(QUESTION)
    assert not failed.value.settles
    assert len(server.arrivals) > SAME
    assert PATIENCE < clock.now - started <= PATIENCE + 30


@pytest.mark.parametrize(("after", "chance"), [(0.0, 1.0), (3.0, 0.0), (3.0, 1.0), (119.0, 1.0), (9_999.0, 1.0)])
def test_a_pause_is_what_was_asked_and_up_to_a_tenth_more_below_the_ceiling(after: float, chance: float) -> None:
    engine, _, clock = retrying(refused(after), TransientError("busy", after=after), chance=chance)
    engine.ask(QUESTION)
    assert clock.slept == [pytest.approx(min(after * (1 + chance / 10), CEILING))] * 2


def test_an_outage_for_everybody_settles_nothing_and_ends_the_run() -> None:
    clock = Clock()
    engine = Retrying(
        Server(clock, each(*[OverloadError("loading")] * 200)), chance=lambda: 0.5, clock=clock, sleep=clock.sleep
    )
    engine._failing[-1] = clock()  # somebody else is failing, too
    with pytest.raises(UnreachableError, match="answered nobody") as failed:
        engine.ask(QUESTION)
    assert failed.value.stops
    assert not failed.value.settles
    assert sum(clock.slept) > OUTAGE


def test_a_fault_while_others_are_answered_is_the_questions_own() -> None:
    engine, server, clock = retrying(*[OverloadError("crash")] * 9)
    engine._failing[-1] = clock()
    engine._good = clock() + 1.0  # somebody was answered after this question had been put
    with pytest.raises(DeterministicError):
        engine.ask(QUESTION)
    assert len(server.arrivals) == SAME


def test_a_server_that_had_answered_is_given_time_to_come_back() -> None:
    engine, server, clock = retrying(*[UnreachableError("restarting")] * 9)
    engine._good = clock()
    with pytest.raises(UnreachableError):
        engine.ask(QUESTION)
    assert len(server.arrivals) == 7


def test_other_faults_do_not_count_as_nobody_reached() -> None:
    engine, _, _ = retrying(OverloadError("full"), TransientError("reset"), UnreachableError("nobody"))
    assert engine.ask(QUESTION).attempts == 4
