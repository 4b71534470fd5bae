"""Joining: the answers to the parts of a question are one valid answer to it, by rules that each have a reason."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questions import ARTICLE, QUESTIONS, Answer, lines, reading, valid

from summarize.division import halves, joined, windows
from summarize.engines.lexicon import Lexicon
from summarize.errors import PromptError
from summarize.news import Version, lay_out
from summarize.prompt import Question, inventory_question, part, reading_question, stance_question
from summarize.reading import read
from summarize.reply import parse
from summarize.schema import fault


def cut(section: str, *at: int, size: int = 20, head: bool = False) -> tuple[Question, tuple[Question, ...]]:
    """A question about one section of so many lines, and its parts cut after the line numbers given."""
    whole = reading(lines(size, head=head), section)
    return whole, tuple(part(whole, lines=whole.lines[a:b]) for a, b in pairwise((0, *at, size)))


def join(section: str, *answers: object, at: tuple[int, ...] = (), head: bool = False) -> Any:  # noqa: ANN401
    """What becomes of two or more windows' answers for a section."""
    whole, parts = cut(section, *(at or [20 * i // len(answers) for i in range(1, len(answers))]), head=head)
    given_answers: list[Answer] = [{section: answer} for answer in answers]
    made = joined(whole, parts, given_answers)
    assert fault(whole.schema, made) is None
    return made[section]


def claim(text: str, *cites: int, **other: object) -> Answer:
    base = {"kind": "event", "voice": "author", "speaker": None, "certainty": "asserted"}
    return {"cites": list(cites), "text": text} | base | other


def position(number: int, status: str, *cites: int, **other: object) -> Answer:
    base = {"voice": "author", "speaker": None, "certainty": "asserted"}
    return {"claim": number, "cites": list(cites), "status": status} | base | other


def shown(entity: str, *cites: int, role: str = "none", tone: int = 0, finer: str | None = None) -> Answer:
    return {"cites": list(cites), "entity": entity, "role": role, "finer": finer, "tone": tone}


@given(st.data(), QUESTIONS)
def test_the_answer_to_a_single_part_is_the_answer(data: st.DataObject, question: Question) -> None:
    answer = data.draw(valid(question.schema))
    assert joined(question, (question,), (answer,)) == answer


@given(st.data(), QUESTIONS, st.integers(150, 400))
def test_joined_answers_are_valid_cite_nothing_new_and_leave_the_parts_alone(
    data: st.DataObject, question: Question, room: int
) -> None:
    for parts in (halves(question), windows(question, room, len)):
        answers = [data.draw(valid(p.schema)) for p in parts]
        before = deepcopy(answers)
        if not parts:
            continue
        whole = joined(question, parts, answers)
        assert answers == before
        assert fault(question.schema, whole) is None
        assert cited(whole) <= set().union(*map(cited, answers))


def cited(node: object) -> set[int]:
    """All line numbers cited anywhere in an answer."""
    if isinstance(node, dict):
        return set(cast("list[int]", node.get("cites", []))).union(*map(cited, node.values()))
    return set().union(*map(cited, node)) if isinstance(node, list) else set()


def test_windows_on_a_real_text_find_the_claims_and_loaded_words_that_the_whole_has(
    story_files: tuple[Path, Path],
) -> None:
    article = lay_out(Version(story_files[0].read_text("utf-8"), id="long"))
    question = reading_question(article)
    engine = Lexicon()
    whole = parse(engine.ask(question), question.schema)
    for room in (600, 1500, 3000):
        parts = windows(question, room, len)
        made = joined(question, parts, [parse(engine.ask(p), p.schema) for p in parts])
        assert fault(question.schema, made) is None
        assert (made["claims"], made["wording"]) == (whole["claims"], whole["wording"])
        assert not read(article, made).ungrounded


def test_sections_asked_apart_are_taken_as_they_are() -> None:
    question = reading(lines(3), "claims", "wording")
    answers: list[Answer] = [{"claims": [claim("b", 3), claim("a", 1)]}, {"wording": []}]
    assert joined(question, halves(question), answers) == answers[0] | answers[1]
    with pytest.raises(PromptError, match="wording"):
        joined(question, halves(question)[:1], answers[:1])


def test_a_claim_read_twice_is_one_and_the_same_words_elsewhere_are_another() -> None:
    first = [claim("It’s  over", 9), claim("Two died", 2)]
    second = [claim("it's over", 9, 11, voice="attributed", speaker="He"), claim("Two died", 14)]
    assert join("claims", first, second) == [claim("Two died", 2), claim("It’s  over", 9, 11), claim("Two died", 14)]
    bridged = join("claims", [claim("x", 3), claim("x", 5)], [claim("x", 3, 5)])
    assert bridged == [claim("x", 3, 5)]


def test_too_many_citations_are_cut_so_that_each_window_keeps_its_first_ones() -> None:
    made = join("claims", [claim("x", *range(1, 12))], [claim("x", 11, *range(12, 20))])
    assert made[0]["cites"] == [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]


def test_a_summary_has_the_first_sentences_of_its_windows_evenly() -> None:
    def told(*places: int) -> list[Answer]:
        return [{"cites": [n], "text": f"s{n}"} for n in places]

    assert join("summary", told(1, 2, 3, 4), told(11, 12, 13, 14)) == told(1, 2, 3, 11, 12)
    assert join("summary", told(1), told(11, 12, 13, 14, 15)) == told(1, 11, 12, 13, 14)
    assert join("summary", *(told(n) for n in range(1, 10))) == told(1, 3, 5, 7, 9)


def test_words_are_the_same_only_where_their_citations_are() -> None:
    def word(words: str, *cites: int) -> Answer:
        return {"cites": list(cites), "words": words, "technique": "doubt", "neutral": "said"}

    made = join("wording", [word("claimed", 10), word("claimed", 4)], [word("Claimed", 10), word("claimed", 12)])
    assert made == [word("claimed", 4), word("claimed", 10), word("claimed", 12)]


def test_a_speaker_is_one_voice_named_if_ever_and_both_if_the_manners_differ() -> None:
    def voice(speaker: str, manner: str, *cites: int, named: bool = False) -> Answer:
        return {"cites": list(cites), "speaker": speaker, "named": named, "kind": "expert", "manner": manner}

    first, second = [voice("Ana  Ruiz", "quoted", 7, 3)], [voice("ana ruiz", "paraphrased", 12, named=True)]
    assert join("voices", first, second) == [voice("Ana  Ruiz", "both", 3, 7, 12, named=True)]
    assert join("voices", first, first)[0]["manner"] == "quoted"


def test_a_portrayal_goes_by_the_lines_that_windows_cite() -> None:
    first = [
        shown("The Mayor", 1, 2, 3, role="protagonist", tone=2, finer="guardian"),
        shown("Crowd", 4, role="innocent"),
    ]
    second = [shown("the mayor", 11, role="antagonist", tone=-2, finer="tyrant"), shown("Crowd", 12, role="antagonist")]
    assert join("portrayal", first, second) == [
        shown("The Mayor", 1, 2, 3, 11, role="protagonist", tone=1),
        shown("Crowd", 4, 12),
    ]
    assert join("portrayal", [shown("X", 1, tone=-1, finer="a")], [shown("X", 12, finer="a")]) == [
        shown("X", 1, 12, tone=0, finer="a")
    ]


def test_of_too_many_entities_those_with_most_citations_stay() -> None:
    first = [shown(f"a{i}", i + 1) for i in range(20)]
    made = join("portrayal", first, [shown(f"b{i}", 23, 24) for i in range(10)])
    assert len(made) == 24
    assert {f"b{i}" for i in range(10)} <= {item["entity"] for item in made}
    assert [min(item["cites"]) for item in made] == sorted(min(item["cites"]) for item in made)


def tone(score: int, intensity: int, *cites: int) -> Answer:
    return {"cites": list(cites), "score": score, "intensity": intensity}


def test_a_tone_is_the_windows_mean_by_their_lines_and_the_headline_is_judged_where_it_stands() -> None:
    first = {"headline": tone(1, 1, 1), "author": tone(-2, 3, 4), "quoted": None}
    second = {"headline": tone(-2, 3, 17), "author": tone(0, 1, 16), "quoted": None}
    made = join("tone", first, second, at=(15,), head=True)
    assert made == {"headline": tone(1, 1, 1), "author": tone(-1, 3, 4, 16), "quoted": None}
    assert join("tone", first | {"headline": None}, second, head=True)["headline"] is None
    assert join("tone", first, second)["headline"] == tone(1, 1, 1)  # no headline: the text's opening
    assert join("tone", first, second | {"quoted": tone(1, 2, 18, 16)})["quoted"] == tone(1, 2, 18, 16)


def test_one_frame_at_most_is_primary_the_one_that_organises_most_lines() -> None:
    def frame(name: str, rank: str, *cites: int) -> Answer:
        return {"cites": list(cites), "frame": name, "rank": rank}

    def framed(*frames: Answer) -> Answer:
        return {"frames": list(frames), "functions": []}

    morality, other = frame("morality", "primary", 13), frame("other", "secondary", 3)
    made = join("framing", framed(frame("economic", "primary", 1), other), framed(morality), at=(8,))
    assert made["frames"] == [frame("economic", "secondary", 1), other, morality]
    assert join("framing", framed(other), framed(frame("other", "secondary", 12)))["frames"] == [
        frame("other", "secondary", 3, 12)
    ]


def test_functions_are_folded_and_of_too_many_the_best_proven_stay() -> None:
    def functions(*places: int) -> Answer:
        return {"frames": [], "functions": [{"cites": [n], "function": "cause", "text": f"f{n}"} for n in places]}

    made = join("framing", functions(*range(1, 11)), functions(*range(9, 20)))["functions"]
    assert [item["text"] for item in made] == [f"f{n}" for n in range(1, 13)]


def silent(*numbers: int) -> Answer:
    """A window's answer that tells nothing of these claims."""
    return {"told": [], "silent": list(numbers)}


def told(*positions: Answer) -> Answer:
    """A window's answer that tells something of each claim it speaks of."""
    return {"told": list(positions), "silent": []}


def stances(*windows_say: Answer) -> Any:  # noqa: ANN401
    """The answer of an article asked about three claims in so many windows."""
    whole = part(stance_question(ARTICLE, ["one", "two", "three"]), lines=lines(20))
    parts = [part(whole, lines=whole.lines[i::2]) for i in range(len(windows_say))]
    made = joined(whole, parts, [{"stance": said} for said in windows_say])
    assert fault(whole.schema, made) is None
    return made["stance"]


@pytest.mark.parametrize(
    ("kept", "left"),
    [("states", "contradicts"), ("states", "partly"), ("contradicts", "partly"), ("partly", "unclear")],
)
def test_a_status_goes_before_another_with_its_own_citations_and_speaker(kept: str, left: str) -> None:
    best = position(1, kept, 12, voice="attributed", speaker="Police")
    assert stances(told(position(1, left, 3)), told(best)) == told(best)
    assert stances(told(best), told(position(1, left, 13))) == told(best)
    assert stances(told(best), told(position(1, kept, 4))) == told(best | {"cites": [4, 12]})


@pytest.mark.parametrize("status", ["states", "contradicts", "partly", "unclear"])
def test_whatever_a_window_has_of_a_claim_goes_before_the_silence_of_the_others(status: str) -> None:
    one = told(position(1, status, 12))
    assert stances(silent(1), one) == stances(one, silent(1)) == one


def test_silence_needs_the_answer_of_every_window_that_was_asked() -> None:
    assert stances(silent(1), silent(1)) == silent(1)
    assert stances(silent(1), silent()) == silent()
    assert stances({"told": [position(2, "states", 3)], "silent": [1]}, silent()) == told(position(2, "states", 3))


def test_a_claim_answered_twice_keeps_its_first_answer_and_words_before_silence() -> None:
    twice = told(position(3, "partly", 4), position(3, "states", 1))
    assert stances(twice, silent(3)) == told(position(3, "partly", 4))
    assert stances({**twice, "silent": [3]}, silent(3, 3)) == told(position(3, "partly", 4))
    assert stances(silent(3, 3), silent()) == silent()  # once more is not one window more


def test_an_answer_to_what_was_not_asked_is_none_and_one_that_nobody_asked_is_left_to_be_set_aside() -> None:
    whole = stance_question(ARTICLE, ["one", "two"])
    answers: list[Answer] = [
        {"stance": {"told": [position(2, "states", 1)], "silent": [2]}},
        {"stance": {"told": [position(9, "states", 2)], "silent": [1, 8]}},
    ]
    assert joined(whole, halves(whole), answers) == {"stance": {"told": [position(9, "states", 2)], "silent": [8]}}


def test_inventories_follow_one_another_and_hold_only_what_their_part_was_asked() -> None:
    whole = inventory_question(["one", "two", "three", "four"])
    first, second = {"claims": [1, 2, 3], "text": "x"}, {"claims": [4, 3], "text": "x"}
    alone = {"claims": [1, 3], "text": "y"}  # of which the second part was asked one: no group any more
    made = joined(whole, halves(whole), ({"inventory": [first]}, {"inventory": [second, alone]}))
    assert made == {"inventory": [first | {"claims": [1, 2]}, second]}
