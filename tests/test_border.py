"""What each fault of a server leads to: exit code, status, and exactly so many requests."""

from __future__ import annotations

import socket
from itertools import pairwise
from pathlib import Path

import pytest
from border import CITY, SAFE, STRUCK, border
from exchange import Asked, error
from fault_server import FAULTS, Answer, FaultServer, good, once, times
from faults import context, context_llama

from summarize.prompt import READING

REFUSED = "invalid_request_error"
WINDOW = 7_000  # tokens
LONG = STRUCK + "\n".join(
    f"\nMan {i} of Porto told the police in Porto that fire number {i} had begun in Porto at noon." for i in range(300)
)

PASSING = {  # asked again once, and read
    "rate_429_bare": 2, "rate_429_ms": 2, "rate_429_reset": 2, "rate_429": 2, "rate_429_http_date": 2,
    "rate_429_reset_1s": 2, "slow_down_503": 2, "slow_down_429": 2, "500": 2, "500_text": 2, "503_html": 2,
    "reset_mid_body": 2, "close_before_body": 2, "close_before_head": 2, "reset_before_head": 2, "hang": 2,
    "closes_after_answer": 1,
}  # fmt: skip
STOPPING = {  # exit code, words of the error
    "quota_429": (7, "nothing left to spend"),
    "401": (6, "refused the key"),
    "403": (6, "refused the key"),
    "404_model": (10, "does not know the model"),
    "404_path": (10, "no chat completions"),
}
REFUSING = {  # status, words of the message
    "400_context": ("context", "tokens"),
    "400_context_llama": ("context", "tokens"),
    "400_content_filter": ("content", "content management policy"),
    "400_code_integer": ("refused", "The request was refused."),
    "400_code_null": ("refused", "The request was refused."),
    "400_code_missing": ("refused", "The request was refused."),
    "400_flat": ("refused", "The request was refused."),
    "400_text": ("refused", "The request was refused."),
    "400_detail": ("refused", "The request was refused."),
    "422_detail_list": ("refused", "Field required"),
}
LADDER = {"400_format": "object", "500_format": "object", "400_format_any": "none"}  # where it ends
RUNGS = ("strict", "schema", "object", "none")
FAILING = {  # and a city that tells who is asked about
    "500": "Faro", "500_text": "Braga", "503_html": "Evora", "reset_mid_body": "Sintra", "close_before_body": "Tomar",
    "close_before_head": "Lagos", "reset_before_head": "Silves", "hang": "Aveiro",
}  # fmt: skip


@pytest.mark.parametrize(("fault", "requests"), PASSING.items())
def test_what_passes_is_asked_again_and_read(tmp_path: Path, fault: str, requests: int) -> None:
    with border(tmp_path, once(FAULTS[fault])) as there:
        assert there.run().end == (0, "", requests)


@pytest.mark.parametrize("tries", [1, 6])
def test_too_many_requests_are_waited_out_as_often_as_it_takes(tmp_path: Path, tries: int) -> None:
    with border(tmp_path, times(FAULTS["rate_429_ms"], tries)) as there:
        seen = there.run()
    assert seen.end == (0, "", tries + 1)
    assert seen.records[0]["attempts"] == tries + 1
    arrivals = [asked.at for asked in seen.asked]
    assert all(later - earlier >= 0.02 for earlier, later in pairwise(arrivals))


@pytest.mark.parametrize(("fault", "code", "words"), [(fault, *end) for fault, end in STOPPING.items()])
def test_what_every_other_question_would_meet_stops_the_run_after_one_request(
    tmp_path: Path, fault: str, code: int, words: str
) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        (tmp_path / "c.txt").write_text(SAFE.replace("Two", "Six"), "utf-8")
        seen = there.run("--hands", "1", files=("a.txt", "b.txt", "c.txt"))
        assert (seen.ran.code, len(there.server.questions)) == (code, 2)
    assert list(seen.ran.json()["readings"]) == ["a"]
    counted, line = seen.ran.err.splitlines()
    assert counted == "retold: 1 read, 0 failed, 2 not reached"
    assert words in line


def test_a_payment_required_is_a_used_up_account(tmp_path: Path) -> None:
    with border(tmp_path, lambda _: error(402, "Insufficient balance", type="billing", code=None)) as there:
        seen = there.run()
    assert (seen.ran.code, len(seen.asked)) == (7, 1)


@pytest.mark.parametrize(("fault", "status", "words"), [(fault, *end) for fault, end in REFUSING.items()])
def test_a_refusal_of_one_article_fails_that_one_after_one_request_in_the_servers_words(
    tmp_path: Path, fault: str, status: str, words: str
) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        first = there.run()
        assert first.end == (9, status, 1)
        assert there.run().end == (9, status, 0), "a settled failure is not asked again"
    (failure,) = first.ran.json()["failures"]
    assert words in failure["message"]
    named, summed = first.ran.err.splitlines()
    assert named.startswith("retold: b.txt: ")
    assert summed.startswith("retold: 1 of 2 files failed")


@pytest.mark.parametrize(("fault", "last"), LADDER.items())
def test_a_refused_form_is_a_step_down_the_ladder_and_the_rung_is_remembered(
    tmp_path: Path, fault: str, last: str
) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        seen = there.run()
        assert seen.end == (0, "", RUNGS.index(last) + 1)
        assert seen.rungs == [last]
        (tmp_path / "b.txt").write_text(STRUCK.replace("Three", "Nine"), "utf-8")
        again = there.run()
    assert again.end == (0, "", 1)
    assert again.rungs == [last]


def test_a_pinned_rung_is_not_left(tmp_path: Path) -> None:
    with border(tmp_path, FAULTS["400_format"]) as there:
        assert there.run("--rung", "strict").end == (9, "format", 1)


def test_a_refused_cap_is_sent_under_its_other_name_from_then_on(tmp_path: Path) -> None:
    with border(tmp_path, FAULTS["400_parameter"]) as there:
        assert there.run().end == (0, "", 2)
        assert there.run("--fresh").end == (0, "", 1)


def test_both_names_of_the_cap_refused_is_a_refused_parameter(tmp_path: Path) -> None:
    older, newer = FAULTS["400_parameter"], FAULTS["400_parameter_reverse"]
    with border(tmp_path, lambda asked: older(asked) if "max_tokens" in asked.body else newer(asked)) as there:
        assert there.run().end == (9, "parameter", 2)


def test_a_cap_above_the_most_that_a_server_takes_is_lowered_to_it(tmp_path: Path) -> None:
    def most(asked: Asked) -> Answer:
        too_many = asked.body["max_tokens"] > 4096
        return error(400, "max_tokens must be less than or equal to 4096", code=None) if too_many else good(asked)

    with border(tmp_path, most) as there:
        seen = there.run()
    assert seen.end == (0, "", 2)
    assert seen.asked[-1].body["max_tokens"] == 4096


def test_openai_itself_is_told_the_newer_cap_and_a_server_that_knows_only_the_older_gets_that(tmp_path: Path) -> None:
    """The server stands in for api.openai.com as its proxy."""
    with border(tmp_path, FAULTS["400_parameter_reverse"]) as there:
        proxy = there.server.base_url.removesuffix("/v1")
        seen = there.run("--base-url", "http://api.openai.com/v1", env={"http_proxy": proxy})
    assert seen.end == (0, "", 2)
    assert ["max_completion_tokens" in asked.body for asked in seen.asked] == [True, False]


def test_a_temperature_is_sent_only_if_given_and_its_refusal_is_not_asked_again(tmp_path: Path) -> None:
    with border(tmp_path, FAULTS["400_temperature"]) as there:
        assert there.run().end == (0, "", 1)
        seen = there.run("--temperature", "0")
        assert seen.end == (9, "parameter", 1)
        alone = there.run("--temperature", "0", "--fresh", files=("b.txt",))
    assert alone.ran.code == 5
    assert "temperature" in alone.ran.error()


@pytest.mark.parametrize("refuse", [context, context_llama])
def test_a_text_above_the_window_that_a_server_names_is_asked_in_parts_and_no_part_is_refused(
    tmp_path: Path, refuse: type
) -> None:
    with border(tmp_path, refuse(WINDOW), LONG) as there:
        seen = there.run()
        assert (seen.ran.code, there.server.statuses[400]) == (0, 1)
        assert there.run().end == (0, "", 0), "known now, the window changes nothing of what is settled"
    assert len(seen.asked) > 2
    assert all(asked.tokens <= WINDOW for asked in seen.asked[1:])
    claims = seen.ran.json()["readings"]["b"]["claims"]
    assert {e["sentence"] for claim in claims for e in claim["evidence"]} >= set(range(1, 300))


def test_a_text_too_long_for_a_server_that_names_no_window_is_halved_until_it_fits(tmp_path: Path) -> None:
    def too_long(asked: Asked) -> Answer:
        return error(400, "prompt is too long", type=REFUSED) if asked.tokens > WINDOW else good(asked)

    with border(tmp_path, too_long, LONG) as there:
        seen = there.run()
        assert seen.ran.code == 0
        refused = there.server.statuses[400]
        assert there.run().end == (0, "", 0), "the whole way is in the ledger"
    assert len(seen.asked) == 2 * refused + 1  # halving makes a binary tree


def test_a_text_that_no_halving_makes_short_enough_fails_as_such_after_few_requests(tmp_path: Path) -> None:
    with border(tmp_path, lambda _: error(400, "prompt is too long", type=REFUSED)) as there:
        code, status, requests = there.run().end
    assert (code, status) == (9, "context")
    assert requests <= len(READING) + 5  # down one side of the tree, and no further


def test_what_fails_for_ever_is_settled_after_five_requests_and_asked_again_only_on_demand(tmp_path: Path) -> None:
    broken = True

    def struck(asked: Asked) -> Answer:
        fault = next((fault for fault, city in FAILING.items() if city in asked.user), None)
        return FAULTS[fault](asked) if fault and broken else good(asked)

    for fault, city in FAILING.items():
        (tmp_path / f"{fault}.txt").write_text(STRUCK.replace(CITY, city), "utf-8")
    files = tuple(f"{fault}.txt" for fault in FAILING)
    with border(tmp_path, struck) as there, FaultServer(struck) as server:
        url = ("--base-url", server.base_url)
        first = there.run(*url, files=("a.txt", *files)).ran
        found = {fault: sum(city in asked.user for asked in server.questions) for fault, city in FAILING.items()}
        assert found == dict.fromkeys(FAILING, 5)
        assert {f["file"]: f["status"] for f in first.json()["failures"]} == dict.fromkeys(files, "deterministic")
        asked = len(server.questions)
        again = there.run(*url, files=("a.txt", *files)).ran
        assert (again.code, len(server.questions)) == (9, asked)
        assert {f["status"] for f in again.json()["failures"]} == {"deterministic"}
        broken = False
        assert there.run(*url, "--retry-failed", files=("a.txt", *files)).ran.code == 0
        assert len(server.questions) == asked + len(FAILING)


def test_where_nobody_listens_the_run_stops_at_once(tmp_path: Path) -> None:
    with socket.socket() as held, border(tmp_path, good) as there:
        held.bind(("127.0.0.1", 0))
        seen = there.run("--base-url", f"http://127.0.0.1:{held.getsockname()[1]}/v1", files=("a.txt",))
    assert seen.ran.code == 5
    assert "check --base-url" in seen.ran.error()


def test_every_fault_of_the_catalogue_that_is_no_answer_is_here() -> None:
    from bad_answers import BAD_ANSWERS

    parameters = {"400_parameter", "400_parameter_reverse", "400_temperature"}
    waits_too_long = {"rate_429_reset_6m0s"}  # two minutes: see test_limits
    here = {*PASSING, *STOPPING, *REFUSING, *LADDER, *parameters, *waits_too_long}
    assert here | BAD_ANSWERS.keys() == FAULTS.keys()
