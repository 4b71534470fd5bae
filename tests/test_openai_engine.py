"""The OpenAI engine against a real server: what it sends, and what becomes of what comes back."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from exchange import Answer, Asked, completion, error, raw
from fault_server import FaultServer, always

from summarize.engines.asking import OUTPUT, Asking
from summarize.engines.openai import OpenAI
from summarize.errors import (
    AuthError,
    EngineError,
    ModelError,
    OverloadError,
    QuotaError,
    RateError,
    ReplyError,
    RetoldError,
    TransientError,
    UnreachableError,
)
from summarize.news import Version, lay_out
from summarize.prompt import inventory_question, reading_question
from summarize.reply import Reply, Usage
from summarize.schema import wire

KEY = "sk-very-secret-key-0123456789"
QUESTION = reading_question(lay_out(Version("Two die\n\nTwo men died. The mayor said so.\n")))


BODY = {"model": "fake-1", "messages": []}
ASKED = Asked("/v1/chat/completions", {}, json.dumps(BODY).encode())


def says(content: str | None, finish: str = "stop", refusal: str | None = None) -> Answer:
    """A chat completion whose one message is `content`."""
    return completion(ASKED, content, finish, refusal=refusal)


def failure(status: int, code: str, message: str = "scripted failure") -> Answer:
    """An error as OpenAI's servers word it."""
    return error(status, message, type=code, code=code)


def ask(answer: Answer, asking: Asking | None = None) -> tuple[Reply, list[Asked]]:
    """The reply to one question, and the requests it took."""
    with (
        FaultServer(always(answer)) as server,
        closing(OpenAI("fake-1", server.base_url, KEY, asking=asking)) as engine,
    ):
        return engine.ask(QUESTION), server.asked


def fail(answer: Answer) -> RetoldError:
    """The error that `answer` becomes, after exactly one request and without the key in it."""
    with FaultServer(always(answer)) as server, closing(OpenAI("fake-1", server.base_url, KEY)) as engine:
        with pytest.raises(RetoldError) as failed:
            engine.ask(QUESTION)
        assert len(server.asked) == 1
    assert KEY not in f"{failed.value}{failed.value!r}{failed.value.hint}"
    assert len(str(failed.value).splitlines()) == 1
    return failed.value


def test_a_request_is_system_user_strict_schema_and_a_cap_and_nothing_else() -> None:
    _, (asked,) = ask(says("{}"))
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
        "max_tokens": OUTPUT,
    }


def test_no_null_is_sent() -> None:
    _, (asked,) = ask(says("{}"))
    assert None not in asked.body.values()
    assert None not in asked.body["response_format"]["json_schema"].values()


def test_the_name_of_the_form_is_one_that_servers_accept() -> None:
    name = ask(says("{}"))[1][0].body["response_format"]["json_schema"]["name"]
    assert 0 < len(name) <= 64
    assert name.replace("_", "").isalnum()


def test_what_is_set_is_sent_and_nothing_else_is() -> None:
    _, (asked,) = ask(says("{}"), Asking(temperature=0.0, seed=7, output=512))
    assert {name: asked.body[name] for name in ("temperature", "seed", "max_tokens")} == {
        "temperature": 0.0,
        "seed": 7,
        "max_tokens": 512,
    }


def test_openai_itself_is_told_the_cap_by_its_newer_name() -> None:
    for host, cap in (("api.openai.com", "max_completion_tokens"), ("localhost:8000", "max_tokens")):
        with closing(OpenAI("fake-1", f"https://{host}/v1")) as engine:
            assert engine.cap == cap


def test_a_reply_is_what_the_server_said_word_for_word() -> None:
    said = json.loads(says('{"a": "é\u2028"}', finish="length").body)
    said["model"] = "fake-1-exact"
    said["usage"] = {
        "prompt_tokens": 11,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 5},
        "completion_tokens_details": {"reasoning_tokens": 3},
    }
    reply, _ = ask(raw(200, said))
    assert reply.least > 0  # tokens that a server which read it all counts at least
    assert replace(reply, least=0) == Reply(
        text='{"a": "é\u2028"}',
        model="fake-1-exact",
        finish="length",
        refusal=None,
        usage=Usage(input=11, output=7, cached=5, reasoning=3),
        fingerprint="fp_fake",
        rung="strict",
    )


def test_a_refusal_and_an_absent_content_are_told_apart() -> None:
    assert ask(says(None, refusal="I cannot."))[0].refusal == "I cannot."
    assert ask(says(None))[0] == ask(says(""))[0]


def test_a_server_that_counts_no_tokens_gives_no_usage() -> None:
    bare = json.loads(says("{}").body)
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
        (failure(429, "rate_limit_exceeded"), RateError),
        (failure(408, "timeout"), TransientError),
        (failure(500, "server_error"), TransientError),
        (failure(503, "overloaded"), OverloadError),
        (Answer(502, b"<html>Bad Gateway</html>", "text/html"), TransientError),
        (failure(400, "invalid_request_error"), EngineError),
        (failure(404, "model_not_found"), ModelError),
        (failure(404, "not_found"), ModelError),
        (Answer(413), EngineError),
    ],
)
def test_a_failure_is_told_by_its_kind_after_exactly_one_request(answer: Answer, kind: type[EngineError]) -> None:
    failed = fail(answer)
    assert type(failed) is kind
    assert failed.retryable is issubclass(kind, TransientError)
    assert str(answer.status) in str(failed)
    assert failed.where.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("answer", "gate"),
    [
        (Answer(200, b"<html><body>Welcome</body></html>", "text/html"), "http"),
        (Answer(200, b"Welcome", "text/plain"), "http"),
        *(
            (Answer(200, body), "choices")
            for body in (
                b"[1, 2]",
                b'"text"',
                b"null",
                b"{}",
                b'{"choices": null}',
                b'{"choices": {}}',
                b'{"choices": []}',
                b'{"choices": [null]}',
                b'{"choices": ["x"]}',
                b'{"choices": [{}]}',
                b'{"choices": [{"message": null}]}',
                b'{"choices": [{"message": "hello"}]}',
                b'{"choices": [{"message": {"content": ["a"]}}]}',
                b'{"choices": [{"message": {"content": "{}", "refusal": {}}}]}',
            )
        ),
    ],
    ids=lambda given: given.body[:50].decode() if isinstance(given, Answer) else given,
)
def test_a_200_that_is_no_completion_stops_at_a_gate_and_is_not_asked_again(answer: Answer, gate: str) -> None:
    failed = fail(answer)
    assert isinstance(failed, ReplyError)
    assert failed.gate == gate


@pytest.mark.parametrize(
    "body", [b"<html><body>Welcome</body></html>", b"", b'{"choices": [{"mess', b"\xff\xfe\x00", b"[" * 100_000]
)
def test_a_200_that_says_it_is_json_and_is_none_was_cut_on_the_way_and_may_have_been_billed(body: bytes) -> None:
    failed = fail(Answer(200, body))
    assert type(failed) is TransientError
    assert failed.sent


def test_a_redirect_is_not_followed() -> None:
    assert isinstance(fail(Answer(302, b"", "text/html", {"Location": "http://127.0.0.1:9/v1"})), EngineError)


def test_a_port_where_nobody_listens_is_unreachable_and_names_the_host() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with (
            closing(OpenAI("fake-1", f"http://127.0.0.1:{port}/v1", KEY)) as engine,
            pytest.raises(UnreachableError) as failed,
        ):
            engine.ask(QUESTION)
    assert failed.value.where == f"127.0.0.1:{port}"
    assert KEY not in str(failed.value)


def test_an_engine_without_a_model_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(EngineError, match="RETOLD_MODEL"):
        OpenAI("", "http://127.0.0.1:9/v1")


def test_a_server_without_keys_is_asked_without_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenAI's own client would read these by itself and send them to any host."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: gateway-secret")
    with FaultServer(always(says("{}"))) as server, closing(OpenAI("fake-1", server.base_url)) as engine:
        engine.ask(inventory_question(["Two men died."]))
    sent = json.dumps(dict(server.asked[0].headers)) + server.asked[0].raw.decode()
    assert KEY not in sent
    assert "-secret" not in sent


def test_userinfo_of_a_base_url_is_shown_nowhere() -> None:
    with (
        closing(OpenAI("fake-1", "http://user:secret-word@127.0.0.1:9/v1")) as engine,
        pytest.raises(UnreachableError) as failed,
    ):
        engine.ask(QUESTION)
    assert "secret-word" not in f"{engine.host}{engine.base_url}{engine.identity}{failed.value}{failed.value!r}"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"error": {"message": "Rate limit exceeded", "code": 429}}, RateError),
        ({"error": {"message": "no credits", "code": "402"}}, QuotaError),
        ({"error": {"message": "You exceeded it", "code": "insufficient_quota"}}, TransientError),
        ({"error": "upstream failed"}, TransientError),
    ],
)
def test_an_error_inside_a_200_is_the_error_it_says_it_is(said: object, kind: type[RetoldError]) -> None:
    assert isinstance(fail(raw(200, said)), kind)


def test_samples_with_a_seed_are_still_independent() -> None:
    with FaultServer() as server:
        engine = OpenAI("fake-1", server.base_url, asking=Asking(seed=7))
        for sample in (0, 1, 2):
            engine.ask(replace(QUESTION, sample=sample))
        engine.close()
    assert [asked.body["seed"] for asked in server.questions] == [7, 8, 9]


def test_an_answer_that_drips_in_is_waited_for_no_longer_than_the_timeout() -> None:
    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
            with contextlib.suppress(OSError):
                while not over.wait(0.1):
                    connection.sendall(b" ")

    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        port = listening.getsockname()[1]
        engine = OpenAI("fake-1", f"http://127.0.0.1:{port}/v1", asking=Asking(timeout=0.5))
        with pytest.raises(TransientError, match="no answer within") as failed:
            engine.ask(QUESTION)
        over.set()
        thread.join()
        engine.close()
    assert failed.value.sent
