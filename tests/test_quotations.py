"""Quotations: the words between marks that belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize.text.quotations import quotations


def quoted(text: str) -> list[str]:
    """The quotations in `text`, as strings."""
    return [text[q.start : q.end] for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“It is over,” he said, “at last.”", ["It is over,", "at last."]),
        ('"It is over," he said, "at last."', ["It is over,", "at last."]),
        ("« C’est fini », dit-il.", [" C’est fini "]),
        ("„Es ist vorbei“, sagte er.", ["Es ist vorbei"]),
        ("彼は「終わった」と言った。", ["終わった"]),
        ("He said: ‘I won’t go there’ and left.", ["I won’t go there"]),
        ("The ‘deal’ was off.", []),
        ("The soldiers’ motives and the state’s aims.", []),
        ('A 6" pipe burst.', []),
        ("“We looked. We found ‘nothing at all’ there.”", ["We looked. We found ‘nothing at all’ there."]),
        ("“” and “ ”", []),
    ],
)
def test_marks_of_one_kind_are_paired(text: str, quotes: list[str]) -> None:
    assert quoted(text) == quotes


def test_a_curly_quotation_left_open_runs_to_the_end_of_its_block() -> None:
    assert quoted("“It is over. We won") == ["It is over. We won"]


def test_a_straight_mark_without_partner_quotes_nothing() -> None:
    assert quoted('It is over. "We won') == []


@given(st.text(alphabet='ab “”‘’"«»„「」 .', max_size=60))
def test_quotations_are_in_order_do_not_nest_and_hold_words(text: str) -> None:
    at = 0
    for quote in quotations(text):
        assert at < quote.start < quote.end <= len(text)
        assert text[quote.start : quote.end].strip()
        at = quote.end
