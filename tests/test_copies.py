"""Copies: one text printed twice is one origin, and a passage taken over is shown as it stands on both sides."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.copies import PASSAGE, Origin, descents, origins
from summarize.news import Article, Version, lay_out
from summarize.text.view import fold
from summarize.text.words import words


def paragraphs(text: str) -> list[str]:
    """Paragraphs set apart by empty lines, each on one line."""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


WIRE = paragraphs(
    """
    A fire that broke out shortly before dawn destroyed two warehouses in the old harbour of Port Alder on Monday and
    sent a column of black smoke over the town, officials said.

    About ninety firefighters worked until noon to keep the flames away from a depot where heating oil is stored.
    Three of them were treated for burns, and one was kept in hospital overnight.

    The warehouses had stood empty since the fish market moved inland four years ago. Neighbours had complained to the
    council that people were sleeping there and that the doors were never locked.

    Investigators have not said what started the blaze. A spokesman for the harbour authority said the ruins were too
    hot to be entered and that a first report could not be expected before the end of the week.

    Ferries to the islands ran with delays of up to an hour. The road along the quay stays closed until Thursday.
    """
)
OTHER = paragraphs(
    """
    Residents of the quay woke to sirens on Monday as flames leapt from the roofs of the former fish market.

    It took ninety firefighters the whole morning to bring the fire under control. No resident was hurt, but three
    members of the brigade suffered burns.

    For years the council has been asked to tear the buildings down. A sale to a developer fell through in spring, and
    nobody has mounted a guard since.

    The mayor promised an inquiry. Whether somebody laid the fire is a question for the police, she said, who want to
    hear from anybody who saw lights in the buildings during the night.

    Islanders had to wait for their ferries, and shops near the water stayed shut.
    """
)
STATEMENT = (
    "We have asked the owners eleven times to secure these buildings and eleven times nothing was done, which is why "
    "the council will now take them over, pull down what is left and send the bill to those who let this happen"
)
LEXICON = list(map("".join, product(("ba", "de", "fi", "go"), ("lu", "ma", "ne", "ro"), ("k", "st", "nd", "ry"))))


def article(*paragraphs: str, headline: str = "Fire in the harbour", **known: str) -> Article:
    """A text laid out, with its headline as its first line."""
    return lay_out(Version("\n\n".join((headline, *paragraphs)), **known))  # type: ignore[arg-type]  # all are strings


def drawn(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311  # words, no secrets


def prose(chance: random.Random, length: int) -> str:
    """Sentences of ten words, drawn from few words."""
    found = [chance.choice(LEXICON) for _ in range(length)]
    return " ".join(" ".join(found[i : i + 10]).capitalize() + "." for i in range(0, length, 10))


def low(text: str) -> list[str]:
    """A text's words, folded."""
    return [word.low for word in words(fold(text))]


@st.composite
def stories(draw: st.DrawFn) -> list[Article]:
    """Versions that take passages, quoted and not, from one stock, between words of their own."""
    chance = draw(st.randoms(use_true_random=False))
    stock = [prose(chance, n) for n in (15, 20, 30, 60, 120)]
    found = []
    for n in range(draw(st.integers(2, 5))):
        picked = draw(st.lists(st.sampled_from(stock), max_size=5))
        parts = [f"“{p}”" if draw(st.booleans()) else draw(st.sampled_from([p, p.upper()])) for p in picked]
        parts = [x for p in parts for x in (p, prose(chance, draw(st.integers(1, 60))))]
        found.append(article(*parts, headline=prose(chance, 5), id=f"version {n}"))
    return found


def test_an_article_and_itself_are_one_origin() -> None:
    twice = [article(*WIRE, id="one"), article(*WIRE, id="two")]
    assert origins(twice) == (Origin(("one", "two"), 1.0),)
    assert descents(twice) == ()


def test_no_article_has_no_origin_and_one_alone_is_its_own() -> None:
    assert origins([]) == ()
    assert origins([article(*WIRE, id="one")]) == (Origin(("one",), 1.0),)


def test_a_copy_with_another_headline_a_cut_end_and_edited_words_is_one_origin() -> None:
    edited = [p.replace("officials", "authorities").replace("About ninety", "Some 90") for p in WIRE[:-1]]
    daily = article(*edited, headline="Blaze guts warehouses on the quay", id="daily")
    evening = article(*WIRE[:3], headline="Smoke over Port Alder after night of fire", id="evening")
    (only,) = origins([article(*WIRE, id="agency"), daily, evening])
    assert set(only.versions) == {"agency", "daily", "evening"}
    assert 0.2 <= only.resemblance < 1


def test_the_headline_does_not_count() -> None:
    headline = "Ninety firefighters fight a blaze in the old harbour of Port Alder until noon on Monday"
    assert len(origins([article(*WIRE, headline=headline), article(*OTHER, headline=headline)])) == 2


def test_typography_case_and_layout_do_not_count() -> None:
    plain = article("He’s gone — he “left” the town’s harbour early.", *WIRE, id="plain")
    typed = article("HE'S gone - he \"left\" the  town's har\u00adbour early.", " ".join(WIRE), id="typed")
    assert [o.resemblance for o in origins([plain, typed])] == [1.0]


def test_two_reports_of_one_event_are_two_origins_without_descent() -> None:
    reports = [article(*WIRE, id="wire"), article(*OTHER, id="other")]
    assert sorted(o.versions for o in origins(reports)) == [("other",), ("wire",)]
    assert descents(reports) == ()


def test_a_quotation_that_is_most_of_two_reports_makes_them_neither_copies_nor_descents() -> None:
    quoted = f"“{STATEMENT},” "
    wire = article(WIRE[0], quoted + "the mayor said.", id="wire")
    reports = [wire, article(OTHER[0], quoted + "she told the town’s newspaper at noon.", id="other")]
    assert len(origins(reports)) == 2
    assert descents(reports) == ()


@pytest.mark.parametrize(
    "quoted",
    [f"“{STATEMENT}.”", f'"{STATEMENT}."', f'“{STATEMENT}."', f'"{STATEMENT}.”', f"« {STATEMENT}. »"],
)
def test_a_passage_that_one_side_has_in_quotation_marks_is_no_descent(quoted: str) -> None:
    quotes, holds = article(*WIRE, quoted, id="quotes"), article(*OTHER, STATEMENT + ".", id="holds")
    assert descents([quotes, holds]) == ()
    assert descents([article(*WIRE, STATEMENT + ".", id="bare"), holds])


@pytest.mark.parametrize(
    ("first", "later", "last"),
    [("“", "", "”"), ("“", "“", "”"), ('"', '"', '"'), ('"', "", '"'), ("“", "", '"')],
)
def test_a_quotation_over_several_paragraphs_is_no_descent(first: str, later: str, last: str) -> None:
    one, two, three = (prose(drawn(n), 40) for n in range(3))
    quotes = article(*WIRE, f"{first}{one}", f"{later}{two}", f"{later}{three}{last}", id="quotes")
    holds = article(one, two, three, *OTHER, id="holds")
    assert descents([quotes, holds]) == ()
    assert descents([article(*WIRE, one, two, three, id="bare"), holds])


@pytest.mark.parametrize("mark", ['"', "“"])
def test_a_quotation_that_is_never_closed_hides_no_later_passage(mark: str) -> None:
    taken = article(f"{mark}We saw it coming, she told us.", WIRE[1], *OTHER, "“It is over,” he said.", id="taken")
    assert [d.words for d in descents([article(*WIRE, id="wire"), taken])] == [len(low(WIRE[1]))]


def test_shuffled_words_are_no_copy() -> None:
    shuffled = " ".join(WIRE).split()
    drawn(7).shuffle(shuffled)
    pair = [article(*WIRE, id="wire"), article(" ".join(shuffled), id="shuffled")]
    assert len(origins(pair)) == 2
    assert descents(pair) == ()


def test_a_chain_of_changes_does_not_join_unlike_texts() -> None:
    chance = drawn(3)
    parts = [prose(chance, 100) for _ in range(8)]
    chain = [article(*parts[i : i + 4], id=str(i)) for i in range(5)]
    groups = [set(o.versions) for o in origins(chain)]
    assert all(abs(int(a) - int(b)) <= 2 for group in groups for a, b in combinations(group, 2))
    assert any(len(group) > 1 for group in groups)


def test_a_brief_that_two_long_reports_hold_does_not_join_them() -> None:
    chance = drawn(4)
    brief = prose(chance, 100)
    versions = [article(brief, prose(chance, 110), id="long"), article(brief, prose(chance, 110), id="longer")]
    found = origins([*versions, article(brief, id="brief")])
    assert not [o for o in found if {"long", "longer"} <= set(o.versions)]


def test_an_excerpt_within_a_long_report_is_a_descent_and_no_copy() -> None:
    long = article(*OTHER, *(prose(drawn(n), 150) for n in range(3)), WIRE[1], id="long")
    (only,) = descents([long, article(*WIRE, id="wire")])
    assert set(only.evidence) == {"long", "wire"}
    assert [low(e.exact) for e in only.evidence.values()] == [low(WIRE[1])] * 2
    assert only.words == len(low(WIRE[1]))


def test_a_descent_is_shown_with_the_typography_of_either_side() -> None:
    ours = "It is the town’s worst fire — its first — since the year when the old cannery by the harbour burnt down."
    theirs = ours.replace("’", "'").replace("—", "-").replace(" the old", "\u00a0 THE old")
    (only,) = descents([article(*WIRE, ours, id="ours"), article(*OTHER, theirs, id="theirs")])
    assert {v: e.exact for v, e in only.evidence.items()} == {"ours": ours[:-1], "theirs": theirs[:-1]}


def test_a_shorter_run_of_the_same_words_is_no_descent() -> None:
    taken = prose(drawn(5), PASSAGE).rstrip(".")
    short = " ".join(taken.split()[1:])
    assert descents([article(*WIRE, taken, id="a"), article(*OTHER, taken, id="b")])
    assert not descents([article(*WIRE, short, id="a"), article(*OTHER, short, id="b")])


def test_the_longest_descent_comes_first() -> None:
    other = article(WIRE[4], *OTHER, WIRE[3], prose(drawn(6), 200), WIRE[1], id="other")
    found = descents([article(*WIRE, id="wire"), other])
    assert [d.words for d in found] == sorted((len(low(WIRE[n])) for n in (1, 3, 4)), reverse=True)


@pytest.mark.parametrize(
    ("one", "other", "earlier"),
    [
        ("2024-08-20", "2024-08-21", "one"),
        ("2024-08-21T08:00:00Z", "2024-08-20T08:00:00Z", "other"),
        ("2024-08-20T09:30:00+02:00", "2024-08-20T08:00:00Z", "one"),
        ("2024-08-20T09:00:00", "2024-08-20T09:00:01", "one"),
        ("2024-08-18", "2024-08-20T08:00:00Z", "one"),
        ("2024-08-20", "2024-08-20T23:00:00", ""),  # some time that day
        ("2024-08-19", "2024-08-20T08:00:00Z", ""),  # it may have been the same moment, elsewhere
        ("2024-08-20", "2024-08-20", ""),
        ("2024-08-20", "yesterday", ""),
        ("0001-01-01T00:00:00+10:00", "9999-12-31", ""),
        ("2024-08-20", "", ""),
    ],
)
def test_the_earlier_version_is_named_only_where_the_dates_tell(one: str, other: str, earlier: str) -> None:
    pair = [article(*WIRE, id="one", published=one), article(*OTHER, WIRE[1], id="other", published=other)]
    assert [d.earlier for d in descents(pair)] == [earlier]
    assert [d.earlier for d in descents(pair[::-1])] == [earlier]


def test_texts_without_words_are_alone_and_bear_no_descent() -> None:
    empty = [lay_out(Version(text, id=str(n))) for n, text in enumerate(("", "…", "* * *\n\n—", "# One\n"))]
    assert sorted(o.versions for o in origins(empty)) == [("0",), ("1",), ("2",), ("3",)]
    assert descents(empty) == ()


def test_a_text_that_repeats_itself_is_compared_all_the_same() -> None:
    refrain = article("la " * 5000, *WIRE, id="refrain")
    found = descents([refrain, article(*OTHER, "la " * 4000, prose(drawn(1), 9000), id="other")])
    assert [d.words for d in found] == [4000]


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(articles: list[Article], chance: random.Random) -> None:
    other = articles.copy()
    chance.shuffle(other)
    assert origins(other) == origins(articles)
    assert descents(other) == descents(articles)


@given(stories())
def test_every_version_is_in_one_origin_and_none_descends_from_its_own(articles: list[Article]) -> None:
    members = [(v, n) for n, origin in enumerate(origins(articles)) for v in origin.versions]
    assert sorted(v for v, _ in members) == sorted(a.version.id for a in articles)
    assert all(len({dict(members)[v] for v in d.evidence}) == 2 for d in descents(articles))


@given(stories())
def test_a_descent_is_the_same_words_as_they_stand_in_both(articles: list[Article]) -> None:
    texts = {a.version.id: a.version.text for a in articles}
    for descent in descents(articles):
        first, second = descent.evidence.values()
        assert all(e.exact == texts[v][e.start : e.end] and v == e.version for v, e in descent.evidence.items())
        assert low(first.exact) == low(second.exact)
        assert len(low(first.exact)) == descent.words >= PASSAGE


@given(stories())
def test_descents_of_one_pair_do_not_overlap(articles: list[Article]) -> None:
    found = descents(articles)
    assert [d.words for d in found] == sorted((d.words for d in found), reverse=True)
    for one, other in combinations(found, 2):
        if one.evidence.keys() == other.evidence.keys():
            for v, e in one.evidence.items():
                assert e.end <= other.evidence[v].start or other.evidence[v].end <= e.start


@given(st.lists(st.text(), max_size=4), st.text(min_size=1))
def test_any_text_at_all_is_its_own_copy(texts: list[str], text: str) -> None:
    articles = [lay_out(Version(t, id=str(n))) for n, t in enumerate((*texts, text, text))]
    found = origins(articles)
    assert [o for o in found if {str(len(texts)), str(len(texts) + 1)} <= set(o.versions)]
    assert sum(len(o.versions) for o in found) == len(articles)
