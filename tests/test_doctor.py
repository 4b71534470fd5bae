"""The doctor: one tiny question to whole and faulty servers, keys, and the engines without a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import retold
from doctors import KEY, Telling, checks, doctor, listing
from exchange import Answer, Asked, always, raw
from fault_server import FAULTS, FaultServer, completion, good

from summarize.doctor.question import ARTICLE


def test_the_question_is_about_a_text_of_two_sentences() -> None:
    assert len(list(ARTICLE.read())) == 2


def test_a_server_in_order_passes_every_check_with_one_question(tmp_path: Path) -> None:
    told = {"/v1/models": listing({"id": "fake-1", "max_model_len": 32_768})}
    with Telling(told=told) as server:
        ran = doctor(server, tmp_path)
        assert len(server.questions) == 1
    assert ran.code == 0
    assert ran.err == ""
    report = ran.json()
    assert report["format"] == "retold.doctor/1"
    assert {check["state"] for check in report["checks"]} == {"ok"}
    assert (report["engine"], report["model"], report["answered_by"]) == ("openai", "fake-1", "fake-1")
    assert (report["rung"], report["window"], report["cap"]) == ("strict", 32_768, "max_tokens")
    assert report["usage"]["input"] > report["usage"]["output"] > 0
    names = "address key reachable model window question rung usage tokens price"
    assert [check["check"] for check in report["checks"]] == names.split()


def test_a_person_reads_a_mark_and_a_word_on_each_line(tmp_path: Path) -> None:
    with FaultServer(FAULTS["400_format"]) as server:
        ran = retold("doctor", "--model", "fake-1", "--base-url", server.base_url, cwd=tmp_path)
    assert ran.code == 0
    assert "✓ ok       reachable  it lists 1 model\n" in ran.out
    assert "! warning  rung       object, lower than strict" in ran.out
    assert "→ pin it to save requests: --rung object" in ran.out


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("401", 6, "the server refused the key"),
        ("quota_429", 7, "nothing left to spend"),
        ("404_model", 10, "does not know the model"),
        ("404_path", 10, "no chat completions at this address"),
        ("rate_429", 5, "too many requests"),
        ("500", 5, "busy or failing"),
        ("reset_mid_body", 5, "the connection broke"),
        ("wrong_content_type", 8, "at the gate http"),
        ("refusal", 8, "at the gate refusal"),
        ("length", 8, "at the gate length"),
        ("truncated_prompt", 8, "at the gate truncated"),
        ("ignores_format", 8, "at the gate json"),
    ],
)
def test_a_question_that_fails_gives_its_exit_code_and_the_other_checks_are_made(
    fault: str, code: int, said: str, tmp_path: Path
) -> None:
    with FaultServer(FAULTS[fault]) as server:
        ran = doctor(server, tmp_path)
    found = checks(ran)
    assert ran.code == code
    assert said in found["question"]["found"]
    assert said in ran.error()
    assert [name for name, check in found.items() if check["state"] == "failed"] == ["question"]
    assert {"tokens", "price", "window"} <= found.keys()


def test_a_server_that_never_answers_is_waited_for_no_longer_than_the_timeout(tmp_path: Path) -> None:
    with FaultServer(FAULTS["hang"]) as server:
        ran = doctor(server, tmp_path, "--timeout", "0.3")
    assert ran.code == 5
    assert checks(ran)["question"]["found"] == "no answer within 0.3 s"


def test_nobody_at_the_address_is_unreachable_and_no_question_is_asked(tmp_path: Path) -> None:
    with FaultServer() as server:
        gone = server.base_url
    ran = retold("doctor", "--model", "gpt-4o-mini", "--base-url", gone, "--json", cwd=tmp_path)
    assert ran.code == 5
    states = {name: check["state"] for name, check in checks(ran).items()}
    assert states["reachable"] == "failed"
    assert states["model"] == states["question"] == states["rung"] == states["usage"] == "skipped"
    assert states["tokens"] == "ok"


@pytest.mark.parametrize(
    ("fault", "rung", "questions"),
    [("400_format", "object", 3), ("400_format_any", "none", 4), ("500_format", "object", 3)],
)
def test_the_rung_is_the_highest_that_the_server_does_not_refuse(
    fault: str, rung: str, questions: int, tmp_path: Path
) -> None:
    with FaultServer(FAULTS[fault]) as server:
        ran = doctor(server, tmp_path)
        assert len(server.questions) == questions
    assert ran.code == 0
    assert ran.json()["rung"] == rung
    assert checks(ran)["rung"]["hint"].endswith(f"--rung {rung}")


def test_a_form_that_is_ignored_is_stepped_down_from_to_one_that_is_told_in_words(tmp_path: Path) -> None:
    def script(asked: Asked) -> Answer:
        return completion(asked, "Dear reader.") if "response_format" in asked.body else good(asked)

    with FaultServer(script) as server:
        ran = doctor(server, tmp_path)
    assert ran.code == 0
    assert ran.json()["rung"] == "none"
    assert "ignored: strict, object" in checks(ran)["rung"]["found"]


def test_a_pinned_rung_is_kept_to_and_is_no_warning(tmp_path: Path) -> None:
    with FaultServer(FAULTS["400_format"]) as server:
        ran = doctor(server, tmp_path, "--rung", "object")
        assert len(server.questions) == 1
    assert checks(ran)["rung"]["state"] == "ok"


def test_no_rung_is_reported_where_no_form_is_kept_to(tmp_path: Path) -> None:
    with FaultServer(FAULTS["ignores_format"]) as server:
        assert doctor(server, tmp_path).json()["rung"] is None


def test_the_field_that_caps_an_answer_is_the_one_the_server_takes(tmp_path: Path) -> None:
    with FaultServer(FAULTS["400_parameter"]) as server:
        assert doctor(server, tmp_path).json()["cap"] == "max_completion_tokens"


def test_a_bad_citation_is_a_warning(tmp_path: Path) -> None:
    with FaultServer(FAULTS["cites_out_of_range"]) as server:
        ran = doctor(server, tmp_path)
    assert ran.code == 0
    assert checks(ran)["question"]["state"] == "warning"
    assert "was not shown" in checks(ran)["question"]["found"]


def echoing(asked: Asked) -> Answer:
    """A server that repeats the key wherever it can."""
    held = asked.headers.get("authorization", "")
    return raw(500, {"error": {"message": f"bad key {held}", "code": held}})


def test_no_key_is_shown_whatever_the_server_says(tmp_path: Path) -> None:
    refused = raw(200, {"choices": [{"message": {"content": None, "refusal": f"not with {KEY}"}}], "model": KEY})
    models = {"/v1/models": listing({"id": KEY}, {"id": f"fake-{KEY}"})}
    for script in (echoing, always(refused)):
        for form in ((), ("--json",)):
            with Telling(script, told=models, key=KEY) as server:
                flags = ("--model", "fake-1", "--base-url", server.base_url, *form)
                ran = retold("doctor", *flags, cwd=tmp_path, env={"RETOLD_API_KEY": KEY})
                assert ran.code in {5, 8}
                assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {KEY}"}
            assert KEY not in ran.out + ran.err
            assert "…6789" in ran.out
            assert "RETOLD_API_KEY" in ran.out


def test_nothing_but_the_hosts_own_key_is_sent(tmp_path: Path) -> None:
    env = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_ADMIN_KEY": KEY,
        "OPENAI_ORG_ID": "org-secret",
        "OPENAI_PROJECT_ID": "proj-secret",
        "OPENAI_CUSTOM_HEADERS": f"X-Secret: {KEY}\nAuthorization: Bearer {KEY}",
    }
    with FaultServer() as server:
        ran = doctor(server, tmp_path, env=env)
        sent = json.dumps([dict(asked.headers) for asked in server.asked])
    assert ran.code == 0
    assert "secret" not in sent.lower()
    assert "authorization" not in sent.lower()


def test_a_key_that_no_header_can_carry_fails_and_is_not_shown(tmp_path: Path) -> None:
    with FaultServer() as server:
        ran = doctor(server, tmp_path, env={"RETOLD_API_KEY": "sk-geheim-schlüssel"})
        assert not server.questions
    assert ran.code == 5
    assert checks(ran)["key"]["state"] == "failed"
    assert "geheim" not in ran.out + ran.err


def test_a_wrong_key_is_the_exit_code_of_keys_and_the_list_of_models_is_no_obstacle(tmp_path: Path) -> None:
    with FaultServer(key=KEY) as server:
        ran = doctor(server, tmp_path, env={"RETOLD_API_KEY": "sk-another-key-0123456789"})
    assert ran.code == 6
    assert checks(ran)["reachable"]["state"] == "warning"


def test_a_host_that_is_not_this_machine_needs_a_key_and_https(tmp_path: Path) -> None:
    with FaultServer() as server:
        elsewhere = server.base_url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104  # a host not known as loopback
        ran = retold("doctor", "--model", "fake-1", "--base-url", elsewhere, "--json", cwd=tmp_path)
    found = checks(ran)
    assert ran.code == 0
    assert found["address"]["state"] == found["key"]["state"] == found["price"]["state"] == "warning"
    assert "in clear" in found["address"]["found"]


def test_a_password_in_the_address_is_not_shown(tmp_path: Path) -> None:
    with FaultServer() as server:
        ran = doctor(server, tmp_path, "--base-url", server.base_url.replace("//", "//someone:hush-hush@"))
    assert ran.code == 0
    assert "hush" not in ran.out + ran.err


def test_a_price_of_ones_own_gives_the_questions_cost(tmp_path: Path) -> None:
    (tmp_path / "retold.toml").write_text('[prices."fake-1"]\ninput = 1\noutput = 2\nwindow = 20000\n', "utf-8")
    with FaultServer() as server:
        ran = doctor(server, tmp_path)
    report = ran.json()
    assert float(report["cost"]) == (report["usage"]["input"] + 2 * report["usage"]["output"]) / 1e6
    assert report["window"] == 20_000
    assert checks(ran)["price"]["state"] == "ok"


def test_an_unsound_price_fails_by_itself(tmp_path: Path) -> None:
    (tmp_path / "retold.toml").write_text('[prices."fake-1"]\ninput = 1\n', "utf-8")
    with FaultServer() as server:
        ran = doctor(server, tmp_path)
    assert ran.code == 2
    assert [name for name, check in checks(ran).items() if check["state"] == "failed"] == ["price"]


def test_control_characters_of_a_server_do_not_reach_the_terminal(tmp_path: Path) -> None:
    with FaultServer(models=("\x1b[31mred", "\u202eder")) as server:
        ran = retold("doctor", "--model", "fake-1", "--base-url", server.base_url, cwd=tmp_path)
    assert "red" in ran.out
    assert not {c for c in ran.out if not c.isprintable() and c != "\n"}


def test_the_embedded_engine_needs_nothing_and_is_read_through_its_gates(tmp_path: Path) -> None:
    ran = retold("doctor", "--json", cwd=tmp_path)
    assert ran.code == 0
    assert ran.json()["engine"] == "lexicon"
    assert {name: check["state"] for name, check in checks(ran).items()} == dict.fromkeys(
        ("engine", "prompts", "word lists", "reading"), "ok"
    )


def test_a_recording_that_is_not_there_fails(tmp_path: Path) -> None:
    ran = retold("doctor", "--recording", "none.jsonl", "--json", cwd=tmp_path)
    assert ran.code == 12
    assert checks(ran)["recording"]["state"] == "failed"
