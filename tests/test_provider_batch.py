"""Questions by a provider's batch: the answers are those of asking online, whatever becomes of the batches."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from batch_faults import BATCH_FAULTS, CROWDED, BatchFault, all_failed, invalid
from fault_server import FAULTS, Answer, Asked, FaultServer, Instead, error, good
from faults import context
from many import articles, number
from provider import BROKEN, FAILED, QUICK, REFUSED, RESET, Desk, ended, online, settled, struck

from summarize.archive.files import open_version
from summarize.engines.openai import OpenAI
from summarize.errors import RateError, RetoldError
from summarize.job import Job
from summarize.news import lay_out
from summarize.runners.provider import Limits
from summarize.settling import Settler

MANY = 6


def test_readings_by_batch_are_those_of_asking_online_word_for_word_and_under_the_same_keys(tmp_path: Path) -> None:
    articles(tmp_path, 20)
    with FaultServer() as server:
        found = Desk(tmp_path, server.base_url).run()
        assert server.questions == []
        assert server.calls(server.asked) == {"upload": 1, "create": 1, "look": 3, "content": 1}
        assert found.readings == online(tmp_path, server.base_url).readings
    assert len(found.readings) == 20
    assert settled(tmp_path) == settled(tmp_path / "online")
    assert set(server.submitted.values()) == {1}


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    with FaultServer() as server:
        first = Desk(tmp_path, server.base_url).run()
        asked = len(server.asked)
        again = Desk(tmp_path, server.base_url).run()
        assert len(server.asked) == asked
    assert again.readings == first.readings


@pytest.mark.parametrize("fault", BATCH_FAULTS)
def test_whatever_becomes_of_a_batch_every_question_is_answered_as_online(tmp_path: Path, fault: str) -> None:
    articles(tmp_path, MANY)
    with FaultServer(ends=ended(BATCH_FAULTS[fault])) as server:
        found = Desk(tmp_path, server.base_url).run()
        outcome = server.ends.taken[0]
        asked_online = len(server.questions)
        assert found.readings == online(tmp_path, server.base_url).readings
    assert len(found.readings) == MANY
    assert settled(tmp_path) == settled(tmp_path / "online")
    good_lines = {r["custom_id"] for r in outcome.output if isinstance(r, dict) and r["custom_id"] in server.submitted}
    again = sum(count > 1 for count in server.submitted.values())
    assert again + asked_online == MANY - len(good_lines), "what was delivered is not asked again"


@pytest.mark.parametrize("fault", [all_failed(), all_failed(429), BATCH_FAULTS["nothing"], BATCH_FAULTS["cancelled"]])
def test_what_came_to_no_answer_in_two_batches_is_asked_online(tmp_path: Path, fault: BatchFault) -> None:
    articles(tmp_path, MANY)
    with FaultServer(ends=ended(fault, fault)) as server:
        found = Desk(tmp_path, server.base_url).run()
        left = len(server.questions)
        assert left == MANY - sum(report.answered for report in found.reports)
    assert len(found.readings) == MANY
    assert left > 0


def test_a_line_that_the_provider_cannot_read_goes_online_and_the_others_go_on_in_batches(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    line = {"code": "invalid_json_line", "message": "This line is not parseable."}
    odd = invalid({**line, "line": 2}, {**line, "line": 0}, {**line, "line": 10**30}, {**line, "line": "x"})
    with FaultServer(ends=ended(odd)) as server:
        found = Desk(tmp_path, server.base_url).run()
        assert len(server.questions) == 1
        assert number(server.questions[0]) == 1
    assert len(found.readings) == MANY
    assert "not parseable" in " ".join(found.told)


@pytest.mark.parametrize(
    "fault",
    [
        "400_content_filter", "400_code_null", "400_text", "400_flat", "refusal", "content_filter", "null_content",
        "empty_choices", "whitespace_runaway", "truncated_prompt", "huge_5mb",
    ],
)  # fmt: skip
def test_a_line_that_fails_for_good_fails_as_it_does_online_and_the_others_do_not(tmp_path: Path, fault: str) -> None:
    articles(tmp_path, MANY)
    with FaultServer(struck(FAULTS[fault], 2)) as server:
        found = Desk(tmp_path, server.base_url).run()
        article = lay_out(open_version(str(tmp_path / "many" / "002.txt")))
        with closing(OpenAI("fake-1", server.base_url)) as engine, pytest.raises(RetoldError) as failed:
            Job(Settler(engine)).read(article)
    assert set(found.readings) == {f"{i:03}" for i in range(MANY)} - {"002"}
    assert found.failures == {"002": failed.value.status}
    assert set(server.submitted.values()) == {1}


@pytest.mark.parametrize(("fault", "batches"), [("400_format", 3), ("400_format_any", 4), ("400_parameter", 2)])
def test_a_refused_form_steps_the_ladder_down_for_all_lines_at_once_and_is_remembered(
    tmp_path: Path, fault: str, batches: int
) -> None:
    articles(tmp_path, MANY)
    with FaultServer(FAULTS[fault]) as server:
        found = Desk(tmp_path, server.base_url).run()
        assert (len(found.readings), len(server.batches), len(server.questions)) == (MANY, batches, 0)
        more = articles(tmp_path, MANY + 1)
        Desk(more.parent, server.base_url).run()
        assert len(server.batches) == batches + 1


def test_a_faulty_answer_is_repaired_and_a_long_one_halved_in_the_next_batches(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    tries: dict[str, int] = {}

    def script(asked: Asked) -> Answer:
        tries[asked.item] = tries.get(asked.item, 0) + 1
        return (
            Answer(200, good(asked).body.replace(b'\\"tone\\"', b'\\"tune\\"'))
            if tries[asked.item] == 1
            else good(asked)
        )

    with FaultServer(script) as server:
        found = Desk(tmp_path, server.base_url).run()
        assert (len(server.batches), len(server.questions)) == (2, 0)
        whole = found.readings
    with FaultServer(context(2_000)) as server:
        (tmp_path / "l.sqlite").unlink()
        halved = Desk(tmp_path, server.base_url).run()
        assert server.questions == []
        assert len(server.batches) < 8, "all parts of a question wait together"
    assert set(halved.readings) | set(halved.failures) == set(whole)


def test_all_samples_of_a_reading_wait_in_one_batch(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    with FaultServer() as server:
        found = Desk(tmp_path, server.base_url, samples=3).run()
    assert (len(found.readings), found.lines, len(server.batches)) == (2, 6, 1)


@pytest.mark.parametrize(
    ("call", "instead", "calls"),
    [
        ("upload", [Instead(FAILED)], 2),
        ("upload", [Instead(RESET)] * 3, 4),
        ("upload", [Instead(RESET, done=True)], 2),
        ("create", [Instead(FAILED)], 2),
        ("create", [Instead(RESET, done=True)], 1),
        ("create", [Instead(Answer(200, b"<html>"), done=True)], 1),
        ("look", [Instead(FAILED)] * 4, 7),
        ("look", [Instead(Answer(200, b"[]"))], 4),
        ("look", [Instead(REFUSED)], 4),
        ("content", [Instead(REFUSED)], 2),
        ("content", [Instead(BROKEN)], 2),
        ("content", [Instead(RESET, done=True)] * 4, 5),
    ],
)
def test_what_fails_on_the_way_and_passes_is_done_again_and_no_batch_is_made_twice(
    tmp_path: Path, call: str, instead: list[Instead], calls: int
) -> None:
    articles(tmp_path, MANY)
    with FaultServer(wire={call: deque(instead)}) as server:
        found = Desk(tmp_path, server.base_url).run()
        assert server.calls(server.asked)[call] == calls
    assert (len(found.readings), len(server.batches), len(server.questions)) == (MANY, 1, 0)
    assert set(server.submitted.values()) == {1}


def test_a_batch_whose_making_was_not_answered_is_found_on_any_page_of_the_list(tmp_path: Path) -> None:
    articles(tmp_path, 9)
    limits = Limits(lines=1, first=0.0, longest=0.0)
    wire = {"create": deque([Instead(RESET, done=True)] * 9)}
    with FaultServer(wire=wire, page=2) as server:
        found = Desk(tmp_path, server.base_url, limits=limits).run()
    assert (len(found.readings), len(server.batches)) == (9, 9)
    assert set(server.submitted.values()) == {1}


def test_questions_are_sent_in_files_of_so_many_lines_and_bytes(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    for limits, batches in ((Limits(lines=2), 3), (Limits(size=100), MANY), (Limits(size=10**9), 1)):
        (tmp_path / "l.sqlite").unlink(missing_ok=True)
        with FaultServer() as server:
            found = Desk(tmp_path, server.base_url, limits=replace(limits, first=0.0, longest=0.0)).run()
        assert (len(found.readings), len(server.batches)) == (MANY, batches)


def test_a_batch_that_the_provider_has_forgotten_is_sent_again(tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    gone = Instead(error(404, "No such batch.", type="invalid_request_error", param=None, code=None))
    with FaultServer(wire={"look": deque([gone])}) as server:
        found = Desk(tmp_path, server.base_url).run()
    assert (len(found.readings), len(server.batches)) == (MANY, 2)


def test_a_full_queue_is_waited_for_with_fewer_and_smaller_batches(tmp_path: Path) -> None:
    articles(tmp_path, 8)
    with FaultServer(ends=ended(*[CROWDED] * 3)) as server:
        found = Desk(tmp_path, server.base_url, limits=replace(QUICK, lines=4)).run()
        assert server.questions == []
    assert len(found.readings) == 8
    (tmp_path / "l.sqlite").unlink()
    with FaultServer(ends=ended(*[CROWDED] * 40)) as server:
        desk = Desk(tmp_path, server.base_url)
        with pytest.raises(RateError, match="Enqueued token limit"):
            desk.run()
