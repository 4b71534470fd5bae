"""The embedded engine: it answers every section, cites what it finds, and keeps voices apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import Version, summarize
from summarize.engines.lexicon import Lexicon
from summarize.news import lay_out
from summarize.prompt import (
    SECTIONS,
    gaps_question,
    inventory_question,
    part,
    reading_question,
    recheck_question,
    stance_question,
)
from summarize.reading import Reading
from summarize.reply import parse
from summarize.text.lists import entries

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
MADE_UP = """Council votes to close pool

The city council voted 7 to 4 on Monday to close the pool, which costs $1.3 million a year.

“It is a shameful day,” said Maria Oduya, a teacher who swims there. “We will fight on.”

Mayor Tom Reed said the building may collapse. He reportedly received two letters from engineers.

The brutal decision sparked outrage among parents because no other pool is open.
"""


def read(text: str) -> Reading:
    return summarize(Version(text, id="v"))


@pytest.mark.parametrize("section", SECTIONS)
def test_no_section_is_a_stub(section: str) -> None:
    article = lay_out(Version(MADE_UP))
    question = {
        "inventory": inventory_question(["One thing happened.", "Another thing.", "One thing happened"]),
        "stance": stance_question(article, ["The council voted to close the pool."]),
    }.get(section) or reading_question(article, [section])
    answer = parse(Lexicon().ask(question), question.schema)[section]
    assert answer
    if isinstance(answer, dict):
        assert any(answer.values())


def test_the_same_question_has_the_same_answer() -> None:
    question = reading_question(lay_out(Version(MADE_UP)))
    assert Lexicon().ask(question) == Lexicon().ask(question)


def test_claims_have_kind_voice_speaker_and_certainty() -> None:
    by_words = {c.text.split()[0] + " " + c.text.split()[1]: c for c in read(MADE_UP).claims}
    vote, quote = by_words["The city"], by_words["“It is"]
    warning, letters, cause = by_words["Mayor Tom"], by_words["He reportedly"], by_words["The brutal"]
    assert (vote.kind, vote.voice, vote.certainty) == ("number", "author", "asserted")
    assert (quote.kind, quote.voice) == ("quote", "attributed")
    assert quote.speaker is not None
    assert "Maria Oduya" in quote.speaker
    assert (warning.speaker, warning.certainty) == ("Mayor Tom Reed", "hedged")
    assert letters.certainty == "unconfirmed"
    assert cause.kind == "cause"


def test_loaded_words_are_the_authors_own() -> None:
    found = {w.words for w in read(MADE_UP).wording}
    assert "shameful" not in found  # it is quoted
    assert any("brutal" in words for words in found)


def test_tone_is_told_apart_by_voice() -> None:
    tone = read("It was a calm meeting.\n\n“This is a disgusting, shameful, cruel plan,” said Ana Ruiz.\n").tone
    author, quoted = tone["author"], tone["quoted"]
    assert author is not None
    assert quoted is not None
    assert quoted.score < 0 <= author.score


def test_bad_news_is_not_a_negative_tone() -> None:
    author = read("An earthquake killed 40 people and injured 100 on Monday. Houses fell down.").tone["author"]
    assert author is not None
    assert author.score == 0


def test_voices_are_gathered_under_one_name_with_kind_and_manner() -> None:
    voices = {v.speaker: v for v in read(MADE_UP).voices}
    teacher = next(v for name, v in voices.items() if "Oduya" in name)
    mayor = next(v for name, v in voices.items() if "Reed" in name)
    assert (teacher.named, teacher.manner) == (True, "quoted")
    assert (mayor.named, mayor.manner) == (True, "paraphrased")
    assert all(0 < v.share <= 1 for v in voices.values())


def test_the_summary_is_two_to_five_cited_sentences_of_the_body() -> None:
    for name in ("long", "short"):
        article = lay_out(Version((STORY / f"{name}.txt").read_bytes().decode()))
        told = read(article.version.text).summary
        assert 2 <= len(told) <= 5
        assert all(article.sentences[t.evidence[0].sentence - 1].role == "body" for t in told)


def test_stance_tells_states_contradicts_and_silence_apart() -> None:
    article = lay_out(Version(MADE_UP))
    claims = [
        "The city council voted to close the pool on Monday.",
        "The city council voted 9 to 4 on Monday to close the pool, which costs $1.3 million a year.",
        "The library opened a new wing in spring.",
    ]
    question = stance_question(article, claims)
    answer = parse(Lexicon().ask(question), question.schema)
    stance = cast("dict[str, Any]", answer["stance"])
    assert [(item["claim"], item["status"]) for item in stance["told"]] == [(1, "states"), (2, "contradicts")]
    assert stance["silent"] == [3]


def test_every_claim_is_told_or_silent_once_by_the_number_it_was_asked_by() -> None:
    article = lay_out(Version(MADE_UP))
    claims = ["The council voted on Monday.", "It rained.", "The pool costs $1.3 million a year.", "Two letters came."]
    for question in (stance_question(article, claims), recheck_question(article, claims, [(3,), (), (1, 4), ()])):
        for asked in (question, part(question, claims=slice(1, 3))):
            answer = cast("dict[str, Any]", parse(Lexicon().ask(asked), asked.schema)["stance"])
            numbers = [*(item["claim"] for item in answer["told"]), *answer["silent"]]
            assert sorted(numbers) == list(range(asked.first, asked.first + len(asked.claims)))


def test_asked_again_it_cannot_tell_where_sentences_are_named_and_is_silent_where_none_is() -> None:
    question = recheck_question(lay_out(Version(MADE_UP)), ["It rained.", "It snowed."], [(3, 5), ()])
    answer = cast("dict[str, Any]", parse(Lexicon().ask(question), question.schema)["stance"])
    assert [(item["claim"], item["status"], item["cites"]) for item in answer["told"]] == [(1, "unclear", [3, 5])]
    assert answer["silent"] == [2]


def test_asked_for_gaps_it_gives_the_claims_of_their_sentences_and_no_others() -> None:
    article = lay_out(Version(MADE_UP))
    question = gaps_question(article, [(2, "$1.3 million"), (2, "7 to 4"), (6, "two")])
    answer = cast("dict[str, Any]", parse(Lexicon().ask(question), question.schema))
    whole = cast("dict[str, Any]", parse(Lexicon().ask(reading_question(article)), reading_question(article).schema))
    assert answer["claims"] == [claim for claim in whole["claims"] if claim["cites"] in ([2], [6])]


def test_inventory_joins_the_same_keeps_other_figures_apart_and_lists_none_that_stands_alone() -> None:
    claims = [
        "Twelve people were hurt in the fire.",
        "12 people were hurt in the fire",
        "13 people were hurt in the fire.",
    ]
    question = inventory_question(claims)
    answer = parse(Lexicon().ask(question), question.schema)
    groups = [set(item["claims"]) for item in cast("list[dict[str, list[int]]]", answer["inventory"])]
    assert groups == [{1, 2}]


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=400).filter(lambda text: any(c.isalnum() for c in text)))
def test_any_text_is_answered_validly_and_every_finding_is_grounded(text: str) -> None:
    reading = read(text)
    assert reading.ungrounded == ()
    for claim in reading.claims:
        assert all(text[e.start : e.end] == e.exact for e in claim.evidence)


def test_word_lists_are_well_formed() -> None:
    prompts = json.loads((Path(__file__).parent.parent / "prompts" / "wording.schema.json").read_text("utf-8"))
    techniques = set(prompts["items"]["properties"]["technique"]["enum"])
    assert {row[1] for row in entries("loaded.tsv")} <= techniques
    assert all(-2 <= int(row[1]) <= 2 and 0 <= int(row[2]) <= 3 for row in entries("sentiment.tsv", _LEXICON))
    frames = json.loads((Path(__file__).parent.parent / "prompts" / "framing.schema.json").read_text("utf-8"))
    known = set(frames["properties"]["frames"]["items"]["properties"]["frame"]["enum"])
    assert {row[1] for row in entries("frames.tsv", _LEXICON)} == known - {"other"}


_LEXICON = "summarize.engines.lexicon"
