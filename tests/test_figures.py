"""Figures side by side, and ratios in words beside the numbers they rest on."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import Version, compare
from summarize.comparison.figures import figures
from summarize.comparison.ground import Ground
from summarize.comparison.model import Figure, FigureRow, Ratio, Row
from summarize.comparison.ratios import ratios
from summarize.comparison.rounding import Told
from summarize.evidence import whole
from summarize.library import story_of
from summarize.reading import Position, Reading

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
TEXTS = {name: (STORY / f"{name}.txt").read_bytes().decode() for name in ("long", "short")}
TEXTS["invented"] = """Ferry runs aground off Lowick

A ferry with 212 people on board ran aground near Lowick harbour on Monday evening, the coastguard said.

Eleven passengers were hurt, 3 of them badly. Rescuers took about 190 passengers ashore in boats over five hours.

The ship, which cost $48.5 million, had been repaired in March after 27 complaints about its steering gear.

The number of accidents on the route almost doubled to 19 last year from 10 in 2022.

Some 64 percent of the ferries in the region are older than 30 years.

Olga Brandt, 61, who was on board, said the captain had warned 14 crew members before.
"""


def ground(*texts: str, ids: str = "abcdefgh") -> Ground:
    story = story_of(Version(text, id=i) for text, i in zip(texts, ids, strict=False))
    return Ground(story, {a.version.id: Reading(a.version.id) for a in story.articles})


def table(*texts: str, rows: tuple[Row, ...] = ()) -> tuple[FigureRow, ...]:
    return figures(ground(*texts), rows)


def one(text: str) -> Figure:
    """The only figure of a text."""
    (row,) = table(text)
    (figure,) = row.figures["a"]
    return figure


def values(row: FigureRow) -> dict[str, list[str]]:
    return {v: [f.value for f in side] for v, side in row.figures.items()}


def ratio(text: str) -> Ratio:
    (found,) = ratios(ground(text))
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_an_article_against_itself_has_the_same_figures_in_the_same_rows(name: str) -> None:
    found = table(TEXTS[name], TEXTS[name])
    assert found
    for row in found:
        assert row.same
        assert values(row)["a"] == values(row)["b"]


@pytest.mark.parametrize("name", TEXTS)
def test_every_figure_is_in_one_row_and_its_evidence_is_the_text_as_it_stands(name: str) -> None:
    other = TEXTS["long"]
    seen = [f.evidence for row in table(TEXTS[name], other) for side in row.figures.values() for f in side]
    assert len(seen) == len(set(seen))
    for e in seen:
        assert e.exact == (TEXTS[name] if e.version == "a" else other)[e.start : e.end]


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 30), st.integers(2, 50))
def test_a_changed_number_is_exactly_one_row_that_is_not_the_same(name: str, which: int, more: int) -> None:
    text = TEXTS[name]
    told = {(f.evidence.start, f.evidence.end): f for row in table(text) for side in row.figures.values() for f in side}
    digits = [span for span in sorted(told) if text[slice(*span)].isdigit()]
    start, end = digits[which % len(digits)]
    changed = str(int(text[start:end]) + more)
    if changed in text:
        return
    different = [row for row in table(text, text[:start] + changed + text[end:]) if not row.same]
    assert len(different) == 1
    assert changed in values(different[0])["b"]
    assert told[start, end].value in values(different[0])["a"]


def test_the_order_of_the_versions_changes_nothing() -> None:
    shapes = set()
    for order in permutations(TEXTS):
        found = figures(ground(*(TEXTS[n] for n in order), ids=[n[0] for n in order]), ())  # type: ignore[arg-type]
        shapes.add(tuple((r.what, tuple(sorted(r.figures.items())), r.same) for r in found))
    assert len(shapes) == 1


def test_rows_told_by_more_versions_come_first() -> None:
    told = [len(row.figures) for row in table(TEXTS["long"], TEXTS["short"], TEXTS["short"])]
    assert told == sorted(told, reverse=True)


@pytest.mark.parametrize(
    ("text", "value", "unit", "base", "rounded", "date"),
    [
        ("The storm killed about 300 people in 2022.", "300", "people", "", "about", "in 2022"),
        ("He won 62 percent of likely voters.", "62%", "%", "of likely voters", "exact", ""),
        ("The bank lost almost $3.5 million last year.", "3500000", "$", "", "almost", "last year"),
        ("It has 4.2 cases per 100,000 people.", "4.2", "cases", "per 100,000 people", "exact", ""),
        ("The rate has risen to 9% since 2019.", "9%", "%", "since 2019", "exact", ""),
        ("At least 31 soldiers died on Monday.", "31", "soldiers", "", "at least", "on Monday"),
        ("A fight over $5 billion went on.", "5000000000", "$", "", "exact", ""),
        ("The guards, who said on Friday that 20 boats sank, left.", "20", "boats", "", "exact", ""),
        ("Olga Brandt, 61, was on board.", "61", "years old", "", "exact", ""),
        ("The Senate approved it in a 51-49 vote.", "51-49", "", "", "exact", ""),
    ],
)
def test_a_figure_is_told_with_what_its_version_says_of_it(  # noqa: PLR0913, PLR0917  # a table's columns
    text: str, value: str, unit: str, base: str, rounded: str, date: str
) -> None:
    found = one(text)
    assert (found.value, found.unit, found.base, found.rounding, found.date) == (value, unit, base, rounded, date)


@pytest.mark.parametrize(
    "text",
    [
        "One man left for the second time in 2022.",
        "They met on 9/11 at 5 p.m. and called 919-996-1193.",
        "Senate Bill 54 passed, as did Article 2.",
        "Thousands came, among them several hundred nurses.",
        "Two-thirds of them left, and half of the others.",
        "“We saw it,” two officials said.",
    ],
)
def test_dates_ordinals_names_and_orders_of_size_are_no_figures(text: str) -> None:
    assert table(text) == ()


def test_a_rounded_figure_is_the_same_as_the_exact_one_and_shows_that_it_is_rounded() -> None:
    (row,) = table("The fire in Lowick killed about 300 people.", "The fire in Lowick killed 304 people.")
    assert row.same
    assert {v: side[0].rounding for v, side in row.figures.items()} == {"a": "about", "b": "exact"}


@pytest.mark.parametrize(
    ("left", "right", "may"),
    [
        (Told(300, "about"), Told(304, "exact"), True),
        (Told(300, "about"), Told(350, "exact"), False),
        (Told(300, "about"), Told(301, "roughly"), False),
        (Told(3000, "nearly"), Told(2977, "exact"), True),
        (Told(3000, "nearly"), Told(3100, "exact"), False),
        (Told(30, "at least"), Told(31, "exact"), True),
        (Told(30, "more than"), Told(50, "exact"), False),
        (Told(13.6e6, "exact", scaled=True), Told(13_625_777, "exact"), True),
        (Told(13.6e6, "exact", scaled=True), Told(13.7e6, "exact", scaled=True), False),
    ],
)
def test_rounded_figures_are_one_where_their_ranges_meet(left: Told, right: Told, *, may: bool) -> None:
    assert left.compatible(right) is may
    assert right.compatible(left) is may


@given(st.floats(0.5, 1e9, allow_nan=False), st.sampled_from(["exact", "about", "nearly", "at least"]), st.booleans())
def test_a_figure_lies_within_its_own_range(number: float, words: str, scaled: bool) -> None:  # noqa: FBT001
    told = Told(number, words, scaled=scaled)
    assert told.bounds[0] <= number <= told.bounds[1]
    assert told.compatible(told)


def test_other_values_for_one_thing_in_one_context_are_one_row() -> None:
    (row,) = table(
        "Rescuers said the blast at the harbour in Lowick killed 31 dock workers on Monday.",
        "The blast at the harbour in Lowick on Monday killed 33 dock workers, rescuers said.",
    )
    assert not row.same
    assert row.what == "dock workers killed"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Some 30% of Republicans back the border bill.", "Some 30% of Democrats back the border bill."),
        ("The blast in Lowick killed 31 people.", "The blast in Lowick injured 45 people."),
        ("Defectors to the South numbered 67 people in 2022.", "Defectors to the South numbered 196 people in 2023."),
        ("The repair of the ship cost $40 million.", "The repair of the ship cost €45 million."),
        (
            "In the Lowick poll, Ana Jones won 11 percent.",
            "In the Lowick poll, behind her, Olga Brandt won 11 percent.",
        ),
    ],
)
def test_other_bases_events_dates_currencies_and_names_are_other_rows(left: str, right: str) -> None:
    assert [len(row.figures) for row in table(left, right)] == [1, 1]


def test_a_version_that_tells_two_values_keeps_them_apart_from_each_other() -> None:
    text = "Ten defectors came in May. The number of defectors rose to 196 in June."
    assert [values(row) for row in table(text)] == [{"a": ["10"]}, {"a": ["196"]}]


def test_a_row_of_the_matrix_that_has_both_joins_what_stands_in_less_like_contexts() -> None:
    texts = "Rescuers in the harbour recovered 31 bodies.", "By night there were 33 bodies in the harbour’s morgue."
    found = ground(*texts)
    whole_of = {v: (whole(article, article.sentences[0]),) for v, article in found.articles.items()}
    positions = {
        "a": Position(1, "states", "author", None, "asserted", whole_of["a"]),
        "b": Position(1, "contradicts", "author", None, "asserted", whole_of["b"]),
    }
    row = Row("c1", "31 bodies were recovered.", "number", positions)
    (joined,) = figures(found, (row,))
    assert (joined.same, joined.claims) == (False, ("c1",))
    assert len(figures(found, ())) == 2


def test_the_table_is_made_with_a_comparison() -> None:
    found = compare(Version(TEXTS["long"], id="long"), Version(TEXTS["short"], id="short"))
    ground_again = Ground(found.story, found.readings)
    rows = figures(ground_again, found.rows)
    (row,) = [r for r in rows if any(f.value == "196" for side in r.figures.values() for f in side)]
    assert row.same
    assert set(row.figures) == {"long", "short"}
    assert row.claims


@pytest.mark.parametrize(
    ("text", "found", "holds"),
    [
        ("Arrivals almost tripled to 181 from 67.", 2.70, True),
        ("Arrivals almost tripled to 600, up from 67 in 2022.", 8.96, False),
        ("Arrivals tripled from 60 to 181 in a year.", 3.02, True),
        ("Arrivals doubled from 60 to 181 in a year.", 3.02, False),
        ("Arrivals rose from 67 to 196 in a year, almost tripling.", 2.93, True),
        ("The rule would more than double the limit, from $455 a week to $970 a week.", 2.13, True),
        ("There were 520,000 arrests last year, about one-third of the 1.6 million arrests in 2000.", 0.325, True),
        ("The deficit stands at $984 billion, up 26 percent from the $779 billion of last year.", 1.263, True),
        ("Cases have fallen 34%, from 3,165 to 2,083.", 0.658, True),
        ("Cases were halved, from 3,165 to 2,883.", 0.911, False),
        ("More than half of the panelists – 58 percent – agree.", 0.58, True),
        ("Nearly three-quarters of the panelists (52 percent) agree.", 0.52, False),
        ("Arrivals rose from 67 to 196 in a year. So the number of arrivals almost tripled.", 2.93, True),
    ],
)
def test_a_ratio_is_checked_against_the_numbers_it_rests_on(text: str, found: float, *, holds: bool) -> None:
    checked = ratio(text)
    assert checked.found == pytest.approx(found, abs=0.01)
    assert checked.holds is holds
    for e in (checked.words, *checked.numbers):
        assert e.exact == text[e.start : e.end]


@pytest.mark.parametrize(
    "text",
    [
        "The number of defectors tripled last year to 196, data shows.",
        "The $1.95 billion deal doubles the order to 200 million doses.",
        "Sanders has nearly doubled his support, garnering 30 percent.",
        "It doubled its staff and cut its fleet from 50 to 3 ships.",
        "It is 3.8% higher than before but less than half its 14.8% peak.",
        "The rate rose 3% from a year ago. Unemployment fell from 3.6% to 3.5%.",
        "About two-thirds of the 48 experts agree.",
        "He gave 20 talks, twice the 7 visits of his aide.",
    ],
)
def test_a_ratio_whose_numbers_are_not_certain_is_left_open(text: str) -> None:
    (found,) = [r for r in ratios(ground(text)) if r.claimed != (1.01, 1.05)][:1]
    assert (found.numbers, found.found, found.holds) == ((), None, None)


@pytest.mark.parametrize(
    "text",
    [
        "He doubled down on it twice and spoke for a second time.",
        "The first half of the year was good; an hour and a half of it was not.",
        "Support rose to 40 percent and is up 5 percentage points.",
        "He was shot three times.",
    ],
)
def test_what_compares_no_sizes_is_no_ratio(text: str) -> None:
    assert ratios(ground(text)) == ()


@given(st.integers(1, 400), st.integers(1, 400))
def test_tripled_holds_exactly_within_a_tenth_of_three(old: int, new: int) -> None:
    checked = ratio(f"The number of arrivals tripled to {new} from {old} in a year.")
    if checked.holds is not None:
        assert checked.found == new / old
        assert checked.holds is (2.7 - 1e-9 <= new / old <= 3.3 + 1e-9)
