"""What is tried besides: neutral words for loaded ones, the outlet's name shown, the claims in another order."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarize.comparison.ground import Ground
from summarize.comparison.matrix import gather, merged
from summarize.engines.lexicon import Lexicon
from summarize.job import Job
from summarize.library import story_of
from summarize.news import Article, Story, Version, lay_out
from summarize.reading import Wording
from summarize.robustness import blind_shift, counterfactual, neutralised, order_agreement
from summarize.telling import Trials, tell

SEEDS = sorted(Path("fixtures/stories/dmz-defection").glob("*.txt"))
PLAIN = "The council met on Monday.\n\nThe members spoke about the harbour budget and voted at noon.\n"


def article(text: str, **known: str) -> Article:
    return lay_out(Version(text, **known))  # type: ignore[arg-type]  # all are texts


def loaded(of: Article) -> tuple[Wording, ...]:
    return Job.of(Lexicon()).read(of).wording


def test_neutral_words_take_the_place_of_the_loaded_ones_and_nothing_else_changes() -> None:
    for path in SEEDS:
        one = article(path.read_text("utf-8"))
        for wording in loaded(one):
            start, end = wording.evidence[0].span
            before, after = one.version.text, neutralised(one, wording).version.text
            assert after.startswith(before[:start])
            assert after.endswith(before[end:].lstrip(" "))
            assert before[:start] + after[start : len(after) - len(before[end:])] + before[end:] != before


def test_words_in_a_headline_of_front_matter_leave_the_headline_where_it_is() -> None:
    text = "---\nheadline: A brutal day in Lowick\n---\n\nThe council met on Monday.\n"
    from summarize.archive.front_matter import front_matter

    head = front_matter(text, "x")
    one = lay_out(
        Version(text, headline="A brutal day in Lowick", body_start=head.body_start, headline_span=head.headline)
    )
    start = text.index("brutal")
    from summarize.evidence import part

    changed = neutralised(one, Wording("brutal", "loaded_language", "hard", (part(one, start, start + 6),)))
    assert [changed.exact(s.span) for s in changed.sentences] == ["A hard day in Lowick", "The council met on Monday."]


def test_loaded_words_are_confirmed_where_the_tone_comes_nearer_to_neutral_without_them() -> None:
    text = PLAIN + "\nIt was a shameful, disgraceful, vile betrayal.\n"
    one = article(text)
    found = counterfactual(Job.of(Lexicon()), one, Job.of(Lexicon()).read(one))
    assert found.wording
    assert {w.confirmed for w in found.wording} <= {True, False}
    assert any(w.confirmed for w in found.wording)


def test_words_in_place_of_which_nothing_changes_are_not_confirmed() -> None:
    one = article(PLAIN + "\nThe members met.\n")
    start = one.version.text.index("members")
    from summarize.evidence import part

    same = Wording("members", "loaded_language", "members", (part(one, start, start + 7),))
    reading = Job.of(Lexicon()).read(one)
    from dataclasses import replace

    (tried,) = counterfactual(Job.of(Lexicon()), one, replace(reading, wording=(same,))).wording
    assert tried.confirmed is not True


def test_without_an_outlet_to_show_there_is_nothing_to_compare() -> None:
    assert blind_shift(Job.of(Lexicon()), article(PLAIN)) == ()


def test_an_outlet_shown_does_not_move_an_engine_that_does_not_look_at_it() -> None:
    shifts = blind_shift(Job.of(Lexicon()), article(PLAIN + "\nIt was a vile betrayal.\n", outlet="The Daily Example"))
    assert shifts
    assert all(shift.blind == shift.unblind for shift in shifts)


def test_the_embedded_engine_puts_the_same_claims_together_in_either_order() -> None:
    job, story = Job.of(Lexicon()), story_of(SEEDS)
    ground = Ground(story, job.each(job.read, story.articles))
    claims = gather(ground)
    kept = merged(claims, job.inventory([claim.text for claim in claims]))
    assert order_agreement(job, claims, kept).share == 1.0


@pytest.mark.parametrize("trials", [Trials(order=True), Trials(blind=True), Trials(counterfactual=True)])
def test_what_is_tried_besides_changes_no_difference(trials: Trials) -> None:
    story: Story = story_of(SEEDS)
    plain, tried = (tell(Job.of(Lexicon()), story, t) for t in (None, trials))
    assert [d.text for d in plain.differences] == [d.text for d in tried.differences]


def test_what_was_tried_is_measured_and_what_was_not_says_how_to() -> None:
    measured = {m.name: m for m in tell(Job.of(Lexicon()), story_of(SEEDS), Trials(order=True)).reliability}
    assert measured["order"].value == 1.0
    assert measured["blind"].value is None
    assert "--check-blind" in measured["blind"].how
