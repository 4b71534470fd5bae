"""Anchors: what a claim can be held to, found by code in both versions of the fixture story."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.anchors import Anchor, anchors, name_value
from summarize.news import Version, lay_out
from summarize.text.view import fold

if TYPE_CHECKING:
    from pathlib import Path


def of(text: str) -> tuple[Anchor, ...]:
    """Anchors of a text that is one article."""
    return anchors(lay_out(Version(text)))


def values(found: tuple[Anchor, ...], kind: str) -> set[str]:
    """Values of the anchors of one kind."""
    return {a.value for a in found if a.kind == kind}


@pytest.fixture
def long_one(story_files: tuple[Path, Path]) -> tuple[Anchor, ...]:
    """Anchors of the long fixture."""
    return of(story_files[0].read_text("utf-8"))


@pytest.fixture
def short_one(story_files: tuple[Path, Path]) -> tuple[Anchor, ...]:
    """Anchors of the short fixture."""
    return of(story_files[1].read_text("utf-8"))


def test_the_long_fixture_is_held_to_its_numbers_and_dates(long_one: tuple[Anchor, ...]) -> None:
    assert {"196", "67", "×3", "2"} <= values(long_one, "number")
    assert {"2020", "2022", "2023", "tue", "-07-"} == values(long_one, "date")


def test_the_short_fixture_is_held_to_its_numbers_and_dates(short_one: tuple[Anchor, ...]) -> None:
    assert values(short_one, "number") == {"196", "×3", "2"}
    assert values(short_one, "date") == {"2023", "tue"}


def test_every_quotation_of_the_fixtures_is_an_anchor(story_files: tuple[Path, Path]) -> None:
    for path in story_files:
        text = path.read_text("utf-8")
        printed = {fold(q).strip(" ,.;:!?") for q in re.findall("“([^”]+)”", text)}
        assert printed
        assert values(of(text), "quotation") == printed


def test_the_speakers_of_the_long_fixture_are_anchors(long_one: tuple[Anchor, ...]) -> None:
    assert values(long_one, "speaker") >= {
        "a south korean defense ministry official",
        "south korean military officials",
        "south korean officials",
        "the official",
    }


def test_the_speakers_of_the_short_fixture_are_anchors(short_one: tuple[Anchor, ...]) -> None:
    assert values(short_one, "speaker") == {
        "a military spokesperson",
        "south korean government data",
        "south korean military sources",
        "the joint chiefs of staff",
        "the south korean military",
    }


def test_places_and_persons_of_the_fixtures_are_names(
    long_one: tuple[Anchor, ...], short_one: tuple[Anchor, ...]
) -> None:
    assert {"Kim Jong-un", "Ri Il Kyu", "Goseong", "Cuba", "Yellow Sea", "DMZ"} <= values(long_one, "name")
    assert {"Gangwon Province", "Seoul", "Pyongyang", "China", "Yellow Sea"} <= values(short_one, "name")


def test_boilerplate_has_no_anchors(story_files: tuple[Path, Path]) -> None:
    article = lay_out(Version(story_files[0].read_text("utf-8")))
    shown = {s.number for s in article.read()}
    assert {a.sentence for a in anchors(article)} <= shown
    assert "Yonhap" not in {word for a in anchors(article) for word in a.value.split()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Korea's", "North Korea"),
        ("North Korea’s", "North Korea"),
        ("the U.S.", "the U.S"),
    ],
)
def test_a_possessive_or_final_stop_changes_no_name(one: str, other: str) -> None:
    assert name_value(one) == name_value(other)


def test_a_capital_at_the_start_of_a_sentence_makes_no_name() -> None:
    assert values(of("Soldiers crossed the border. Nobody saw them there."), "name") == set()


def test_a_figure_is_not_also_a_name() -> None:
    assert values(of("The men met on Tuesday in Seoul, in August 2024."), "name") == {"Seoul"}


@given(
    st.lists(st.sampled_from(["Kim ", "said ", "196 ", "“No” ", "the ", "Seoul’s ", ". ", "\n", "U.S. "]), max_size=25)
)
def test_an_anchor_stands_in_the_sentence_it_names(pieces: list[str]) -> None:
    article = lay_out(Version("".join(pieces)))
    for anchor in anchors(article):
        sentence = article.sentences[anchor.sentence - 1]
        assert sentence.start <= anchor.span.start < anchor.span.end <= sentence.end
