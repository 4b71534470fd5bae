"""Citations: they lead to the words that stand in the text, or to a stated reason why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.evidence import Unresolved, part, resolve, whole
from summarize.news import Article, Version, lay_out

TEXT = """Two die in harbour fire

By Ana Ruiz

The Daily Example reports that two men died — “at once,” said the mayor. Their ship’s owner paid 196.5 pounds.
The police are asking 167 people. See https://example.org/fire for more.

The fire began on Tuesday. It ended on Wednesday.

Sources:
- Two die: report
"""
ARTICLE = lay_out(Version(TEXT, id="a", outlet="The Daily Example"))
READ = [s.number for s in ARTICLE.read()]


def number(words: str) -> int:
    """The number of the sentence that holds `words`."""
    return next(s.number for s in ARTICLE.sentences if words in ARTICLE.exact(s.span))


@pytest.mark.parametrize("cited", [0, -1, len(ARTICLE.sentences) + 1, 10**9])
def test_a_number_that_no_sentence_has_leads_nowhere(cited: int) -> None:
    with pytest.raises(Unresolved, match=f"no sentence {cited}"):
        resolve(ARTICLE, [1, cited])


@pytest.mark.parametrize(("words", "role"), [("By Ana Ruiz", "byline"), ("Sources:", "boilerplate")])
def test_a_sentence_that_was_not_shown_cannot_be_cited(words: str, role: str) -> None:
    with pytest.raises(Unresolved, match=role):
        resolve(ARTICLE, [number(words)])


def test_a_citation_of_nothing_leads_nowhere() -> None:
    with pytest.raises(Unresolved, match="no sentence"):
        resolve(ARTICLE, [])


def test_sentences_are_cited_whole_once_and_in_the_order_of_the_text() -> None:
    found = resolve(ARTICLE, [READ[3], READ[1], READ[3]])
    assert [e.sentence for e in found] == sorted({READ[1], READ[3]})
    assert [e.exact for e in found] == [
        ARTICLE.exact(ARTICLE.sentences[n - 1].span) for n in sorted({READ[1], READ[3]})
    ]


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ('two men died - "at once,"', "two men died — “at once,”"),
        ("Their ship's owner", "Their ship’s owner"),
        ("196.5 pounds", "196.5 pounds"),
        ("  two men  died ", "two men died"),
    ],
)
def test_words_with_other_typography_lead_to_the_words_as_printed(words: str, exact: str) -> None:
    (found,) = resolve(ARTICLE, READ, words)
    assert found.exact == exact


def test_words_across_two_consecutive_sentences_are_found_if_both_are_cited() -> None:
    first = number("began")
    (found,) = resolve(ARTICLE, [first, first + 1], "on Tuesday. It ended")
    assert (found.exact, found.sentence) == ("on Tuesday. It ended", first)
    with pytest.raises(Unresolved):
        resolve(ARTICLE, [first], "on Tuesday. It ended")


def test_words_across_sentences_that_do_not_follow_one_another_are_not_found() -> None:
    with pytest.raises(Unresolved):
        resolve(ARTICLE, [number("die in"), number("It ended")], "on Tuesday. It ended")


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("[outlet] reports", "The Daily Example reports"),
        ("See [link] for more", "See https://example.org/fire for more"),
        ("[link]", "https://example.org/fire"),
    ],
)
def test_words_with_a_mask_lead_to_what_it_hides(words: str, exact: str) -> None:
    (found,) = resolve(ARTICLE, READ, words)
    assert found.exact == exact


@pytest.mark.parametrize(
    "words", ["Daily Example", "example.org", "Daily", "67 people", "196", "three men", "police is", ""]
)
def test_words_that_an_engine_was_not_shown_lead_nowhere(words: str) -> None:
    with pytest.raises(Unresolved):
        resolve(ARTICLE, READ, words)


def test_the_reason_names_the_sentences_and_the_words_cut_short() -> None:
    with pytest.raises(Unresolved, match=f"sentence {READ[0]}, {READ[1]}: 'x+'") as reason:
        resolve(ARTICLE, READ[:2], "x" * 5_000)
    assert len(str(reason.value)) < 200


@given(st.data())
def test_words_copied_from_a_sentence_resolve_to_the_same_words_in_it(data: st.DataObject) -> None:
    article: Article = lay_out(Version(TEXT, id="a"), blind=False)
    sentence = article.sentences[data.draw(st.sampled_from(READ)) - 1]
    tokens = article.exact(sentence.span).split(" ")
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    words = " ".join(tokens[first : last + 1])
    (found,) = resolve(article, [sentence.number], words)
    assert found.exact == words == TEXT[found.start : found.end]
    assert found.sentence == sentence.number


@given(st.sampled_from(READ), st.integers(0, 120), st.integers(0, 120))
def test_evidence_is_always_the_text_between_its_offsets(cited: int, a: int, b: int) -> None:
    sentence = ARTICLE.sentences[cited - 1]
    words = ARTICLE.seen(sentence.span).text[min(a, b) : max(a, b)]
    try:
        found = resolve(ARTICLE, [cited], words)
    except Unresolved:
        return
    for evidence in found:
        assert evidence.exact == TEXT[evidence.start : evidence.end]
        assert sentence.start <= evidence.start < evidence.end <= sentence.end


def test_evidence_made_by_code_obeys_the_same_law() -> None:
    sentence = ARTICLE.sentences[READ[2] - 1]
    assert whole(ARTICLE, sentence).exact == TEXT[sentence.start : sentence.end]
    inner = part(ARTICLE, sentence.start + 2, sentence.end)
    assert (inner.exact, inner.sentence) == (TEXT[sentence.start + 2 : sentence.end], sentence.number)
