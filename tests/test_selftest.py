"""Controls made by code: each is the edit it says and no other, and the embedded engine finds that and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarize import Version, compare
from summarize.anchors import anchors
from summarize.archive.files import open_version
from summarize.comparison.model import Comparison, Difference
from summarize.errors import AuthError, ReplyError
from summarize.news import Article, Story, lay_out
from summarize.selftest import NAMES, Control, Outcome, Skipped, controls, judge, made, rows, story, trial
from summarize.selftest.edits import applied, moved
from summarize.text.lists import entries, negations
from summarize.text.numbers import quantities
from summarize.text.quotations import quotations
from summarize.text.speech import is_plural, is_speaker
from summarize.text.view import fold
from summarize.text.words import stem, synonyms, words

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
TEXTS = {name: (STORY / f"{name}.txt").read_bytes().decode() for name in ("long", "short")}
TEXTS["invented"] = """Ferry runs aground off Lowick

A ferry with many people on board ran aground near Lowick harbour on Monday evening, the coastguard said.

Passengers were taken ashore by three lifeboats that had come from Torness before midnight. The sea was calm all \
evening, and a full moon lit up the beach.

“We felt a hard knock and then everything stopped,” said Maria Oduya, a teacher who was on board.

The owners bought the vessel from a Danish bank in 1998 and painted its hull bright green. It did not carry any cargo \
that night.

Engineers had repaired its steering gear in March after a fault that nobody could explain at the time. The repair cost \
340,000 pounds, nearly a quarter of what a new engine would have cost.

The company has promised to cooperate with the official inquiry. “We will answer each question,” a company manager \
told reporters on Tuesday.

Captain Peter Harwell was questioned by the police for two hours on Tuesday morning. Lawyers for his union were not \
allowed into the room.

The harbour office said on Wednesday that the wreck would be towed away within 30 days. Divers found 75 tonnes of sand \
in the hold.

Read more:
- Ferry runs aground
"""
OTHERS = set(NAMES) - {"self", "paraphrase", "order"}
SEEDS = range(3)
texts = st.sampled_from(sorted(TEXTS))
seeds = st.integers(0, 10_000)


def chance_of(seed: int) -> Random:
    """The same choices for the same seed."""
    return Random(seed)  # noqa: S311  # nothing secret


def tell(of: Story) -> Comparison:
    """The embedded engine's comparison."""
    return compare(*(article.version for article in of.articles))


def run(text: str, seed: int = 0, by: Callable[[Story], Comparison] = tell) -> dict[str, Outcome | Skipped]:
    found = list(trial(by, Version(text), chance=chance_of(seed)))
    return {o.name if isinstance(o, Skipped) else o.control.name: o for o in found}


def outcomes(text: str, by: Callable[[Story], Comparison]) -> dict[str, Outcome]:
    return {name: o for name, o in run(text, by=by).items() if isinstance(o, Outcome)}


def told(article: Article) -> list[tuple[str, str]]:
    return [(s.role, article.exact(s.span)) for s in article.sentences]


def changed(control: Control, text: str) -> tuple[list[str], list[str]]:
    """The sentences of the original that are not in the edited version, in their order, and the other way round."""
    before, after = told(lay_out(Version(text))), told(lay_out(control.version))
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    while before and after and before[-1] == after[-1] and min(len(before), len(after)) > start:
        before.pop(), after.pop()
    return [said for _, said in before[start:]], [said for _, said in after[start:]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", TEXTS)
def test_the_embedded_engine_passes_every_control_of_a_text(name: str, seed: int) -> None:
    for outcome in run(TEXTS[name], seed).values():
        assert isinstance(outcome, Skipped) or outcome.passed, (outcome.control.about, outcome.shown, outcome.strange)


def test_an_article_with_figures_names_and_speakers_allows_every_control() -> None:
    assert [c.name for c in controls(Version(TEXTS["invented"]), chance=chance_of(0))] == list(NAMES)


@settings(max_examples=40)
@given(texts, seeds)
def test_there_is_one_entry_for_each_control_and_the_same_for_the_same_seed(name: str, seed: int) -> None:
    version = Version(TEXTS[name])
    found = made(version, chance=chance_of(seed))
    assert tuple(c.name for c in found) == NAMES
    assert found == made(version, chance=chance_of(seed))
    assert controls(version, chance=chance_of(seed)) == tuple(c for c in found if isinstance(c, Control))


@settings(max_examples=40)
@given(texts, seeds)
def test_every_control_differs_from_the_original_in_exactly_the_place_it_says(name: str, seed: int) -> None:
    text = TEXTS[name]
    for control in controls(Version(text), chance=chance_of(seed)):
        check_place(control, text)


PARTS = st.sampled_from(
    [
        "The council of {place} approved a budget of {n} pounds for the new bridge.",
        "Workers had closed the old road beside the river for repairs.",
        "A spokesman for the builders said the steel was delivered late.",
        "“It is a pity,” Ana Ruiz told reporters.",
        "Mayor Ana Ruiz was not present when the first stone was laid.",
        "About {n} percent of the residents signed a letter against the plan.",
        "He said on Monday that the noise was too loud.",
        "Trees along the bank were planted by pupils of the village school.",
        "“Nobody asked us. The bridge is ugly",
        'The plan was called "a folly" by a local paper (it did not say why).',
        "Bridge opens\n\nBy Ana Ruiz\n\nThe bridge near {place} was opened on 3 May 2021 by two ministers.",
    ]
)
articles = st.lists(
    st.tuples(PARTS, st.integers(2, 90_000), st.sampled_from(["Lowick", "Torness", "Port Amber"])),
    min_size=1,
    max_size=14,
).flatmap(
    lambda parts: st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=len(parts), max_size=len(parts)).map(
        lambda gaps: "".join(p.format(n=n, place=x) + g for (p, n, x), g in zip(parts, gaps, strict=True))
    )
)


@settings(max_examples=50)
@given(articles, seeds)
def test_every_control_of_any_text_differs_from_it_in_exactly_the_place_it_says(text: str, seed: int) -> None:
    for control in controls(Version(text), chance=chance_of(seed)):
        check_place(control, text)


def check_place(control: Control, text: str) -> None:
    """The edits are the difference, each is where it is said to be, and no other sentence is read otherwise."""
    edits, version = control.edits, control.version
    assert applied(text, edits) == version.text
    places = moved(edits)
    assert [version.text[slice(*place)] for place in places] == [edit.words for edit in edits]
    back = [replace_words(edit.span, place, text) for edit, place in zip(edits, places, strict=True)]
    assert restored(version.text, back) == text
    gone, new = changed(control, text)
    size = {"self": (0, 0), "removed": (1, 0), "added": (0, 1)}.get(control.name, (1, 1))
    if control.name not in {"paraphrase", "order"}:
        assert (len(gone), len(new)) == size, control.about
    expect = control.expect
    for span, of in ((expect.before, text), (expect.after, version.text)):
        assert span is None or any(of[slice(*span)] in said for said in (*gone, *new))
    if control.name in {"number", "name", "speaker"} and expect.before and expect.after:
        was, now = text[slice(*expect.before)], version.text[slice(*expect.after)]
        assert control.about.startswith(f"“{was}” became “{now}” in sentence ")


def replace_words(span: tuple[int, int], place: tuple[int, int], text: str) -> tuple[int, int, str]:
    return (*place, text[slice(*span)])


def restored(text: str, back: Iterable[tuple[int, int, str]]) -> str:
    for start, end, words_ in sorted(back, reverse=True):
        text = text[:start] + words_ + text[end:]
    return text


@settings(max_examples=40)
@given(texts, seeds)
def test_a_changed_number_is_another_figure_that_the_article_does_not_have(name: str, seed: int) -> None:
    text = TEXTS[name]
    for control in controls(Version(text), chance=chance_of(seed)):
        if control.name == "number":
            (gone,), (new,) = changed(control, text)
            was, now = ([q.value for q in quantities(said)] for said in (gone, new))
            assert len(was) == len(now)
            (value,) = [b for a, b in zip(was, now, strict=True) if a != b]
            assert value not in {a.value for a in anchors(lay_out(Version(text)))}


@settings(max_examples=40)
@given(texts, seeds)
def test_a_negation_is_one_not_more_or_less(name: str, seed: int) -> None:
    text = TEXTS[name]
    for control in controls(Version(text), chance=chance_of(seed)):
        if control.name == "negation":
            (gone,), (new,) = changed(control, text)
            assert abs(new.split().count("not") - gone.split().count("not")) == 1
            assert [w for w in new.split() if w != "not"] == [w for w in gone.split() if w != "not"]


@settings(max_examples=50)
@given(articles)
def test_a_paraphrase_keeps_figures_and_quotations(text: str) -> None:
    for control in controls(Version(text), chance=chance_of(0)):
        if control.name == "paraphrase":
            before, after = lay_out(Version(text)), lay_out(control.version)
            assert [s.role for s in before.sentences] == [s.role for s in after.sentences]
            for a, b in zip(before.sentences, after.sentences, strict=True):
                assert kept(text, a.span) == kept(control.version.text, b.span)


def kept(text: str, span: tuple[int, int]) -> tuple[list[str], list[str]]:
    return [q.value for q in quantities(text, *span)], [fold(text[slice(*q)]) for q in quotations(text, *span)]


def test_a_text_that_allows_no_edit_has_each_control_left_out_with_a_reason() -> None:
    first, *rest = made(Version("Two men died."), chance=chance_of(0))
    assert isinstance(first, Control)
    assert all(isinstance(c, Skipped) and c.why for c in rest)
    assert controls(Version(""), chance=chance_of(0))[0].name == "self"


def test_nothing_is_planted_in_boilerplate_headings_or_quotations() -> None:
    text = TEXTS["invented"]
    article = lay_out(Version(text))
    quoted = quotations(text)
    for seed in range(30):
        for control in controls(Version(text), chance=chance_of(seed)):
            for (start, end), _ in control.edits:
                if control.name not in {"paraphrase", "removed"}:
                    assert next(s.role for s in article.sentences if s.end >= end) == "body"
                    assert not any(q.start <= start < q.end for q in quoted)


def test_a_hard_wrapped_text_and_one_with_front_matter_are_edited_as_they_are(tmp_path: Path) -> None:
    paragraphs = TEXTS["invented"].split("\n\n")
    wrapped = "\n\n".join(re.sub(r"(.{60,75}) ", r"\1\n", p) for p in paragraphs)
    assert [c.name for c in controls(Version(wrapped), chance=chance_of(1))] == list(NAMES)
    path = tmp_path / "ferry.md"
    path.write_text(f"---\nheadline: {paragraphs[0]}\noutlet: The Daily Example\n---\n" + "\n\n".join(paragraphs[1:]))
    version = open_version(path)
    found = list(trial(tell, version, chance=chance_of(1)))
    assert all(isinstance(o, Outcome) and o.passed for o in found)
    for control in controls(version, chance=chance_of(1)):
        assert control.version.text[: version.body_start] == version.text[: version.body_start]


def deaf(of: Story) -> Comparison:
    """Compares the first version with itself, whatever the other one says."""
    article = next(a for a in of.articles if a.version.id == "original")
    copy = replace(article, version=replace(article.version, id="edited"))
    return tell(Story((article, copy)))


def test_one_who_hears_no_difference_passes_only_where_there_is_none() -> None:
    found = outcomes(TEXTS["invented"], deaf)
    assert {name for name, o in found.items() if not o.passed} == OTHERS
    assert all(not o.found and o.others == 0 for name, o in found.items() if name in OTHERS)


def test_one_who_hears_a_difference_too_many_passes_nothing_but_the_order() -> None:
    extra = Difference("contradiction", ("original", "edited"), "made up.", {})
    found = outcomes(TEXTS["invented"], lambda of: replace(c := tell(of), differences=(*c.differences, extra)))
    assert {name for name, o in found.items() if o.passed} == {"order"}
    assert all(o.strange == ("contradiction: made up.",) for name, o in found.items() if name != "order")


def test_a_difference_in_how_it_is_told_is_no_fault_of_a_paraphrase() -> None:
    extra = Difference("wording", ("original", "edited"), "made up.", {})
    found = outcomes(TEXTS["invented"], lambda of: replace(c := tell(of), differences=(*c.differences, extra)))
    assert {name for name, o in found.items() if o.passed} == {"order", "paraphrase"}


def test_a_difference_of_another_kind_at_the_right_place_is_not_the_one_expected() -> None:
    def confused(of: Story) -> Comparison:
        found = tell(of)
        return replace(found, differences=tuple(replace(d, kind="framing") for d in found.differences))

    found = outcomes(TEXTS["invented"], confused)
    assert all(not found[name].found and found[name].others == 1 for name in OTHERS)


def test_an_omission_on_the_wrong_side_is_not_the_one_expected() -> None:
    def mirrored(of: Story) -> Comparison:
        found = tell(of)
        lacking = tuple(replace(d, lacking=tuple({"original", "edited"} - set(d.lacking))) for d in found.differences)
        return replace(found, differences=lacking)

    found = outcomes(TEXTS["invented"], mirrored)
    assert not found["removed"].found
    assert not found["added"].found


def test_a_changed_name_may_be_an_omission_on_each_side() -> None:
    (control,) = [c for c in controls(Version(TEXTS["invented"]), chance=chance_of(0)) if c.name == "name"]
    found = tell(story(Version(TEXTS["invented"]), control))
    (one,) = found.differences
    sides = [v for v in one.versions if one.evidence[v]]
    halves = [
        replace(one, kind="omission", evidence={v: one.evidence[v]}, lacking=tuple(w for w in sides if w != v))
        for v in sides
    ]
    assert judge(control, replace(found, differences=tuple(halves))).passed
    assert not judge(control, replace(found, differences=tuple(halves[:1]))).found


def test_one_who_tells_otherwise_in_the_other_order_fails_that_control_only() -> None:
    def swayed(of: Story) -> Comparison:
        found = tell(of)
        first = of.articles[0].version.id
        return found if first == "original" else replace(found, rows=found.rows[1:])

    found = outcomes(TEXTS["invented"], swayed)
    assert {name for name, o in found.items() if not o.passed} == {"order"}
    assert found["order"].strange[0].startswith("rows: ")


def test_a_comparison_that_fails_is_an_outcome_and_one_that_stops_the_run_stops_it() -> None:
    def failing(_: Story) -> Comparison:
        raise ReplyError("syntax", "no JSON")

    def stopping(_: Story) -> Comparison:
        raise AuthError("no key")

    found = outcomes(TEXTS["invented"], failing)
    assert all(not o.passed and "no JSON" in o.error for o in found.values())
    with pytest.raises(AuthError):
        run(TEXTS["invented"], by=stopping)


def test_rows_are_plain_data_with_one_row_for_each_control() -> None:
    table = rows(trial(tell, Version(TEXTS["short"]), chance=chance_of(3)))
    assert json.loads(json.dumps(table)) == [dict(row) for row in table]
    assert tuple(row["name"] for row in table) == NAMES
    assert {row["passed"] for row in table} <= {True, None}
    keys = {"name", "about", "expected", "found", "shown", "others", "error", "passed"}
    assert all(row.keys() == keys for row in table)


def test_words_that_may_stand_for_each_other_are_synonyms_in_the_list() -> None:
    for word, other in entries("exchangeable.tsv", "summarize.selftest"):
        assert synonyms()[stem(word)] & synonyms()[stem(other)], (word, other)
        assert word.islower()


def test_the_sentences_put_in_hold_no_figure_name_negation_or_speaker() -> None:
    for (said,) in entries("sentences.txt", "summarize.selftest"):
        assert 40 <= len(said) <= 100
        assert not anchors(lay_out(Version(said))), said
        assert not {w.low for w in words(said)} & negations()


def test_speakers_put_in_are_speakers_one_or_several_as_they_are_listed() -> None:
    for kind, who in entries("names.tsv", "summarize.selftest"):
        assert is_speaker(who) or kind in {"place", "body"}
        if kind in {"speaker", "speakers"}:
            assert is_plural(who) == (kind == "speakers"), who
