"""The course of a claim over the revisions of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.comparison.ground import Ground
from summarize.comparison.model import Course, Row
from summarize.comparison.timeline import timeline
from summarize.evidence import whole
from summarize.news import Story, Version, lay_out
from summarize.reading import Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarize.reading import Certainty, Status

STATUSES: dict[str, Status] = {
    "s": "states",
    "p": "partly",
    "c": "contradicts",
    "-": "silent",
    "?": "not found",
}


def ground(*texts: str) -> Ground:
    """The ground of versions v1, v2 and so on."""
    versions = [Version(text, id=f"id{n}", label=f"v{n}") for n, text in enumerate(texts, start=1)]
    return Ground(Story(tuple(lay_out(v) for v in versions)), {})


def position(
    on: Ground, version: str, status: Status, certainty: Certainty = "asserted", speaker: str | None = None
) -> Position:
    """A position whose evidence is the first sentence of its version."""
    article = on.articles[version]
    evidence = () if status in {"silent", "not found"} else (whole(article, article.sentences[0]),)
    return Position(1, status, "attributed" if speaker else "author", speaker, certainty, evidence)


def course(*told: tuple[Status, Certainty, str | None] | str, texts: Sequence[str] = ()) -> tuple[Course, ...]:
    """The timeline of one claim, by a letter or by status, certainty and speaker of each version."""
    on = ground(*(texts or [f"Twelve people were hurt, in telling {n}." for n in range(len(told))]))
    full = [(STATUSES[t], "asserted", None) if isinstance(t, str) else t for t in told]
    positions = {
        f"id{n}": position(on, f"id{n}", status, certainty, speaker)
        for n, (status, certainty, speaker) in enumerate(full, start=1)
    }
    return timeline(on, [Row("c1", "Twelve people were hurt.", "number", positions)], list(positions))


def test_a_claim_is_told_by_what_each_revision_does_with_it() -> None:
    (found,) = course("-", "s", ("states", "hedged", None), ("states", "unconfirmed", "police"), "p", "c", "-", "?")
    assert [s.says for s in found.stages] == [
        "not yet",
        "asserted",
        "hedged",
        "unconfirmed by police",
        "in part",
        "contradicted",
        "gone",
        "not found",
    ]
    assert found.text.startswith("not yet in v1, asserted in v2, hedged in v3, unconfirmed by police in v4, in part in")
    assert [bool(s.evidence) for s in found.stages] == [False, True, True, True, True, True, False, False]


def test_revisions_that_do_the_same_are_told_together() -> None:
    (found,) = course("s", "s", "s", "-")
    assert found.text == "asserted in v1, v2 and v3, gone in v4"


@pytest.mark.parametrize("told", ["sss", "ppp", "---", "?-?", "s", ""])
def test_a_claim_whose_stage_does_not_change_has_no_course(told: str) -> None:
    assert course(*told) == ()


def test_the_same_speaker_in_more_words_is_no_change() -> None:
    assert course(("states", "asserted", "officials"), ("states", "asserted", "two officials")) == ()
    (other,) = course(("states", "asserted", "officials"), ("states", "asserted", "a witness"))
    assert other.text == "asserted by officials in v1, asserted by a witness in v2"


@pytest.mark.parametrize(
    ("told", "flip"),
    [
        ("s-s", True),
        ("scs", True),
        ("p-s", True),
        ("s-?s", True),
        ("s?s", False),
        ("-s-", False),
        ("s-c", False),
        ("-sc", False),
    ],
)
def test_a_flip_is_a_claim_that_is_told_then_gone_or_contradicted_then_told_again(told: str, *, flip: bool) -> None:
    (found,) = course(*told)
    assert found.flip is flip


@pytest.mark.parametrize(
    ("numbers", "flip"), [(("12", "14", "12"), True), (("12", "14", "15"), False), (("12", "14", "twelve"), True)]
)
def test_a_figure_that_goes_from_a_to_b_and_back_is_a_flip(numbers: Sequence[str], *, flip: bool) -> None:
    found = course("s", "s", "s", texts=[f"Police said {n} people were hurt." for n in numbers])
    assert [c.flip for c in found] == ([True] if flip else [])
    assert not flip or found[0].text == "asserted in v1, v2 and v3; the figure is 12 again, after 14"


def test_flips_come_first_and_others_in_the_order_of_the_rows() -> None:
    on = ground("One was hurt.", "Two were hurt.", "Three were hurt.")
    rows = [
        Row(
            f"c{n}", "A claim.", "event", {f"id{k}": position(on, f"id{k}", STATUSES[c]) for k, c in enumerate(told, 1)}
        )
        for n, told in enumerate(("s--", "sss", "s-s", "-ss"), start=1)
    ]
    assert [c.row for c in timeline(on, rows, ["id1", "id2", "id3"])] == ["c3", "c1", "c4"]


def test_the_order_given_is_the_order_of_time() -> None:
    on = ground("One was hurt.", "Two were hurt.")
    row = Row("c1", "A claim.", "event", {"id1": position(on, "id1", "states"), "id2": position(on, "id2", "silent")})
    assert timeline(on, [row], ["id1", "id2"])[0].text == "asserted in v1, gone in v2"
    assert timeline(on, [row], ["id2", "id1"])[0].text == "not yet in v2, asserted in v1"


def test_a_version_without_a_position_is_not_found_and_an_unknown_one_is_refused() -> None:
    on = ground("One was hurt.", "Two were hurt.")
    row = Row("c1", "A claim.", "event", {"id1": position(on, "id1", "states")})
    assert timeline(on, [row], ["id1", "id2"])[0].text == "asserted in v1, not found in v2"
    with pytest.raises(KeyError):
        timeline(on, [row], ["id1", "elsewhere"])


@given(st.lists(st.sampled_from("spc-?"), min_size=1, max_size=7))
def test_every_version_has_one_stage_and_gone_comes_only_after_words(told: list[str]) -> None:
    for found in course(*told):
        says = [s.says for s in found.stages]
        assert [s.version for s in found.stages] == [f"id{n}" for n in range(1, len(told) + 1)]
        assert all(
            ("gone" not in says[: n + 1]) or n < says.index("gone") for n, s in enumerate(says) if s == "not yet"
        )
        assert len(set(says)) > 1
