"""Which articles are revisions of one, in which order, and what damage of a text says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.news import Article, Version, lay_out
from summarize.revisions import in_time, same_article
from summarize.revisions.repair import repaired


@given(st.text())
def test_mojibake_of_any_latin_text_is_repaired_without_touching_digits(text: str) -> None:
    view = repaired(text)
    assert [c for c in view.text if c.isascii() and c.isdigit()] == [c for c in text if c.isascii() and c.isdigit()]


@pytest.mark.parametrize("text", ["It’s “late” — café naïve", "€5 for José’s “Zürich”", "plain"])
def test_text_that_was_read_in_the_wrong_encoding_is_repaired_once_or_twice(text: str) -> None:
    def misread(right: str) -> str:
        return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in right.encode())

    assert repaired(text).text == repaired(misread(text)).text == repaired(misread(misread(text))).text == text


@pytest.mark.parametrize("text", ["“CAFÉ”", "the “café”—he said", "Ângela", "fête…"])
def test_right_letters_before_marks_are_no_mojibake(text: str) -> None:
    assert repaired(text).text == text


def published(*times: str | None) -> list[Article]:
    """Articles with times of publication, numbered in the order given."""
    return [lay_out(Version("A text.", id=str(i), published=time)) for i, time in enumerate(times)]


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (("2024-08-21", "2024-08-20T10:00:00+02:00", "2024-08-20T09:00:00Z"), "120"),
        (("2024-08-20T10:00", "2024-08-20"), "10"),
        (("2024-08-21", None, "2024-08-20"), "012"),
        (("2024-08-21", "yesterday"), "01"),
        (("2024-08-20", "2024-08-20"), "01"),
    ],
)
def test_articles_are_ordered_by_time_where_all_have_one(times: tuple[str | None, ...], order: str) -> None:
    assert "".join(a.version.id for a in in_time(published(*times))) == order


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/a/", "http://example.org/a?utm_source=x&fbclid=1#top", True),
        ("https://example.org/a?id=1&page=2", "https://example.org/a?page=2&id=1", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/a", "https://example.net/a", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("", "", False),
        ("https://example.org/a", "", False),
        ("http://[broken", "http://[broken", False),
    ],
)
def test_articles_are_one_if_their_urls_lead_to_one_page(one: str, other: str, *, same: bool) -> None:
    found = [lay_out(Version("A text.", url=url or None)) for url in (one, other)]
    assert same_article(found) is same


def test_days_in_words_are_put_in_order_too() -> None:
    dated = [lay_out(Version("It rained.", published=p, id=p)) for p in ("22 August 2024", "Aug. 21, 2024")]
    assert [a.version.id for a in in_time(dated)] == ["Aug. 21, 2024", "22 August 2024"]
