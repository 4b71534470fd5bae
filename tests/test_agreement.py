"""Agreement: several readings become one by rules that look at what was read, not at who read first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import summarize
from summarize.agreement import majority
from summarize.agreement.votes import label, middle
from summarize.evidence import Evidence
from summarize.reading import (
    SCOPES,
    Claim,
    Frame,
    Function,
    Label,
    Portrayal,
    Reading,
    Scope,
    Told,
    Tone,
    Ungrounded,
    Voice,
    Wording,
)
from summarize.text.view import fold

SIZE, SENTENCES = 20, 6  # of the text that these readings are of: six sentences of 20 characters


def cite(*numbers: int) -> tuple[Evidence, ...]:
    return tuple(Evidence("v", SIZE * (n - 1), SIZE * n, f"sentence {n}", n) for n in sorted(numbers))


def marked(start: int, end: int, technique: str = "doubt", neutral: str = "") -> Wording:
    words = f"words {start} to {end}"
    return Wording(words, technique, neutral, (Evidence("v", start, end, words, start // SIZE + 1),))


def heard(speaker: str, *numbers: int, kind: str = "official", **other: Any) -> Voice:  # noqa: ANN401
    share = round(len(numbers) / SENTENCES, 3)
    voice = Voice(speaker, named=True, kind=kind, manner="quoted", share=share, evidence=cite(*numbers))
    return replace(voice, **other)


def claim(text: str, *numbers: int) -> Claim:
    return Claim(text, "event", "author", None, "asserted", cite(*numbers))


def shown(entity: str, role: Any = "none", tone: int = 0) -> Portrayal:  # noqa: ANN401
    return Portrayal(entity, role, None, tone, cite(1))


def toned(*scores: int | None) -> list[Reading]:
    return [Reading("v", tone={"author": None if s is None else Tone(s, 0, cite(i + 1))}) for i, s in enumerate(scores)]


CITES = st.sets(st.integers(1, SENTENCES), min_size=1, max_size=3).map(lambda numbers: cite(*numbers))
NAMES = st.sampled_from(["Kim", "KIM", "the Joint Chiefs", "Lee’s wife", "Lee's  wife"])
TONES = st.none() | st.builds(Tone, st.integers(-2, 2), st.integers(0, 3), CITES)
FRAMES = st.lists(st.sampled_from(["political", "economic", "morality", "other"]), unique=True).flatmap(
    lambda names: st.integers(0, 4).flatmap(
        lambda first: st.tuples(
            *(st.builds(Frame, st.just(n), st.just("secondary" if i != first else "primary"), CITES)
              for i, n in enumerate(names))
        )
    )
)  # fmt: skip
READINGS = st.builds(
    Reading,
    st.just("v"),
    summary=st.lists(st.builds(Told, st.text(), CITES), max_size=2).map(tuple),
    claims=st.lists(st.builds(claim, st.sampled_from(["12 hurt.", "A ferry sank.", ""]), st.just(1))).map(tuple),
    tone=st.dictionaries(st.sampled_from(SCOPES), TONES),
    frames=FRAMES,
    functions=st.lists(st.builds(Function, st.sampled_from(["problem", "cause"]), st.text(), CITES)).map(tuple),
    portrayal=st.lists(
        st.builds(Portrayal, NAMES, st.sampled_from(["none", "innocent"]), st.none(), st.integers(-2, 2), CITES),
        max_size=4,
    ).map(tuple),
    wording=st.lists(
        st.builds(
            lambda start, size, technique: marked(start, start + size, technique),
            st.integers(0, 30), st.integers(1, 12), st.sampled_from(["doubt", "slogan"]),
        ), max_size=5, unique_by=repr,
    ).map(tuple),
    voices=st.lists(
        st.builds(
            lambda name, numbers, kind, named: heard(name, *numbers, kind=kind, named=named),
            NAMES, st.sets(st.integers(1, SENTENCES), min_size=1), st.sampled_from(["other", "expert"]), st.booleans(),
        ), max_size=4,
    ).map(tuple),
    ungrounded=st.lists(
        st.integers(0, 3).map(lambda i: Ungrounded("v", "claims", {"cites": [i]}, "")), unique_by=repr
    ).map(tuple),
)  # fmt: skip


def name(text: str) -> str:
    return fold(text).casefold()


def voted(reading: Reading) -> Counter[tuple[object, ...]]:
    """What is voted on, without the order of the findings, evidence that equals could give, and spelling."""
    labels = [x for x in reading.agreement if x.section != "claims"]
    found = Counter(judged(reading))
    found.update((x.section, name(x.of), x.kept, x.share, x.stable) for x in labels)
    return found


def judged(reading: Reading) -> Iterable[tuple[object, ...]]:
    for scope, tone in reading.tone.items():
        yield (scope, tone.score, tone.intensity) if tone else (scope, None)
    for frame in reading.frames:
        yield frame.frame, frame.rank
    for p in reading.portrayal:
        yield name(p.entity), p.role, p.tone
    for v in reading.voices:
        yield name(v.speaker), v.kind, v.named, v.manner


def kept_label(reading: Reading, of: str) -> Label:
    return next(x for x in reading.agreement if x.of == of)


@given(READINGS, st.integers(2, 5))
def test_copies_of_one_reading_give_it_back_with_all_shares_1(reading: Reading, copies: int) -> None:
    made = majority([reading] * copies)
    assert replace(made, agreement=()) == reading
    assert all(x.share == 1 and x.stable for x in made.agreement)


@given(READINGS)
def test_a_single_reading_is_returned_as_it_is(reading: Reading) -> None:
    assert majority([reading]) is reading


@given(st.lists(READINGS, min_size=2, max_size=5), st.randoms())
def test_the_order_of_the_readings_changes_no_kept_value_share_or_stability(readings: list[Reading], any_: Any) -> None:  # noqa: ANN401
    shuffled = any_.sample(readings, len(readings))
    one, other = majority(readings), majority(shuffled)
    assert voted(one) == voted(other)
    spans = [Counter((w.evidence[0].span, w.technique) for w in made.wording) for made in (one, other)]
    assert spans[0] == spans[1]
    heard_in = [Counter((name(v.speaker), v.share, v.evidence) for v in made.voices) for made in (one, other)]
    assert heard_in[0] == heard_in[1]
    assert {repr(u) for u in one.ungrounded} == {repr(u) for u in other.ungrounded}


@given(READINGS, READINGS, st.integers(0, 2))
def test_of_three_readings_two_that_agree_win(agreeing: Reading, other: Reading, place: int) -> None:
    readings = [agreeing, agreeing]
    readings.insert(place, other)
    made = majority(readings)
    extra = {(scope, None) for scope in other.tone if scope not in agreeing.tone}
    assert Counter(judged(made)) == Counter([*judged(agreeing), *extra])
    assert {f.function for f in made.functions} == {f.function for f in agreeing.functions}
    for these, those in ((made.wording, agreeing.wording), (agreeing.wording, made.wording)):
        assert all(any(overlap(w, o) for o in those) for w in these)
    everywhere = all(x.share == 1 for x in made.agreement if x.section != "claims")
    assert (made.claims, made.summary) == (agreeing.claims, agreeing.summary) or everywhere


def overlap(a: Wording, b: Wording) -> bool:
    return a.evidence[0].start < b.evidence[0].end and b.evidence[0].start < a.evidence[0].end


def test_copies_of_a_reading_of_a_real_text_give_it_back(story_files: tuple[Path, Path]) -> None:
    reading = summarize(story_files[1])
    assert reading.claims
    assert replace(majority([reading] * 3), agreement=()) == reading


def test_readings_of_different_versions_and_no_reading_have_no_majority() -> None:
    for readings in ([], [Reading("v"), Reading("w")]):
        with pytest.raises(ValueError, match="one version"):
            majority(readings)


@pytest.mark.parametrize(
    ("values", "kept"),
    [((1, 1, -2), 1), ((-2, 0, 2), 0), ((1, 2), 1), ((-1, -2), -1), ((0, 2), 0), ((-1, 1), 0), ((-2, 1), 0)],
)
def test_a_median_between_two_values_lies_as_near_to_0_as_they_allow(values: tuple[int, ...], kept: int) -> None:
    assert middle(values) == kept


def test_a_tone_is_kept_where_more_than_half_judge_it_and_its_evidence_is_of_the_nearest() -> None:
    assert majority(toned(2, None)).tone["author"] is None
    made = majority(toned(None, 2, 1, 1, None))
    assert made.tone["author"] == Tone(1, 0, cite(3))
    values = (None, 2, 1, 1, None)
    assert kept_label(made, "author score") == Label("tone", "author score", values, 1, 0.4, stable=False)
    opposed = majority(toned(-1, 1))
    assert opposed.tone["author"] == Tone(0, 0, cite(1))
    assert kept_label(opposed, "author score").share == 0


@pytest.mark.parametrize(("same", "of", "stable"), [(2, 3, False), (3, 4, True), (3, 5, False), (3, 3, True)])
def test_a_label_is_stable_where_more_than_two_thirds_gave_what_is_kept(same: int, of: int, stable: bool) -> None:  # noqa: FBT001
    assert label("stance", "x", ["states"] * same + ["silent"] * (of - same), "states").stable is stable


def test_half_of_the_readings_are_no_majority_for_anything_found() -> None:
    full = Reading(
        "v",
        frames=(Frame("other", "primary", cite(1)),),
        functions=(Function("cause", "x", cite(1)),),
        portrayal=(shown("Kim"),),
        wording=(marked(0, 5),),
        voices=(heard("Kim", 1),),
    )
    made = majority([full, Reading("v")])
    assert made.grounded == 0
    assert {x.kept for x in made.agreement} == {None}


def test_at_most_one_frame_is_primary_and_it_is_the_one_most_often_so() -> None:
    def framed(*frames: tuple[str, Any]) -> Reading:
        return Reading("v", frames=tuple(Frame(f, rank, cite(1)) for f, rank in frames))

    a, b = ("political", "primary"), ("economic", "primary")
    made = majority([framed(a), framed(a), framed(a, b), framed(b), framed(("economic", "secondary"))])
    assert [(f.frame, f.rank) for f in made.frames] == [("political", "primary"), ("economic", "secondary")]
    assert kept_label(made, "economic").values == (None, None, "primary", "primary", "secondary")
    tied = majority([framed(a), framed(("political", "secondary"))])
    assert [f.rank for f in tied.frames] == ["secondary"]


def test_a_function_that_most_find_is_kept_though_the_reading_nearest_to_all_lacks_it() -> None:
    def read(author: int, headline: int, *functions: Function) -> Reading:
        tone: dict[Scope, Tone | None] = {
            "author": Tone(author, abs(author), cite(1)),
            "headline": Tone(headline, abs(headline), cite(1)),
        }
        return Reading("v", summary=(Told(f"{author} {headline}", cite(1)),), tone=tone, functions=functions)

    cause = Function("cause", "x", cite(1))
    made = majority([read(0, 1, cause), read(1, 0, cause), read(0, 0)])
    assert made.summary[0].text == "0 0"
    assert made.functions == (cause,)


def test_of_overlapping_words_the_shortest_are_kept_with_the_technique_most_give() -> None:
    readings = [
        Reading("v", wording=words)
        for words in (
            (marked(0, 12, "slogan", "long"), marked(30, 35)),
            (marked(4, 9, "doubt", "short"),),
            (marked(3, 12, "slogan"), marked(12, 20)),
        )
    ]
    made = majority(readings)
    assert made.wording == (replace(marked(4, 9, neutral="short"), technique="slogan"),)
    assert [x.values for x in made.agreement] == [
        ("slogan", "doubt", "slogan"), ("doubt", None, None), (None, None, "doubt"),
    ]  # fmt: skip


def test_neutral_words_come_with_the_technique_that_is_kept() -> None:
    words = [marked(0, 5, technique, technique) for technique in ("doubt", "slogan", "slogan")]
    assert majority([Reading("v", wording=(w,)) for w in words]).wording == (words[1],)


def test_a_long_span_stands_by_each_of_two_short_ones_that_it_holds() -> None:
    apart = Reading("v", wording=(marked(0, 5), marked(10, 15)))
    assert majority([Reading("v", wording=(marked(0, 15),)), apart, Reading("v")]).wording == apart.wording


def test_one_name_in_two_spellings_is_one_entity_and_one_speaker() -> None:
    made = majority(
        [
            Reading("v", portrayal=(shown("Lee’s wife", "innocent", 1),), voices=(heard("KIM", 1, 2, kind="other"),)),
            Reading("v", portrayal=(shown("lee's wife", "none", 2),), voices=(heard("Kim", 2, 3, kind="expert"),)),
        ]
    )
    assert made.portrayal == (replace(shown("Lee’s wife"), tone=1),)
    assert kept_label(made, "Lee’s wife role").values == ("innocent", "none")
    assert made.voices == (replace(heard("KIM", 1, 2, 3, kind="other"), share=made.voices[0].share),)
    assert made.voices[0].share == pytest.approx(0.5, abs=0.002)


def test_summary_and_claims_are_of_the_reading_that_agrees_most_with_the_others() -> None:
    odd, *others = (replace(r, summary=(Told(str(i), cite(1)),)) for i, r in enumerate(toned(2, -1, -1)))
    assert majority([odd, *others]).summary == others[0].summary
