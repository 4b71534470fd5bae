"""What `--json` prints is what the published schemas say, for any number of versions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from command import retold
from jsonschema import Draft202012Validator

from summarize import Version
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.library import story_of
from summarize.prompt import READING
from summarize.report import contract
from summarize.telling import tell

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
FILES = [STORY / "long.txt", STORY / "short.txt"]


def compared(*versions: Version | Path) -> dict[str, object]:
    job = Job.of(Lexicon())
    found = tell(job, story_of(versions))
    printed = contract.comparison(found)
    return cast("dict[str, object]", json.loads(json.dumps(printed)))


def evidences(node: object) -> Iterator[dict[str, object]]:
    """Every evidence anywhere in a JSON value."""
    if isinstance(node, dict):
        if {"version", "start", "end", "exact"} <= node.keys():
            yield node
        for child in node.values():
            yield from evidences(child)
    elif isinstance(node, list):
        for child in node:
            yield from evidences(child)


@pytest.mark.parametrize("name", ["comparison", "summary"])
def test_a_published_schema_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(contract.schema(name))


def test_a_comparison_is_what_its_schema_says() -> None:
    Draft202012Validator(contract.schema("comparison")).validate(compared(*FILES))


def test_a_comparison_of_three_and_of_five_versions_is_what_its_schema_says() -> None:
    third = Version("A soldier crossed the border on Monday. He was questioned.", id="third", outlet="The Example")
    others = [Version(f"A soldier crossed. Text number {n}.", id=f"v{n}") for n in (4, 5)]
    several: list[list[Version | Path]] = [[*FILES, third], [*FILES, third, *others]]
    for versions in several:
        printed = compared(*versions)
        Draft202012Validator(contract.schema("comparison")).validate(printed)
        ids = {v["id"] for v in cast("list[dict[str, str]]", printed["versions"])}
        assert all(set(c["positions"]) == ids for c in cast("list[dict[str, dict[str, object]]]", printed["claims"]))


def test_a_summary_is_what_its_schema_says_with_its_failures(tmp_path: Path) -> None:
    printed = retold("summarize", "--json", *FILES, tmp_path / "nowhere.txt", cwd=tmp_path).json()
    Draft202012Validator(contract.schema("summary")).validate(printed)
    assert len(printed["readings"]) + len(printed["failures"]) == 3
    assert printed["failures"][0]["status"] == "input"


def test_every_evidence_anywhere_is_the_words_of_its_version() -> None:
    texts = {path.stem: path.read_bytes().decode() for path in FILES}
    found = list(evidences(compared(*FILES)))
    assert len(found) > 200
    for e in found:
        start, end = cast("int", e["start"]), cast("int", e["end"])
        assert texts[cast("str", e["version"])][start:end] == e["exact"]


def test_the_schema_refuses_what_is_not_a_comparison() -> None:
    broken = compared(*FILES)
    broken["differences"] = [{"kind": "bias"}]
    assert not Draft202012Validator(contract.schema("comparison")).is_valid(broken)


def test_provenance_counts_what_is_grounded_and_names_prompts_and_engine() -> None:
    record = cast("dict[str, object]", compared(*FILES)["provenance"])
    assert record["engine"] == "lexicon"
    assert record["ungrounded"] == 0
    assert cast("int", record["grounded"]) > 40
    assert any(p.startswith("stance@") for p in cast("list[str]", record["prompts"]))


def test_a_comparison_of_n_asks_n_readings_and_gaps_at_most_an_inventory_n_stances_and_n_second_looks_at_most() -> None:
    third = Version("A soldier crossed the border.\n\n12 men and 3 dogs\n\nHe was questioned on Monday.", id="third")
    ids = {"long", "short", "third"}
    record = cast("dict[str, Any]", compared(*FILES, third)["provenance"])
    asked = Counter((request["version"], *request["sections"]) for request in record["requests"])
    least = Counter({(v, *READING): 1 for v in ids} | {(v, "stance"): 1 for v in ids} | {("", "inventory"): 1})
    more = asked - least
    assert least <= asked
    assert set(more) <= {(v, section) for v in ids for section in ("claims", "stance")}
    assert max(more.values()) == 1
    assert ("third", "claims") in more  # its second paragraph is a subhead, whose numbers no claim holds
    assert {p.partition("@")[0] for p in record["prompts"]} == {
        *READING,
        "inventory",
        "stance",
        "gaps",
        "recheck",
        "frame",
    }
