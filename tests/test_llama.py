"""A real inference server answers: first that it is one, and fails as such servers do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest_plugins = ("llama",)

FORM = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "kind": {"enum": ["quote", "event"]}},
    "required": ["text", "kind"],
    "additionalProperties": False,
}


def complete(base_url: str, user: str) -> tuple[str, str]:
    """What a server says to `user` in the form of FORM, and why it ended."""
    import openai

    with openai.OpenAI(base_url=base_url, api_key="none", max_retries=0) as client:
        answer = client.chat.completions.create(
            model="any",
            messages=[{"role": "user", "content": user}],
            response_format={"type": "json_schema", "json_schema": {"name": "form", "strict": True, "schema": FORM}},
        )
    return answer.choices[0].message.content or "", answer.choices[0].finish_reason


def test_the_server_says_what_model_it_has(llama: str) -> None:
    from llama import NAME, get

    status, body = get(llama, "/models")
    assert status == 200
    assert [model["id"] for model in json.loads(body)["data"]] == [NAME]


def test_an_answer_has_the_form_it_was_asked_for_and_ends(llama: str) -> None:
    text, finish = complete(llama, "What is said?")
    answer = json.loads(text)
    assert finish == "stop"
    assert list(answer) == ["text", "kind"]
    assert answer["text"].strip()
    assert answer["kind"] in {"quote", "event"}


def test_a_model_that_closes_no_string_is_cut_off_by_its_length(runaway_llama: str) -> None:
    text, finish = complete(runaway_llama, "What is said?")
    assert finish == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_a_question_longer_than_the_context_is_refused_as_such(llama: str) -> None:
    import openai

    with pytest.raises(openai.BadRequestError) as refused:
        complete(llama, "7 " * 20_000)
    assert refused.value.type == "exceed_context_size_error"


@pytest.mark.usefixtures("llama")  # skipped with the others where no server can be started
def test_a_server_ends_with_its_block(tmp_path: Path) -> None:
    from llama import get, make_model, serving

    with serving(make_model(tmp_path / "model.gguf"), ctx=512, parallel=1) as base_url:
        assert get(base_url, "/models")[0] == 200
    assert get(base_url, "/models") == (0, b"")
