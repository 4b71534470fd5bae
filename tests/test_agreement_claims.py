"""Agreement: claims are never dropped, and those that other readings do not tell are marked."""

from __future__ import annotations

import pytest

from summarize.agreement import majority
from summarize.evidence import Evidence
from summarize.reading import Claim, Label, Reading


def claim(text: str, *numbers: int) -> Claim:
    evidence = tuple(Evidence("v", 20 * (n - 1), 20 * n, f"sentence {n}", n) for n in numbers)
    return Claim(text, "event", "author", None, "asserted", evidence)


CLAIM = claim("Officials said on Tuesday that 12 soldiers crossed the border.", 2, 3)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (claim("Twelve soldiers have crossed, officials say.", 3), True),
        (claim("Twelve soldiers have crossed, officials say.", 4), False),  # another sentence
        (claim("13 soldiers crossed the border.", 3), False),  # another figure
        (claim("On Monday 12 soldiers crossed the border.", 3), False),  # another date
        (claim("12 soldiers did not cross the border.", 3), False),  # the opposite
        (claim("12 farmers wept over dead cattle.", 3), False),  # another matter
    ],
)
def test_a_claim_that_another_reading_does_not_tell_is_marked_and_never_dropped(other: Claim, told: bool) -> None:  # noqa: FBT001
    made = majority([Reading("v", claims=(CLAIM,)), Reading("v", claims=(other,))])
    assert made.claims == (CLAIM,)
    share = 1.0 if told else 0.5
    assert made.agreement == (Label("claims", CLAIM.text, ("told", "told" if told else None), "told", share, told),)


def test_claims_without_content_words_are_alike_only_where_their_texts_are() -> None:
    it_was, they_did, again = (Reading("v", claims=(claim(text, 1),)) for text in ("It was.", "They did.", "IT was."))
    assert [x.values for x in majority([it_was, they_did, again]).agreement] == [("told", None, "told")]
