"""Agreement: several stances of one version become one by the rule of the more cautious status."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.agreement import positions_majority
from summarize.evidence import Evidence
from summarize.reading import Position

CITES = st.integers(1, 6).map(lambda n: (Evidence("v", 20 * (n - 1), 20 * n, f"sentence {n}", n),))
STATUSES = st.sampled_from(["states", "partly", "contradicts", "silent", "not found"])
POSITIONS = st.dictionaries(
    st.integers(1, 3),
    st.builds(Position, st.integers(1, 3), STATUSES, st.just("author"), st.none(), st.just("asserted"), CITES),
)
CLAIMS = ["one", "two", "three"]


def statuses(stance: dict[int, Position]) -> list[str]:
    """The status of each claim; one without a position is not found."""
    return [stance[n].status if n in stance else "not found" for n in range(1, len(CLAIMS) + 1)]


@given(st.lists(POSITIONS, min_size=2, max_size=5), st.randoms())
def test_the_order_of_stances_changes_no_status_or_share(samples: list[dict[int, Position]], any_: Any) -> None:  # noqa: ANN401
    made, labels = positions_majority(samples, CLAIMS)
    again, others = positions_majority(any_.sample(samples, len(samples)), CLAIMS)
    assert {n: p.status for n, p in made.items()} == {n: p.status for n, p in again.items()}
    assert [(x.of, x.kept, x.share) for x in labels] == [(x.of, x.kept, x.share) for x in others]


@given(POSITIONS, POSITIONS, st.integers(0, 2))
def test_of_three_stances_two_that_agree_win(same: dict[int, Position], other: dict[int, Position], at: int) -> None:
    samples = [same, same]
    samples.insert(at, other)
    made, _ = positions_majority(samples, CLAIMS)
    assert statuses(made) == statuses(same)
    assert positions_majority([same] * 3, CLAIMS)[0] == positions_majority([same], CLAIMS)[0] == same


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("states partly", "partly"),
        ("contradicts partly", "partly"),
        ("contradicts states", "states"),
        ("states silent", "silent"),
        ("silent missing", "not found"),
        ("states states silent partly", "states"),
    ],
)
def test_of_equal_statuses_the_one_that_asserts_less_is_kept(given_: str, kept: str) -> None:
    def stance(status: Any) -> dict[int, Position]:  # noqa: ANN401
        return {} if status == "missing" else {1: Position(1, status, "author", None, "asserted", ())}

    made, (of,) = positions_majority([stance(status) for status in given_.split()], ["x"])
    assert (of.kept, [p.status for p in made.values()]) == (kept, [] if kept == "not found" else [kept])


@given(st.permutations([None, "silent", "not found"]))
def test_what_is_not_found_keeps_the_words_that_it_may_be_whichever_sample_has_them(given_: list[Any]) -> None:
    words = (Evidence("v", 0, 5, "words", 1),)
    samples = [{1: Position(1, s, "author", None, "asserted", words)} if s else {} for s in given_]
    made, _ = positions_majority(samples, ["x"])
    assert (made[1].status, made[1].evidence) == ("not found", words)
