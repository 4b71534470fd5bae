"""Silence is earned: what may be the claim is looked at once more, and what is said then settles it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.comparison.ground import Ground
from summarize.comparison.model import Row
from summarize.comparison.silence import Doubt, doubts, settled
from summarize.engines.lexicon import Lexicon
from summarize.evidence import Evidence
from summarize.job import Job
from summarize.library import story_of
from summarize.news import Version
from summarize.prompt import Question
from summarize.reading import Position, Reading, Status
from summarize.reply import Reply
from summarize.telling import tell

TELLER = "Ferry aground\n\nThe ferry carried 48 passengers from Lowick to Marsby.\n\nIt rained all day.\n"
CLAIM = "The ferry carried 48 passengers from Lowick to Marsby."
WORDS = (Evidence("b", 0, 5, "Words", 1),)
STATUSES: tuple[Status, ...] = ("states", "partly", "contradicts", "silent", "not found")


def position(status: Status, words: tuple[Evidence, ...] = ()) -> Position:
    """A position in the author's voice."""
    return Position(1, status, "author", None, "asserted", words)


def ground(other: str, teller: str = TELLER) -> Ground:
    """The ground of two versions that nothing was read of."""
    story = story_of([Version(teller, id="a"), Version(other, id="b")])
    return Ground(story, {v: Reading(v) for v in "ab"})


def doubt(other: str, claim: str = CLAIM, teller: str = TELLER) -> Doubt | None:
    """What in `other`, which answered "silent", may be `claim`, which the teller's second sentence tells."""
    made = ground(other, teller)
    words = made.articles["a"].sentences[1]
    told = position("states", (Evidence("a", words.start, words.end, made.articles["a"].exact(words.span), 2),))
    found = doubts(made, (Row("c1", claim, "event", {"a": told, "b": position("silent")}),))
    assert found["a"] == {}
    return found["b"].get("c1")


def test_where_nothing_may_be_the_claim_silence_is_not_doubted() -> None:
    assert doubt("Council meets\n\nThe council spoke of schools and roads.\n") is None


def test_a_sentence_with_a_figure_of_the_claim_is_named_and_holds_it() -> None:
    assert doubt("News\n\nThe council met.\n\nSome 48 passengers were wet.\n") == Doubt((3,), held=True)


def test_a_small_number_or_a_day_holds_the_claim_only_where_it_may_count_the_same_thing() -> None:
    teller = "Ferry aground\n\nThe ferry hit 3 rocks off Lowick on Tuesday.\n"
    claim = "The ferry hit 3 rocks off Lowick on Tuesday."
    for words, held in {
        "They saw 3 rocks.": True,
        "They voted for 3 bridges.": False,
        "It was a Tuesday.": False,
    }.items():
        found = doubt(f"News\n\nThe council met.\n\n{words}\n", claim, teller)
        assert found == Doubt((3,), held=held), words


def test_a_sentence_that_is_only_close_in_words_is_named_and_holds_nothing() -> None:
    found = doubt("News\n\nThe council met.\n\nPassengers left the ferry.\n")
    assert found == Doubt((3,), held=False)


def test_a_claim_too_short_to_be_told_apart_is_doubted_with_no_sentence_named() -> None:
    assert doubt("Council meets\n\nThe council spoke of schools.\n", "It rained.") == Doubt((), held=True)


def test_a_sentence_that_the_teller_has_besides_the_claim_is_accounted_for() -> None:
    besides = "Some 48 passengers were wet."
    other = f"News\n\nThe council met.\n\n{besides}\n"
    assert doubt(other, teller=f"{TELLER}\n{besides}\n") is None
    assert doubt(other, teller=f"{TELLER}\nSome 48 passengers were dry.\n") is not None


@pytest.mark.parametrize("status", [s for s in STATUSES if s != "silent"])
def test_only_silence_is_doubted(status: Status) -> None:
    made = ground(TELLER.replace("aground", "in trouble"))
    row = Row("c1", CLAIM, "event", {v: position(status, WORDS) for v in "ab"})
    assert doubts(made, (row,)) == {"a": {}, "b": {}}


def test_of_many_sentences_those_that_hold_an_anchor_are_named_before_those_that_are_only_close() -> None:
    close = " ".join(f"Ferry {name} carried passengers to Marsby." for name in "ABCDEFGHIJ")
    found = doubt(f"News\n\n{close}\n\nIn all 48 passengers were wet.\n")
    assert found is not None
    assert found.held
    assert found.sentences == tuple(sorted(found.sentences))
    assert 12 in found.sentences  # the last sentence
    assert len(found.sentences) == 8


def settle(second: Position | None, *, held: bool) -> Position:
    """What becomes of a doubted silence."""
    row = Row("c1", CLAIM, "event", {"a": position("states", WORDS), "b": position("silent")})
    again = {"b": {"c1": second}} if second else {}
    (made,) = settled(
        ground("News\n\nThe council met.\n"), [row], {"a": {}, "b": {"c1": Doubt((3,), held=held)}}, again
    )
    assert made.positions["a"] == row.positions["a"]
    return made.positions["b"]


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("status", ["states", "partly", "contradicts", "not found"])
def test_what_is_told_after_all_or_unclear_keeps_its_words_whatever_stands_there(status: Status, *, held: bool) -> None:
    assert settle(position(status, WORDS), held=held) == position(status, WORDS)


def test_silent_again_is_silence_unless_an_anchor_of_the_claim_stands_there() -> None:
    assert settle(position("silent"), held=False).status == "silent"
    assert settle(position("silent"), held=True).status == "not found"


@pytest.mark.parametrize("held", [True, False])
def test_a_doubt_that_nobody_answers_is_not_found(*, held: bool) -> None:
    assert settle(None, held=held) == position("not found")


POSITIONS = st.builds(position, st.sampled_from(STATUSES), st.just(WORDS))


@given(st.dictionaries(st.sampled_from(["c1", "c2", "c3"]), POSITIONS), st.sets(st.sampled_from(["c1", "c2", "c3"])))
def test_what_was_not_doubted_is_left_as_it_was(again: dict[str, Position], doubted: set[str]) -> None:
    rows = [Row(f"c{n}", CLAIM, "event", {"b": position("silent")}) for n in (1, 2, 3)]
    made = settled(ground(TELLER), rows, {"b": {i: Doubt((1,), held=True) for i in doubted}}, {"b": again})
    assert [row.id for row in made] == ["c1", "c2", "c3"]
    assert all(row == before for row, before in zip(made, rows, strict=True) if row.id not in doubted)
    assert not any(row.positions["b"].status == "silent" for row in made if row.id in doubted)


class Settling(Lexicon):
    """The embedded engine, but for second looks: what it answers then is given, for each claim asked about."""

    def __init__(self, **entry: Any) -> None:  # noqa: ANN401  # of the answer, or nothing for silence
        self.entry = entry
        self.second: list[Question] = []

    def ask(self, question: Question) -> Reply:
        """The Lexicon's answer, or the one given."""
        if not question.near:
            return super().ask(question)
        self.second.append(question)
        numbers = range(question.first, question.first + len(question.claims))
        who = {"voice": "author", "speaker": None, "certainty": "asserted"}
        told = [{"claim": n, **self.entry, **who} for n in numbers] if self.entry else []
        return Reply(json.dumps({"stance": {"told": told, "silent": [] if told else list(numbers)}}), finish="stop")


DOUBTED = "News\n\nThe council met.\n\nSome 48 councillors and 9 guests came.\n"  # with a figure of CLAIM


@pytest.mark.parametrize(
    ("entry", "status", "sentences"),
    [
        ({}, "not found", []),
        ({"cites": [3], "status": "unclear"}, "not found", [3]),
        ({"cites": [2, 3], "status": "partly"}, "partly", [2, 3]),
        ({"cites": [99], "status": "states"}, "not found", []),
    ],
)
def test_a_doubted_silence_is_asked_about_once_and_reads_as_it_was_settled(
    entry: dict[str, Any], status: str, sentences: list[int]
) -> None:
    engine = Settling(**entry)
    found = tell(Job.of(engine), story_of([Version(TELLER, id="a"), Version(DOUBTED, id="b")]))
    of_b = [question for question in engine.second if question.version == "b"]
    assert sum(not any(p.startswith("repair@") for p in question.prompts) for question in of_b) == 1
    assert CLAIM in of_b[0].claims
    assert of_b[0].near[of_b[0].claims.index(CLAIM)] == (3,)
    row = next(row for row in found.rows if row.text == CLAIM)
    assert (row.positions["b"].status, [e.sentence for e in row.positions["b"].evidence]) == (status, sentences)
    assert bool(found.ungrounded) == (entry.get("cites") == [99])
    assert row.positions["a"].status == "states"


def test_across_languages_no_word_can_show_a_claim_so_no_silence_is_earned() -> None:
    other = "Bac échoué\n\nLe bac transportait des voyageurs de la ville à la mer, et il a plu toute la journée.\n"
    assert doubt(other) == Doubt((), held=True)
