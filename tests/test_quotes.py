"""Quotations side by side: the same words, a part of them, or in one version only."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import Version
from summarize.comparison.ground import Ground
from summarize.comparison.model import Quotation
from summarize.comparison.quotes import LONG, has, quotations
from summarize.evidence import part
from summarize.library import story_of
from summarize.reading import Claim, Reading
from summarize.text.quotations import quotations as marked

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
TEXTS = {name: (STORY / f"{name}.txt").read_bytes().decode() for name in ("long", "short")}
SAID = "We felt a hard knock and then everything on the lower deck stopped."
TEXTS["invented"] = f"""Ferry runs aground off Lowick

“{SAID}” said Maria Oduya, a teacher who was on board the ferry.

“We will not cooperate with the inquiry,” the owner added. He called the report “a disgrace to the whole harbour”.
"""


def ground(*texts: str, ids: str = "abcdefgh") -> Ground:
    story = story_of(Version(text, id=i) for text, i in zip(texts, ids, strict=False))
    return Ground(story, {a.version.id: Reading(a.version.id) for a in story.articles})


def found(*texts: str) -> tuple[Quotation, ...]:
    return quotations(ground(*texts))


def only(*texts: str) -> Quotation:
    """The one entry of a story."""
    (entry,) = found(*texts)
    return entry


def exact(entry: Quotation) -> dict[str, str]:
    return {v: e.exact for v, e in entry.evidence.items()}


def quoting(words: str) -> str:
    return f"“{words}” Maria Oduya said on the quay of Lowick."


@pytest.mark.parametrize("name", TEXTS)
def test_an_article_against_itself_shares_every_quotation(name: str) -> None:
    entries = found(TEXTS[name], TEXTS[name])
    assert entries
    for entry in entries:
        assert entry.status == "shared"
        assert entry.evidence["a"].start == entry.evidence["b"].start


@pytest.mark.parametrize("name", TEXTS)
def test_every_quotation_of_four_words_or_more_is_in_exactly_one_entry(name: str) -> None:
    versions = {"a": TEXTS[name], "b": TEXTS["long"], "c": TEXTS["invented"].replace("then ", "")}
    entries = found(*versions.values())
    for version, text in versions.items():
        for block_start, block in blocks(text):
            for q in marked(text, block_start, block_start + len(block)):
                if len(text[q.start : q.end].split()) >= LONG:
                    holders = [e for e in entries if version in e.evidence and covers(e.evidence[version].span, q)]
                    assert len(holders) == 1


def blocks(text: str) -> list[tuple[int, str]]:
    """Lines of a text, each with where it begins."""
    lines = text.splitlines(keepends=True)
    return [(sum(map(len, lines[:i])), line) for i, line in enumerate(lines)]


def covers(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@given(st.integers(4, 12), st.booleans(), st.booleans())
def test_a_quotation_cut_at_either_end_is_trimmed(kept: int, tail: bool, marked_cut: bool) -> None:  # noqa: FBT001
    words = SAID.split()
    cut = " ".join(words[-kept:] if tail else words[:kept])
    shown = f"{'… ' * tail}{cut}{' …' * (not tail)}" if marked_cut else cut
    entry = only(quoting(SAID), quoting(shown))
    assert entry.status == "trimmed"
    assert exact(entry) == {"a": SAID, "b": shown}


@given(st.integers(2, 10))
def test_a_reporting_clause_put_between_leaves_one_utterance(at: int) -> None:
    words = SAID.split()
    broken = f"“{' '.join(words[:at])},” said Maria Oduya, a teacher, “{' '.join(words[at:])}” That was on Monday."
    entry = only(quoting(SAID), broken)
    assert entry.status in {"trimmed", "shared"}
    assert set(entry.evidence) == {"a", "b"}
    if LONG <= at <= len(words) - LONG:
        assert entry.evidence["b"].exact.startswith(" ".join(words[:at]))
        assert entry.evidence["b"].exact.endswith(" ".join(words[at:]))


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (SAID, SAID, "shared"),
        (SAID, SAID.replace("hard knock", "hard  knock").upper(), "shared"),
        ("We lost two boats in the night.", "We lost 2 boats, in the night", "shared"),
        (SAID, SAID.replace("and then everything", "[...] everything"), "trimmed"),
        (SAID, "a hard knock and then everything on the lower deck", "trimmed"),
        (SAID, "a hard knock", "trimmed"),
        ("I said that the boats left early. The harbour was empty by noon on Sunday.",
         "The harbour was empty by noon on Sunday. Nobody was left there at all.", "trimmed"),
    ],
)  # fmt: skip
def test_the_same_words_are_shared_and_a_part_of_them_is_trimmed(left: str, right: str, status: str) -> None:
    entry = only(quoting(left), quoting(right))
    assert (entry.status, exact(entry)) == (status, {"a": left, "b": right})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("We will cooperate fully with the inquiry.", "We will not cooperate fully with the inquiry."),
        ("We lost two boats in the night.", "We lost three boats in the night."),
        (SAID, "Nothing of the kind has ever been seen in this harbour."),
        ("The ship was old and slow.", "The ship was fast and new."),
    ],
)
def test_other_words_are_each_in_one_version_only(left: str, right: str) -> None:
    assert [entry.status for entry in found(quoting(left), quoting(right))] == ["only", "only"]


def test_a_phrase_that_stands_in_two_utterances_does_not_join_them() -> None:
    one, other = "Make the harbour great again, I told the owners of it.", "They want to make the harbour great again."
    statuses = [len(e.evidence) for e in found(quoting(one), quoting(other), quoting("make the harbour great again"))]
    assert statuses == [2, 1]


def test_words_without_marks_and_quotations_of_few_words_are_no_entries() -> None:
    text = f"She said: {SAID} He called it “a disgrace”."
    assert found(text, text) == ()


def test_a_repeated_quotation_is_an_entry_of_its_own_with_the_same_status() -> None:
    twice = f"{quoting(SAID)}\n\n{quoting(SAID)}"
    entries = found(twice, quoting(SAID))
    assert [(e.status, len(e.evidence)) for e in entries] == [("shared", 2), ("shared", 1)]


def test_a_long_quotation_is_found_whole_though_it_is_cut_into_sentences() -> None:
    long = " ".join(f"The harbour office told us so on day number {i} of the week." for i in range(12))
    entry = only(quoting(long), quoting(long))
    assert (entry.status, exact(entry)["a"]) == ("shared", long)


def test_the_order_of_the_versions_changes_nothing() -> None:
    texts = {
        "l": TEXTS["long"],
        "s": TEXTS["short"],
        "i": TEXTS["invented"],
        "q": quoting("then everything on the lower"),
    }
    shapes = {
        tuple(
            (e.status, tuple(sorted(e.evidence.items())), tuple(sorted(e.speakers.items())))
            for e in quotations(ground(*(texts[i] for i in order), ids="".join(order)))
        )
        for order in permutations(texts)
    }
    assert len(shapes) == 1


@given(st.lists(st.sampled_from([*SAID.split(), "…", "not", "“", "”", "\n\n"]), max_size=30), st.data())
def test_evidence_is_the_text_as_it_stands(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    other = " ".join(data.draw(st.permutations(words)))
    for entry in found(f"A start. {text}", f"A start. {other}"):
        for version, e in entry.evidence.items():
            whole = f"A start. {text if version == 'a' else other}"
            assert e.exact == whole[e.start : e.end]
        assert (entry.status == "only") <= (len(entry.evidence) == 1)


def test_who_is_named_as_saying_it_is_told_by_version_and_a_pronoun_names_nobody() -> None:
    entry = only(f"“{SAID}” said Maria Oduya.", f"“{SAID}” she said.", f"“{SAID}” according to a teacher.")
    assert dict(entry.speakers) == {"a": "Maria Oduya", "c": "a teacher"}


def test_a_reading_names_the_speaker_whom_no_rule_finds() -> None:
    base = ground(f"“{SAID}” she said.")
    article = base.articles["a"]
    claim = Claim("It stopped.", "quote", "attributed", "Maria Oduya", "asserted", (part(article, 0, len(SAID) + 2),))
    (entry,) = quotations(Ground(base.story, {"a": Reading("a", claims=(claim,))}))
    assert entry.speakers == {"a": "Maria Oduya"}


def test_a_version_has_words_that_it_retells_with_a_name_put_between() -> None:
    there = ground(
        "“We will cooperate,” the owner, Olga Brandt, said, “with the inquiry.”", quoting("Nothing else at all.")
    )
    words = ground("“We will cooperate with the inquiry,” she said.", ids="z")
    (quotation,) = quotations(words)
    assert has(there, "a", quotation.evidence["z"])
    assert not has(there, "b", quotation.evidence["z"])
