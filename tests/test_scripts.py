"""Scripts made of scripts: they count tries by item, strike a share, and admit no more than their rate."""

from __future__ import annotations

import math
from collections import Counter

from chat_client import asked_of, body_of, connection, post
from fault_server import FAULTS, FaultServer, Script, limited, mixed, once, sequence, times
from hypothesis import given
from hypothesis import strategies as st

from summarize.news import Version, lay_out
from summarize.prompt import inventory_question, reading_question, repair_question, stance_question

ARTICLE = lay_out(Version("Two die in fire\n\nTwo men died in Lisbon on Tuesday.\n", id="a"))
READING, STANCE = reading_question(ARTICLE), stance_question(ARTICLE, ["Two men died."])
BODY = body_of(READING)


def statuses(script: Script, bodies: list[dict[str, object]]) -> list[int]:
    """The status of each answer, in turn."""
    return [script(asked_of(body)).status for body in bodies]


def test_tries_are_counted_for_each_item_by_itself_and_a_repair_is_a_try_of_its_item() -> None:
    again = body_of(repair_question(READING, "{", "not JSON"))
    assert statuses(once(FAULTS["500"]), [BODY, body_of(STANCE), again, BODY]) == [500, 500, 200, 200]
    assert statuses(times(FAULTS["500"], 2), [BODY, again, BODY]) == [500, 500, 200]
    assert statuses(sequence(FAULTS["500"], FAULTS["401"]), [BODY, BODY, BODY]) == [500, 401, 401]


def test_a_mixture_is_the_same_every_time_and_strikes_its_share() -> None:
    bodies = [body_of(inventory_question([f"Claim number {n}."])) for n in range(400)]
    one_way, other = (mixed(("500", "rate_429"), 0.3, seed=7) for _ in range(2))
    fates = [one_way.fate(asked_of(body)) for body in bodies]
    assert fates == [other.fate(asked_of(body)) for body in bodies[::-1]][::-1]
    assert fates != [mixed(("500", "rate_429"), 0.3, seed=8).fate(asked_of(body)) for body in bodies]
    counts = Counter(fate.fault for fate in fates)
    assert 90 <= counts["500"] + counts["rate_429"] <= 150
    assert {fate.tries for fate in fates} == {0, 1, 2, math.inf}
    for body, fate in zip(bodies, fates, strict=True):
        faulty = [status != 200 for status in statuses(one_way, [body] * 4)]
        assert faulty == [n <= fate.tries for n in range(1, 5)]


STEPS = st.lists(st.floats(0, 3, allow_nan=False), max_size=60)


@given(STEPS, st.floats(0.1, 50), st.integers(1, 10))
def test_a_bucket_admits_at_most_its_burst_and_rate(steps: list[float], rate: float, burst: int) -> None:
    now = 0.0
    bucket = limited(rate, burst, clock=lambda: now)
    for step in steps:
        now += step
        answered = bucket(asked_of(BODY))
        assert answered.status in {200, 429}
        assert bucket.admitted <= burst + rate * now + 1e-6
    assert bucket.admitted + bucket.refused == len(steps)


@given(STEPS, st.floats(0.1, 50), st.integers(1, 10))
def test_who_comes_again_when_the_bucket_says_is_admitted(steps: list[float], rate: float, burst: int) -> None:
    now = 0.0
    bucket = limited(rate, burst, clock=lambda: now)
    for step in steps:
        now += step
        answer = bucket(asked_of(BODY))
        if answer.status == 429:
            now += int(answer.headers["retry-after-ms"]) / 1000
            assert bucket(asked_of(BODY)).status == 200


def test_a_bucket_tells_its_wait_over_http() -> None:
    bucket = limited(2.0, 3, clock=lambda: 0.0)
    with FaultServer(bucket) as server, connection(server.base_url) as client:
        got = [post(client, BODY) for _ in range(5)]
    assert [g.status for g in got] == [200, 200, 200, 429, 429]
    assert {g.headers["retry-after-ms"] for g in got[3:]} == {"500"}
    assert (bucket.admitted, bucket.refused, server.served) == (3, 2, 3)
