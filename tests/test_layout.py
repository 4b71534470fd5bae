"""Layout: which block is a headline, byline, bullet, subhead, body or boilerplate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.news import Version, lay_out
from summarize.text.layout import blocks
from summarize.text.span import Span

BODY = "Two people died in a fire at the harbour on Tuesday, the mayor of the town said in the evening."
MORE = "The cause is unknown, and the police have opened an investigation that may take several weeks."


def roles(*lines: str, gap: str = "\n\n") -> list[str]:
    """Roles of the blocks that `lines` make."""
    return [block.role for block in blocks(gap.join(lines))]


def texts(text: str) -> list[str]:
    """The blocks of `text`, as strings."""
    return [text[block.start : block.end] for block in blocks(text)]


def test_a_first_line_without_a_final_stop_is_the_headline() -> None:
    assert roles("Two die in harbour fire", BODY, MORE) == ["headline", "body", "body"]


def test_a_first_line_with_a_final_stop_is_the_headline_only_above_a_heading() -> None:
    assert roles("Two die in harbour fire.", "At a glance", BODY, MORE)[0] == "headline"
    assert roles("Two died in a harbour fire.", BODY, MORE)[0] == "body"


def test_a_lone_line_is_body() -> None:
    assert roles("Two die in harbour fire") == ["body"]


def test_markdown_headings_are_a_headline_and_subheads_without_their_hashes() -> None:
    text = f"# Two die\n\n{BODY}\n\n## The cause\n\n{MORE}\n\n# The town\n\n{BODY}\n"
    assert [b.role for b in blocks(text)] == ["headline", "body", "subhead", "body", "subhead", "body"]
    assert [texts(text)[i] for i in (0, 2, 4)] == ["Two die", "The cause", "The town"]


@pytest.mark.parametrize("marker", ["-", "*", "•", "+", "–", "1.", "2)"])
def test_a_list_marker_makes_a_bullet_and_is_no_part_of_it(marker: str) -> None:
    text = f"{BODY}\n{marker} Two people died\n{MORE}"
    found = blocks(text)
    assert found[1].role == "bullet"
    assert text[found[1].start : found[1].end] == "Two people died"


@pytest.mark.parametrize(
    "line",
    [
        "By Ana Ruiz",
        "By Ana Ruiz and Tom de Vries",
        "Published 20 August 2024",
        "August 20, 2024",
        "Tuesday, 20 August 2024",
        "2024-08-20",
        "Updated: 10:30 GMT",
    ],
)
def test_names_and_dates_below_the_headline_are_the_byline(line: str) -> None:
    assert roles("Two die in harbour fire", line, BODY, MORE) == ["headline", "byline", "body", "body"]


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    line = "By Tuesday evening the fire was out, and the families had been told by the mayor."
    assert roles("Two die in harbour fire", line, MORE) == ["headline", "body", "body"]


def test_a_short_line_without_a_final_mark_between_paragraphs_is_a_subhead() -> None:
    assert roles("Two die in harbour fire", BODY, "The investigation", MORE)[2] == "subhead"


@pytest.mark.parametrize("heading", ["Sources:", "**Read more**", "## Related", "Expanded Coverage:", "SOURCES"])
def test_a_known_heading_and_the_links_below_it_are_boilerplate(heading: str) -> None:
    found = roles(BODY, MORE, heading, "- Fire in the harbour: report", "- The mayor speaks")
    assert found == ["body", "body", "boilerplate", "boilerplate", "boilerplate"]


def test_a_known_heading_above_prose_begins_no_boilerplate() -> None:
    assert "boilerplate" not in roles(BODY, "Sources:", MORE)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_lines_of_a_hard_wrapped_paragraph_are_one_block(newline: str) -> None:
    lines = [
        "Two people died in a fire at the harbour on Tuesday, the mayor",
        "of the town said in the evening. The cause is unknown.",
        "",
        "The police have opened an investigation that may take several",
        "weeks, a spokesperson said.",
        "",
    ]
    text = newline.join(lines)
    assert len(blocks(text)) == 2
    article = lay_out(Version(text))
    assert [article.exact(s.span).split()[0] for s in article.sentences] == ["Two", "The", "The"]


def test_the_headline_of_the_front_matter_is_sentence_one_and_a_second_one_a_subhead() -> None:
    text = f"---\nheadline: Two die\n---\nTwo die in harbour fire\n\n{BODY}\n\n{MORE}\n"
    at = text.index("Two die")
    article = lay_out(Version(text, headline="Two die", body_start=26, headline_span=Span(at, at + 7)))
    assert [(s.role, article.exact(s.span)) for s in article.sentences[:2]] == [
        ("headline", "Two die"),
        ("subhead", "Two die in harbour fire"),
    ]


@given(st.lists(st.sampled_from(["", "# x", "- y", "Sources:", "By Al", BODY, "z", "1. q", "\t", "## "]), max_size=12))
def test_a_text_opens_with_at_most_one_headline_and_ends_with_its_boilerplate(lines: list[str]) -> None:
    found = [block.role for block in blocks("\n".join(lines))]
    assert found.count("headline") <= 1
    assert "headline" not in found[1:]
    first = found.index("boilerplate") if "boilerplate" in found else len(found)
    assert set(found[first:]) <= {"boilerplate"}
