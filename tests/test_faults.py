"""The catalogue of faults: each sends what its name says, on the raw wire."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime

import pytest
from answering import answer_to
from bad_answers import BAD_ANSWERS, HUGE, NOWHERE
from chat_client import asked_of, body_of, one
from fault_server import FAULTS, good
from faults import context, context_llama, rate_429_http_date

from summarize.news import Version, lay_out
from summarize.prompt import (
    Question,
    gaps_question,
    inventory_question,
    reading_question,
    recheck_question,
    stance_question,
)
from summarize.reading import positions, read
from summarize.schema import fault

TEXT = "Two die in horrific fire\n\nTwo men died in Lisbon on Tuesday. “It is over and done with,” the mayor said.\n"
ARTICLE = lay_out(Version(TEXT, id="a"))
READING = reading_question(ARTICLE)
CLAIMS = ("Two men died in Lisbon.", "It rained on Monday.", "Two men died in Lisbon")
STANCE, INVENTORY = stance_question(ARTICLE, CLAIMS), inventory_question(CLAIMS)
AGAIN = recheck_question(ARTICLE, CLAIMS[:2], [(2,), ()])
ALL = (READING, STANCE, AGAIN, INVENTORY, gaps_question(ARTICLE, [(2, "Two")]))
IDS = ("reading", "stance", "again", "inventory", "gaps")
BODY = body_of(READING)
RIGHT = good(asked_of(BODY))

REFUSALS = [  # name, status, what error.code is, words of the message
    ("rate_429", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_bare", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_ms", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_http_date", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_reset", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_reset_1s", 429, "rate_limit_exceeded", "Rate limit"),
    ("rate_429_reset_6m0s", 429, "rate_limit_exceeded", "Rate limit"),
    ("quota_429", 429, "insufficient_quota", "exceeded your current quota"),
    ("slow_down_503", 503, "slow_down", "Slow down"),
    ("slow_down_429", 429, "slow_down", "Slow down"),
    ("401", 401, "invalid_api_key", "Incorrect API key"),
    ("403", 403, "unsupported_country_region_territory", "not supported"),
    ("404_model", 404, "model_not_found", "`fake-1` does not exist"),
    ("400_context", 400, "context_length_exceeded", "maximum context length"),
    ("400_context_llama", 400, 400, "available context size"),
    ("400_format", 400, None, "'response_format' of type 'json_schema'"),
    ("400_format_any", 400, None, "'response_format' of type 'json_schema'"),
    ("500_format", 500, None, "'response_format', 'type'"),
    ("400_content_filter", 400, "content_filter", "content management policy"),
    ("400_code_integer", 400, 400, "refused"),
    ("400_code_null", 400, None, "refused"),
    ("500", 500, None, "had an error"),
]
OTHER_SHAPES = {
    "400_code_missing", "400_flat", "400_text", "400_detail", "422_detail_list", "404_path", "500_text", "503_html",
}  # fmt: skip
PARAMETERS = {
    "400_parameter": "max_tokens",
    "400_parameter_reverse": "max_completion_tokens",
    "400_temperature": "temperature",
}
WIRES = {"reset_mid_body", "close_before_body", "close_before_head", "reset_before_head", "closes_after_answer", "hang"}


def test_every_fault_in_the_catalogue_is_tested() -> None:
    tested = [name for name, *_ in REFUSALS] + [*OTHER_SHAPES, *PARAMETERS, *WIRES, *BAD_ANSWERS]
    assert sorted(tested) == sorted(FAULTS)


@pytest.mark.parametrize(("name", "status", "code", "words"), REFUSALS)
def test_a_refusal_has_its_status_code_and_words(name: str, status: int, code: object, words: str) -> None:
    got = one(FAULTS[name], BODY)
    assert (got.status, got.headers["content-type"]) == (status, "application/json")
    assert got.body["error"]["code"] == code
    assert words in got.body["error"]["message"]


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("rate_429", "retry-after", "1"),
        ("rate_429_ms", "retry-after-ms", "20"),
        ("rate_429_reset", "x-ratelimit-reset-requests", "20ms"),
        ("rate_429_reset_1s", "x-ratelimit-reset-requests", "1s"),
        ("rate_429_reset_6m0s", "x-ratelimit-reset-requests", "6m0s"),
    ],
)
def test_a_rate_limit_says_in_one_header_when_to_come_again(name: str, header: str, value: str) -> None:
    headers = one(FAULTS[name], BODY).headers
    waits = {"retry-after", "retry-after-ms", "x-ratelimit-reset-requests"}
    assert {h: v for h, v in headers.items() if h in waits} == {header: value}


def test_a_date_to_come_again_is_so_many_seconds_from_now() -> None:
    got = one(rate_429_http_date(5, clock=lambda: 1_700_000_000.5), BODY)
    assert parsedate_to_datetime(got.headers["retry-after"]).timestamp() == 1_700_000_006
    assert "retry-after" not in one(FAULTS["rate_429_bare"], BODY).headers


def test_errors_come_in_every_shape() -> None:
    got = {name: one(FAULTS[name], BODY) for name in OTHER_SHAPES}
    assert "code" not in got["400_code_missing"].body["error"]
    assert got["400_flat"].body["object"] == "error"
    assert isinstance(got["400_flat"].body["message"], str)
    assert isinstance(got["400_text"].body["error"], str)
    assert isinstance(got["400_detail"].body["detail"], str)
    assert isinstance(got["422_detail_list"].body["detail"], list)
    assert got["404_path"].body == {"detail": "Not Found"}
    assert (got["500_text"].raw, got["500_text"].headers["content-type"][:10]) == (
        b"Internal Server Error",
        "text/plain",
    )
    assert (got["503_html"].raw[:6], got["503_html"].headers["content-type"]) == (b"<html>", "text/html")
    assert all(g.status == int(name[:3]) for name, g in got.items())


@pytest.mark.parametrize(
    ("name", "takes"),
    [("400_format", {"json_object", "none"}), ("400_format_any", {"none"}), ("500_format", {"json_object", "none"})],
)
def test_a_server_that_refuses_a_form_takes_the_others(name: str, takes: set[str]) -> None:
    forms = ("json_schema", "json_object", "none")
    assert {form for form in forms if FAULTS[name](asked_of(body_of(READING, form))).status == 200} == takes


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS.items())
def test_a_server_that_refuses_a_parameter_names_it_and_answers_without(name: str, parameter: str) -> None:
    refused = one(FAULTS[name], {**BODY, parameter: 0})
    assert refused.status == 400
    assert parameter in refused.body["error"]["message"]
    assert FAULTS[name](asked_of(BODY)) == RIGHT


@pytest.mark.parametrize("make", [context, context_llama])
def test_a_context_takes_what_fits_into_it_and_tells_its_size(make: object) -> None:
    assert callable(make)
    size = asked_of(BODY).tokens
    assert make(size)(asked_of(BODY)) == RIGHT
    refused = one(make(size - 1), BODY)
    assert refused.status == 400
    assert f"{size - 1} tokens" in refused.body["error"]["message"]
    assert one(make(), BODY).status == 400
    llama = one(context_llama(7), BODY).body["error"]
    assert (llama["type"], llama["n_ctx"], llama["n_prompt_tokens"]) == ("exceed_context_size_error", 7, size)


def strictly(text: str) -> object:
    """The JSON in `text`. Raises ValueError for what is no JSON, NaN and a key that stands twice among it."""

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(found)) < len(found):
            raise ValueError("a key stands twice")
        return dict(found)

    def constant(name: str) -> object:
        raise ValueError(f"no JSON: {name}")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


@pytest.mark.parametrize("question", ALL, ids=IDS)
@pytest.mark.parametrize(
    ("name", "finish", "begins"),
    [
        ("content_filter", "content_filter", "{"),
        ("length", "length", "{"),
        ("truncated_json", "stop", "{"),
        ("prose_around", "stop", "Sure!"),
        ("fenced", "stop", "```json\n"),
        ("think", "stop", "<think>\n"),
        ("nan", "stop", "{"),
        ("duplicate_keys", "stop", "{"),
        ("whitespace_runaway", "length", "{\n\n\n"),
        ("ignores_format", "stop", "The article"),
    ],
)
def test_some_answers_are_no_json(question: Question, name: str, finish: str, begins: str) -> None:
    choice = one(FAULTS[name], body_of(question)).body["choices"][0]
    content = choice["message"]["content"]
    assert (choice["finish_reason"], content[: len(begins)]) == (finish, begins)
    with pytest.raises(ValueError):  # noqa: PT011  # each has words of its own
        strictly(content)
    assert (answer_to(body_of(question)) in content) == (name in {"prose_around", "fenced", "think"})


@pytest.mark.parametrize("question", ALL, ids=IDS)
@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("schema_fault", False),
        ("cites_out_of_range", True),
        ("words_not_in_sentence", True),
        ("truncated_prompt", True),
    ],
)
def test_some_answers_are_json_and_not_right(question: Question, name: str, *, valid: bool) -> None:
    choice = one(FAULTS[name], body_of(question)).body["choices"][0]
    assert choice["finish_reason"] == "stop"
    answer = strictly(choice["message"]["content"])
    assert (fault(question.schema, answer) is None) == valid
    same = name == "truncated_prompt" or (name == "words_not_in_sentence" and question is not READING)
    assert (answer == json.loads(answer_to(body_of(question)))) == same


def test_a_refusal_and_a_null_have_no_content() -> None:
    assert one(FAULTS["null_content"], BODY).content is None
    declined = one(FAULTS["refusal"], BODY).body["choices"][0]["message"]
    assert declined["content"] is None
    assert "can't help" in declined["refusal"]


def test_answers_without_an_answer_have_no_message() -> None:
    assert one(FAULTS["empty_choices"], BODY).body["choices"] == []
    page = one(FAULTS["wrong_content_type"], BODY)
    assert (page.status, page.headers["content-type"][:9]) == (200, "text/html")


def test_the_right_answer_may_stand_where_no_answer_belongs() -> None:
    right = json.loads(RIGHT.body)["choices"][0]["message"]["content"]
    for name, content in {"json_in_reasoning": None, "json_in_reasoning_empty": ""}.items():
        message = one(FAULTS[name], BODY).body["choices"][0]["message"]
        assert (message["content"], message["reasoning_content"]) == (content, right)


def test_a_schema_fault_is_one_value_outside_its_enum() -> None:
    right = json.loads(RIGHT.body)["choices"][0]["message"]["content"]
    wrong = one(FAULTS["schema_fault"], BODY).content
    differing = [
        (a, b) for a, b in zip(json.loads(right)["claims"], json.loads(wrong)["claims"], strict=True) if a != b
    ]
    assert len(differing) == 1
    assert differing[0][1] == {**differing[0][0], "kind": "banana"}


def test_a_wrong_citation_and_wrong_words_are_one_ungrounded_finding_each() -> None:
    for name, section in {"cites_out_of_range": "summary", "words_not_in_sentence": "wording"}.items():
        found = read(ARTICLE, json.loads(one(FAULTS[name], BODY).content))
        assert [u.section for u in found.ungrounded] == [section]
    _, ungrounded = positions(ARTICLE, json.loads(one(FAULTS["cites_out_of_range"], body_of(STANCE)).content), 3)
    assert len(ungrounded) == 1
    assert (
        NOWHERE in json.loads(one(FAULTS["cites_out_of_range"], body_of(INVENTORY)).content)["inventory"][0]["claims"]
    )


def test_where_nothing_is_the_same_a_wrong_citation_says_it_of_claims_that_there_are_not() -> None:
    answer = json.loads(one(FAULTS["cites_out_of_range"], body_of(inventory_question(CLAIMS[:2]))).content)
    assert [n > len(CLAIMS) for item in answer["inventory"] for n in item["claims"]] == [True, True]
    assert fault(INVENTORY.schema, answer) is None


@pytest.mark.parametrize("question", ALL, ids=IDS)
def test_a_huge_answer_has_five_megabytes_of_findings_and_is_json(question: Question) -> None:
    content = one(FAULTS["huge_5mb"], body_of(question)).content
    assert HUGE <= len(content) < 2 * HUGE
    assert len(content.rstrip()) > 0.9 * HUGE
    assert list(json.loads(content)) == list(question.sections)


def test_a_prompt_that_was_cut_is_told_by_its_count_only() -> None:
    right, cut = json.loads(RIGHT.body), one(FAULTS["truncated_prompt"], BODY).body
    assert cut["choices"] == right["choices"]
    assert 0 < cut["usage"]["prompt_tokens"] < right["usage"]["prompt_tokens"] / 10
