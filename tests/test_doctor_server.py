"""What the doctor finds out about a server before anything is asked: its models, and the window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pytest
from command import retold
from doctors import Telling, checks, doctor, listing, look
from exchange import Answer, Asked, raw
from fault_server import FAULTS, FaultServer, good, once
from faults import context_llama

pytest_plugins = ("llama",)


def test_looking_for_the_window_ends_at_the_first_place_that_hangs(tmp_path: Path) -> None:
    with Telling(told={"/props": Answer(pause=math.inf, sent="end")}) as server:
        doctor(server, tmp_path, "--timeout", "0.3")
        paths = [asked.path for asked in server.asked]
    assert paths == ["/v1/models", "/props", "/v1/chat/completions"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (raw(404, {"detail": "Not Found"}), "404 Not Found"),
        (Answer(500, b"Internal Server Error", "text/plain"), "500 Internal Server Error"),
        (raw(403, {"error": {"message": "no"}}), "403 Forbidden"),
        (Answer(307, headers={"Location": "http://192.0.2.1/v1/models"}), "307 Temporary Redirect"),
        (Answer(200, b"<p>It works!</p>", "text/html"), "no list of models"),
        (raw(200, {"object": "list", "data": None}), "no list of models"),
        (raw(200, [[[]], 1, {"id": 1}]), "no list of models"),
        (Answer(sent="end"), "the connection broke"),
    ],
)
def test_a_server_without_a_list_of_models_is_asked_all_the_same(answer: Answer, said: str, tmp_path: Path) -> None:
    with Telling(told={"/v1/models": answer}) as server:
        ran = doctor(server, tmp_path)
        assert len(server.questions) == 1
    found = checks(ran)
    assert ran.code == 0
    assert found["reachable"]["state"] == "warning"
    assert said in found["reachable"]["found"]
    assert found["model"]["state"] == "skipped"
    assert found["question"]["state"] == "ok"


@pytest.mark.parametrize("name", ["fake-1", "fake-1:latest", "fake-1@main", "maker/fake-1"])
def test_a_model_is_found_by_its_name_with_a_tag_a_revision_or_a_maker(name: str, tmp_path: Path) -> None:
    found = look(tmp_path, {"/v1/models": listing({"id": "other"}, {"id": name, "max_model_len": 9_000})})
    check = next(check for check in found["checks"] if check["check"] == "model")
    assert check["state"] == "ok"
    assert found["window"] == 9_000


def test_another_tag_is_not_the_model(tmp_path: Path) -> None:
    found = look(tmp_path, {"/v1/models": listing({"id": "fake-1:7b"}, {"id": "fake-12"})})
    check = next(check for check in found["checks"] if check["check"] == "model")
    assert check["state"] == "warning"


def test_a_model_that_is_neither_listed_nor_answered_is_failed_with_eight_near_names(tmp_path: Path) -> None:
    names = tuple(f"fake-{n}" for n in range(10, 30))
    with FaultServer(FAULTS["404_model"], names) as server:
        ran = doctor(server, tmp_path)
    found = checks(ran)["model"]
    assert ran.code == 10
    assert found["state"] == "failed"
    assert found["found"].count("fake-") == 1 + 8
    assert "and 12 more" in found["found"]
    assert "model: fake-1 is not listed" in ran.error()


def test_a_server_that_answers_to_any_name_is_a_warning_only(tmp_path: Path) -> None:
    with FaultServer(models=("real-name",)) as server:
        ran = doctor(server, tmp_path)
    assert ran.code == 0
    assert checks(ran)["model"]["state"] == "warning"
    assert "answers to the name all the same" in checks(ran)["model"]["found"]


def test_without_a_name_the_only_model_there_is_is_asked(tmp_path: Path) -> None:
    with FaultServer() as server:
        ran = doctor(server, tmp_path, "--no-model")
        (question,) = server.questions
    assert ran.code == 0
    assert question.body["model"] == ran.json()["model"] == "fake-1"
    assert "the only one" in checks(ran)["model"]["found"]


def test_without_a_name_none_of_several_models_is_asked(tmp_path: Path) -> None:
    with FaultServer(models=("one", "two")) as server:
        ran = doctor(server, tmp_path, "--no-model")
        assert not server.questions
    assert ran.code == 10
    assert "listed: one, two" in checks(ran)["model"]["found"]
    assert checks(ran)["question"]["state"] == "skipped"


OLLAMA = {"/api/version": raw(200, {"version": "0.33.0"})}
_RUNNING = [{"name": "x", "context_length": 1}, {"name": "fake-1:latest", "context_length": 16_384}]
LOADED = {"/api/ps": raw(200, {"models": _RUNNING})}
TRAINED = {"/api/show": raw(200, {"model_info": {"general.name": "x", "llama.context_length": 131_072}})}
_BAKED = {"parameters": "stop  x\nnum_ctx  12288", "model_info": {"llama.context_length": 131_072}}
SHOWN = {"/api/show": raw(200, _BAKED)}


def listed(**entry: object) -> dict[str, Answer]:
    """A list with one model, of which this is said."""
    return {"/v1/models": listing({"id": "fake-1", **entry})}


@pytest.mark.parametrize(
    ("told", "window", "source", "state"),
    [
        (listed(max_model_len=16_384), 16_384, "max_model_len", "ok"),
        (listed(meta={"n_ctx": 9_216, "n_ctx_train": 40_960}), 9_216, "n_ctx", "ok"),
        (listed(context_length=200_000), 200_000, "context_length", "ok"),
        (listed(context_window=8_191), 8_191, "context_window", "warning"),
        ({"/props": raw(200, {"default_generation_settings": {"n_ctx": 8_192}})}, 8_192, "/props", "ok"),
        ({"/info": raw(200, {"max_total_tokens": 16_384, "max_input_tokens": 1})}, 16_384, "/info", "ok"),
        (OLLAMA | LOADED | SHOWN, 16_384, "loaded model", "ok"),
        (OLLAMA | SHOWN, 12_288, "num_ctx", "ok"),
        (OLLAMA | TRAINED, 131_072, "trained for", "warning"),
        (listed(meta={"n_ctx_train": 40_960}), 40_960, "n_ctx_train", "warning"),
        (SHOWN, None, "unknown", "warning"),
        (listed(max_model_len=True, context_length=-1), None, "unknown", "warning"),
    ],
)
def test_the_window_is_what_the_server_says_and_its_source_is_told(
    told: Mapping[str, Answer], window: int | None, source: str, state: str, tmp_path: Path
) -> None:
    report = look(tmp_path, told)
    found = next(check for check in report["checks"] if check["check"] == "window")
    assert report["window"] == window
    assert (found["state"], source in found["found"]) == (state, True)


def test_the_details_of_a_model_are_asked_of_nobody_but_ollama(tmp_path: Path) -> None:
    with FaultServer() as server:
        doctor(server, tmp_path)
        assert {asked.path for asked in server.asked if asked.method == "POST"} == {"/v1/chat/completions"}


def test_a_window_given_beyond_the_servers_is_a_warning(tmp_path: Path) -> None:
    report = look(tmp_path, listed(max_model_len=12_000), context_window="16384")
    found = next(check for check in report["checks"] if check["check"] == "window")
    assert report["window"] == 12_000
    assert (found["state"], found["hint"]) == ("warning", "give --context-window 12000")


def test_a_window_known_from_a_refusal_is_told_and_kept_to(tmp_path: Path) -> None:
    def script(asked: Asked) -> Answer:
        return good(asked) if asked.body["max_tokens"] <= 1_024 else context_llama(None)(asked)

    with FaultServer(once(FAULTS["400_context_llama"])) as server:
        report = doctor(server, tmp_path).json()
        first, second = (asked.body["max_tokens"] for asked in server.questions)
    assert report["window"] is not None
    assert second < first
    with FaultServer(script) as server:
        assert doctor(server, tmp_path).code == 0


def test_a_real_server_is_known_by_its_list_its_window_and_its_form(llama: str, tmp_path: Path) -> None:
    ran = retold("doctor", "--base-url", llama, "--json", cwd=tmp_path)
    report, found = ran.json(), checks(ran)
    assert (report["model"], report["window"], report["rung"]) == ("nonsense", 16_384, "strict")
    assert found["reachable"]["state"] == found["model"]["state"] == found["window"]["state"] == "ok"
    assert report["usage"]["input"] > 0


def test_a_real_server_that_answers_to_any_name_is_found_out(llama: str, tmp_path: Path) -> None:
    ran = retold("doctor", "--base-url", llama, "--model", "no-such-model", "--json", cwd=tmp_path)
    assert checks(ran)["model"]["state"] == "warning"
    assert ran.json()["answered_by"] == "nonsense"
    assert ran.json()["window"] == 16_384
