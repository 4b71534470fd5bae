"""Profiles of outlets: what they measure, that they are fair to both sides, and what they refuse."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.errors import LedgerError, SettingsError
from summarize.profiles import Figure, Profile, Profiles, profiles
from summarize.profiles.bootstrap import RESAMPLES, Resampler, estimate, tail
from summarize.profiles.sums import FIX, UNITS, Base, Measure, story_key
from summarize.tables.columns import TABLES, Row

STORIES = 40
USED = ("readings", "positions", "differences", "wording", "voices")
Tables = dict[str, list[Row]]
Teller = Callable[[str, int], dict[str, Any]]  # an outlet's name and a story's number → what it does there


def made(table: str, **values: Any) -> Row:  # noqa: ANN401  # what a cell holds
    """A row of a table; what is not given is None."""
    names = [column.name for column in TABLES[table]]
    assert set(values) <= set(names)
    return tuple(values.get(name) for name in names)


def archive(outlets: Iterable[str], tell: Teller, stories: int = STORIES) -> Tables:
    """The tables of an archive in which every outlet tells every story.

    What `tell` gives: statuses (claim kind → status), tone, frame, loaded (how many), voices (kind, named), sides
    (of one difference of each kind), weak.
    """
    found: Tables = {table: [] for table in USED}
    for number in range(stories):
        for outlet in outlets:
            add(found, number, outlet, tell(outlet, number))
    return found


def add(found: Tables, number: int, outlet: str | None, told: dict[str, Any]) -> None:
    """One article."""
    story = f"s{number:05}"
    whose: dict[str, Any] = {"story": story, "outlet": outlet, "article": f"{outlet}-{number}"}
    tone, frame = told.get("tone"), told.get("frame", "political")
    tones = {"tone_author": tone, "intensity_author": tone, "tone_headline": tone, "intensity_headline": tone}
    reliability = "weak" if told.get("weak") else "unmeasured"
    found["readings"].append(
        made("readings", **whose, **tones, reliability=reliability, frame=frame, read_words=told.get("words", 500))
    )
    for claim, (kind, status) in enumerate(told.get("statuses", {"event": "states"}).items()):
        found["positions"].append(made("positions", **whose, claim=f"c{claim}", kind=kind, status=status))
    for kind, side in told.get("sides", {}).items():
        found["differences"].append(made("differences", **whose, difference=f"d-{kind}", kind=kind, direction=side))
    found["wording"] += [made("wording", **whose, technique="loaded_language")] * told.get("loaded", 0)
    for kind, named in told.get("voices", ()):
        found["voices"].append(made("voices", **whose, kind=kind, named=named, manner="quoted", share=0.25))


def drawn(seed: int) -> random.Random:
    """Chance that is the same in each run."""
    return random.Random(seed)  # noqa: S311  # no secret


def profiled(found: Tables, **how: Any) -> Profiles:  # noqa: ANN401  # what profiles takes
    return profiles(lambda table: iter(found[table]), **how)


def of(found: Profiles, outlet: str) -> Profile:
    return next(profile for profile in found.profiles if profile.outlet == outlet)


def figure(profile: Profile, section: str, what: str, side: str = "") -> Figure:
    wanted = (section, what, side)
    return next(one for one in profile.figures if (one.section, one.of, one.side) == wanted)


def difference(profile: Profile, section: str, what: str, side: str = "") -> tuple[float, float, float]:
    found = figure(profile, section, what, side).difference
    assert found is not None
    return found.low, found.value, found.high


def alike(_: str, number: int) -> dict[str, Any]:
    """Every outlet does the same, and another thing in each story."""
    return {
        "statuses": {"event": "states", "number": "states" if number % 3 else "partly"},
        "tone": number % 3,
        "loaded": number % 4,
        "voices": [("official", 1)] * (1 + number % 2),
        "frame": "economic" if number % 2 else "political",
    }


def drops_numbers(outlet: str, number: int) -> dict[str, Any]:
    """`B` is silent on every number, and in half of the stories loaded and critical."""
    other = outlet == "B"
    return {
        "statuses": {"event": "states", "number": "silent" if other else "states"},
        "tone": -1 if other else number % 2,
        "loaded": number % 2 if other else 0,
        "voices": [("expert", 0), ("official", 1)] if other else [("official", 1)],
        "sides": {"wording": "loaded", "omission": "silent"} if other else {"wording": "plain", "omission": "tells"},
    }


def test_outlets_that_print_the_same_are_silent_on_nothing_and_every_interval_of_a_difference_holds_0() -> None:
    found = profiled(archive("AB", alike))
    for profile in found.profiles:
        silence = figure(profile, "silence", "all").own
        assert silence is not None
        assert (silence.low, silence.value, silence.high) == (0, 0, 0)
        assert all(f.difference and f.difference.low <= 0 <= f.difference.high for f in profile.figures)
    assert found.apart == 0


def test_an_outlet_that_drops_every_number_is_silent_on_numbers_in_full_and_on_events_not_at_all() -> None:
    dropping = of(profiled(archive("ABC", drops_numbers)), "B")
    numbers, events = (figure(dropping, "silence", kind) for kind in ("number", "event"))
    assert numbers.own
    assert numbers.others
    assert (numbers.own.value, numbers.others.value) == (1.0, 0.0)
    assert events.own
    assert events.own.value == 0.0
    assert (numbers.stories, numbers.items) == (STORIES, STORIES)


def test_beside_one_other_outlet_the_one_that_drops_every_number_is_silent_in_full_compared_with_nobody() -> None:
    numbers = figure(of(profiled(archive("AB", drops_numbers)), "B"), "silence", "number")
    assert numbers.own
    assert (numbers.own.value, numbers.stories, numbers.compared) == (1.0, STORIES, 0)
    assert numbers.others is numbers.difference is None
    assert numbers.reason == "nobody to compare with: 0 stories; 20 are needed"


def test_only_earned_silence_is_silence() -> None:
    def tell(outlet: str, _: int) -> dict[str, Any]:
        return {"statuses": {"event": "not found" if outlet == "B" else "states"}}

    profile = of(profiled(archive("AB", tell)), "B")
    silence, not_found = figure(profile, "silence", "all").own, figure(profile, "not_found", "all").own
    assert silence
    assert not_found
    assert (silence.value, not_found.value) == (0.0, 1.0)


def test_of_an_outlets_two_articles_one_that_states_a_claim_ends_its_silence_and_the_story_counts_once() -> None:
    found = archive("AB", lambda outlet, _: {"statuses": {"event": "silent" if outlet == "B" else "states"}})
    for number in range(STORIES):
        add(found, number, "B", {"statuses": {"event": "states"}})
    for rows in found.values():
        rows.sort(key=lambda row: str(row[0 if row[0] in {f"s{n:05}" for n in range(STORIES)} else 1]))
    profile = of(profiled(found), "B")
    silence = figure(profile, "silence", "all")
    assert silence.own
    assert (silence.own.value, silence.stories, profile.stories, profile.articles) == (0.0, STORIES, STORIES, 80)


def test_a_claim_that_nobody_else_states_is_nobodys_silence() -> None:
    def tell(outlet: str, _: int) -> dict[str, Any]:
        return {"statuses": {"event": "states", "number": "states" if outlet == "A" else "silent"}}

    profile = of(profiled(archive("AB", tell)), "A")
    assert figure(profile, "silence", "event").items == STORIES
    assert figure(profile, "silence", "number").stories == 0


def test_swapping_the_names_of_two_outlets_swaps_their_profiles() -> None:
    swap = {"A": "B", "B": "A", "C": "C"}
    one = profiled(archive("ABC", drops_numbers))
    other = profiled(archive("ABC", lambda outlet, number: drops_numbers(swap[outlet], number)))
    for name, swapped in swap.items():
        assert replace(of(other, swapped), outlet=name) == of(one, name)


def test_neither_the_order_of_stories_nor_that_of_rows_in_a_story_matters() -> None:
    found = archive("ABC", drops_numbers, stories=300)
    order = list(range(300))
    drawn(1).shuffle(order)
    for table, rows in found.items():
        at = [column.name for column in TABLES[table]].index("story")
        drawn(2).shuffle(rows)
        found[table] = sorted(rows, key=lambda row: order[int(str(row[at])[1:])])
    assert profiled(found) == profiled(archive("ABC", drops_numbers, stories=300))


def test_the_same_tables_give_the_same_profiles_and_another_seed_other_intervals_alone() -> None:
    found = archive("AB", alike)
    assert profiled(found) == profiled(found)
    one, other = (of(profiled(found, seed=seed), "A") for seed in (b"1", b"2"))
    for mine, theirs in zip(one.figures, other.figures, strict=True):
        assert mine.own
        assert theirs.own
        assert mine.own.value == theirs.own.value
    assert one != other


def test_too_few_stories_give_no_figure_but_their_number_and_the_reason() -> None:
    found = profiled(archive("AB", alike, stories=19))
    assert [(p.figures, p.stories) for p in found.profiles] == [((), 19), ((), 19)]
    assert all("19 stories; 20 are needed" in p.reason for p in found.profiles)
    assert all(p.figures for p in profiled(archive("AB", alike, stories=19), least=10).profiles)


def test_a_figure_that_only_few_stories_give_is_refused_while_the_others_stand() -> None:
    def tell(_: str, number: int) -> dict[str, Any]:
        return {"statuses": {"event": "states", **({"cause": "states"} if number < 5 else {})}}

    profile = of(profiled(archive("AB", tell)), "A")
    causes, events = figure(profile, "silence", "cause"), figure(profile, "silence", "event")
    assert (causes.own, causes.reason, causes.stories) == (None, "5 stories; 20 are needed", 5)
    assert events.own


def test_fewer_than_10_stories_are_never_enough() -> None:
    with pytest.raises(SettingsError, match="too few"):
        profiled(archive("AB", alike), least=9)


def test_tone_and_frames_of_word_lists_are_null_and_say_that_they_are_weak() -> None:
    found = profiled(archive("AB", lambda _, number: {"tone": number % 3, "weak": True}))
    weak = [f for p in found.profiles for f in p.figures if f.section in {"tone", "framing"}]
    assert len(weak) == 10
    assert all(f.own is f.others is f.difference is None and f.reason.startswith("weak") for f in weak)


def test_a_planted_effect_is_inside_its_interval_and_the_interval_leaves_out_0() -> None:
    chance = drawn(5)

    def tell(outlet: str, _: int) -> dict[str, Any]:
        planted = 1 if outlet == "B" else 0
        return {
            "tone": chance.choice((-1, 0, 1)) - planted,
            "loaded": chance.randint(0, 2) + planted,
            "voices": [("expert" if chance.random() < (0.7 if planted else 0.3) else "official", 1) for _ in range(4)],
            "frame": "economic" if chance.random() < (0.6 if planted else 0.2) else "political",
            "sides": {"wording": "loaded" if planted else "plain"},
        }

    profile = of(profiled(archive("ABC", tell, stories=400)), "B")
    effects = {
        ("tone", "tone_author", ""): -1.0,
        ("wording", "loaded", ""): 2.0,
        ("voices", "kind", "expert"): 0.4,
        ("framing", "economic", ""): 0.4,
        ("differences", "wording", "loaded"): 1.0,
    }
    for what, effect in effects.items():
        low, _, high = difference(profile, *what)
        assert low <= effect <= high, what
        assert not low <= 0 <= high, what


def test_a_difference_between_two_articles_of_one_outlet_is_none_between_outlets() -> None:
    found = archive("AB", lambda *_: {})
    for number in range(STORIES):
        for article in ("x", "y"):
            found["differences"].append(
                made("differences", story=f"s{number:05}", article=article, outlet="A", difference="d1", kind="tone")
            )
    assert not [f for f in of(profiled(found), "A").figures if f.section == "differences"]


def test_articles_without_an_outlet_are_counted_apart_and_compared_with_nobody() -> None:
    found = archive("A", drops_numbers)
    for number in range(STORIES):
        add(found, number, None if number % 2 else "  ", alike("", number))
    for table, rows in found.items():
        rows.sort(key=lambda row, table=table: str(row[[c.name for c in TABLES[table]].index("story")]))  # type: ignore[misc]  # bound now
    told = profiled(found)
    assert (told.articles, told.unnamed, told.together) == (80, 40, 0)
    assert [(p.outlet, p.stories) for p in told.profiles] == [("A", 0)]


def test_names_that_differ_in_white_space_or_case_are_one_outlet_and_outlets_come_by_the_alphabet() -> None:
    names = (" The  Courier", "the courier", "THE COURIER ", "\tThe Courier")
    found: Tables = {table: [] for table in USED}
    for number in range(STORIES):
        for outlet in ("zebra", names[number % 4], "Ärmel", "apple"):
            add(found, number, outlet, {})
    assert [p.outlet for p in profiled(found).profiles] == ["apple", "THE COURIER", "zebra", "Ärmel"]


def test_only_the_outlets_asked_for_are_told_of_beside_all_others_and_an_unknown_one_is_an_error() -> None:
    found = archive("ABC", drops_numbers)
    assert profiled(found, only=[" b "]).profiles == (of(profiled(found), "B"),)
    with pytest.raises(SettingsError, match=r"outlet 'D'.*A, B, C"):
        profiled(found, only=["D"])


def test_an_article_in_no_story_is_read_but_in_no_figure() -> None:
    found = archive("AB", drops_numbers)
    before = profiled(found)
    found["readings"].insert(0, made("readings", article="x", story="", outlet="B", read_words=9))
    found["wording"].insert(0, made("wording", article="x", story="", outlet="B"))
    after = profiled(found)
    assert after.articles == before.articles + 1
    assert after.profiles == before.profiles


def test_tables_that_have_not_the_same_stories_in_the_same_order_are_an_error() -> None:
    found = archive("AB", alike)
    found["positions"].reverse()
    with pytest.raises(LedgerError, match="order"):
        profiled(found)


def test_what_is_kept_of_an_outlet_does_not_grow_with_the_stories() -> None:
    base, measure = Base(), Measure("wording", "loaded")
    kept = []
    for number in range(5 * UNITS):
        base.enter(story_key(f"s{number}"), 1, [(measure, FIX, 0, 1)])
        kept.append(len(pickle.dumps(base)))
    assert kept[UNITS // 2] < kept[2 * UNITS] == kept[-1]
    own = base.own(measure, Resampler(b""))
    assert (own.value, base.stories, base.found(measure)) == (1.0, 5 * UNITS, 5 * UNITS)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 9)), min_size=10, max_size=60), st.binary(max_size=4))
def test_a_mean_lies_in_its_interval_and_the_interval_within_what_was_seen(
    stories: list[tuple[int, int]], seed: bytes
) -> None:
    base, measure = Base(), Measure("tone", "tone_author")
    for number, (own, others) in enumerate(stories):
        base.enter(story_key(str(number)), 1, [(measure, own * FIX, others * FIX, own)])
    resampler = Resampler(seed)
    paired = (base.own(measure, resampler), *base.against(measure, resampler))
    sides = [[a for a, _ in stories], [b for _, b in stories], [a - b for a, b in stories]]
    for found, seen in zip(paired, sides, strict=True):
        assert found.value == pytest.approx(sum(seen) / len(seen), abs=1e-6)
        assert min(seen) - 1e-5 <= found.low <= found.value <= found.high <= max(seen) + 1e-5


@given(st.lists(st.integers(0, 1000), min_size=20, max_size=100))
def test_the_resampled_sums_of_one_long_integer_are_those_of_2000_sums(values: list[int]) -> None:
    resampler = Resampler(b"x")
    counts = [resampler.sums([key], [1]) for key in range(len(values))]
    plain = [sum(c[r] * v for c, v in zip(counts, values, strict=True)) for r in range(RESAMPLES)]
    assert resampler.sums(range(len(values)), values) == plain


def test_a_story_is_in_a_resample_once_in_the_mean_with_a_variance_of_1() -> None:
    counts = [count for key in range(50) for count in Resampler(b"").sums([key], [1])]
    mean = sum(counts) / len(counts)
    assert mean == pytest.approx(1, abs=0.02)
    assert sum((count - mean) ** 2 for count in counts) / len(counts) == pytest.approx(1, abs=0.03)


def test_95_of_100_intervals_hold_the_true_mean_of_few_stories_and_of_many() -> None:
    chance, measure = drawn(11), Measure("wording", "loaded")
    for size, truth in ((20, 3.5), (600, 3.5)):
        held = 0
        for trial in range(300):
            base = Base()
            for number in range(size):
                value = chance.choice((1, 2, 3, 4, 5, 6))
                base.enter(story_key(f"{trial}-{number}"), 1, [(measure, value * FIX, 0, value)])
            found = base.own(measure, Resampler(b""))
            held += found.low <= truth <= found.high
        assert 0.91 <= held / 300 <= 0.99


def test_fewer_stories_give_wider_percentiles() -> None:
    assert tail(10) < tail(20) < tail(200) < 0.025
    assert estimate(5.0, [0.0, 1.0] * 1_000, 20).high == 5.0
