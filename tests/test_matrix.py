"""The inventory's answer is checked: no claim is lost or told twice, and what differs in a figure is never one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.comparison.matrix import Distinct, held_to, merged
from summarize.reading import Claim

TEXTS = (
    "12 people were hurt.", "Twelve people were hurt in the fire.", "15 people were hurt.", "Nobody was hurt.",
    "The mayor resigned.", "The mayor did not resign.", "Rain fell on Monday.", "It rained.",
)  # fmt: skip
NUMBERS = st.integers(1, len(TEXTS) + 2)  # some of which no claim has
GROUPS = st.lists(st.lists(NUMBERS, min_size=2, max_size=6), max_size=5)


def distinct(*texts: str) -> list[Distinct]:
    """A claim of one version for each text."""
    return [Distinct(text, (Claim(text, "event", "author", None, "asserted", ()),)) for text in texts]


CLAIMS = distinct(*TEXTS)


def answer(*groups: list[int], text: str = "x") -> dict[str, Any]:
    """An inventory's answer."""
    return {"inventory": [{"claims": group, "text": text} for group in groups]}


def members(found: list[Distinct]) -> list[list[str]]:
    """The texts that each distinct claim was made of."""
    return [[claim.text for claim in one.members] for one in found]


@given(GROUPS)
def test_each_claim_is_in_exactly_one_distinct_claim_whatever_is_answered(groups: list[list[int]]) -> None:
    found = merged(CLAIMS, answer(*groups))
    assert sorted(text for made in members(found) for text in made) == sorted(TEXTS)


@given(GROUPS, st.sampled_from([*TEXTS, "x"]))
def test_no_distinct_claim_holds_different_figures_or_a_claim_and_its_denial(
    groups: list[list[int]], text: str
) -> None:
    for one in merged(CLAIMS, answer(*groups, text=text)):
        assert {held_to(claim.text) for claim in one.members} == {held_to(one.text)}


@given(st.permutations(range(1, len(TEXTS) + 1)), st.lists(st.integers(2, 4), max_size=4), st.randoms())
def test_the_order_of_the_groups_changes_nothing(order: list[int], sizes: list[int], any_: Any) -> None:  # noqa: ANN401
    groups = [order[sum(sizes[:i]) : sum(sizes[: i + 1])] for i in range(len(sizes))]
    groups = [group for group in groups if len(group) > 1]
    mixed = [any_.sample(group, len(group)) for group in any_.sample(groups, len(groups))]

    def made(groups: list[list[int]]) -> Counter[tuple[str, tuple[str, ...]]]:
        found = merged(CLAIMS, answer(*groups))
        return Counter((one.text, tuple(sorted(texts))) for one, texts in zip(found, members(found), strict=True))

    assert made(mixed) == made(groups)


@pytest.mark.parametrize(
    ("group", "apart"),
    [
        ([1, 2], [[1, 2]]),  # spelt in letters or digits, a figure is the same
        ([1, 2, 3], [[1, 2], [3]]),
        ([1, 4], [[1], [4]]),
        ([5, 6], [[5], [6]]),
        ([7, 8], [[7], [8]]),  # one holds a day that the other does not
    ],
)
def test_a_group_with_other_figures_or_a_denial_is_taken_apart(group: list[int], apart: list[list[int]]) -> None:
    found = members(merged(CLAIMS, answer(group)))
    assert found[: len(apart)] == [[TEXTS[n - 1] for n in numbers] for numbers in apart]


def test_a_groups_text_counts_only_where_it_is_held_to_what_the_group_is() -> None:
    assert merged(CLAIMS, answer([1, 2], text="12 were injured."))[0].text == "12 were injured."
    for text in ("Some were injured.", "13 were injured.", "12 were not injured."):
        assert merged(CLAIMS, answer([1, 2], text=text))[0].text == min(TEXTS[0], TEXTS[1])
    assert {one.text for one in merged(CLAIMS, answer([1, 3], text="12 were injured."))} == set(TEXTS)


def test_a_number_in_two_groups_stays_in_the_first_and_one_that_no_claim_has_is_left_out() -> None:
    found = members(merged(CLAIMS, answer([5, 5, 99], [5, 8])))
    assert [len(texts) for texts in found] == [1] * len(TEXTS)
    first, second = [TEXTS[4], "The mayor left office."], "The mayor stepped down."
    claims = distinct(*first, second)
    assert members(merged(claims, answer([1, 2], [2, 3]))) == [first, [second]]


def test_what_was_merged_before_is_merged_again_with_all_its_members() -> None:
    once = merged(CLAIMS, answer([1, 2], text="12 were injured."))
    again = merged([*once, *distinct("12 were wounded.")], answer([1, len(once) + 1]))
    assert members(again)[0] == [TEXTS[0], TEXTS[1], "12 were wounded."]
