"""`retold profiles`: from a real batch to profiles, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import retold
from jsonschema import Draft202012Validator
from newsroom import OUTLETS, Row, batch, jsonl, rows

from summarize.profiles import LEAST
from summarize.report.contract import schema

STORIES = 24
HOSTILE = "Evil\x1b[31m|*Times*\u202e"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ledger of a batch: three outlets, 24 stories; a few articles of another outlet and of none."""
    folder = tmp_path_factory.mktemp("newsroom")
    told: list[Row] = rows(STORIES)
    for number in range(3):
        told.append({**told[3 * number], "id": f"evil-{number}", "outlet": HOSTILE})
        told.append({**told[3 * number + 1], "id": f"nobody-{number}", "outlet": None})
    ran = batch(jsonl(folder / "a.jsonl", told), folder)
    assert ran.code == 0, ran.err
    return folder


def profiles(folder: Path, *more: str) -> dict[str, Any]:
    """What `--json` prints, which is what the published schema says."""
    ran = retold("profiles", "l.sqlite", "--json", *more, cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    told = ran.json()
    Draft202012Validator(schema("profiles")).validate(told)
    return told


def figure(told: dict[str, Any], outlet: str, section: str, of: str, side: str | None = None) -> dict[str, Any]:
    mine = next(one for one in told["outlets"] if one["outlet"] == outlet)
    found: dict[str, Any] = next(
        f for f in mine["figures"] if (f["section"], f["of"], f["side"]) == (section, of, side)
    )
    return found


def test_the_published_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema("profiles"))


def test_every_outlet_of_a_batch_has_a_profile_or_a_reason_and_articles_of_none_are_counted(newsroom: Path) -> None:
    told = profiles(newsroom)
    assert told["least"] == LEAST
    assert [one["outlet"] for one in told["outlets"]] == sorted([*OUTLETS, HOSTILE], key=str.casefold)
    assert told["articles"] == {"read": 3 * STORIES + 6, "no_outlet": 3}
    assert told["stories"] == {"all": STORIES, "together": STORIES}
    for one in told["outlets"]:
        assert (one["reason"] is None) == bool(one["figures"]) == (one["outlet"] in OUTLETS)


def test_every_estimate_lies_in_its_interval_and_a_missing_one_has_its_reason(newsroom: Path) -> None:
    for one in profiles(newsroom)["outlets"]:
        for f in one["figures"]:
            made = [f[name] for name in ("own", "others", "difference") if f[name]]
            assert all(e["low"] <= e["value"] <= e["high"] for e in made)
            assert (len(made) == 3) == (f["reason"] is None), f


def test_the_outlet_that_loads_its_words_in_each_story_is_found_and_word_lists_give_no_tone(newsroom: Path) -> None:
    told = profiles(newsroom)
    loaded = {outlet: figure(told, outlet, "wording", "loaded") for outlet in OUTLETS}
    assert loaded["Daily Lantern"]["difference"]["low"] > 0
    assert loaded["Observer North"]["difference"]["high"] < 0
    tone = figure(told, "Observer North", "tone", "tone_author")
    assert tone["own"] is tone["difference"] is None
    assert tone["reason"].startswith("weak")


def test_two_runs_print_the_same_and_one_outlet_has_the_figures_that_it_has_among_all(newsroom: Path) -> None:
    told = profiles(newsroom)
    assert profiles(newsroom) == told
    alone = profiles(newsroom, "--outlet", " the  COURIER")["outlets"]
    assert alone == [one for one in told["outlets"] if one["outlet"] == "The Courier"]


def test_more_stories_than_there_are_give_no_figure_and_fewer_than_10_are_refused(newsroom: Path) -> None:
    assert not any(one["figures"] for one in profiles(newsroom, "--least", "100")["outlets"])
    ran = retold("profiles", "l.sqlite", "--least", "9", cwd=newsroom)
    assert ran.code == 2
    assert "10 or more" in ran.error()


@pytest.mark.parametrize("form", [(), ("--markdown",)], ids=["terminal", "markdown"])
def test_people_see_each_outlet_with_intervals_and_reasons_and_no_control_character(
    newsroom: Path, form: tuple[str, ...]
) -> None:
    ran = retold("profiles", "l.sqlite", *form, cwd=newsroom)
    assert ran.code == 0
    flat = " ".join(ran.out.split())
    for outlet in OUTLETS:
        assert outlet in flat
    assert "weak: word lists do not judge" in flat
    assert "No outlet given: 3 articles." in flat
    assert "No outlet is ranked" in flat
    assert "by chance" in flat
    assert all(c.isprintable() or c == "\n" for c in ran.out)


def test_markdown_of_a_hostile_name_is_no_markup(newsroom: Path) -> None:
    ran = retold("profiles", "l.sqlite", "--markdown", cwd=newsroom)
    assert r"\|\*Times\*" in ran.out


def test_a_file_named_json_holds_what_json_prints(newsroom: Path, tmp_path: Path) -> None:
    ran = retold("profiles", "l.sqlite", "-o", tmp_path / "p.json", cwd=newsroom)
    assert (ran.code, ran.out) == (0, "")
    assert json.loads((tmp_path / "p.json").read_text("utf-8")) == profiles(newsroom)


def test_the_ledger_is_never_overwritten(newsroom: Path) -> None:
    before = (newsroom / "l.sqlite").read_bytes()
    ran = retold("profiles", "l.sqlite", "-o", "l.sqlite", cwd=newsroom)
    assert ran.code == 2
    assert "overwrite the ledger" in ran.error()
    assert (newsroom / "l.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("nosuch.sqlite",), 12, "there is no ledger"),
        (("a.jsonl",), 12, "a.jsonl"),
        (("l.sqlite", "--job", "77"), 2, "there is no job 77"),
        (("l.sqlite", "--outlet", "The Moon"), 2, "The Moon"),
        (("l.sqlite", "--json", "--markdown"), 2, "exclude"),
    ],
    ids=["no ledger", "another file", "no job", "no outlet", "two formats"],
)
def test_what_cannot_be_shown_is_an_error_on_one_line(
    newsroom: Path, more: tuple[str, ...], code: int, said: str
) -> None:
    ran = retold("profiles", *more, cwd=newsroom)
    assert ran.code == code
    assert said in ran.error()


def test_a_ledger_of_questions_alone_has_no_profiles(tmp_path: Path) -> None:
    from summarize.ledger import Ledger

    Ledger(tmp_path / "q.sqlite").close()
    ran = retold("profiles", "q.sqlite", cwd=tmp_path)
    assert ran.code == 12
    assert "no batch" in ran.error()
