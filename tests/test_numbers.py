"""Numbers and dates: found in digits and words, with one value for one figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.text.numbers import counted, quantities


def values(text: str) -> list[str]:
    """The values in `text`, in its order."""
    return [q.value for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("196 people", "196"),
        ("1,960 people", "1960"),
        ("196.5 points", "196.5"),
        ("two dozen soldiers", "24"),
        ("twenty-four soldiers", "24"),
        ("three hundred and five men", "305"),
        ("two million people", "2000000"),
        ("$3.5 million", "3500000"),
        ("€2bn", "€2000000000"),
        ("40 percent", "40%"),
        ("40 per cent", "40%"),
        ("forty percent", "40%"),
        ("40%", "40%"),
        ("the second time", "2th"),
        ("the 2nd time", "2th"),
        ("it doubled", "×2"),
        ("twice as many", "×2"),
        ("it almost tripled", "×3"),
        ("half of them", "×0.5"),
        ("-5 degrees", "-5"),
        ("at 10:30", "10:30"),
        ("Boeing 737", "737"),
    ],
)
def test_a_figure_has_one_value_however_it_is_written(text: str, value: str) -> None:
    assert [(q.value, q.is_date) for q in quantities(text)] == [(value, False)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20 August 2024", "2024-08-20"),
        ("20th of August, 2024", "2024-08-20"),
        ("August 20, 2024", "2024-08-20"),
        ("Aug. 20", "-08-20"),
        ("2024-08-20", "2024-08-20"),
        ("August 2024", "2024-08-"),
        ("since mid-July", "-07-"),
        ("in May", "-05-"),
        ("on Tuesday", "tue"),
        ("in 2022", "2022"),
        ("the 1990s", "1990s"),
        ("the 2020s", "2020s"),
    ],
)
def test_a_date_has_one_value_however_it_is_written(text: str, value: str) -> None:
    assert [(q.value, q.is_date) for q in quantities(text)] == [(value, True)]


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19",
        "the G7 states",
        "an F-16 jet",
        "one of the men",
        "no one came",
        "every one of them",
        "one another",
        "One can hope.",
        "He may march on.",
        "seconds later",
        "at first nobody saw it",
        "the oneness of all",
        "",
    ],
)
def test_names_pronouns_and_verbs_are_no_figures(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 67 in 2022 to 196 in 2023", ["67", "2022", "196", "2023"]),
        ("20 to 30 people", ["20", "30"]),
        ("2,022 people in 2022", ["2022", "2022"]),
        ("two men, 33 and 35, on Monday", ["2", "33", "35", "mon"]),
        ("dozens and hundreds", ["dozens", "hundreds"]),
    ],
)
def test_figures_stand_in_the_order_of_the_text(text: str, found: list[str]) -> None:
    assert values(text) == found


def test_a_count_and_a_year_with_the_same_digits_are_told_apart() -> None:
    assert [q.is_date for q in quantities("2,022 people in 2022")] == [False, True]


def test_different_amounts_have_different_values() -> None:
    texts = ["3 men", "30 men", "3%", "3 million", "3rd", "-3", "3.5", "thrice", "3:30", "thirty-three"]
    found = [value for text in texts for value in values(text)]
    assert len(set(found)) == len(found) == len(texts)


def test_a_figure_that_stands_twice_counts_twice() -> None:
    assert counted(["5", "5"]) > counted(["5"])
    assert counted(["5", "6"]) == counted(["6", "5"])


FIGURES = st.sampled_from(
    [
        "196",
        "2022",
        "two",
        "dozen",
        "$",
        "3.5",
        "million",
        "%",
        "May",
        "20",
        "Tuesday",
        ",",
        " ",
        " ",
        "-",
        "and",
        "half",
        ":",
        ".",
    ]
)


@given(st.lists(FIGURES, max_size=25).map("".join) | st.text(max_size=50))
def test_figures_do_not_overlap_and_are_in_order(text: str) -> None:
    at = 0
    for quantity in quantities(text):
        assert at <= quantity.span.start < quantity.span.end <= len(text)
        at = quantity.span.end


@given(st.integers(10_000, 10**9))
def test_grouping_by_commas_changes_no_value(number: int) -> None:
    assert values(f"{number} people") == values(f"{number:,} people") == [str(number)]


@given(st.text(max_size=50), st.integers(0, 50), st.integers(0, 50))
def test_a_figure_of_a_stretch_stands_inside_it(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    assert all(start <= q.span.start < q.span.end <= end for q in quantities(text, start, end))
