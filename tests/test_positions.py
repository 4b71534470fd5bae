"""A stance as it is read: what is told has words, and silence is said of nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from questions import valid

from summarize.citations import faults, inventory_faults
from summarize.news import Version, lay_out
from summarize.prompt import inventory_question, part, stance_question
from summarize.reading import positions

ARTICLE = lay_out(Version("Two die\n\nBy Ana Ruiz\n\nTwo men died in Lisbon. The mayor said so.\n", id="a"))
CLAIMS = ["Two men died.", "It rained.", "The mayor spoke."]
QUESTION = stance_question(ARTICLE, CLAIMS)
BYLINE, NOWHERE = 2, 99  # sentences that cannot be cited


def told(claim: int, *cites: int, status: str = "states") -> dict[str, Any]:
    """An entry of a stance."""
    who = {"voice": "author", "speaker": None, "certainty": "asserted"}
    return {"claim": claim, "cites": list(cites), "status": status, **who}


def stance(*entries: dict[str, Any], silent: tuple[int, ...] = ()) -> dict[str, Any]:
    """An answer to a stance question."""
    return {"stance": {"told": list(entries), "silent": list(silent)}}


def test_a_claim_both_told_and_silent_keeps_the_words() -> None:
    found, aside = positions(ARTICLE, stance(told(1, 3, status="partly"), silent=(1, 2)), 3)
    assert {n: p.status for n, p in found.items()} == {1: "partly", 2: "silent"}
    assert [e.exact for e in found[1].evidence] == ["Two men died in Lisbon."]
    assert aside == ()


@pytest.mark.parametrize("cited", [BYLINE, NOWHERE])
@pytest.mark.parametrize("silent", [(), (1,)])
def test_a_told_claim_whose_words_lead_nowhere_is_not_silent_but_set_aside(cited: int, silent: tuple[int, ...]) -> None:
    found, aside = positions(ARTICLE, stance(told(1, 3, cited), silent=silent), 3)
    assert found == {}
    assert [(u.version, u.section, u.finding["claim"]) for u in aside] == [("a", "stance", 1)]


def test_of_a_claim_told_twice_the_first_answer_with_words_is_kept() -> None:
    found, _ = positions(ARTICLE, stance(told(1, 3), told(1, 4, status="contradicts")), 3)
    assert (found[1].status, found[1].evidence[0].sentence) == ("states", 3)
    found, aside = positions(ARTICLE, stance(told(1, NOWHERE), told(1, 4, status="contradicts")), 3)
    assert (found[1].status, len(aside)) == ("contradicts", 1)


def test_what_is_unclear_is_not_found_with_the_words_that_it_may_be() -> None:
    found, _ = positions(ARTICLE, stance(told(2, 4, status="unclear")), 3)
    assert (found[2].status, [e.sentence for e in found[2].evidence]) == ("not found", [4])


def test_a_number_that_no_claim_has_is_set_aside_told_or_silent() -> None:
    found, aside = positions(ARTICLE, stance(told(4, 3), silent=(2, 7)), 3)
    assert list(found) == [2]
    assert [u.reason for u in aside] == ["there is no claim 4", "there is no claim 7"]


@given(valid(QUESTION.schema))
def test_whatever_is_answered_words_are_there_where_and_only_where_something_is_told(answer: dict[str, Any]) -> None:
    found, aside = positions(ARTICLE, answer, 3)
    given_ = answer["stance"]
    assert set(found) <= {1, 2, 3}
    assert all((p.status == "silent") == (p.evidence == ()) for p in found.values())
    silent = {n for n, p in found.items() if p.status == "silent"}
    assert silent == set(given_["silent"]) & {1, 2, 3} - {item["claim"] for item in given_["told"]}
    grounded = {n for n in found if n not in silent}
    led_nowhere = {u.finding.get("claim") for u in aside}
    assert grounded | led_nowhere >= {item["claim"] for item in given_["told"]}


def test_the_gate_names_claims_unknown_unanswered_and_answered_both_ways() -> None:
    assert faults(ARTICLE, QUESTION, stance(told(1, 3), silent=(2, 3))) == ()
    found = faults(ARTICLE, QUESTION, stance(told(1, 3), told(9, 3), silent=(1, 8)))
    assert found == (
        "stance: there is no claim 8, 9",
        "stance: claim 2, 3 is not answered",
        "stance: claim 1 is both told and silent",
    )
    second = part(QUESTION, claims=slice(1, 3))
    assert faults(ARTICLE, second, stance(silent=(2, 3))) == ()
    assert faults(ARTICLE, second, stance(silent=(1, 2, 3))) == ("stance: there is no claim 1",)


def test_the_gate_names_sentences_that_were_not_shown_wherever_they_are_cited() -> None:
    found = faults(ARTICLE, QUESTION, stance(told(1, 3, NOWHERE), silent=(2, 3)))
    assert found == (f"stance: sentence {NOWHERE} was not shown",)


def test_the_gate_lets_claims_stand_alone_and_names_those_that_there_are_not() -> None:
    question = inventory_question(CLAIMS)
    assert inventory_faults(question, {"inventory": []}) == ()
    wrong = {"inventory": [{"claims": [1, 9], "text": "x"}, {"claims": [2, 7], "text": "y"}]}
    assert inventory_faults(question, wrong) == ("inventory: there is no claim 7, 9",)
