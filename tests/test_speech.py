"""Speech: who is reported as saying something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.text.speech import is_pronoun, is_speaker, role, speeches


def speakers(text: str) -> list[str]:
    """The speakers in the sentence `text`."""
    return [text[s.speaker.start : s.speaker.end] for s in speeches(text, 0, len(text))]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("“It is over,” a fire spokesperson said.", "a fire spokesperson"),
        ("“It is over,” said Ana Ruiz, a fire captain.", "Ana Ruiz"),
        ("Ana Ruiz, a fire captain, said it was over.", "Ana Ruiz, a fire captain"),
        ("The ministry confirmed that two men died.", "The ministry"),
        ("The Joint Chiefs of Staff reported no unusual activity.", "The Joint Chiefs of Staff"),
        ("The minister reportedly said it was over.", "The minister"),
        ("The ministry has repeatedly denied it.", "The ministry"),
        ("Two died, according to two officials.", "two officials"),
        ("According to the mayor, nobody died.", "the mayor"),
        ("It tripled to 196, according to South Korean government data.", "South Korean government data"),
        ("Nobody died, the ministry said, citing police.", "the ministry"),
        ("“Is it over?” Kim Min-ho asked.", "Kim Min-ho"),
        ("He said so.", "He"),
        ("A defense ministry official stated, “We secured one person.”", "A defense ministry official"),
    ],
)
def test_a_speaker_is_found_by_verb_or_phrase(sentence: str, speaker: str) -> None:
    assert speaker in speakers(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two people died in the fire.",
        "The police were told to wait.",
        "The table said nothing.",
        "The soldier crossed the border on Tuesday.",
        "It is hard to say.",
        "",
    ],
)
def test_where_nobody_speaks_there_is_no_speaker(sentence: str) -> None:
    assert speakers(sentence) == []


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("a fire spokesperson", "official"),
        ("two witnesses", "witness"),
        ("an opposition senator", "politician"),
        ("government data", "document"),
        ("local residents", "citizen"),
        ("the wooden table", None),
    ],
)
def test_the_last_role_noun_says_what_kind_of_speaker_it_is(phrase: str, kind: str | None) -> None:
    assert role(phrase) == kind


@pytest.mark.parametrize("phrase", ["Ana Ruiz", "officials", "she", "the Joint Chiefs"])
def test_a_name_a_role_or_a_pronoun_can_speak(phrase: str) -> None:
    assert is_speaker(phrase)


@pytest.mark.parametrize("phrase", ["", "the", "some tables", "…"])
def test_other_words_cannot_speak(phrase: str) -> None:
    assert not is_speaker(phrase)


def test_only_a_pronoun_alone_points_back() -> None:
    assert is_pronoun(" They ")
    assert not is_pronoun("the officials")


WORDS = st.sampled_from(
    ["“", "”", ",", ".", " ", " ", "said", "the", "minister", "Kim", "he", "according to", "who", "and", "told", ":"]
)


@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=80), st.integers(0, 20))
def test_speakers_and_cues_stand_inside_their_sentence(text: str, start: int) -> None:
    start = min(start, len(text))
    for speech in speeches(text, start, len(text)):
        for span in speech:
            assert start <= span.start < span.end <= len(text)
        assert text[slice(*speech.speaker)].strip() == text[slice(*speech.speaker)]
