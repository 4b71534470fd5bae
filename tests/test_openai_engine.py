"""The OpenAI engine against a real server: what it sends, and what becomes of what comes back."""

from __future__ import annotations

import json
import socket

import pytest
from fake_server import Answer, Asked, FakeServer, completion, failure

from summarize.engines.openai import OpenAI
from summarize.errors import AuthError, EngineError, QuotaError, ReplyError, RetoldError, TransientError
from summarize.news import Version, lay_out
from summarize.prompt import inventory_question, reading_question
from summarize.reply import Reply, Usage
from summarize.schema import wire

KEY = "sk-very-secret-key-0123456789"
QUESTION = reading_question(lay_out(Version("Two die\n\nTwo men died. The mayor said so.\n")))


def ask(answer: Answer) -> tuple[Reply, list[Asked]]:
    """The reply to one question, and the requests it took."""
    with FakeServer(lambda _: answer) as server:
        return OpenAI("fake-1", server.base_url, KEY).ask(QUESTION), server.asked


def fail(answer: Answer) -> RetoldError:
    """The error that `answer` becomes, after exactly one request and without the key in it."""
    with FakeServer(lambda _: answer) as server:
        with pytest.raises(RetoldError) as failed:
            OpenAI("fake-1", server.base_url, KEY).ask(QUESTION)
        assert len(server.asked) == 1
    assert KEY not in f"{failed.value}{failed.value!r}{failed.value.hint}"
    assert len(str(failed.value).splitlines()) == 1
    return failed.value


def test_a_request_is_system_user_and_strict_schema_and_nothing_else() -> None:
    _, (asked,) = ask(completion("{}"))
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "fake-1",
        "messages": [
            {"role": "system", "content": QUESTION.system},
            {"role": "user", "content": QUESTION.user},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "_".join(QUESTION.sections), "strict": True, "schema": wire(QUESTION.schema)},
        },
    }


def test_no_null_is_sent() -> None:
    _, (asked,) = ask(completion("{}"))
    assert None not in asked.body.values()
    assert None not in asked.body["response_format"]["json_schema"].values()


def test_the_name_of_the_form_is_one_that_servers_accept() -> None:
    name = ask(completion("{}"))[1][0].body["response_format"]["json_schema"]["name"]
    assert 0 < len(name) <= 64
    assert name.replace("_", "").isalnum()


def test_a_reply_is_what_the_server_said_word_for_word() -> None:
    reply, _ = ask(completion('{"a": "é\u2028"}', finish="length"))
    assert reply == Reply(
        text='{"a": "é\u2028"}',
        model="fake-1-exact",
        finish="length",
        refusal=None,
        usage=Usage(input=11, output=7, cached=5, reasoning=3),
        fingerprint="fp_1",
    )


def test_a_refusal_and_an_absent_content_are_told_apart() -> None:
    assert ask(completion(None, refusal="I cannot."))[0].refusal == "I cannot."
    assert ask(completion(None))[0] == ask(completion(""))[0]


def test_a_server_that_counts_no_tokens_gives_no_usage() -> None:
    bare = json.loads(completion("{}").body)
    del bare["usage"], bare["system_fingerprint"]
    reply, _ = ask(Answer(200, json.dumps(bare).encode()))
    assert (reply.text, reply.usage, reply.fingerprint) == ("{}", Usage(), None)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (failure(401, "invalid_api_key", f"Incorrect API key provided: {KEY}"), AuthError),
        (failure(403, "forbidden"), AuthError),
        (failure(429, "insufficient_quota"), QuotaError),
        (failure(402, "insufficient_quota"), QuotaError),
        (failure(429, "rate_limit_exceeded"), TransientError),
        (failure(408, "timeout"), TransientError),
        (failure(500, "server_error"), TransientError),
        (failure(503, "overloaded"), TransientError),
        (Answer(502, b"<html>Bad Gateway</html>", "text/html"), TransientError),
        (failure(400, "invalid_request_error"), EngineError),
        (failure(404, "model_not_found"), EngineError),
        (Answer(413), EngineError),
    ],
)
def test_a_failure_is_told_by_its_kind_after_exactly_one_request(answer: Answer, kind: type[EngineError]) -> None:
    failed = fail(answer)
    assert type(failed) is kind
    assert failed.retryable is (kind is TransientError)
    assert str(answer.status) in str(failed) or kind is QuotaError
    assert failed.where.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html><body>Welcome</body></html>", "text/html"),
        Answer(200, b"<html><body>Welcome</body></html>"),
        Answer(200, b""),
        Answer(200, b"[1, 2]"),
        Answer(200, b'"text"'),
        Answer(200, b"null"),
        Answer(200, b"{}"),
        Answer(200, b'{"error": {"message": "in a 200"}}'),
        Answer(200, b'{"choices": null}'),
        Answer(200, b'{"choices": {}}'),
        Answer(200, b'{"choices": [null]}'),
        Answer(200, b'{"choices": ["x"]}'),
        Answer(200, b'{"choices": [{}]}'),
        Answer(200, b'{"choices": [{"message": null}]}'),
        Answer(200, b'{"choices": [{"message": "hello"}]}'),
        Answer(200, b'{"choices": [{"message": {"content": ["a"]}}]}'),
        Answer(200, b'{"choices": [{"message": {"content": "{}", "refusal": {}}}]}'),
        Answer(200, b"\xff\xfe\x00"),
        Answer(200, b"[" * 100_000),
        Answer(302, b"", "text/html"),
    ],
    ids=lambda answer: answer.body[:50].decode("latin-1") or str(answer.status),
)
def test_a_200_that_is_no_completion_is_an_error_of_ours(answer: Answer) -> None:
    assert isinstance(fail(answer), EngineError | ReplyError)


def test_a_completion_without_choices_stops_at_the_gate_choices() -> None:
    empty = json.loads(completion("{}").body)
    empty["choices"] = []
    failed = fail(Answer(200, json.dumps(empty).encode()))
    assert isinstance(failed, ReplyError)
    assert failed.gate == "choices"


def test_a_port_where_nobody_listens_is_transient_and_names_the_host() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with pytest.raises(TransientError) as failed:
            OpenAI("fake-1", f"http://127.0.0.1:{port}/v1", KEY).ask(QUESTION)
    assert failed.value.where == f"127.0.0.1:{port}"
    assert KEY not in str(failed.value)


def test_an_engine_without_a_model_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(EngineError, match="RETOLD_MODEL"):
        OpenAI("", "http://127.0.0.1:9/v1")


def test_a_server_without_keys_is_asked_without_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would read OPENAI_API_KEY by itself and send it to any host."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: gateway-secret")
    with FakeServer(lambda _: completion("{}")) as server:
        OpenAI("fake-1", server.base_url).ask(inventory_question(["Two men died."]))
    sent = json.dumps(dict(server.asked[0].headers)) + server.asked[0].raw.decode()
    assert KEY not in sent
    assert "-secret" not in sent


def test_userinfo_of_a_base_url_is_shown_nowhere() -> None:
    engine = OpenAI("fake-1", "http://user:secret-word@127.0.0.1:9/v1")
    with pytest.raises(TransientError) as failed:
        engine.ask(QUESTION)
    assert "secret-word" not in engine.host + str(failed.value)
