"""A recording replays a model's answers word for word, and refuses to invent."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import retold

from summarize import Version, compare
from summarize.archive.files import open_version
from summarize.engines.recorded import Recorded, recording
from summarize.errors import LedgerError, UnrecordedError
from summarize.library import story_of
from summarize.prompt import READING, prompt, reading_question
from summarize.settled import key

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
FILES = (STORY / "long.txt", STORY / "short.txt")
RECORDING = STORY / "recording.jsonl"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The comparison of the fixture by the recorded model, as the command line prints it."""
    folder = tmp_path_factory.mktemp("replayed")
    ran = retold("compare", *FILES, "--recording", RECORDING, "--json", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.json()


def test_the_recording_is_of_the_prompts_as_they_are_now() -> None:
    recorded = {prompt_id for settled in recording(RECORDING) for prompt_id in settled.prompts}
    assert {prompt(name).id for name in (*READING, "inventory", "stance")} <= recorded


def test_a_replay_is_labelled_as_what_it_is(replayed: dict[str, Any]) -> None:
    record = replayed["provenance"]
    assert (record["engine"], record["model"], record["host"]) == ("recorded", "claude", "")
    assert "replayed" in record["limits"][0]
    assert "2026-11-24" in " ".join(record["limits"])


def test_every_finding_of_the_recorded_model_is_proved_by_its_words(replayed: dict[str, Any]) -> None:
    assert replayed["provenance"]["ungrounded"] == 0
    assert replayed["provenance"]["grounded"] > 100
    texts = {path.stem: open_version(path).text for path in FILES}
    for claim in replayed["claims"]:
        for version, position in claim["positions"].items():
            assert position["status"] == "not found" or (position["status"] == "silent") == (position["evidence"] == [])
            for e in position["evidence"]:
                assert texts[version][e["start"] : e["end"]] == e["exact"]


def test_a_replay_asks_two_readings_one_for_gaps_an_inventory_two_stances_and_two_second_looks(
    replayed: dict[str, Any],
) -> None:
    asked = ["+".join(r["sections"]) for r in replayed["provenance"]["requests"]]
    assert Counter(asked) == {"+".join(READING): 2, "claims": 1, "inventory": 1, "stance": 4}


def test_the_order_of_the_versions_changes_nothing_but_the_order(replayed: dict[str, Any], tmp_path: Path) -> None:
    back = retold("compare", *FILES[::-1], "--recording", RECORDING, "--json", cwd=tmp_path).json()
    assert back["claims"] == [
        {**claim, "positions": dict(reversed(claim["positions"].items()))} for claim in replayed["claims"]
    ]
    assert sorted(d["kind"] for d in back["differences"]) == sorted(d["kind"] for d in replayed["differences"])
    assert {json.dumps(d["evidence"], sort_keys=True) for d in back["differences"]} == {
        json.dumps(d["evidence"], sort_keys=True) for d in replayed["differences"]
    }


def test_a_changed_text_has_no_recorded_answer() -> None:
    engine = Recorded(recording(RECORDING))
    version = open_version(FILES[1])
    changed = replace(version, text=version.text.replace("196", "197"), id="changed")
    with pytest.raises(UnrecordedError, match="record again"):
        compare(version, changed, engine=engine)


def test_a_changed_text_is_exit_code_13(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two men died in Lisbon on Tuesday, the mayor said.\n", "utf-8")
    ran = retold("summarize", "a.txt", "--recording", RECORDING, cwd=tmp_path)
    assert (ran.code, ran.out) == (13, "")
    assert "no recorded answer" in ran.error()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no answers"),
        ("{}\n", "line 1"),
        ("not JSON\n", "line 1"),
        ('{"format": "other/1"}\n', "other/1"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_is_no_recording_is_exit_code_12_with_its_line(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "a.txt").write_text("Two men died.\n", "utf-8")
    ran = retold("summarize", "a.txt", "--recording", path, cwd=tmp_path)
    assert ran.code == 12
    assert says in ran.error()


def test_answers_of_two_models_need_one_to_be_chosen() -> None:
    found = list(recording(RECORDING))
    other = [replace(s, identity={**s.identity, "model": "other"}) for s in found]
    with pytest.raises(LedgerError, match="several"):
        Recorded([*found, *other])
    assert Recorded([*found, *other], "claude").model == "claude"


def test_a_label_or_a_file_name_changes_no_key() -> None:
    engine = Recorded(recording(RECORDING))
    version = open_version(FILES[0])
    renamed = Version(version.text, id="x", label="Another label")
    keys = {
        key(reading_question(article), engine.identity)
        for v in (version, renamed)
        for article in story_of([v]).articles
    }
    assert len(keys) == 1
