"""With RETOLD_CORPORA (a folder of published corpora), stories are found in them as docs/stories.md says."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from summarize.stories import Rules

ROOT = Path(__file__).parent.parent
GIVEN = os.environ.get("RETOLD_CORPORA", "")
pytestmark = pytest.mark.skipif(not GIVEN, reason="RETOLD_CORPORA names no folder of corpora")


@pytest.fixture(scope="module")
def bench() -> dict[str, Any]:
    """What the bench is made of."""
    return runpy.run_path(str(ROOT / "bench" / "grouping.py"))


def test_the_table_in_the_docs_is_what_the_bench_prints(bench: dict[str, Any]) -> None:
    table = list(bench["table"](Path(GIVEN), Rules()))
    assert "\n".join(table) in (ROOT / "docs" / "stories.md").read_text("utf-8")


def test_of_the_pairs_found_19_in_20_are_right_but_in_openings_of_one_affair_after_another(
    bench: dict[str, Any],
) -> None:
    lines = list(bench["table"](Path(GIVEN), Rules()))[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(cells) == 18
    assert all(float(row[4]) >= 0.95 for row in cells if row[0] != "roundups")


def test_reports_on_one_long_crisis_are_not_one_story(bench: dict[str, Any]) -> None:
    sizes = re.findall(r"\d+", bench["crisis"](Path(GIVEN), Rules()).split(":")[1])
    assert all(int(size) <= 3 for size in sizes if size != "articles")


def test_every_revision_is_with_its_article_and_none_with_another(bench: dict[str, Any]) -> None:
    assert bench["revised"](Path(GIVEN), Rules()) == (
        "revisions: 8 of 8 articles joined with their revision, none with another"
    )
