"""Views: masks and folding change what is seen, and every character knows where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.text.span import Span
from summarize.text.view import View, find, fold, folded, view

TYPOGRAPHY = st.text(alphabet="aZé9 .,'’‘“”\"«»-–—…\u00ad\u200b\u00a0\n\t漢ب🔥", max_size=60)


def whole(text: str) -> View:
    """All of `text`, unchanged."""
    return view(text, Span(0, len(text)))


def found(text: str, words: str) -> str | None:
    """The words of `text` that `words` lead to."""
    span = find(whole(text), words)
    return None if span is None else text[span.start : span.end]


@given(TYPOGRAPHY | st.text(max_size=60))
def test_each_folded_character_knows_its_original(text: str) -> None:
    seen = folded(text)
    assert len(seen.text) == len(seen.starts) == len(seen.ends)
    for char, start, end in zip(seen.text, seen.starts, seen.ends, strict=True):
        assert 0 <= start < end <= len(text)
        if char.isalnum():
            assert text[start:end] == char
    assert list(seen.starts) == sorted(seen.starts)


@given(TYPOGRAPHY | st.text(max_size=60))
def test_folding_keeps_every_letter_and_digit_in_order(text: str) -> None:
    assert [c for c in fold(text) if c.isalnum()] == [c for c in text if c.isalnum()]


@given(TYPOGRAPHY)
def test_folding_a_second_time_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TYPOGRAPHY, st.integers(0, 60), st.integers(0, 60))
def test_what_is_found_is_the_words_looked_for_but_for_typography(text: str, a: int, b: int) -> None:
    words = text[min(a, b) : max(a, b)]
    span = find(whole(text), words)
    if span is not None:
        assert fold(text[span.start : span.end]).strip() == fold(words).strip()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It rose to 167 in a year.", "67"),
        ("It rose to 167 in a year.", "16"),
        ("It rose to 196.5 in a year.", "196"),
        ("It rose to 196,500 in a year.", "196"),
        ("It rose to 1,196 in a year.", "196"),
        ("It rose to 2.67 in a year.", "67"),
        ("The defectors crossed.", "defector"),
        ("The undefended border", "defended"),
        ("Nothing here", ""),
        ("Nothing here", "   "),
        ("He said “no”.", "“yes”"),
    ],
)
def test_words_inside_a_word_or_number_are_not_found(text: str, words: str) -> None:
    assert found(text, words) is None


@pytest.mark.parametrize(
    ("text", "words", "exact"),
    [
        ("It was 167, then 67.", "67", "67"),
        ("In 2023, 196 came.", "196", "196"),
        ("He said “no” twice.", '"no"', "“no”"),
        ("the defector’s arrival", "the defector's arrival", "the defector’s arrival"),
        ("a North\u00a0Korean  soldier", "North Korean soldier", "North\u00a0Korean  soldier"),
        ("well‑established", "well-established", "well‑established"),
        ("in re\u00adtire\u00adment", "in retirement", "in re\u00adtire\u00adment"),
        ("and so… it ended", "so...", "so…"),
        ("the border — again", "border - again", "border — again"),
        ("一名士兵越境", "士兵", "士兵"),
        ('“no” and "no"', '"no"', '"no"'),
    ],
)
def test_words_with_other_typography_are_found_as_they_stand(text: str, words: str, exact: str) -> None:
    assert found(text, words) == exact


@pytest.mark.parametrize("words", ["North korean", "N. Korean", "two soldiers", "not"])
def test_other_letters_are_other_words(words: str) -> None:
    assert found("The North Korean soldier", words) is None


def test_a_mask_is_seen_in_place_of_its_words_and_leads_back_to_them() -> None:
    text = "The Daily Example reports two deaths."
    seen = view(text, Span(0, len(text)), [(Span(0, 17), "[outlet]")])
    assert seen.text == "[outlet] reports two deaths."
    assert find(seen, "[outlet] reports") == Span(0, 25)
    assert find(seen, "two deaths") == Span(26, 36)
    assert find(seen, "Daily Example") is None


@given(st.text(alphabet="ab ", min_size=1, max_size=30), st.data())
def test_every_character_of_a_masked_view_stands_for_a_stretch_inside_it(text: str, data: st.DataObject) -> None:
    marks = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6).filter(lambda s: len(s) % 2 == 0)))
    masks = [(Span(a, b), "[x]") for a, b in zip(marks[::2], marks[1::2], strict=True)]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    seen = view(text, Span(start, end), masks)
    assert all(start <= a < b <= end for a, b in zip(seen.starts, seen.ends, strict=True))
    hidden = {i for span, _ in masks for i in range(*span)}
    assert [c for c in seen.text if c not in "[x]"] == [text[i] for i in range(start, end) if i not in hidden]
