"""Sentences: what is cut, what stays whole, and that nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.news import Version, lay_out
from summarize.text.layout import blocks
from summarize.text.sentences import sentences
from summarize.text.words import stem

if TYPE_CHECKING:
    from pathlib import Path

# Text that looks like news often enough to reach every rule, and like nothing at all otherwise.
PIECES = st.sampled_from(
    [*"abcABC123.,!?…“”‘’\"'()[] \n\t-—。？؟", "\r\n", "\u2028", "\x85", "U.S. ", "Mr. ", "No. 5", "said", "Kim ", "。"]
)
PROSE = st.lists(PIECES, max_size=80).map("".join) | st.text(max_size=120)


def cut(text: str) -> list[str]:
    """The sentences of one block, as strings."""
    return [text[s.start : s.end] for s in sentences(text)]


@given(PROSE)
def test_sentences_cover_all_but_white_space_in_order_without_overlap(text: str) -> None:
    at = 0
    for span in sentences(text):
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not text[at:].strip()


@given(PROSE, st.integers(0, 40), st.integers(0, 40))
def test_sentences_of_a_stretch_stay_inside_it(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    spans = list(sentences(text, start, end))
    assert all(start <= s.start < s.end <= end for s in spans)
    assert sum(1 for i in range(start, end) if not text[i].isspace()) == sum(
        1 for s in spans for i in range(*s) if not text[i].isspace()
    )


@given(PROSE)
def test_laid_out_sentences_are_numbered_from_one_in_the_order_of_the_text(text: str) -> None:
    found = lay_out(Version(text)).sentences
    assert [s.number for s in found] == list(range(1, len(found) + 1))
    assert all(a.end <= b.start and a.paragraph <= b.paragraph for a, b in pairwise(found))


@given(PROSE)
def test_every_letter_of_a_text_stands_in_some_sentence(text: str) -> None:
    """Only white space and list markers ("1.", "#") may stand outside."""
    inside = {i for s in lay_out(Version(text)).sentences for i in range(s.start, s.end)}
    assert not [c for i, c in enumerate(text) if c.isalpha() and i not in inside]


@pytest.mark.parametrize(
    "sentence",
    [
        "N. Korean soldiers crossed the border on Tuesday.",
        "He met U.S. officials in Seoul.",
        "Lt. Gen. Kim Min-ho gave the order.",
        "Mr. Smith and Mrs. Jones left early.",
        "The minister lives at No. 5 Downing Street.",
        "J. R. Smith was not there.",
        "It began at 9 a.m. on Tuesday.",
        "The index fell 3.5 points to 1,960.25 by noon.",
        "Lee et al. found no such thing.",
        "Example Inc. and Sample Corp. merged.",
    ],
)
def test_a_full_stop_of_an_abbreviation_or_number_ends_no_sentence(sentence: str) -> None:
    assert cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Two men died. Three lived.", ["Two men died.", "Three lived."]),
        ("He moved to the U.S. The family stayed.", ["He moved to the U.S.", "The family stayed."]),
        ("The answer was no. It stayed no.", ["The answer was no.", "It stayed no."]),
        ("Who did it? Nobody knows! So it is…", ["Who did it?", "Nobody knows!", "So it is…"]),
        ("He said “no.” She said “yes.”", ["He said “no.”", "She said “yes.”"]),
        ("It ended (at last.) Nobody cheered.", ["It ended (at last.)", "Nobody cheered."]),
    ],
)
def test_a_final_mark_before_a_new_beginning_ends_a_sentence(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "“It is over. We won,” the captain said.",
        "“We looked. We found nothing. We left,” said Ana Ruiz, a fire captain.",
        '"It is over. We won," the captain said.',
        "“Is it over?” Kim Min-ho asked.",
        "“Get out!” he shouted.",
        "“Is it over?” the captain asked.",
    ],
)
def test_a_quotation_stays_in_one_sentence_with_its_speaker(sentence: str) -> None:
    assert cut(sentence) == [sentence]


def test_a_quotation_of_many_hundred_letters_is_cut_into_its_sentences() -> None:
    text = "“" + "We looked again and found nothing at all. " * 12 + "We left,” he said."
    assert len(cut(text)) > 10


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("二人が死亡した。三人が助かった。", 2),
        ("谁干的？没有人知道。真的！", 3),
        ("ماذا حدث؟ لا أحد يعرف.", 2),
        ("यह सच है। वह नहीं आया।", 2),
    ],
)
def test_final_marks_of_other_scripts_end_sentences(text: str, count: int) -> None:
    assert len(cut(text)) == count


def test_the_long_fixture_has_forty_sentences_of_known_roles(story_files: tuple[Path, Path]) -> None:
    article = lay_out(Version(story_files[0].read_text("utf-8")))
    roles = {s.number: s.role for s in article.sentences}
    assert len(roles) == 40
    assert [n for n, role in roles.items() if role == "headline"] == [1]
    assert [n for n, role in roles.items() if role == "bullet"] == [3, 4, 5, 6]
    assert [n for n, role in roles.items() if role == "subhead"] == [2, 7, 13, 19, 26]
    assert [n for n, role in roles.items() if role == "boilerplate"] == list(range(32, 41))
    assert article.headline is not None
    assert article.headline.startswith("A North Korean soldier makes")


def test_the_short_fixture_has_fourteen_sentences_and_no_headline(story_files: tuple[Path, Path]) -> None:
    article = lay_out(Version(story_files[1].read_text("utf-8")))
    assert len(article.sentences) == 14
    assert article.headline is None
    last = article.sentences[-1]
    assert (last.role, article.exact(last.span)) == ("boilerplate", "Expanded Coverage:")
    assert {s.role for s in article.sentences[:-1]} == {"body"}


@given(PROSE, st.integers(0, 60))
def test_blocks_begin_behind_the_front_matter(text: str, start: int) -> None:
    start = min(start, len(text))
    assert all(start <= block.start <= block.end for block in blocks(text, start))


def test_stems_are_the_same_from_many_threads_at_once() -> None:
    endings = ("ing", "ed", "ation", "iveness", "fully", "ional", "ies", "isation")
    spelt = [f"{a}{b}{end}" for a in ("rel", "cond", "nat", "hop", "gener") for b in "aeiou" for end in endings] * 5
    stem.cache_clear()
    alone = [stem.__wrapped__(word) for word in spelt]
    with ThreadPoolExecutor(16) as hands:
        assert list(hands.map(stem.__wrapped__, spelt)) == alone
