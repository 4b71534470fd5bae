"""Division: a question asked in parts is the same question, each part smaller, and nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questions import ARTICLE, QUESTIONS, lines, reading

from summarize.division import halves, windows
from summarize.errors import PromptError
from summarize.prompt import READING, Line, Question, part, recheck_question, stance_question

COUNTS: list[Callable[[str], int]] = [
    len,
    lambda text: len(text) // 4,
    lambda text: len(text.split()),
    lambda text: 30 + sum(map(ord, text)) % 90,  # no longer text need take more
]


def ends(question: Question) -> Iterator[Question]:
    """What is left when everything is halved."""
    parts = halves(question)
    if not parts:
        yield question
    for smaller in parts:
        yield from ends(smaller)


def asked(parts: tuple[Question, ...] | list[Question]) -> set[tuple[object, ...]]:
    """Every section, claim with its number, and line that is asked about together, and whether it names the line.

    Where gaps are asked about, lines without one need not be shown.
    """
    return {
        (section, claim, line, line is not None and line.number in near, gaps(p, line))
        for p in parts
        for section in p.sections
        for claim, near in claims(p) or [((0, ""), ())]
        for line in p.lines or [None]
        if not p.gaps or gaps(p, line)
    }


def gaps(question: Question, line: Line | None) -> tuple[str, ...]:
    """The gaps that are asked about in a line."""
    return tuple(words for number, words in question.gaps if line is not None and number == line.number)


def claims(question: Question) -> list[tuple[tuple[int, str], tuple[int, ...]]]:
    """Its claims with their numbers, each with the sentences named behind it."""
    near = question.near or [()] * len(question.claims)
    return list(zip(enumerate(question.claims, start=question.first), near, strict=True))


@given(QUESTIONS)
def test_each_half_is_smaller_in_one_thing_and_larger_in_none(question: Question) -> None:
    def size(q: Question) -> tuple[int, int, int]:
        return len(q.sections), len(q.claims), len(q.lines)

    for half in halves(question):
        pairs = list(zip(size(half), size(question), strict=True))
        assert all(mine <= its for mine, its in pairs)
        assert sum(mine < its for mine, its in pairs) == 1


@given(QUESTIONS)
def test_halving_ends_at_single_things_and_loses_none(question: Question) -> None:
    last = list(ends(question))
    assert all(len(q.sections) == 1 and len(q.claims) <= 1 and len(q.lines) <= 1 for q in last)
    assert asked(last) == asked([question])


def test_sections_are_halved_before_claims_and_claims_before_lines() -> None:
    assert [h.sections for h in halves(reading(lines(4)))] == [READING[:4], READING[4:]]
    two = stance_question(ARTICLE, ["one", "two", "three"])
    assert [(h.claims, h.first, h.lines) for h in halves(two)] == [
        (("one", "two"), 1, two.lines),
        (("three",), 3, two.lines),
    ]
    assert "(3) three" in halves(two)[1].user


def test_lines_are_halved_at_a_paragraph_near_the_middle_with_some_lines_in_both() -> None:
    first, second = halves(reading(lines(7, 13), "claims"))
    assert [line.number for line in first.lines] == list(range(1, 8))
    assert [line.number for line in second.lines] == list(range(5, 21))
    first, second = halves(reading(lines(2, 18), "claims"))  # its only paragraph ends far from the middle
    assert (first.lines[-1].number, second.lines[0].number) == (10, 8)


@given(QUESTIONS, st.integers(1, 700), st.sampled_from(COUNTS))
def test_every_window_fits_or_cannot_be_cut_and_together_they_ask_all(
    question: Question, room: int, count: Callable[[str], int]
) -> None:
    parts = windows(question, room, count)
    assert asked(parts) == asked([question])
    for one, two in pairwise(p for p in parts if p.lines):
        assert one.first < two.first or all(one.lines[i].number < two.lines[i].number for i in (0, -1))
    for p in parts:
        numbers = [line.number for line in p.lines]
        assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else not question.lines
        assert count(p.user) <= room or (len(p.lines) == 1 or (not p.lines and len(p.claims) == 1))


@given(QUESTIONS)
def test_what_fits_is_not_cut(question: Question) -> None:
    assert windows(question, len(question.user), len) == (question,)


def test_windows_share_a_tenth_and_two_lines_at_least() -> None:
    def spans(room: int) -> list[tuple[int, int]]:
        parts = windows(reading(lines(400), "tone"), room, lambda text: text.count("["))
        return [(p.lines[0].number, p.lines[-1].number) for p in parts]

    assert spans(150) == [(1, 150), (136, 285), (271, 400)]
    assert spans(3) == [(i, i + 2) for i in range(1, 399, 2)] + [(399, 400)]  # never more than half
    assert [begin - end for (_, end), (begin, _) in pairwise(spans(8))] == [-1] * (len(spans(8)) - 1)


def test_a_window_ends_with_a_paragraph_that_ends_near() -> None:
    parts = windows(reading(lines(9, 8, 50), "tone"), 10, lambda text: text.count("["))
    assert [(p.lines[0].number, p.lines[-1].number) for p in parts][:3] == [(1, 9), (8, 17), (16, 25)]
    last = windows(reading(lines(9, 8, 2), "tone"), 12, lambda text: text.count("["))
    assert [p.lines[-1].number for p in last] == [9, 19]  # the end of the text is as good a place


def test_only_sentences_that_are_shown_are_named_behind_a_claim() -> None:
    whole = part(recheck_question(ARTICLE, ["one", "two"], [(3, 17), (18,)]), lines=lines(20))
    first, second = part(whole, lines=whole.lines[:10]), part(whole, lines=whole.lines[10:])
    assert (first.near, second.near) == (((3,), ()), ((17,), (18,)))
    assert "(1) one [see 3]\n(2) two\n" in first.user
    assert first.system == second.system == whole.system  # a claim without a sentence is looked for again all the same


def test_a_line_larger_than_the_room_stands_alone_and_the_others_are_not_held_up() -> None:
    text = lines(9)
    text[4] = replace(text[4], text="long " * 400)
    parts = windows(reading(text, "tone"), 300, len)
    assert [[line.number for line in p.lines] for p in parts if len(p.user) > 300] == [[5]]
    last = [p.lines[-1].number for p in parts]
    assert last == sorted(set(last))  # no window lies within another


def test_claims_that_would_fill_more_than_half_of_the_room_are_split_too() -> None:
    claims = [f"claim {i}" for i in range(1, 31)]
    question = part(stance_question(ARTICLE, claims), lines=lines(60))
    parts = windows(question, 20, lambda text: text.count("[") + text.count("("))
    assert {(p.first, len(p.claims)) for p in parts} == {(1, 10), (11, 10), (21, 10)}
    assert {len(p.lines) for p in parts} <= set(range(3, 11))


def test_no_room_at_all_is_refused() -> None:
    with pytest.raises(PromptError, match="no room"):
        windows(reading(lines(3)), 0, len)
