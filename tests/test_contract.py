"""What `--json` prints is what the published schemas say, for any number of versions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import stories
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


# Lists whose order is that in which the versions were given.
LISTED = {"versions", "lacking", "anchors", "uncovered", "ungrounded"}
WHOLE_STORY = (
    "figures", "ratios", "quotations", "account", "unknown", "origins", "descents", "revisions", "timeline",
    "reliability",
)  # fmt: skip


def compared(*versions: Version | Path, revisions: bool = False) -> dict[str, object]:
    job = Job.of(Lexicon())
    found = tell(job, story_of(versions, revisions=revisions))
    printed = contract.comparison(found)
    return cast("dict[str, object]", json.loads(json.dumps(printed, allow_nan=False)))


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, object]]:
    """What is printed of the fixture, of revisions, and of near-copies."""
    return {
        "fixture": compared(*FILES),
        "revisions": compared(*stories.revisions(), revisions=True),
        "copies": compared(*stories.copies()),
    }


def texts_of(name: str) -> dict[str, str]:
    made = {"revisions": stories.revisions, "copies": stories.copies}
    if name in made:
        return {v.id: v.text for v in made[name]()}
    return {path.stem: path.read_bytes().decode() for path in FILES}


def closed(schema: Any) -> Any:  # noqa: ANN401  # JSON
    """A schema that allows no field which it does not describe."""
    if isinstance(schema, dict):
        return {k: False if (k, v) == ("additionalProperties", True) else closed(v) for k, v in schema.items()}
    return [closed(part) for part in schema] if isinstance(schema, list) else schema


def in_any_order(node: Any) -> Any:  # noqa: ANN401  # JSON
    """A JSON value without the order in which the versions were given."""
    if isinstance(node, dict):
        return {
            k: sorted(v, key=json.dumps) if k in LISTED and isinstance(v, list) else in_any_order(v)
            for k, v in node.items()
        }
    return [in_any_order(part) for part in node] if isinstance(node, list) else node


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


@pytest.mark.parametrize("name", ["fixture", "revisions", "copies"])
def test_a_comparison_is_what_its_schema_says_and_no_field_is_undescribed(
    printed: dict[str, dict[str, object]], name: str
) -> None:
    schema = contract.schema("comparison")
    Draft202012Validator(schema).validate(printed[name])
    Draft202012Validator(closed(schema)).validate(printed[name])
    assert set(printed[name]) == set(cast("dict[str, object]", schema["properties"]))


def test_every_field_about_the_whole_story_is_filled_by_one_story_or_another(
    printed: dict[str, dict[str, object]],
) -> None:
    filled = {field: {name for name, found in printed.items() if found[field]} for field in WHOLE_STORY}
    everywhere = {"fixture", "revisions", "copies"}
    assert {f: names for f, names in filled.items() if names != everywhere} == {
        "ratios": {"fixture", "copies"},
        "quotations": {"fixture", "copies"},
        "descents": {"copies"},
        "revisions": {"revisions"},
        "timeline": {"revisions"},
    }


def test_each_version_is_cited_by_the_account_in_one_origin_and_told_what_it_is_silent_on(
    printed: dict[str, dict[str, Any]],
) -> None:
    for found in printed.values():
        ids = [v["id"] for v in found["versions"]]
        claims = {c["id"] for c in found["claims"]}
        assert all(list(common["evidence"]) == ids for common in found["account"])
        assert sorted(v for origin in found["origins"] for v in origin["versions"]) == sorted(ids)
        assert list(found["unknown"]) == ids
        assert all(claims.issuperset(rows) for rows in found["unknown"].values())


def test_every_difference_tells_a_direction_for_its_versions_only(printed: dict[str, dict[str, Any]]) -> None:
    for found in printed.values():
        assert found["differences"]
        for difference in found["differences"]:
            assert difference["direction"]
            assert set(difference["direction"]) <= set(difference["versions"])
            assert set(difference["beside"]) <= {d["id"] for d in found["differences"]}


def test_the_order_of_the_versions_changes_what_is_listed_by_version_and_nothing_else(
    printed: dict[str, dict[str, object]],
) -> None:
    there, back = printed["copies"], compared(*reversed(stories.copies()))
    for field in ("claims", "differences", *WHOLE_STORY):
        assert in_any_order({field: back[field]}) == in_any_order({field: there[field]})
    assert [v["id"] for v in cast("list[dict[str, str]]", back["versions"])] == ["three", "two", "one"]


def test_edits_and_courses_follow_the_revisions_in_time(printed: dict[str, dict[str, Any]]) -> None:
    found = printed["revisions"]
    assert [(r["before"], r["after"]) for r in found["revisions"]] == [("r1", "r2"), ("r2", "r3")]
    assert all([s["version"] for s in course["stages"]] == ["r1", "r2", "r3"] for course in found["timeline"])
    assert [course["flip"] for course in found["timeline"]][:1] == [True]
    assert found["reliability"][-1]["name"] == "repeats: edits"


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


@pytest.mark.parametrize("name", ["fixture", "revisions", "copies"])
def test_every_evidence_anywhere_is_the_words_of_its_version(printed: dict[str, dict[str, object]], name: str) -> None:
    texts = texts_of(name)
    found = list(evidences(printed[name]))
    assert len(found) > 50
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
