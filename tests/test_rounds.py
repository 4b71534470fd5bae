"""Rounds: an inventory asked in batches shows together what may be one claim, whatever the order."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from summarize.comparison.rounds import MOST, batches, strangers

WORDS = st.sampled_from("ferry harbour captain tuesday passengers storm engineer rescue lowick cargo 48 304".split())
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=24)
CAPS = st.integers(1, 9)


def met(texts: list[str], most: int) -> Counter[tuple[str, ...]]:
    """The batches, as the texts that meet in each."""
    return Counter(tuple(sorted(texts[i] for i in batch)) for batch in batches(texts, most))


@given(TEXTS, CAPS)
def test_every_text_is_in_exactly_one_batch_in_the_order_given(texts: list[str], most: int) -> None:
    found = batches(texts, most)
    assert sorted(i for batch in found for i in batch) == list(range(len(texts)))
    assert all(batch == sorted(batch) for batch in found)


@given(TEXTS, CAPS)
def test_no_batch_is_empty_or_exceeds_the_cap_and_what_fits_is_one(texts: list[str], most: int) -> None:
    found = batches(texts, most)
    assert all(1 <= len(batch) <= most for batch in found)
    assert len(found) == 1 or not 0 < len(texts) <= most


@given(TEXTS, CAPS)
def test_equal_texts_meet_where_the_cap_allows(texts: list[str], most: int) -> None:
    place = {i: n for n, batch in enumerate(batches(texts, most)) for i in batch}
    for i, text in enumerate(texts):
        alike = [j for j, other in enumerate(texts) if set(other.split()) == set(text.split())]
        if len(alike) <= most:  # those of the same words may take the room as well
            assert {place[j] for j in alike if texts[j] == text} == {place[i]}


@given(TEXTS, CAPS, st.randoms())
def test_the_order_of_the_texts_does_not_matter_to_which_of_them_meet(
    texts: list[str], most: int, any_: random.Random
) -> None:
    assert met(texts, most) == met(any_.sample(texts, len(texts)), most)


def test_alike_texts_meet_though_they_stand_apart_among_hundreds() -> None:
    places = [f"{a}{b}ford" for a in "bcdfghklmn" for b in ("ar", "el", "in", "os", "um", "aw", "ey", "oth")]
    first = [f"The {place} council closed its {place} swimming pool" for place in places]
    second = [f"{place} pool for swimming closed by {place} council" for place in places]
    texts = [*first, *second]
    assert len(texts) > MOST
    found = batches(texts)
    assert max(map(len, found)) <= MOST
    place_of = {i: n for n, batch in enumerate(found) for i in batch}
    assert all(place_of[i] == place_of[i + len(first)] for i in range(len(first)))


def test_strangers_are_likely_twins_that_have_shared_no_batch() -> None:
    texts = ["The ferry sank off Lowick", "A ferry sank near Lowick", "Rain is expected", "Lowick ferry sank"]
    one, two = frozenset({1}), frozenset({2})
    assert strangers(texts, [one, two, two, one]) == [0, 1, 3]
    assert strangers(texts, [one, one, two, one]) == []
    assert strangers(texts, [one, two, two, one | two]) == [0, 1]


@given(TEXTS)
def test_who_met_in_one_batch_are_no_strangers_and_who_met_nobody_is_a_stranger_only_to_a_twin(
    texts: list[str],
) -> None:
    assert strangers(texts, [frozenset({1})] * len(texts)) == []
    found = strangers(texts, [frozenset({i}) for i in range(len(texts))])
    assert found == sorted(set(found))
    for i, text in enumerate(texts):
        if texts.count(text) > 1:
            assert i in found
