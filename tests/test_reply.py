"""Replies: each gate by its name, and what passes them all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.errors import ReplyError
from summarize.prompt import merged
from summarize.reply import Reply, Usage, parse

SCHEMA = merged(("summary",))
ANSWER = {"summary": [{"cites": [1], "text": "Two men died."}]}
GOOD = json.dumps(ANSWER)


def gate(reply: Reply) -> str:
    """The gate at which `reply` stops."""
    with pytest.raises(ReplyError) as stopped:
        parse(reply, SCHEMA)
    assert len(str(stopped.value).splitlines()) == 1
    return stopped.value.gate


def item(**changes: object) -> str:
    """The good answer with its one item changed."""
    return json.dumps({"summary": [{**ANSWER["summary"][0], **changes}]})


@pytest.mark.parametrize("finish", ["stop", None, "eos"])
def test_a_whole_answer_passes_every_gate(finish: str | None) -> None:
    assert parse(Reply(GOOD, finish=finish), SCHEMA) == ANSWER


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        (Reply(GOOD, refusal="I cannot help with that."), "refusal"),
        (Reply(GOOD, finish="content_filter"), "content_filter"),
        (Reply(GOOD, finish="length"), "length"),
        (Reply("{} " * 3_000_000), "size"),
        (Reply("{" + " " * 1_000, finish="length"), "runaway"),
        (Reply(""), "empty"),
        (Reply(" \n\t"), "empty"),
    ],
)
def test_an_answer_that_is_not_one_stops_before_it_is_read(reply: Reply, name: str) -> None:
    assert gate(reply) == name


def test_the_gates_stand_in_their_order() -> None:
    worst = Reply("", finish="length", refusal="no")
    assert gate(worst) == "refusal"
    assert gate(replace(worst, refusal=None)) == "length"
    assert gate(replace(worst, refusal=None, finish="content_filter")) == "content_filter"
    assert gate(replace(worst, refusal=None, finish="stop")) == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "Here is the answer: " + GOOD,
        GOOD + " and more",
        GOOD[:-1],
        "{'summary': []}",
        "<html><body>502 Bad Gateway</body></html>",
        '{"summary": NaN}',
        '{"summary": [{"cites": [Infinity], "text": "x"}]}',
        '{"summary": [], "summary": []}',
        '{"summary": [{"cites": [1], "cites": [2], "text": "x"}]}',
        "[" * 200_000,
        '{"a":' * 100_000,
        '{"summary": ' + "9" * 5_000 + "}",
        "<think>never closed " + GOOD,
        "undefined",
    ],
)
def test_what_is_not_strict_json_stops_at_the_gate_json(text: str) -> None:
    assert gate(Reply(text)) == "json"


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}\n```\n",
        f"  ```JSON  \n{GOOD}```",
        f"<think>One {{maybe}} two?</think>\n{GOOD}",
        f"<thinking>\nlong\n</thinking>\n\n```json\n{GOOD}\n```",
        f"\n\n{GOOD}\n",
    ],
)
def test_fences_and_a_think_block_around_the_answer_are_removed(text: str) -> None:
    assert parse(Reply(text), SCHEMA) == ANSWER


@pytest.mark.parametrize("words", ["```json", "<think>x</think>", "a\\b", "“quoted”"])
def test_marks_inside_the_answer_are_left_alone(words: str) -> None:
    answer = parse(Reply(item(text=words)), SCHEMA)
    assert answer == {"summary": [{"cites": [1], "text": words}]}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[]", "$"),
        ("null", "$"),
        ('"text"', "$"),
        ("{}", "$"),
        (item(cites=["1"]), "$.summary[0].cites[0]"),
        (item(cites=[0]), "$.summary[0].cites[0]"),
        (item(cites=[]), "$.summary[0].cites"),
        (item(cites=[1.5]), "$.summary[0].cites[0]"),
        (item(text=""), "$.summary[0].text"),
        (item(text=None), "$.summary[0].text"),
        (item(more=1), "$.summary[0]"),
        (GOOD[:-1] + ', "tone": {}}', "$"),
    ],
)
def test_an_answer_of_another_shape_stops_at_the_gate_schema_with_its_json_path(text: str, path: str) -> None:
    with pytest.raises(ReplyError) as stopped:
        parse(Reply(text), SCHEMA)
    assert (stopped.value.gate, stopped.value.where) == ("schema", path)


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_answer_leads_anywhere_but_to_an_object_or_a_gate(text: str) -> None:
    try:
        end = set(parse(Reply(text), SCHEMA))
    except ReplyError as stopped:
        end = {stopped.gate}
    assert end in ({"summary"}, {"empty"}, {"json"}, {"schema"})


@pytest.mark.parametrize("inside", ["{}", '{"a": "```"}', " \n{}\n ", "{}\n```\n{}"])
def test_a_fence_is_taken_off_once_and_only_where_it_closes_at_the_end(inside: str) -> None:
    from summarize.reply import _unfenced

    assert _unfenced(f"```json\n{inside}\n```  \n").strip() == inside.strip()
    assert _unfenced(f"```json\n{inside}") == f"```json\n{inside}"


def test_a_megabyte_of_blanks_in_a_fence_is_no_trouble() -> None:
    assert gate(Reply("```json\n{" + " " * 1_000_000 + "}")) == "json"


def test_a_prompt_of_which_too_little_was_read_stops_whatever_was_cached() -> None:
    assert gate(Reply(GOOD, usage=Usage(400), least=1_000)) == "truncated"
    assert parse(Reply(GOOD, usage=Usage(400, cached=900), least=1_000), SCHEMA) == ANSWER
    assert parse(Reply(GOOD, usage=Usage(), least=1_000), SCHEMA) == ANSWER
