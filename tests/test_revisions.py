"""Revisions of an article: what is found of planted changes."""

from __future__ import annotations

from itertools import chain

import pytest
from revised import STORY, article, change, only, planted, words


@pytest.mark.parametrize(
    ("place", "old", "new", "reason"),
    [
        (0, "212", "221", "number 212 → 221"),
        (1, "four hours", "six hours", "number four → six"),
        (0, "Monday", "Tuesday", "date Monday → Tuesday"),
        (0, "Lowick", "Amble", "name Lowick → Amble"),
        (2, "Ana Ruiz", "Ben Okafor", "speaker Ana Ruiz → Ben Okafor"),
        (1, ", the coastguard said", "", "speaker removed: the coastguard"),
        (3, "did not ignore", "ignored", "negation removed: not"),
        (6, "allegedly ", "", "hedge removed: allegedly"),
        (6, "18 knots", "18 km an hour", "unit 18 knots → 18 km"),
        (6, "18 knots", "18.5 knots", "number 18 → 18.5"),
        (2, "never lost control", "nearly lost control", "negation removed: never"),
    ],
)
def test_a_changed_fact_is_one_factual_edit_with_its_reason(place: int, old: str, new: str, reason: str) -> None:
    edit = only(planted(place, old, new))
    assert (edit.kind, edit.nature) == ("edit", "factual")
    assert reason in edit.reasons


@pytest.mark.parametrize(
    ("place", "old", "new"), [(7, "examine", "investigate"), (4, "early morning", "morning, early")]
)
def test_a_synonym_or_another_order_of_words_is_one_stylistic_edit(place: int, old: str, new: str) -> None:
    edit = only(planted(place, old, new))
    assert (edit.kind, edit.nature, edit.reasons) == ("edit", "stylistic", ())


def test_other_content_words_without_an_anchor_are_one_narrative_edit() -> None:
    edit = only(planted(5, "for its market and its lighthouse", "every summer to watch seals"))
    assert (edit.kind, edit.nature) == ("edit", "narrative")


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (2, "“We never lost control of the situation,”", '"We never lost control of the situation,"'),
        (2, "“We never lost control of the situation,”", "‘We never lost control of the situation,’"),
        (2, "“We never lost control of the situation,”", "â€œWe never lost control of the situation,â€\x9d"),
        (2, "“We never lost control of the situation,”", "â€œWe never lost control of the situation,â€"),
        (4, "Fog", "  Fog"),
        (4, " covered", " \u200bcovered"),
        (5, "fishing", "ﬁshing"),
        (6, "a buoy at", "a buoy, at"),
        (7, "gear and", "gear \n and"),
    ],
)
def test_typography_mojibake_white_space_and_punctuation_are_at_most_one_trivial_edit(
    place: int, old: str, new: str
) -> None:
    revision = planted(place, old, new)
    assert revision.edits == ()
    assert all((e.kind, e.nature) == ("edit", "trivial") for e in revision.trivial)
    assert len(revision.trivial) <= 1


@pytest.mark.parametrize("headline", ["Ferry Runs Aground Off Lowick", "FERRY RUNS AGROUND OFF LOWICK"])
def test_letter_case_of_a_headline_is_trivial(headline: str) -> None:
    edit = only(change(article(*STORY), article(*STORY, headline=headline)))
    assert (edit.kind, edit.nature) == ("edit", "trivial")


def test_an_acronym_in_a_headline_is_more_than_letter_case() -> None:
    edit = only(change(article(*STORY, headline="Ferry leaves us"), article(*STORY, headline="Ferry leaves US")))
    assert edit.nature != "trivial"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Updated 10:32 GMT", "Updated 11:05 GMT"),
        ("Published 20 August 2024", "Published 20 August 2024, updated 21 August 2024 at 9:15 a.m."),
        ("20 August 2024", "21 August 2024"),
        ("Last updated: 2024-08-20T10:32:00Z", "Last updated: 2024-08-20T12:00:00Z"),
    ],
)
def test_a_changed_date_line_is_one_trivial_edit(old: str, new: str) -> None:
    edit = only(change(article(old, *STORY), article(new, *STORY)))
    assert (edit.kind, edit.nature) == ("edit", "trivial")


def test_a_sentence_that_only_begins_like_a_date_line_is_none() -> None:
    edit = only(
        change(article("Updated figures show 10 dead.", *STORY), article("Updated figures show 11 dead.", *STORY))
    )
    assert edit.nature == "factual"


@pytest.mark.parametrize(
    ("sentence", "nature"),
    [
        ("Two crew members were treated for bruises at Alnwick hospital.", "factual"),
        ("Some of the passengers sang to pass the time.", "narrative"),
        ("Updated 10:32 GMT", "trivial"),
    ],
)
def test_a_sentence_that_came_or_went_is_one_addition_or_deletion(sentence: str, nature: str) -> None:
    short, long = article(*STORY), article(*STORY[:4], sentence, *STORY[4:])
    added, removed = only(change(short, long)), only(change(long, short))
    assert (added.kind, added.nature, added.before) == ("addition", nature, None)
    assert (removed.kind, removed.nature, removed.after) == ("deletion", nature, None)
    assert added.after is not None
    assert removed.before is not None
    assert added.after.exact == removed.before.exact == sentence


def test_an_added_sentence_whose_anchors_stand_elsewhere_before_is_narrative() -> None:
    again = "The people of Lowick watched the Aurora on Monday."
    assert only(change(article(*STORY), article(*STORY, again))).nature == "narrative"


def test_two_paragraphs_swapped_are_one_move() -> None:
    swapped = [*STORY[:2], STORY[5], STORY[3], STORY[4], STORY[2], *STORY[6:]]
    found = change(article(*STORY), article(*swapped))
    assert {e.kind for e in found.edits} == {"move"}
    neighbours = change(article(*STORY), article(*STORY[:2], STORY[3], STORY[2], *STORY[4:]))
    edit = only(neighbours)
    assert (edit.kind, edit.nature, edit.changed) == ("move", "stylistic", ())


def test_a_sentence_that_moved_and_changed_is_a_move_with_its_changed_words() -> None:
    moved = [*STORY[1:], STORY[0].replace("212", "221")]
    edit = only(change(article(*STORY, name="v1"), article(*moved, name="v2")))
    assert (edit.kind, edit.nature) == ("move", "factual")
    assert (words(edit, "v1"), words(edit, "v2")) == (["212"], ["221"])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The crew slept; the captain stood watch.", "The crew slept. The captain stood watch."),
        ("The mayor called it over: “It is done.”", "The mayor called it over. “It is done.”"),
    ],
)
def test_a_sentence_split_or_joined_with_the_same_words_is_one_trivial_edit(one: str, two: str) -> None:
    whole, parts = article(*STORY, one), article(*STORY, two)
    for edit in (only(change(whole, parts)), only(change(parts, whole))):
        assert (edit.kind, edit.nature) == ("edit", "trivial")
    split = only(change(whole, parts)).after
    assert split is not None
    assert split.exact == two


def test_quotation_marks_put_around_words_are_no_trivial_change() -> None:
    edit = only(planted(3, "a warning about the sandbank", "“a warning about the sandbank”"))
    assert (edit.nature, edit.reasons) == ("factual", ("quotation added: a warning about the sandbank",))


def test_changed_words_are_those_that_differ_and_no_more() -> None:
    edit = only(planted(0, "212", "221"))
    assert (words(edit, "v1"), words(edit, "v2")) == (["212"], ["221"])
    inserted = only(planted(4, "Fog", "Thick fog"))
    assert (words(inserted, "v1"), words(inserted, "v2")) == ([], ["Thick"])


def test_changed_words_beside_mojibake_are_spans_of_the_unmodified_text() -> None:
    before, after = ("It’s late: 12 ships wait.", "Itâ€™s late: 14 ships wait.")
    edit = only(change(article(*STORY, before, name="v1"), article(*STORY, after, name="v2")))
    assert (words(edit, "v1"), words(edit, "v2")) == (["12"], ["14"])
    assert edit.reasons == ("number 12 → 14",)


def test_a_name_spelt_out_is_no_other_name() -> None:
    before, after = (
        f"Relief workers of the {name} sent food, blankets and tents." for name in ("U.N.", "United Nations")
    )
    for sides in ((before, after), (after, before)):
        assert only(change(*(article(*STORY, s) for s in sides))).nature == "stylistic"


def test_a_pronoun_for_the_speaker_above_is_no_other_speaker() -> None:
    before, after = (
        ["“It was calm,” said Mr. Okafor.", f"“We saw the lights in time,” {who} said."] for who in ("he", "Mr. Okafor")
    )
    assert only(change(article(*STORY, *before), article(*STORY, *after))).nature == "stylistic"


def test_edits_are_in_the_order_of_the_text() -> None:
    changed = [STORY[0].replace("212", "221"), *STORY[2:6], STORY[6].replace("18", "19"), STORY[7], "It rained."]
    found = change(article(*STORY), article(*changed))
    assert [e.kind for e in found.edits] == ["edit", "deletion", "edit", "addition"]
    places = [e.after.start for e in found.edits if e.after]
    assert places == sorted(places)
    assert list(chain.from_iterable(e.reasons for e in found.edits if e.kind == "edit")) == [
        "number 212 → 221",
        "number 18 → 19",
    ]
