"""Reliability: a measure is a share with its count or says how to take it, and each ceiling has its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.anchors import Anchor
from summarize.comparison.model import Comparison, Measure, Row
from summarize.evidence import Evidence
from summarize.news import Story
from summarize.reading import Claim, Frame, Label, Position, Reading, Tone, Ungrounded
from summarize.reliability import SECTIONS, Agreement, Shift, ceilings, measures, rand, table
from summarize.text.span import Span

ALL = (*SECTIONS, "edits")
STATUSES = ("states", "partly", "contradicts", "silent", "not found")
FIXED = ("grounded", "repeats", "order", "blind", "re-asked", "silence", "covered")
LABELS = st.builds(
    lambda section, values: Label(section, "x", values, values[0], 0.0, stable=False),
    st.sampled_from(SECTIONS),
    st.lists(st.sampled_from(["a", "b", None]), min_size=2, max_size=5).map(tuple),
)
SHIFTS = st.builds(Shift, st.sampled_from(["tone", "framing", "portrayal"]), st.just("x"), *[st.integers(0, 1)] * 2)


def words(version: str) -> tuple[Evidence, ...]:
    return (Evidence(version, 0, 5, "words", 1),)


def position(version: str, status: Any) -> Position:  # noqa: ANN401
    evidence = words(version) if status in {"states", "partly", "contradicts"} else ()
    return Position(1, status, "author", None, "asserted", evidence)


def reading(version: str, *, ungrounded: int = 0, labels: Sequence[Label] = ()) -> Reading:
    return Reading(
        version,
        claims=(Claim("A claim.", "event", "author", None, "asserted", words(version)),),
        tone={"author": Tone(0, 1, words(version)), "headline": None},
        frames=(Frame("political", "primary", words(version)),),
        ungrounded=(Ungrounded(version, "claims", {}, "no such sentence"),) * ungrounded,
        agreement=tuple(labels),
    )


def compared(cells: Sequence[Sequence[str]] = (), **other: Any) -> Comparison:  # noqa: ANN401
    """A comparison of versions a and b; `cells` are the statuses of each row in them."""
    rows = tuple(
        Row(f"c{i}", "A claim.", "event", {v: position(v, s) for v, s in zip("ab", pair, strict=True)})
        for i, pair in enumerate(cells, start=1)
    )
    empty: dict[str, Any] = dict.fromkeys("ab", ())
    made = Comparison(Story(), {v: reading(v) for v in "ab"}, rows, (), anchors=empty, uncovered=empty)
    return replace(made, **other)


def named(name: str, found: Sequence[Measure]) -> Measure:
    (measure,) = [m for m in found if m.name == name]
    return measure


def anchor(kind: Literal["number", "date", "name", "quotation"], at: int) -> Anchor:
    return Anchor(kind, str(at), Span(at, at + 1), 1)


COMPARISONS = st.builds(
    lambda cells, labels, ungrounded: compared(
        cells,
        readings={"a": reading("a", ungrounded=ungrounded, labels=labels), "b": reading("b")},
        anchors={"a": tuple(anchor("number", i) for i in range(ungrounded + 1)), "b": ()},
        uncovered={"a": (anchor("number", 0),), "b": ()},
    ),
    st.lists(st.tuples(*[st.sampled_from(STATUSES)] * 2), max_size=4),
    st.lists(LABELS, max_size=6),
    st.integers(0, 3),
)
RECHECKED = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4), *[st.sampled_from(STATUSES)] * 2), max_size=4)
Rechecked: TypeAlias = "list[tuple[str, str, str, str]]"
AGREEMENTS = st.none() | st.builds(Agreement, st.floats(-1, 1), st.integers(0, 50))


@given(COMPARISONS, RECHECKED, AGREEMENTS, st.none() | st.lists(SHIFTS, max_size=4))
def test_a_measure_is_a_share_of_some_cases_or_says_how_to_take_it(
    found: Comparison,
    rechecked: Rechecked,
    order: Agreement | None,
    blind: list[Shift] | None,
) -> None:
    made = measures(found, rechecked=rechecked, order=order, blind=blind)
    for measure in made:
        assert measure.how
        assert (measure.value is None) == (measure.n == 0)
        assert measure.value is None or 0 <= measure.value <= 1
        assert bool(measure.ceiling) == bool(measure.source)


@given(COMPARISONS, RECHECKED, AGREEMENTS, st.none() | st.lists(SHIFTS, max_size=4))
def test_measures_come_in_one_order_and_each_once(
    found: Comparison,
    rechecked: Rechecked,
    order: Agreement | None,
    blind: list[Shift] | None,
) -> None:
    names = [m.name for m in measures(found, rechecked=rechecked, order=order, blind=blind)]
    assert len(set(names)) == len(names)
    ranks = [FIXED.index(name.partition(":")[0]) for name in names]
    assert ranks == sorted(ranks)
    assert set(FIXED) - {"repeats"} <= {name.partition(":")[0] for name in names}


@given(COMPARISONS, st.lists(SHIFTS, max_size=4), st.randoms())
def test_the_order_of_versions_rows_and_labels_changes_nothing(found: Comparison, blind: Any, any_: Any) -> None:  # noqa: ANN401
    def mixed(mapping: Any) -> dict[str, Any]:  # noqa: ANN401
        return dict(reversed(mapping.items()))

    turned = replace(
        found,
        readings={
            v: replace(r, agreement=any_.sample(r.agreement, len(r.agreement)))
            for v, r in mixed(found.readings).items()
        },
        rows=tuple(replace(row, positions=mixed(row.positions)) for row in reversed(found.rows)),
        anchors=mixed(found.anchors),
        uncovered=mixed(found.uncovered),
    )
    assert measures(turned, blind=any_.sample(blind, len(blind))) == measures(found, blind=blind)


def test_what_was_not_asked_for_is_not_measured_and_its_option_is_named() -> None:
    found = measures(compared([("states", "silent")]))
    repeats = [m for m in found if m.name.startswith("repeats: ")]
    assert [m.name.partition(": ")[2] for m in repeats] == ["tone", "framing", "claims", "stance"]
    assert {(m.value, m.n, m.how) for m in repeats} == {(None, 0, "--samples 3")}
    assert named("order", found) == Measure("order", None, 0, "--check-order")
    assert named("blind", found) == Measure("blind", None, 0, "--check-blind")
    assert named("re-asked", found).value is None
    assert "--" not in named("re-asked", found).how


def test_what_a_comparison_does_not_have_is_neither_measured_nor_listed() -> None:
    found = measures(compared(readings={v: Reading(v) for v in "ab"}))
    assert [m.name for m in found] == ["grounded", "order", "blind", "re-asked", "silence", "covered"]
    assert {m.value for m in found} == {None}


def test_findings_are_grounded_in_the_share_whose_citation_resolves_stances_included() -> None:
    aside = Ungrounded("a", "stance", {}, "no such sentence")
    found = compared(
        [("states", "silent")],
        readings={"a": reading("a", ungrounded=2), "b": reading("b")},
        ungrounded=(aside,),
    )
    grounded = named("grounded", measures(found))
    assert (grounded.value, grounded.n) == (0.7, 10)  # 3 findings a version and one stance of 7, 3 set aside


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ((1, 1, 1), 1.0),
        ((1, 1, 2), 0.333),
        ((1, 2, 3), 0.0),
        (("told", None), 0.0),
        (("told", None, None), 0.0),
        (("told", "told", None), 0.333),
        ((1, 1, 1, 1, 2), 0.6),
    ],
)
def test_repeats_are_pairs_of_samples_that_agree_and_agreed_absence_is_none(values: Any, value: float) -> None:  # noqa: ANN401
    label = Label("tone", "author score", values, values[0], 0.0, stable=False)
    nothing = Label("tone", "headline score", (None,) * 3, None, 1.0, stable=True)
    found = measures(compared(readings={"a": reading("a", labels=[label, nothing])}))
    repeats = named("repeats: tone", found)
    assert (repeats.value, repeats.n) == (value, 1)


def test_labels_of_stances_count_for_stance_alone() -> None:
    label = Label("stance", "A claim.", ("states", "partly"), "partly", 0.5, stable=False)
    found = measures(compared([("states", "states")], agreement={"a": (label,)}))
    assert {m.name: m.n for m in found if m.name.startswith("repeats") and m.n} == {"repeats: stance": 1}


def test_a_share_of_labels_stays_when_the_outlet_is_shown() -> None:
    shifts = [Shift("framing", "political", "primary", None), Shift("tone", "author score", 1, 1)]
    shifts += [Shift("tone", "headline score", 0, -1)]
    found = measures(compared(), blind=shifts)
    assert [(m.name, m.value, m.n) for m in found if m.name.startswith("blind")] == [
        ("blind: tone", 0.5, 2),
        ("blind: framing", 0.0, 1),
    ]
    none = named("blind", measures(compared(), blind=[]))
    assert none.value is None
    assert "--" not in none.how


def test_silence_is_earned_in_the_share_of_cells_that_stayed_silent() -> None:
    cells = [("states", "silent"), ("silent", "not found"), ("silent", "contradicts"), ("partly", "partly")]
    silence = named("silence", measures(compared(cells)))
    assert (silence.value, silence.n) == (0.75, 4)


def test_names_are_no_anchors_that_a_claim_has_to_hold() -> None:
    held = (anchor("number", 1), anchor("date", 2), anchor("quotation", 3), anchor("name", 4))
    found = compared(anchors={"a": held, "b": ()}, uncovered={"a": held[:1], "b": ()})
    covered = named("covered", measures(found))
    assert (covered.value, covered.n) == (0.667, 3)


def test_a_claim_asked_about_again_counts_as_changed_only_where_its_status_is_another() -> None:
    again = [("a", "c1", "silent", "states"), ("a", "c2", "silent", "silent"), ("b", "c1", "silent", "silent")]
    changed = named("re-asked", measures(compared(), rechecked=again))
    assert (changed.value, changed.n) == (0.333, 3)


def test_agreement_below_chance_is_printed_as_none_at_all() -> None:
    order = named("order", measures(compared(), order=Agreement(-0.2, 10)))
    assert (order.value, order.n) == (0.0, 10)
    assert named("order", measures(compared(), order=Agreement(1.0, 0))).value is None


def test_the_adjusted_rand_index_is_that_of_hubert_and_arabie() -> None:
    one, other = [["a", "b", "c"], ["d", "e", "f"]], [["a", "b"], ["c", "d"], ["e", "f"]]
    found = rand(one, other)
    pairs = {frozenset(p) for p in combinations("abcdef", 2)}
    together = [{frozenset(p) for group in merging for p in combinations(group, 2)} for merging in (one, other)]
    chance, most = len(together[0]) * len(together[1]) / len(pairs), sum(map(len, together)) / 2
    assert found.n == len(pairs) == 15
    assert found.share == pytest.approx((len(together[0] & together[1]) - chance) / (most - chance))
    assert found.share == pytest.approx(0.2424, abs=1e-4)


MERGINGS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1).map(
    lambda places: [[[c for c, at in places.items() if at[side] == group] for group in range(4)] for side in (0, 1)]
)


@given(MERGINGS, st.permutations(range(4)))
def test_a_merging_is_wholly_like_itself_and_likeness_has_no_sides_or_order(pair: Any, mixed: list[int]) -> None:  # noqa: ANN401
    one, other = pair
    assert rand(one, [one[i] for i in mixed]).share == pytest.approx(1)
    assert rand(one, other).share == pytest.approx(rand(other, one).share)
    assert rand(one, other).share <= 1 + 1e-9
    assert rand([one[i] for i in mixed], other) == rand(one, other)


@pytest.mark.parametrize("other", [[["a"]], [["a", "b"], ["b"]], [["a"], ["c"]]])
def test_mergings_of_other_claims_are_refused(other: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="claim"):
        rand([["a", "b"]], other)


def test_every_ceiling_is_a_share_of_something_by_somebody_and_says_how_it_was_checked() -> None:
    known = [c for section in ALL for c in ceilings(section)]
    assert known
    for ceiling in known:
        assert 0 < ceiling.figure < 1
        assert all([ceiling.label, ceiling.kind, ceiling.n, ceiling.authors, ceiling.title, ceiling.venue])
        assert 1980 <= ceiling.year <= 2030
        assert ceiling.checked in {"paper", "authors", "data"}
        assert not ceiling.url or ceiling.url.startswith(("https://", "http://"))
        assert ceiling.authors in ceiling.citation
        assert ceiling.short.endswith(str(ceiling.year))


def test_every_section_but_claims_has_a_ceiling_and_none_is_invented_for_claims() -> None:
    assert {section for section in ALL if not ceilings(section)} == {"claims"}
    assert ceilings("nosuch") == ()


def test_the_table_has_a_line_a_section_with_this_run_and_people_and_their_source() -> None:
    label = Label("tone", "author score", (1, 1, 0), 1, 0.667, stable=False)
    found = compared(readings={"a": reading("a", labels=[label])})
    lines = {line.section: line for line in table(measures(found, blind=[Shift("tone", "author score", 1, 1)]))}
    assert set(lines) == {"tone", "framing", "claims"}
    assert (
        lines["tone"].run == "0.33 of 1 label agree between two samples; 1.00 of 1 label stay when the outlet is shown"
    )
    assert lines["tone"].people.startswith("0.76 Krippendorff's alpha")
    assert lines["tone"].source == "Hayes & Krippendorff 2007"
    assert lines["framing"].run == "not measured: --samples 3"
    assert (lines["claims"].people, lines["claims"].source) == ("no figure known", "")


def test_a_line_of_the_table_does_not_hang_on_the_order_of_the_measures() -> None:
    found = measures(compared([("states", "states")]))[:4]
    assert {frozenset(table(mixed)) for mixed in permutations(found)} == {frozenset(table(found))}
