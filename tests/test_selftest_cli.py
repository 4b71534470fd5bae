"""`retold selftest`: nine controls made from an article, and how a comparison fares with them."""

from __future__ import annotations

from pathlib import Path

from command import retold

ARTICLES = Path(__file__).parent.parent / "fixtures" / "articles"
FERRY, RECORDING = ARTICLES / "ferry.txt", ARTICLES / "ferry.recording.jsonl"
NAMES = ["self", "paraphrase", "number", "name", "negation", "speaker", "order", "removed", "added"]


def test_the_embedded_engine_finds_every_planted_edit_and_nothing_else(tmp_path: Path) -> None:
    ran = retold("selftest", FERRY, "--json", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert [(row["name"], row["passed"]) for row in ran.json()["controls"]] == [(name, True) for name in NAMES]


def test_the_recorded_model_finds_every_planted_edit_and_nothing_else(tmp_path: Path) -> None:
    ran = retold("selftest", FERRY, "--recording", RECORDING, "--json", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json()["model"] == "claude"
    assert [(row["name"], row["passed"]) for row in ran.json()["controls"]] == [(name, True) for name in NAMES]


def test_the_table_says_what_was_done_what_was_expected_and_what_was_found(tmp_path: Path) -> None:
    ran = retold("selftest", FERRY, cwd=tmp_path)
    for words in ("“75” became “139”", "expected: 1 numeric", "9 of 9 controls passed."):
        assert words in ran.out


def test_what_an_article_does_not_allow_is_left_out_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("It rained all day in the old town.\n", "utf-8")
    ran = retold("selftest", "short.txt", cwd=tmp_path)
    assert "left out" in ran.out
    assert ran.code == 9  # too little was tested to rely on
    assert "only 1 of 9 controls" in ran.error()


def test_an_article_without_a_sentence_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    ran = retold("selftest", "empty.txt", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")


def test_a_control_that_is_not_passed_is_exit_code_9(tmp_path: Path) -> None:
    """A recording of another article has no answer to any question about this one."""
    (tmp_path / "other.txt").write_text("The mayor spoke on Monday of 12 new schools in Lisbon, she said.\n", "utf-8")
    ran = retold("selftest", "other.txt", "--recording", RECORDING, cwd=tmp_path)
    assert ran.code == 9
    assert "1 of 9 controls were not passed" in ran.error()
