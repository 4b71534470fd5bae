"""What each faulty answer with status 200 leads to: exit code, status, and exactly so many requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bad_answers import BAD_ANSWERS, NOWHERE
from border import STRUCK, border
from exchange import Answer, Asked
from fault_server import FAULTS, good, once

from summarize.prompt import READING

AS_GOOD = ("fenced", "think", "json_in_reasoning", "json_in_reasoning_empty")
FINAL = {  # status: what it is found to be, and never asked again
    "wrong_content_type": "http",
    "empty_choices": "choices",
    "null_content": "empty",
    "refusal": "refusal",
    "content_filter": "content_filter",
    "huge_5mb": "size",
    "whitespace_runaway": "runaway",
    "truncated_prompt": "truncated",
}
REPAIRED = {  # status, and the validator's words
    "truncated_json": ("json", "Unterminated string"),
    "prose_around": ("json", "Expecting value"),
    "ignores_format": ("json", "Expecting value"),
    "nan": ("json", "NaN is not JSON"),
    "duplicate_keys": ("json", "a key stands twice"),
    "schema_fault": ("schema", "'banana' is not one of"),
}
UNGROUNDED = {  # accepted if it stays: what is set aside, and the words for it
    "cites_out_of_range": (str(NOWHERE), f"sentence {NOWHERE} was not shown"),
    "words_not_in_sentence": ("zugzwang quibbles", "wording: "),
}


@pytest.mark.parametrize("fault", AS_GOOD)
def test_an_answer_in_a_wrapping_is_an_answer(tmp_path: Path, fault: str) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        bad = there.run()
    with border(tmp_path, good) as there:
        right = there.run("--fresh")
    assert bad.end == right.end == (0, "", 1)
    assert bad.ran.json()["readings"] == right.ran.json()["readings"]


@pytest.mark.parametrize(("fault", "status"), FINAL.items())
def test_an_answer_whose_fault_is_none_of_form_is_never_asked_for_again(
    tmp_path: Path, fault: str, status: str
) -> None:
    with border(tmp_path, once(FAULTS[fault])) as there:
        assert there.run().end == (9, status, 1)
        assert there.run().end == (9, status, 0)
        assert there.run("--retry-failed").end == (0, "", 1)


@pytest.mark.parametrize(("fault", "words"), [(fault, words) for fault, (_, words) in (REPAIRED | UNGROUNDED).items()])
def test_a_fault_of_form_is_repaired_in_one_turn_that_shows_article_answer_and_fault(
    tmp_path: Path, fault: str, words: str
) -> None:
    with border(tmp_path, once(FAULTS[fault])) as there:
        seen = there.run()
        assert seen.end == (0, "", 2)
        assert there.run().end == (0, "", 0), "a repaired question is settled"
    first, repair = seen.asked
    faulty = json.loads(FAULTS[fault](first).body)["choices"][0]["message"]["content"]
    assert [message["role"] for message in repair.body["messages"]] == ["system", "user"]
    assert repair.user.startswith(first.user)
    assert faulty in repair.user
    assert words in repair.user
    assert seen.ran.json()["readings"]["b"]["ungrounded"] == []


@pytest.mark.parametrize(("fault", "status"), [(fault, status) for fault, (status, _) in REPAIRED.items()])
def test_a_form_that_stays_faulty_is_a_failure_after_exactly_three_requests(
    tmp_path: Path, fault: str, status: str
) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        assert there.run().end == (9, status, 3)
        assert there.run().end == (9, status, 0)


@pytest.mark.parametrize(("fault", "aside"), [(fault, aside) for fault, (aside, _) in UNGROUNDED.items()])
def test_a_citation_that_stays_faulty_is_set_aside_after_three_requests_and_the_rest_is_kept(
    tmp_path: Path, fault: str, aside: str
) -> None:
    with border(tmp_path, FAULTS[fault]) as there:
        seen = there.run()
    assert seen.end == (0, "", 3)
    reading = seen.ran.json()["readings"]["b"]
    assert len(reading["ungrounded"]) == 1
    assert aside in json.dumps(reading.pop("ungrounded"))
    assert aside not in json.dumps(reading)
    assert reading["claims"]
    assert seen.ran.json()["provenance"]["ungrounded"] == 1


@pytest.mark.parametrize(("repairs", "requests"), [("0", 1), ("4", 5)])
def test_as_many_repairs_are_tried_as_the_setting_says(tmp_path: Path, repairs: str, requests: int) -> None:
    with border(tmp_path, FAULTS["schema_fault"]) as there:
        assert there.run(env={"RETOLD_REPAIRS": repairs}).end == (9, "schema", requests)


def test_an_answer_that_is_cut_off_is_asked_for_in_halves(tmp_path: Path) -> None:
    def cut(asked: Asked) -> Answer:
        whole = "summary" in sections(asked) and "voices" in sections(asked)
        return FAULTS["length"](asked) if whole else good(asked)

    with border(tmp_path, cut) as there:
        seen = there.run()
        assert seen.end == (0, "", 3)
        assert there.run().end == (0, "", 0)
    with border(tmp_path, good) as there:
        assert seen.ran.json()["readings"] == there.run().ran.json()["readings"]
    _, first, second = map(sections, seen.asked)
    assert first + second == READING


def test_an_answer_that_is_cut_off_for_ever_fails_after_few_requests(tmp_path: Path) -> None:
    with border(tmp_path, FAULTS["length"]) as there:
        assert there.run().end == (9, "length", 5)  # the whole, and four halvings down one side
        assert there.run().end == (9, "length", 0)


def test_a_form_ignored_twice_is_told_in_words_instead(tmp_path: Path) -> None:
    def ignores_schemas(asked: Asked) -> Answer:
        told = asked.body["response_format"]["type"] == "json_object"
        return good(asked) if told else FAULTS["ignores_format"](asked)

    with border(tmp_path, ignores_schemas) as there:
        seen = there.run("--hands", "1")
        assert seen.end == (0, "", 3)
        assert seen.rungs == ["strict", "strict", "object"]
        assert there.run("--fresh").end == (0, "", 1), "the rung is remembered"
    assert '"$schema"' in seen.asked[-1].body["messages"][0]["content"]


def test_a_server_that_ignores_every_form_is_asked_in_words_alone_by_the_second_article(tmp_path: Path) -> None:
    def ignores_forms(asked: Asked) -> Answer:
        return FAULTS["ignores_format"](asked) if "response_format" in asked.body else good(asked)

    with border(tmp_path, ignores_forms) as there:
        first = there.run("--hands", "1")
        assert first.end == (9, "json", 3)
        assert first.rungs == ["strict", "strict", "object"]
        (tmp_path / "b.txt").write_text(STRUCK.replace("Three", "Nine"), "utf-8")
        second = there.run()
        assert second.end == (0, "", 3)
        assert second.rungs == ["object", "object", "none"]
        assert "response_format" not in second.asked[-1].body
        (tmp_path / "b.txt").write_text(STRUCK, "utf-8")
        assert there.run("--retry-failed").end == (0, "", 1)


def test_every_bad_answer_of_the_catalogue_is_here() -> None:
    assert {*AS_GOOD, *FINAL, *REPAIRED, *UNGROUNDED, "length"} == BAD_ANSWERS.keys()


def sections(asked: Asked) -> tuple[str, ...]:
    """The sections that a request asks for."""
    return tuple(asked.body["response_format"]["json_schema"]["schema"]["properties"])
