"""The terminal and Markdown views: honest, complete, and safe whatever the articles hold."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import stories
from rich.console import Console

from summarize import Version, compare, library, summarize
from summarize.comparison.model import Comparison
from summarize.engines.lexicon import Lexicon
from summarize.library import story_of
from summarize.report.markdown import article_markdown, compare_markdown
from summarize.report.terminal import article_view, compare_view
from summarize.telling import Trials

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
HOSTILE = (
    "[red]Shout[/red] \x1b[31mred\x1b[0m <script>alert(1)</script>\n\n"
    "A | B `code` *bold* _it_ # head [link](javascript:1) said the [bold]mayor[/bold] on Monday.\n"
    "\u202eevil\u202c text\u200b of 12 people, “quoted \x07 words here now”, said Ana Ruiz.\n"
)
PLAIN = "The mayor said on Monday that 13 people came.\nIt was a quiet day.\n"
# What each part is headed with, and in which stories it is.
PARTS = {
    "What all versions state": {"fixture", "revisions", "copies", "same"},
    "alone would not know": {"fixture", "revisions", "copies"},
    "Numbers": {"fixture", "revisions", "copies", "same"},
    "Ratios in words": {"fixture", "copies"},
    "Quotations": {"fixture", "copies"},
    "Near-copies": {"copies", "same"},
    "The same passages": {"copies"},
    "What changed from r1 to r2": {"revisions"},
    "What changed from r2 to r3": {"revisions"},
    "Timeline of claims": {"revisions"},
    "How far to trust this": {"fixture", "revisions", "copies", "same"},
}


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
def told(fixture_story: Comparison) -> dict[str, Comparison]:
    return {
        "fixture": fixture_story,
        "revisions": library.compare(stories.revisions(), revisions=True),
        "copies": library.compare(stories.copies()),
        "same": library.compare([Version(PLAIN, id="a"), Version(PLAIN, id="b")]),
    }


@pytest.fixture(scope="module")
def hostile_story() -> Comparison:
    return compare(Version(HOSTILE, id="hostile", label="[b]x[/b]|\x1b[2J"), Version(PLAIN, id="plain"))


@pytest.fixture(scope="module")
def hostile_stories(hostile_story: Comparison) -> tuple[Comparison, ...]:
    """Hostile words in what the parts on the whole story show: figures, quotations, passages, edits, courses."""
    old, new, newest = (
        replace(v, text=f"{v.text}\n{HOSTILE}", label=f"<i>|`{v.id}\x1b[2J") for v in stories.revisions()
    )
    revised = library.compare([old, replace(new, text=new.text.replace("12", "13")), newest], revisions=True)
    poisoned = [replace(v, text=v.text.replace("leaks", "<b>l|eaks\u202e")) for v in stories.copies()]
    quoted = [replace(v, text=v.text.replace("noise", "no`ise| [x](y)")) for v in poisoned]
    return hostile_story, revised, library.compare(quoted)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(told: dict[str, Comparison], width: int) -> None:
    for found in told.values():
        assert max(len(line.rstrip()) for line in drawn(found, width).splitlines()) <= width


@pytest.mark.parametrize("part", PARTS)
def test_each_view_names_a_part_where_it_exists_and_leaves_it_out_where_it_does_not(
    told: dict[str, Comparison], part: str
) -> None:
    assert {name for name, found in told.items() if part in drawn(found, 120)} == PARTS[part]
    assert {name for name, found in told.items() if part in compare_markdown(found, ())} == PARTS[part]


def test_each_sentence_of_the_neutral_account_cites_every_version(told: dict[str, Comparison]) -> None:
    for found in told.values():
        section = compare_markdown(found, ()).partition("## What all versions state")[2].partition("\n\n## ")[0]
        paragraph = section.rpartition("\n\n")[2]
        cited = re.findall(r"\*\(([^)]*)\)\*", paragraph)
        assert len(cited) == len(found.account)
        assert all(c.count(" · ") == len(found.story.articles) - 1 for c in cited)


def test_a_reader_of_one_version_is_told_all_it_is_silent_on_in_markdown_and_how_many_more_in_the_terminal(
    fixture_story: Comparison,
) -> None:
    markdown, screen = compare_markdown(fixture_story, ()), drawn(fixture_story, 120)
    begin = markdown.index("A reader of short alone would not know")
    section = markdown[begin : markdown.index("## Numbers")]
    unknown = fixture_story.unknown["short"]
    assert all(f"| {row} |" in section for row in unknown)
    assert f"A reader of short alone would not know · {len(unknown)}" in screen
    assert f"… and {len(unknown) - 4} more claims" in screen


def test_a_ratio_in_words_is_shown_with_its_check(told: dict[str, Comparison]) -> None:
    for view in (drawn(told["fixture"], 120), compare_markdown(told["fixture"], ())):
        assert "“almost tripled” (24)" in view
        assert "holds" in view
        assert "cannot be checked" in view


def test_near_copies_count_as_one_origin_and_a_shared_passage_has_the_words_of_both(
    told: dict[str, Comparison],
) -> None:
    for view in (drawn(told["copies"], 120), compare_markdown(told["copies"], ())):
        flat = " ".join(view.split())
        assert "one and two are near-copies of one text and count as one origin" in flat
        assert "3 versions of 2 origins" in flat
        assert "one and three have 31 words in a row in common" in flat
        assert "one was published first" in flat
    assert "origins" not in drawn(told["fixture"])


def test_what_changed_is_told_with_the_facts_and_a_flip_flop_first(told: dict[str, Comparison]) -> None:
    for view in (drawn(told["revisions"], 120), compare_markdown(told["revisions"], ())):
        assert "Factual: changed (number 12 → 14)." in view
        assert "Factual: added (new: speaker a witness)." in view
        assert "r1 asserted by Police (4) → r2 contradicted (4) → r3 asserted by Police (4)" in " ".join(view.split())
        assert view.index("flip-flop: ") < view.index("r1 not yet")


def test_a_difference_tells_its_direction_and_what_is_on_the_same_point(told: dict[str, Comparison]) -> None:
    found = told["revisions"]
    beside = replace(found, differences=(replace(found.differences[0], beside=("d2",)), *found.differences[1:]))
    for view in (drawn(beside), compare_markdown(beside, ())):
        assert "r1: lower; r2: higher; r3: lower · see also d2" in view
    assert "see also" not in drawn(found)


@pytest.mark.parametrize("told_as", [", confirmed", ", not confirmed", ""])
def test_loaded_words_say_whether_the_trial_with_neutral_ones_confirmed_them(
    fixture_story: Comparison, told_as: str
) -> None:
    confirmed = {", confirmed": True, ", not confirmed": False}.get(told_as)
    readings = {
        v: replace(r, wording=tuple(replace(w, confirmed=confirmed) for w in r.wording))
        for v, r in fixture_story.readings.items()
    }
    tried = replace(fixture_story, readings=readings)
    for view in (drawn(tried, 120), compare_markdown(tried, ())):
        assert f"(loaded language{told_as})" in view
        assert ("Confirmed: " in view) == bool(told_as)


def test_what_was_not_measured_is_told_in_one_line_with_the_flags_and_what_was_in_the_table() -> None:
    outlet = Version(f"{PLAIN}The Daily Example was there.\n", id="a", outlet="The Daily Example")
    versions = [outlet, Version(HOSTILE, id="b")]
    bare = compare_markdown(library.compare(versions), ())
    tried = compare_markdown(library.compare(versions, trials=Trials(order=True, blind=True)), ())
    assert all(flag in bare for flag in ("--samples 3", "--check-order", "--check-blind"))
    assert "| section | people among themselves | source |" in bare
    assert "--samples 3" in tried
    assert "--check" not in tried
    assert "| section | this run | people among themselves | source |" in tried


def test_works_are_cited_in_full_in_markdown_and_in_short_in_the_terminal(fixture_story: Comparison) -> None:
    work = "Answering the call for a standard reliability measure for coding data"
    assert work in compare_markdown(fixture_story, ())
    assert work not in " ".join(drawn(fixture_story, 120).split())
    assert "Hayes & Krippendorff 2007" in drawn(fixture_story, 120)


def test_what_was_not_found_is_in_the_matrix_with_the_sentences_that_may_be_it(fixture_story: Comparison) -> None:
    maybe = [p for row in fixture_story.rows for p in row.positions.values() if p.status == "not found" and p.evidence]
    assert maybe
    assert re.search(r"\? not found \d", compare_markdown(fixture_story, ()))
    assert re.search(r"\? not found \d", drawn(fixture_story, 120))


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
def test_hostile_text_reaches_no_terminal_as_more_than_text(
    hostile_stories: tuple[Comparison, ...], encoding: str
) -> None:
    for found in hostile_stories:
        for width in (40, 80, 120):
            printed = drawn(found, width, encoding=encoding)
            wild = {c for c in printed if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"}
            assert not wild
    assert "[red]Shout[/red]" in " ".join(drawn(hostile_stories[0], 200).split())


@pytest.mark.parametrize("which", range(3))
def test_hostile_text_makes_no_markup_in_markdown(hostile_stories: tuple[Comparison, ...], which: int) -> None:
    markdown = compare_markdown(hostile_stories[which], Lexicon.limits)
    assert not re.search(r"<[a-z/]", markdown)
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
