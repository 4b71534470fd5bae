"""What the comparison of the two fixture versions must and must not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarize import compare
from summarize.comparison.model import Comparison, Difference

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(STORY / "long.txt", STORY / "short.txt")


def of(found: Comparison, kind: str) -> list[Difference]:
    return [d for d in found.differences if d.kind == kind]


def words(difference: Difference, version: str) -> str:
    return " | ".join(e.exact for e in difference.evidence.get(version, ()))


def test_every_finding_is_grounded(found: Comparison) -> None:
    assert found.ungrounded == ()
    assert all(reading.ungrounded == () for reading in found.readings.values())
    assert all(reading.grounded > 20 for reading in found.readings.values())


def test_every_piece_of_evidence_is_the_words_of_its_version(found: Comparison) -> None:
    texts = {a.version.id: a.version.text for a in found.story.articles}
    evidence = [e for d in found.differences for side in d.evidence.values() for e in side]
    evidence += [e for r in found.rows for p in r.positions.values() for e in p.evidence]
    assert evidence
    assert all(texts[e.version][e.start : e.end] == e.exact for e in evidence)


def test_no_anchor_that_a_claim_could_cover_is_left_uncovered(found: Comparison) -> None:
    assert all(left == () for left in found.uncovered.values())


@pytest.mark.parametrize("figure", ["67", "2022"])
def test_a_figure_that_one_version_alone_has_is_said_to_be(found: Comparison, figure: str) -> None:
    (only,) = [d for d in of(found, "omission") if figure in words(d, "long").split(" | ")]
    assert only.lacking == ("short",)


def test_the_shared_figure_is_no_difference(found: Comparison) -> None:
    assert not of(found, "numeric")
    assert not any(e.exact == "196" for d in of(found, "omission") for side in d.evidence.values() for e in side)


def test_other_quotations_and_speakers_are_differences_of_attribution(found: Comparison) -> None:
    pairs = [(words(d, "long"), words(d, "short")) for d in of(found, "attribution")]
    assert any("process of moving south" in left and "detailed process" in right for left, right in pairs)
    assert any("South Korean officials" in left and "The Joint Chiefs of Staff" in right for left, right in pairs)
    assert any("South Korean government data" in right for _, right in pairs)
    assert any("South Korean military sources" in right for _, right in pairs)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("daring escape", "crossing"),
        ("bold escape", "defection"),
        ("fleeing", "defection"),
        ("increasing", "ramping up"),
        ("successfully defected", "defected"),
        ("crossed", "successfully crossed"),
        ("trash and propaganda", "trash"),
    ],
)
def test_the_same_fact_in_other_words_is_shown_with_both(found: Comparison, left: str, right: str) -> None:
    assert (left, right) in [(words(d, "long"), words(d, "short")) for d in of(found, "wording")]


@pytest.mark.parametrize(
    "told",
    [
        "taken into custody",  # "was taken into custody by South Korean guards in Goseong County"
        "two weeks after another",  # "comes just two weeks after another North Korean … crossed"
        "balloons carrying trash",
        "South Korean guards monitored",
        "second defection across the border",
        "now questioning the defector",
        "no unusual movement",
        "almost tripled to 196",
        "strain the already tense relationship",  # "further heighten tensions", "already tense relations"
        "expected to undergo the same process",
        "heightened tensions between",
        "Our military secured one person",
        "detected the movement",  # "after being monitored as he made his way"
    ],
)
def test_what_the_other_version_says_in_other_words_is_not_omitted(found: Comparison, told: str) -> None:
    whole = [words(d, v) for d in of(found, "omission") for v in d.evidence if not d.evidence[d.lacking[0]]]
    assert not any(told in text for text in whole)


@pytest.mark.parametrize(
    ("told", "by"),
    [
        ("K-pop songs", "long"),
        ("Ri Il Kyu", "long"),
        ("effectiveness of their border surveillance", "long"),
        ("background checks and integration support", "short"),
    ],
)
def test_what_one_version_alone_tells_is_an_omission_of_the_other(found: Comparison, told: str, by: str) -> None:
    (only,) = [d for d in of(found, "omission") if told in words(d, by)]
    assert only.lacking == ({"long": "short", "short": "long"}[by],)


def test_the_embedded_engine_makes_no_difference_of_tone_framing_or_portrayal(found: Comparison) -> None:
    assert not {d.kind for d in found.differences} & {"tone", "framing", "portrayal"}
    assert found.abstains == {"tone", "framing", "portrayal"}


def test_the_most_salient_differences_come_first(found: Comparison) -> None:
    weights = [d.salience for d in found.differences]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)
