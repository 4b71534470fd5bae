"""Negative controls: what was not changed is no difference, and a planted edit is exactly that one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from summarize import Version, compare
from summarize.comparison.model import Comparison, Difference
from summarize.library import story_of
from summarize.news import lay_out
from summarize.text.speech import speeches

STORY = Path(__file__).parent.parent / "fixtures" / "stories" / "dmz-defection"
TEXTS = {name: (STORY / f"{name}.txt").read_bytes().decode() for name in ("long", "short")}
# A text of other make: made up, with a headline, short paragraphs, several speakers and figures.
TEXTS["invented"] = """Ferry runs aground off Lowick

A ferry with 212 people on board ran aground near Lowick harbour on Monday evening, the coastguard said.

Nobody was hurt. Passengers were taken ashore in boats over three hours, according to the harbour office.

“We felt a hard knock and then everything stopped,” said Maria Oduya, a teacher who was on board.

The ship, built in 1998, had been repaired in March after a fault in its steering gear.

A company spokesperson said the cause was not known. “We will cooperate fully with the inquiry,” she added.

Investigators are expected to publish a first report within 30 days.
"""


def differences(left: str, right: str) -> tuple[Difference, ...]:
    return compare(Version(left, id="a"), Version(right, id="b")).differences


def kinds(left: str, right: str) -> list[str]:
    return [d.kind for d in differences(left, right)]


def told(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences that make statements."""
    return [(s.start, s.end) for s in lay_out(Version(text)).read() if s.role != "subhead"]


@pytest.mark.parametrize("name", TEXTS)
def test_a_version_does_not_differ_from_itself(name: str) -> None:
    assert differences(TEXTS[name], TEXTS[name]) == ()


@pytest.mark.parametrize("name", TEXTS)
def test_a_removed_sentence_is_exactly_that_omission(name: str) -> None:
    text = TEXTS[name]
    for start, end in told(text):
        shorter = re.sub(r"\n- (?=\n)", "\n", text[:start] + text[end:])
        (found,) = differences(text, shorter)
        assert (found.kind, found.lacking) == ("omission", ("b",)), text[start:end]
        assert [e.exact for e in found.evidence["a"]] == [text[start:end]]


@pytest.mark.parametrize("name", TEXTS)
def test_a_changed_number_is_exactly_that_numeric_difference(name: str) -> None:
    text = TEXTS[name]
    stop = told(text)[-1][1]
    for figure in re.finditer(r"(?<![\w-])\d+\b", text[:stop]):
        changed = str(int(figure[0]) + 1)
        (found,) = differences(text, text[: figure.start()] + changed + text[figure.end() :])
        assert found.kind == "numeric"
        assert [e.start for e in found.evidence["a"] if e.exact == figure[0]]
        assert changed in {e.exact for e in found.evidence["b"]}


@pytest.mark.parametrize("name", TEXTS)
def test_a_changed_number_word_or_day_is_exactly_that_numeric_difference(name: str) -> None:
    other = {"two": "five", "three": "six", "Tuesday": "Friday", "Monday": "Sunday"}
    text = TEXTS[name]
    stop = told(text)[-1][1]
    for figure in re.finditer(rf"\b(?:{'|'.join(other)})\b", text[:stop]):
        changed = text[: figure.start()] + other[figure[0]] + text[figure.end() :]
        assert kinds(text, changed) == ["numeric"], figure


@pytest.mark.parametrize("speaker", ["the Japanese foreign minister", "Ana Ruiz", "two witnesses"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_changed_speaker_is_exactly_that_attribution(name: str, speaker: str) -> None:
    text = TEXTS[name]
    for start, end in told(text):
        for speech in speeches(text, start, end):
            if text[slice(*speech.speaker)] == "she":
                continue  # a pronoun names nobody
            first = speech.speaker.start
            new = speaker[0].upper() + speaker[1:] if text[first].isupper() else speaker
            found = differences(text, text[:first] + new + text[speech.speaker.end :])
            assert [d.kind for d in found] == ["attribution"], (text[slice(*speech.speaker)], [d.text for d in found])
            assert new in {e.exact for e in found[0].evidence["b"]}


def test_a_changed_name_or_a_negation_is_exactly_that_contradiction() -> None:
    text = TEXTS["invented"]
    assert kinds(text, text.replace("near Lowick harbour", "near Torness harbour")) == ["contradiction"]
    assert kinds(text, text.replace("We will cooperate", "We will not cooperate")) == ["contradiction"]


def test_a_planted_loaded_word_is_exactly_that_wording() -> None:
    text = TEXTS["invented"]
    (found,) = differences(text, text.replace("The ship, built", "The notorious ship, built"))
    assert found.kind == "wording"
    assert [e.exact for e in found.evidence["b"]] == ["notorious ship"]
    assert [e.exact for e in found.evidence["a"]] == ["ship"]


def _shape(found: Comparison) -> object:
    rows = [(r.text, r.kind, dict(r.positions)) for r in found.rows]
    return rows, [(d.id, d.kind, d.text, dict(d.evidence), d.salience, d.claims) for d in found.differences]


def test_the_order_of_the_versions_changes_nothing_but_the_order() -> None:
    versions = [Version(text, id=name) for name, text in TEXTS.items()]
    forth, back = compare(*versions), compare(*reversed(versions))
    assert _shape(forth) == _shape(back)
    assert [a.version.id for a in forth.story.articles] == [a.version.id for a in back.story.articles][::-1]


def test_copies_of_one_text_are_told_apart_and_flagged_whatever_their_names() -> None:
    story = story_of([Version("One thing happened.", id="x"), Version("One thing happened.", id="x")])
    assert [a.version.id for a in story.articles] == ["x", "x-2"]
    assert all("the same text as another version given" in a.flags for a in story.articles)
