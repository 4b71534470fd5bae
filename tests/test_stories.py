"""Which articles of an archive are one story: by ids, addresses, copies, events; and never by order or chance."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from summarize.errors import RetoldError, SettingsError
from summarize.stories import Grouped, Rules, Stories, Telling
from summarize.stories.addresses import address
from summarize.stories.dates import DAY, minute
from summarize.stories.sketch import KEPT, likeness, sketch
from summarize.stories.terms import Frequencies, low, telling

FERRY = (
    "Ferry runs aground off Lowick with 120 aboard\n\nThe ferry Morning Star ran aground on the Skerry rocks off "
    "Lowick on Tuesday with 120 passengers aboard, the coastguard said. Two lifeboats took everyone ashore. The "
    "captain, Una Marsh, said that the steering had failed minutes before the Skerry light came into view."
)
FERRY_ELSEWHERE = (
    "Lowick ferry passengers rescued after grounding\n\nLifeboats rescued 120 passengers when the Morning Star ferry "
    "hit rocks near Lowick. The coastguard is asking captain Una Marsh why the ship came so close to the Skerry. Its "
    "steering failed, she says; the owners would not talk of it before an inquiry is held."
)
BUDGET = (
    "Council votes for smaller library budget\n\nThe town council of Ambleford cut the budget of its three libraries "
    "by a fifth on Tuesday evening. Members voted nine to six after a debate of four hours. Readers had brought a "
    "petition, and the mayor, Piet Olsen, spoke against the cut, which begins in April."
)
BUDGET_ELSEWHERE = (
    "Ambleford libraries lose a fifth of budget\n\nAmbleford's libraries will have a fifth less to spend from April. "
    "Its council decided so by nine votes to six, against the advice of mayor Piet Olsen and a petition of readers "
    "that was handed over before the debate."
)
DAY_ONE, DAY_TWO, LATER = "2024-08-20", "2024-08-21", "2024-11-02"


def grouped(tellings: Iterable[Telling], rules: Rules | None = None) -> list[Grouped]:
    """The stories of these articles."""
    with Stories(rules or Rules()) as stories:
        for one in tellings:
            stories.add(one)
        return list(stories.groups())


def members(tellings: Iterable[Telling], rules: Rules | None = None) -> list[tuple[int, ...]]:
    """The numbers of each story's articles."""
    return [story.members for story in grouped(tellings, rules)]


def dated(*texts: str, published: str | None = DAY_ONE) -> list[Telling]:
    """Articles of these texts, on one day."""
    return [Telling(n, text, published=published) for n, text in enumerate(texts, start=1)]


def edited(text: str, every: int) -> str:
    """The text with each so many words changed."""
    return " ".join(f"{word}x" if n % every == every - 1 else word for n, word in enumerate(text.split()))


def report(salt: int, words: int = 120) -> str:
    """A text whose words are nobody else's."""
    return " ".join(f"w{salt}q{n * n % 97}" for n in range(words))


def test_two_reports_of_one_event_are_one_story_and_another_event_is_not() -> None:
    found = grouped(dated(FERRY, BUDGET, FERRY_ELSEWHERE, BUDGET_ELSEWHERE))
    assert [(g.members, g.how) for g in found] == [((1, 3), "event"), ((2, 4), "event")]
    assert "shared telling words" in found[0].why
    assert "lowick" in found[0].why
    assert "within 1 day" in found[0].why


def test_the_same_words_months_apart_are_no_one_event() -> None:
    first, second = dated(FERRY, FERRY_ELSEWHERE)
    assert members([first, replace(second, published=DAY_TWO)]) == [(1, 2)]
    assert members([first, replace(second, published=LATER)]) == []


def test_without_dates_more_likeness_is_asked_for() -> None:
    pair = dated(FERRY, FERRY_ELSEWHERE)
    with Stories() as stories:
        for one in pair:
            stories.add(one)
        (link,) = stories.explain(1)
    assert Rules().alike < link.figures["similarity"]
    strict = Rules(undated=min(1.0, link.figures["similarity"] + 0.01))
    assert members(dated(FERRY, FERRY_ELSEWHERE, published="some day"), strict) == []
    assert members(pair, strict) == [(1, 2)]


def test_a_story_id_decides_alone() -> None:
    one, two, three = dated(FERRY, BUDGET, FERRY_ELSEWHERE)
    given = [replace(one, story="S1"), replace(two, story=" S1 "), three]
    found = grouped(given)
    assert [(g.members, g.how, g.name, g.why) for g in found] == [((1, 2), "given", "S1", 'the story id "S1"')]
    assert members(given, Rules(by=frozenset({"found"}))) == [(1, 3)]


def test_one_address_makes_revisions_of_one_article() -> None:
    one, two, three = dated(FERRY, BUDGET, BUDGET)
    here = "https://www.example.org/ferry/?utm_source=x#top"
    (story,) = grouped([replace(one, url=here), replace(two, url="http://example.org/ferry"), three])
    assert (story.members, story.how, story.revisions) == ((1, 2), "url", True)
    assert story.why == "one address: example.org/ferry"


def test_a_front_page_is_no_articles_address() -> None:
    urls = ("https://example.org/", "https://example.org/?utm_source=x")
    assert members([replace(t, url=url) for t, url in zip(dated(FERRY, BUDGET), urls, strict=True)]) == []


def test_an_address_that_more_articles_have_than_a_story_may_is_not_believed() -> None:
    many = [Telling(n, report(n), url="https://example.org/feed") for n in range(1, 6)]
    assert members(many, Rules(most=4)) == []
    assert members(many, Rules(most=5)) == [(1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/b?id=3&x=1",
        "http://www.example.org/a/b/?x=1&id=3#part",
        "https://m.example.org:443/a/b/amp?fbclid=9&id=3&x=1&utm_campaign=c",
        "amp.example.org/a/b?x=1&id=3&amp=1",
    ],
)
def test_an_address_is_one_however_it_is_written(url: str) -> None:
    assert address(url) == "example.org/a/b?id=3&x=1"


@pytest.mark.parametrize(
    "url", [None, "", "x", "mailto:a@example.org", "http://[", "http://a.b/c d", "a.b/" + "x" * 3000]
)
def test_what_is_no_page_has_no_address(url: str | None) -> None:
    assert address(url) is None


@pytest.mark.parametrize(
    "given",
    [
        "2024-08-20 10:00:00",
        "2024-08-20T10:00",
        "2024-08-20T12:00:00+02:00",
        "2024-08-20T10:00:00Z",
        "2024/08/20 10:00",
        "20240820100000",
        "Tue, 20 Aug 2024 10:00:00 GMT",
        "1724148000",
        "1724148000123",
    ],
)
def test_a_time_is_one_however_it_is_written(given: str) -> None:
    assert minute(given) == 1_724_148_000 // 60


@pytest.mark.parametrize(
    "given", ["2024-08-20", "20240820", "August 20, 2024", "20 Aug. 2024", "Tuesday, 20th August 2024"]
)
def test_a_day_is_taken_at_its_noon(given: str) -> None:
    assert minute(given) == minute("2024-08-20T12:00")


@pytest.mark.parametrize(
    "given", [None, "", "yesterday", "08/09/2024", "2024-13-45", "9" * 11, "0000-01-01", "May 2024", "1" * 99]
)
def test_what_is_no_one_day_is_no_date(given: str | None) -> None:
    assert minute(given) is None


def test_a_near_copy_is_told_from_a_report_of_the_same_event() -> None:
    long = f"{FERRY} {BUDGET_ELSEWHERE.lower()} {report(1, 60)}"
    (story,) = grouped(dated(long, edited(long, 25)))
    assert (story.members, story.how) == ((1, 2), "copies")
    assert "five-word runs" in story.why


def test_near_copies_far_apart_in_time_are_not_joined() -> None:
    first, second = dated(FERRY, edited(FERRY, 25))
    assert members([first, replace(second, published="2029-01-01")]) == []


def test_a_resemblance_by_sketches_is_close_to_the_true_one() -> None:
    words = [f"w{n * n % 7919}" for n in range(3000)]
    for kept in (2700, 2000, 1200):
        a, b = words[:kept], words[-kept:]
        shingles = [{tuple(text[n : n + 5]) for n in range(len(text) - 4)} for text in (a, b)]
        true = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
        contained = len(shingles[0] & shingles[1]) / min(map(len, shingles))
        resemblance, containment = likeness(sketch(a), sketch(b))
        assert abs(resemblance - true) < 0.1
        assert abs(containment - contained) < 0.15


def test_a_short_text_resembles_exactly() -> None:
    words = low(FERRY)
    a, b = sketch(words), sketch(words[:30])
    assert a.shingles < KEPT
    assert likeness(a, b) == (b.shingles / a.shingles, 1.0)
    assert likeness(a, a) == (1.0, 1.0)


def chain(links: int) -> list[Telling]:
    """Texts each of which shares half of its words with the one before, and nothing with the others."""
    halves = [report(n, 60) for n in range(links + 1)]
    return dated(*(f"{a} {b}" for a, b in pairwise(halves)))


def test_a_chain_of_likenesses_is_not_one_story() -> None:
    found = members(chain(8))
    assert found
    assert max(map(len, found)) == 2


def test_a_found_story_has_no_more_articles_than_allowed() -> None:
    same = dated(*(f"{FERRY} {report(n, 12)}" for n in range(12)))
    assert max(map(len, members(same, Rules(most=5)))) <= 5
    assert members(same) == [tuple(range(1, 13))]


def everything() -> list[Telling]:
    """Articles joined in every way, and some that are alone."""
    known = dated(FERRY, BUDGET, FERRY_ELSEWHERE, BUDGET_ELSEWHERE, edited(FERRY, 20), report(1), report(2), report(3))
    page = "https://example.org/p"
    return [
        *known[:6],
        replace(known[6], url=page),
        replace(known[7], url=page),
        Telling(9, report(4), story="S"),
        Telling(10, report(5), story="S"),
        Telling(11, FERRY_ELSEWHERE.upper()),
    ]


def texts(tellings: Sequence[Telling], found: Iterable[Grouped]) -> set[tuple[frozenset[str], str]]:
    """Each story as the texts in it, and how it came to be."""
    text = {t.number: t.text for t in tellings}
    return {(frozenset(text[n] for n in story.members), story.how) for story in found}


@pytest.mark.parametrize("step", [1, 3, 7])
def test_the_order_and_the_numbers_of_articles_decide_nothing(step: int) -> None:
    given = everything()
    other = [replace(given[n * step % len(given)], number=n + 1) for n in range(len(given))][::-1]
    assert texts(given, grouped(given)) == texts(other, grouped(other))
    assert len(grouped(given)) >= 4


def test_stories_are_in_the_order_of_their_first_article_and_disjoint() -> None:
    found = members(everything())
    assert found == sorted(found)
    assert all(list(story) == sorted(set(story)) and len(story) > 1 for story in found)
    numbers = [n for story in found for n in story]
    assert len(numbers) == len(set(numbers))


def test_the_seed_of_pythons_hashes_changes_nothing() -> None:
    code = "from test_stories import *; print(grouped(everything()))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_an_explanation_has_the_figures_and_words_by_which_two_were_joined() -> None:
    with Stories() as stories:
        for one in dated(FERRY, BUDGET, FERRY_ELSEWHERE):
            stories.add(one)
        (link,) = stories.explain(3)
        assert list(stories.explain(2)) == list(stories.explain(99)) == []
    assert (link.a, link.b, link.how) == (1, 3, "event")
    assert link.figures["similarity"] >= link.figures["needed"] == Rules().alike
    assert link.figures["days"] == 0
    assert {"lowick", "ferri"} <= set(link.words)


def test_links_hold_every_story_together_and_are_fewer_than_its_articles() -> None:
    with Stories() as stories:
        for one in everything():
            stories.add(one)
        found, links = list(stories.groups()), list(stories.links())
    for story in found:
        own = [link for link in links if link.a in story.members]
        assert {n for link in own for n in (link.a, link.b)} == set(story.members)
        assert len(own) < len(story.members)


def test_hostile_texts_ids_and_addresses_harm_nothing() -> None:
    odd = ("", "\0", "\ud800", "x" * 200_000, "a " * 50_000, "\u202e" + FERRY, "'; drop table article; --", "名前" * 99)
    found = grouped(Telling(n, text, text, text, text, text, text) for n, text in enumerate(odd, start=1))
    assert all(story.name or story.how != "given" for story in found)
    pair = [Telling(n, text, story="a\ud800\n\x1b[31m") for n, text in enumerate((FERRY, BUDGET), start=1)]
    (story,) = grouped(pair)
    assert story.name == "a\ud800\n\x1b[31m"
    assert story.why == 'the story id "a\\xd800\\x0a\\x1b[31m"'


def test_an_archive_of_one_or_no_article_has_no_story() -> None:
    assert members([]) == members(dated(FERRY)) == []


def test_a_number_is_given_once_and_nothing_is_added_after_the_stories() -> None:
    with Stories() as stories:
        stories.add(Telling(1, FERRY))
        with pytest.raises(ValueError, match="number"):
            stories.add(Telling(1, BUDGET))
        assert list(stories.groups()) == []
        with pytest.raises(ValueError, match="after"):
            stories.add(Telling(2, BUDGET))


def test_the_private_file_goes_with_the_stories_and_no_other_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Stories(Rules(), path) as stories:
        stories.add(Telling(1, FERRY))
        left = path.read_bytes()
    assert list(tmp_path.iterdir()) == []
    path.write_text("somebody's")
    with pytest.raises(RetoldError, match="another file"):
        Stories(Rules(), path)
    assert path.read_text() == "somebody's"
    assert left[:15] == b"SQLite format 3"
    with pytest.raises(RetoldError, match="cannot be kept"):
        Stories(Rules(), tmp_path / "no folder" / "s")


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": frozenset({"luck"})},
        {"most": 1},
        {"window_days": -1.0},
        {"alike": 0.0},
        {"undated": 1.5},
        {"alike": float("nan")},
    ],
)
def test_rules_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Rules(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_term_that_only_one_article_has_is_no_part_of_its_vector() -> None:
    counted = Frequencies()
    terms = [dict(telling(low(text), "")) for text in (FERRY, FERRY_ELSEWHERE)]
    for article in terms:
        counted.count(article)
    vector = counted.weighed(list(terms[0]), list(terms[0].values()))
    assert vector.keys() == terms[0].keys() & terms[1].keys()


def test_a_day_has_so_many_minutes() -> None:
    assert (minute(DAY_TWO) or 0) - (minute(DAY_ONE) or 0) == DAY
