"""The terminal and Markdown views: honest, complete, and safe whatever the articles hold."""

from __future__ import annotations

import io
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from summarize import Version, compare, summarize
from summarize.comparison.model import Comparison
from summarize.engines.lexicon import Lexicon
from summarize.library import story_of
from summarize.report.markdown import article_markdown, compare_markdown
from summarize.report.terminal import article_view, compare_view

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
HOSTILE = (
    "[red]Shout[/red] \x1b[31mred\x1b[0m <script>alert(1)</script>\n\n"
    "A | B `code` *bold* _it_ # head [link](javascript:1) said the [bold]mayor[/bold] on Monday.\n"
    "\u202eevil\u202c text\u200b of 12 people, “quoted \x07 words here now”, said Ana Ruiz.\n"
)
PLAIN = "The mayor said on Monday that 13 people came.\nIt was a quiet day.\n"


def drawn(found: Comparison, width: int = 100, *, colour: bool = False, encoding: str = "utf-8") -> str:
    held = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="")
    console = Console(file=held, width=width, no_color=not colour, force_terminal=colour, highlight=False)
    compare_view(found, Lexicon.limits, console)
    held.seek(0)
    return held.read()


@pytest.fixture(scope="module")
def fixture_story() -> Comparison:
    return compare(STORY / "long.txt", STORY / "short.txt")


@pytest.fixture(scope="module")
def hostile_story() -> Comparison:
    return compare(Version(HOSTILE, id="hostile", label="[b]x[/b]|\x1b[2J"), Version(PLAIN, id="plain"))


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(fixture_story: Comparison, width: int) -> None:
    assert max(len(line.rstrip()) for line in drawn(fixture_story, width).splitlines()) <= width


def test_without_colour_there_is_no_escape_and_nothing_is_lost(fixture_story: Comparison) -> None:
    plain = drawn(fixture_story)
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", drawn(fixture_story, colour=True))
    assert "\x1b" not in plain
    assert [line.rstrip() for line in plain.splitlines()] == [line.rstrip() for line in coloured.splitlines()]


def test_both_views_say_that_no_model_was_used_and_what_cannot_be_seen(fixture_story: Comparison) -> None:
    markdown = compare_markdown(fixture_story, Lexicon.limits)
    screen = " ".join(drawn(fixture_story).split())
    for limit in Lexicon.limits:
        assert limit in screen
        assert limit in markdown


def test_markdown_shows_every_difference_with_the_words_of_each_side(fixture_story: Comparison) -> None:
    flat = re.sub(r"[*\\>]|\n", "", compare_markdown(fixture_story, Lexicon.limits))
    for difference in fixture_story.differences:
        assert f"{difference.id}." in flat
        for side in difference.evidence.values():
            assert all(re.sub(r"[*\\>]|\n", "", e.exact) in flat for e in side)


def test_no_difference_is_said_in_a_plain_sentence() -> None:
    same = compare(Version(PLAIN, id="a"), Version(PLAIN, id="b"))
    assert "No difference" in drawn(same) or "no difference" in drawn(same)
    assert "o difference" in compare_markdown(same, Lexicon.limits)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_hostile_text_reaches_no_terminal_as_more_than_text(hostile_story: Comparison, encoding: str) -> None:
    for width in (40, 80, 120):
        printed = drawn(hostile_story, width, encoding=encoding)
        wild = {c for c in printed if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"}
        assert not wild
    assert "[red]Shout[/red]" in " ".join(drawn(hostile_story, 200).split())


def test_hostile_text_makes_no_markup_in_markdown(hostile_story: Comparison) -> None:
    markdown = compare_markdown(hostile_story, Lexicon.limits)
    assert "<script" not in markdown
    assert not re.search(r"(?<!\\)\]\(", markdown)
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    tables = [re.sub(r"\\.", "", row).count("|") for row in rows]
    assert rows
    for above, below in pairwise(rows):
        if set(below) <= set("|-: "):
            assert re.sub(r"\\.", "", above).count("|") == below.count("|")
    assert min(tables) > 2


def test_the_views_of_single_readings_show_every_voice_and_claim() -> None:
    story = story_of([STORY / "short.txt"])
    reading = summarize(STORY / "short.txt")
    held = io.StringIO()
    (article,) = story.articles
    article_view(article, reading, Lexicon.abstains, Console(file=held, width=120, no_color=True))
    markdown = article_markdown(article, reading, Lexicon.abstains)
    flat = " ".join(held.getvalue().split())
    for voice in reading.voices:
        assert voice.speaker.split()[-1] in flat
        assert voice.speaker in markdown
    assert "Tone (weak)" in flat
    assert "Tone (weak)" in markdown


def test_three_versions_are_shown_each_with_its_words() -> None:
    third = Version("The mayor, a hero, said on Tuesday that 14 people came.", id="third")
    found = compare(Version(HOSTILE, id="one"), Version(PLAIN, id="two"), third)
    printed = drawn(found, 100)
    assert "3 versions" in printed
    assert compare_markdown(found, Lexicon.limits).startswith("# One story, 3 versions")
