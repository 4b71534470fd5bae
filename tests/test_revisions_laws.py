"""Revisions of an article: nothing is lost, nothing invented, whatever the texts are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from revised import SENTENCES, STORY, article, change, only

from summarize.evidence import Evidence
from summarize.news import Article, Version, lay_out
from summarize.revisions import revisions
from summarize.revisions.alignment import increasing


@given(st.integers(0, len(STORY)))
def test_an_inserted_paragraph_moves_nothing(place: int) -> None:
    found = change(article(*STORY), article(*STORY[:place], "Gulls circled over the wreck all day.", *STORY[place:]))
    assert only(found).kind == "addition"


@given(SENTENCES)
def test_an_article_against_itself_has_no_edit(sentences: list[str]) -> None:
    same = article(*sentences)
    found = change(same, same)
    assert (found.edits, found.trivial) == ((), ())
    assert found.unchanged == len(list(replace(same, blind=False).read()))


def numbers(side: Article, found: list[Evidence]) -> list[int]:
    """Numbers of the sentences that lie inside evidence."""
    return [s.number for e in found for s in side.sentences if e.start <= s.start and s.end <= e.end]


@given(SENTENCES, SENTENCES, st.permutations(range(len(STORY))))
def test_every_sentence_of_both_revisions_is_accounted_for_once(
    one: list[str], other: list[str], order: list[int]
) -> None:
    before, after = article(*one, *STORY, name="v1"), article(*(STORY[i] for i in order[:6]), *other, name="v2")
    found = change(before, after)
    edits = [*found.edits, *found.trivial]
    told = (
        numbers(before, [e.before for e in edits if e.before]),
        numbers(after, [e.after for e in edits if e.after]),
    )
    for side, seen in zip((before, after), told, strict=True):
        assert len(seen) == len(set(seen))
        assert len(seen) + found.unchanged == len(list(replace(side, blind=False).read()))


@given(SENTENCES, SENTENCES)
def test_evidence_is_a_span_of_the_unmodified_text(one: list[str], other: list[str]) -> None:
    sides = {a.version.id: a for a in (article(*one, name="v1"), article(*other, name="v2"))}
    found = change(*sides.values())
    for edit in (*found.edits, *found.trivial):
        for e in (edit.before, edit.after, *edit.changed):
            assert e is None or sides[e.version].version.text[e.start : e.end] == e.exact != ""
        assert edit.text.endswith(".")


@given(
    st.integers(0, 10**6),
    st.sampled_from(["{} people", "€{}", "{}%", "3.{}", "{},5", "−{}", "G{}", "the {}th", "1:{}", "x{}y"]),
    st.data(),
)
def test_a_changed_digit_is_never_trivial(number: int, frame: str, data: st.DataObject) -> None:
    digits = str(number)
    place = data.draw(st.integers(0, len(digits) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    changed = digits[:place] + digit + digits[place + 1 :]
    assume(changed != digits)
    before, after = (f"They counted {frame.format(d)} there." for d in (digits, changed))
    for sides in (
        (article(*STORY, before), article(*STORY, after)),
        (article(*STORY, headline=before), article(*STORY, headline=after)),
    ):
        edit = only(change(*sides))
        assert edit.nature == "factual"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5", "-5"),
        ("5%", "5"),
        ("$5", "€5"),
        ("1.5", "15"),
        ("3-4", "34"),
        ("It’s", "Its"),
        ("can", "can’t"),
        ("5 km", "5 miles"),
    ],
)
def test_signs_units_and_negations_are_never_trivial(old: str, new: str) -> None:
    found = change(article(*STORY, f"They had {old} before."), article(*STORY, f"They had {new} before."))
    assert found.trivial == ()
    assert len(found.edits) == 1


@given(st.lists(st.integers(0, 50), max_size=30))
def test_the_increasing_subsequence_is_increasing_and_no_longer_one_ends_it(numbers: list[int]) -> None:
    places = increasing(numbers)
    kept = [numbers[i] for i in places]
    assert places == sorted(places)
    assert kept == sorted(set(kept))
    longest: list[int] = []
    for i, n in enumerate(numbers):
        longest.append(1 + max((longest[j] for j in range(i) if numbers[j] < n), default=0))
    assert len(places) == max(longest, default=0)


def test_fewer_than_two_articles_have_no_revision_and_three_have_two() -> None:
    three = [article(*STORY[:n], name=str(n)) for n in (2, 3, 4)]
    assert revisions([]) == revisions(three[:1]) == ()
    assert [(r.before, r.after) for r in revisions(three)] == [("2", "3"), ("3", "4")]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    found = change(lay_out(Version(one)), lay_out(Version(other)))
    assert all(edit.text for edit in (*found.edits, *found.trivial))
