"""Krippendorff's alpha: the published value for the published example, and None where it does not apply."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from summarize.agreement import alpha_note, alphas
from summarize.agreement.votes import Value, label
from summarize.reading import Label

# Krippendorff (2011), p. 8, and the values published for it: nominal 0.743, ordinal 0.815. 0 is a missing value.
PUBLISHED = ("123321412000", "123322412503", "033323422510", "123324412510")  # a line for each reader


def units(section: str, of: str, rows: Sequence[Sequence[Value]]) -> list[tuple[str, Label]]:
    return [(f"v{i}", label(section, of, row, row[0])) for i, row in enumerate(rows)]


@pytest.mark.parametrize(("of", "value"), [("Kim role", 0.743), ("Kim tone", 0.815)])
def test_alpha_is_what_krippendorff_published_for_his_example(of: str, value: float) -> None:
    pytest.importorskip("krippendorff", reason="an optional part")
    rows = [[int(v) or None for v in row] for row in zip(*PUBLISHED, strict=True)]
    found = alphas(units("portrayal", of, rows))[f"portrayal {of.removeprefix('Kim ')}"]
    assert found.value == pytest.approx(value, abs=0.0005)
    assert (found.units, found.readings, found.note) == (11, 4, "")


def test_to_find_a_frame_or_not_is_a_value_and_an_entity_not_listed_is_none() -> None:
    pytest.importorskip("krippendorff", reason="an optional part")
    rows: list[list[Value]] = [["primary", None], ["primary", "primary"]]
    found = alphas([*units("framing", "political", rows), *units("portrayal", "Kim role", rows)])
    assert found["framing"].value == pytest.approx(0)
    assert found["primary frame"].value == pytest.approx(0)
    assert (found["framing"].units, found["portrayal role"].units) == (2, 1)
    assert found["portrayal role"].value is None
    assert "fewer than two" in found["portrayal role"].note


def test_alpha_is_undefined_where_nothing_varies_and_says_so() -> None:
    found = alphas(units("stance", "x", [["states", "states"]] * 3))["stance status"]
    assert (found.value, found.units) == (None, 3)
    assert "undefined" in found.note


def test_claims_and_functions_have_no_alpha() -> None:
    assert not alphas([*units("claims", "x", [["told"]]), *units("framing", "cause function", [["present"]])])


def test_without_its_library_alpha_is_none_and_the_note_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    found = alphas(units("tone", "author score", [[1, 1], [2, 2]]))["tone score"]
    assert found.value is None
    assert "retold[agreement]" in found.note
    assert found.note == alpha_note()
