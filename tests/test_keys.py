"""A key goes to its own host and nowhere else: to no other host, stream, file, ledger, recording or traceback."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command import Ran, retold
from exchange import Answer, Asked, completion, error, raw
from fault_server import FAULTS, FaultServer, Script, good
from many import articles, started

from summarize.engines.openai import OpenAI
from summarize.errors import RetoldError
from summarize.news import Version, lay_out
from summarize.prompt import reading_question

KEY = "sk-very/secret-key-0123456789"
TEXT = "Two die\n\nTwo men died in Lisbon. The mayor said so on Tuesday.\n"
QUESTION = reading_question(lay_out(Version(TEXT)))


def _sent(asked: Asked) -> str:
    return asked.headers.get("authorization", "nothing")


def _php(asked: Asked) -> Answer:
    body = json.dumps({"error": {"message": f"not with {_sent(asked)}"}}).replace("/", "\\/")
    return Answer(400, body.encode())


ECHOES: dict[str, Script] = {
    "401": lambda a: error(401, f"Incorrect API key provided: {_sent(a)}.", code="invalid_api_key"),
    "401 in HTML": lambda a: Answer(401, f"<h1>no</h1><p>{_sent(a)}".encode(), "text/html"),
    "400": lambda a: error(400, f"Authorization: {_sent(a)} is not welcome", code=_sent(a), param=_sent(a)),
    "400 in headers": lambda a: error(400, "no", {"X-Debug": _sent(a)}, type=_sent(a)),
    "400 flat": lambda a: raw(400, {"detail": [{"msg": "no", "loc": [_sent(a)]}]}),
    "400 as PHP writes it": _php,
    "404 model": lambda a: error(404, f"The model {_sent(a)} does not exist", code="model_not_found"),
    "context": lambda a: error(400, f"prompt is too long, {_sent(a)}"),
    "form": lambda a: error(400, f"response_format: {_sent(a)}"),
    "parameter": lambda a: error(400, f"max_tokens: {_sent(a)}", param="max_tokens"),
    "quota": lambda a: error(402, f"no balance for {_sent(a)}"),
    "content": lambda a: error(400, f"content_filter {_sent(a)}"),
    "refusal": lambda a: completion(a, None, refusal=f"Not with {_sent(a)}"),
    "no JSON": lambda a: completion(a, f"You sent {_sent(a)}"),
    "in the answer": lambda a: completion(a, json.dumps({"summary": _sent(a)})),
    "page": lambda a: Answer(200, _sent(a).encode(), "text/html"),
    "no choices": lambda a: raw(200, {"error": _sent(a)}),
    "as its model": lambda a: raw(200, {**json.loads(good(a).body), "model": _sent(a), "system_fingerprint": _sent(a)}),
}
PASSING: dict[str, Script] = {
    "500": lambda a: error(500, f"crash at {_sent(a)}"),
    "503": lambda a: error(503, f"overloaded, {_sent(a)}"),
}


def everything(ran: Ran, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Both streams of a run and every file that there is after it."""
    yield from (("stdout", ran.out.encode()), ("stderr", ran.err.encode()))
    yield from ((path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("echo", ECHOES)
def test_a_key_that_a_server_repeats_is_shown_and_kept_nowhere(tmp_path: Path, echo: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer(ECHOES[echo]) as server:
        whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
        for form in ("--json", "--markdown"):
            ran = retold("summarize", "a.txt", form, *whom, cwd=tmp_path, env={"RETOLD_API_KEY": KEY})
            assert {_sent(asked) for asked in server.asked} == {f"Bearer {KEY}"}
            exported = retold("ledger", "export", "all.jsonl", "--ledger", "l.sqlite", cwd=tmp_path)
            failures = retold("ledger", "failures", "--ledger", "l.sqlite", cwd=tmp_path)
            assert "Traceback" not in ran.err
            for place, found in (
                *everything(ran, tmp_path),
                *everything(exported, tmp_path),
                *everything(failures, tmp_path),
            ):
                assert KEY.encode() not in found, place
                assert KEY.replace("/", "\\/").encode() not in found, place


@pytest.mark.parametrize("echo", [*ECHOES, *PASSING])
def test_no_traceback_has_the_key(echo: str) -> None:
    with (
        FaultServer((ECHOES | PASSING)[echo]) as server,
        closing(OpenAI("fake-1", server.base_url, KEY)) as engine,
    ):
        try:
            told = repr(engine.ask(QUESTION))
        except RetoldError as failed:
            told = "".join(traceback.format_exception(failed)) + repr(vars(failed))
    assert KEY not in told


@pytest.mark.parametrize("fault", ["reset_mid_body", "close_before_body", "close_before_head", "500_text"])
def test_no_traceback_of_a_broken_connection_has_the_key(fault: str) -> None:
    with FaultServer(FAULTS[fault]) as server, closing(OpenAI("fake-1", server.base_url, KEY)) as engine:
        with pytest.raises(RetoldError) as failed:
            engine.ask(QUESTION)
        assert KEY not in "".join(traceback.format_exception(failed.value))


def test_a_killed_run_leaves_no_key_in_the_ledgers_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETOLD_API_KEY", KEY)
    articles(tmp_path, 12)
    with FaultServer(ECHOES["no JSON"]) as server, started(server, tmp_path, "--hands", "2") as process:
        while len(server.questions) < 20 and process.poll() is None:
            pass
        process.kill()
        process.wait()
    assert (tmp_path / "l.sqlite-wal").stat().st_size > 0
    for path in tmp_path.glob("l.sqlite*"):
        assert KEY.encode() not in path.read_bytes(), path.name
    assert b"You sent Bearer [key]" in (tmp_path / "l.sqlite-wal").read_bytes()


@pytest.mark.parametrize(
    "env",
    [
        {"OPENAI_API_KEY": KEY},
        {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://api.example.org/v1"},
        {"RETOLD_API_KEY": KEY, "RETOLD_BASE_URL": "https://api.example.org/v1"},
        {"RETOLD_API_KEY": KEY, "RETOLD_BASE_URL": "http://127.0.0.1:9/v1"},
        {"OPENAI_ADMIN_KEY": KEY, "OPENAI_ORG_ID": KEY, "OPENAI_PROJECT_ID": KEY},
    ],
    ids=" ".join,
)
def test_a_key_for_one_host_is_not_sent_to_another(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    others = f'[keys]\n"api.example.org" = "{KEY}"\n"127.0.0.1" = "{KEY}"\n"127.0.0.1:9" = "{KEY}"\n'
    (tmp_path / "retold.toml").write_text(others, "utf-8")
    netrc = tmp_path / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login user password {KEY}\n", "utf-8")
    netrc.chmod(0o600)
    with FaultServer() as server:
        whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
        home = {"HOME": str(tmp_path), "NETRC": str(netrc)}
        assert retold("summarize", "a.txt", *whom, cwd=tmp_path, env=env | home).code == 0
    (asked,) = server.asked
    assert "authorization" not in asked.headers
    assert KEY not in json.dumps(dict(asked.headers)) + asked.raw.decode()


def test_a_key_is_sent_to_its_own_host(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer(key=KEY) as server:
        host = server.base_url.split("/")[2]
        whom = ("summarize", "a.txt", "--model", "fake-1", "--ledger", "l.sqlite", "--fresh")
        url = {"OPENAI_BASE_URL": server.base_url}
        assert retold(*whom, cwd=tmp_path, env={"OPENAI_API_KEY": KEY, **url}).code == 0
        assert retold(*whom, cwd=tmp_path, env={"RETOLD_API_KEY": KEY, **url}).code == 0
        assert retold(*whom, cwd=tmp_path, env=url).code == 6
        (tmp_path / "retold.toml").write_text(f'[keys]\n"{host}" = "{KEY}"\n', "utf-8")
        assert retold(*whom, cwd=tmp_path, env=url).code == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_nobody_else_gets_key_or_article(tmp_path: Path, status: int) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer() as other:
        there = f"{other.base_url}/chat/completions"
        with FaultServer(lambda _: Answer(status, headers={"Location": there})) as server:
            whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
            ran = retold("summarize", "a.txt", *whom, cwd=tmp_path, env={"RETOLD_API_KEY": KEY})
        assert len(server.asked) == 1
        assert other.asked == []
    assert ran.code == 10
    assert str(status) in ran.error()


def test_a_password_in_the_base_url_is_shown_and_kept_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer() as server:
        url = server.base_url.replace("//", "//user:secret-word@")
        whom = ("--model", "fake-1", "--base-url", url, "--ledger", "l.sqlite")
        ran = retold("summarize", "a.txt", "--json", *whom, cwd=tmp_path)
        exported = retold("ledger", "export", "all.jsonl", "--ledger", "l.sqlite", cwd=tmp_path)
    assert ran.code == exported.code == 0
    settings = retold("settings", "--base-url", url, cwd=tmp_path)
    for place, found in (*everything(ran, tmp_path), *everything(settings, tmp_path)):
        assert b"secret-word" not in found, place


@pytest.mark.parametrize("key", ["x", "EMPTY", "Lisbon"])
def test_a_placeholder_for_a_key_changes_no_word_of_an_answer(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with FaultServer() as server:
        whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--json", "--fresh")
        with_key = retold("summarize", "a.txt", *whom, cwd=tmp_path, env={"RETOLD_API_KEY": key}).json()
        without = retold("summarize", "a.txt", *whom, cwd=tmp_path).json()
    assert with_key["readings"] == without["readings"]
