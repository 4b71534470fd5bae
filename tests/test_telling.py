"""A story told: what no claim holds is asked for once, and an inventory of many claims in rounds."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from summarize.comparison.model import Comparison
from summarize.comparison.rounds import MOST
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.library import story_of
from summarize.news import Version
from summarize.prompt import Question
from summarize.reply import Reply
from summarize.telling import tell

GAPPY = "Ferry aground\n\nA ferry ran aground off Lowick.\n\n48 saved, 9 hurt\n\nThe captain spoke of 3 rocks.\n"
PLAIN = "Ferry in trouble\n\nA ferry is in trouble off Lowick, the harbour office said.\n"
KNOWN = "The captain spoke of 3 rocks."


def claim(text: str, *cites: int) -> dict[str, Any]:
    """A claim as an engine gives it."""
    who = {"voice": "author", "speaker": None, "certainty": "asserted"}
    return {"cites": list(cites), "text": text, "kind": "event", **who}


class Filling(Lexicon):
    """The embedded engine, but for gaps: the claims that it finds then are given."""

    def __init__(self, *claims: dict[str, Any]) -> None:
        self.claims = claims
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Reply:
        """The Lexicon's answer, or the claims given."""
        self.asked.append(question)
        if not question.gaps:
            return super().ask(question)
        return Reply(json.dumps({"claims": self.claims}), finish="stop")

    def gaps(self) -> list[tuple[str, tuple[tuple[int, str], ...]]]:
        """The gaps asked about, with the version that has them."""
        return [(question.version, question.gaps) for question in self.asked if question.gaps]


def told(engine: Lexicon, *texts: str) -> Comparison:
    """The comparison of such versions."""
    return tell(Job.of(engine), story_of([Version(text, id=name) for text, name in zip(texts, "abcdef", strict=False)]))


def test_only_a_version_with_numbers_that_no_claim_holds_is_asked_for_more_and_only_once() -> None:
    engine = Filling()
    found = told(engine, GAPPY, PLAIN)
    assert engine.gaps() == [("a", ((3, "48"), (3, "9")))]
    assert [a.value for a in found.uncovered["a"]] == ["48", "9"]
    assert found.uncovered["b"] == ()


def test_a_new_claim_is_added_and_told_of_in_the_matrix_and_its_number_is_covered() -> None:
    new = "48 people were saved."
    before, found = told(Filling(), GAPPY, PLAIN), told(Filling(claim(new, 3)), GAPPY, PLAIN)
    assert found.readings["a"].claims[:-1] == before.readings["a"].claims
    assert found.readings["a"].claims[-1].text == new
    assert [a.value for a in found.uncovered["a"]] == ["9"]
    (row,) = (row for row in found.rows if row.text == new)
    assert row.positions["a"].status == "states"
    assert [e.exact for e in row.positions["a"].evidence] == ["48 saved, 9 hurt"]
    assert found.readings["b"] == before.readings["b"]


def test_a_claim_that_is_known_is_not_added_again_and_the_same_words_elsewhere_are_another() -> None:
    before = told(Filling(), GAPPY, PLAIN)
    again = told(Filling(claim(KNOWN, 4)), GAPPY, PLAIN)
    assert KNOWN in [c.text for c in before.readings["a"].claims]
    assert again.readings["a"].claims == before.readings["a"].claims
    elsewhere = told(Filling(claim(KNOWN, 3, 4)), GAPPY, PLAIN)
    assert len(elsewhere.readings["a"].claims) == len(before.readings["a"].claims) + 1


def test_a_claim_for_a_gap_whose_citation_leads_nowhere_is_set_aside_and_covers_nothing() -> None:
    found = told(Filling(claim("48 people were saved.", 99)), GAPPY, PLAIN)
    assert [u.section for u in found.readings["a"].ungrounded] == ["claims"]
    assert [a.value for a in found.uncovered["a"]] == ["48", "9"]


def test_the_order_of_the_versions_changes_no_question() -> None:
    forth, back = Filling(), Filling()
    tell(Job.of(forth), story_of([Version(GAPPY, id="a"), Version(PLAIN, id="b")]))
    tell(Job.of(back), story_of([Version(PLAIN, id="b"), Version(GAPPY, id="a")]))
    assert Counter(q.user for q in forth.asked) == Counter(q.user for q in back.asked)


def numbered(count: int, words: str) -> str:
    """An article of so many claims, no two of them alike."""
    places = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("ar", "el", "on") for c in ("ford", "wick", "ton", "mere")]
    return "News\n\n" + "\n\n".join(words.format(place.title()) for place in places[:count]) + "\n"


def test_claims_that_exceed_a_question_are_asked_about_in_batches_and_what_is_one_is_one_still() -> None:
    count = MOST // 2 + 20
    engine = Filling()
    found = told(
        engine,
        numbered(count, "The council of {0} closed its {0} swimming pool."),
        numbered(count, "The council of {0} closed the {0} swimming pool for good."),
    )
    inventories = [q for q in engine.asked if q.sections == ("inventory",)]
    claims = sum(len(found.readings[v].claims) for v in "ab")
    assert claims > MOST
    assert len(inventories) > 1
    assert max(len(q.claims) for q in inventories) <= MOST
    shown = {text for q in inventories for text in q.claims}
    assert {c.text for v in "ab" for c in found.readings[v].claims} <= shown
    assert all(row.positions["a"].status == row.positions["b"].status == "states" for row in found.rows[1:])
