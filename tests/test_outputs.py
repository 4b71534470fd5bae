"""Where output goes: nothing that was there is lost, and what is printed stays what it claims to be."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from summarize import Version, compare
from summarize.engines.openai import OpenAI
from summarize.errors import EngineError

ROOT = Path(__file__).parent.parent
STORY = ROOT / "fixtures" / "stories" / "dmz-defection"


def retold(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-m", "summarize", *arguments]
    return subprocess.run(command, capture_output=True, cwd=cwd, env=path, check=False)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text("A ferry ran aground on Monday. “Nobody was hurt at all,” said Ana Ruiz.\n", "utf-8")
    return path


def test_an_article_given_is_never_overwritten(article: Path) -> None:
    before = article.read_bytes()
    done = retold("summarize", "article.txt", "-o", str(article), cwd=article.parent)
    assert done.returncode == 2
    assert b"overwrite" in done.stderr
    assert article.read_bytes() == before


def test_an_output_keeps_its_mode_and_a_link_is_written_through(article: Path) -> None:
    tmp_path = article.parent
    target, link = tmp_path / "private.json", tmp_path / "link.json"
    target.write_text("old", "utf-8")
    target.chmod(0o600)
    link.symlink_to(target)
    assert retold("summarize", "article.txt", "-o", str(link), cwd=tmp_path).returncode == 0
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text("utf-8"))["format"] == "retold.summary/1"


def test_a_device_as_output_stays_a_device(article: Path) -> None:
    assert retold("summarize", "article.txt", "-o", "/dev/null", cwd=article.parent).returncode == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_json_is_utf_8_whatever_the_terminal_speaks(article: Path) -> None:
    done = retold("summarize", "article.txt", "--json", cwd=article.parent, PYTHONIOENCODING="ascii")
    found = json.loads(done.stdout.decode("utf-8"))
    text = article.read_text("utf-8")
    claims = found["readings"]["article"]["claims"]
    assert all(text[e["start"] : e["end"]] == e["exact"] for claim in claims for e in claim["evidence"])


@pytest.mark.parametrize("columns", ["0", "²", "-5", "wide"])
def test_a_nonsensical_width_prints_all_the_same(article: Path, columns: str) -> None:
    done = retold("summarize", "article.txt", cwd=article.parent, COLUMNS=columns, PYTHONUTF8="1")
    assert done.returncode == 0
    assert b"ferry" in done.stdout


def test_a_key_that_no_header_can_carry_is_refused_unquoted() -> None:
    with pytest.raises(EngineError) as caught:
        OpenAI("some-model", "http://127.0.0.1:9/v1", "sk-secret\nsecret")
    assert "secret" not in str(caught.value)


def test_a_line_repeated_many_times_is_compared() -> None:
    places = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi".split()
    refrain = "Follow our live coverage of the harbour fire here."
    many = "\n".join(f"Rescue teams searched the {place} quay for survivors.\n{refrain}" for place in places)
    found = compare(Version(many, id="many"), Version(f"A fire broke out.\n{refrain}\n", id="one"))
    assert any(row.text == refrain for row in found.shared)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "The children aged five and seven were found by the river.",
            "The children aged four and eight were found by the river.",
        ),
        ("The company paid a fine of $5 million to the court.", "The company paid a fine of €5 million to the court."),
        (
            "The court sat until 7pm on the final day of hearings.",
            "The court sat until 9pm on the final day of hearings.",
        ),
    ],
)
def test_listed_numbers_money_and_hours_are_told_apart(left: str, right: str) -> None:
    assert [d.kind for d in compare(Version(left, id="a"), Version(right, id="b")).differences] == ["numeric"]


def test_the_matrix_says_contradicts_of_both_sides_of_a_changed_number() -> None:
    found = compare(Version("The fire killed 12 people.", id="a"), Version("The fire killed 15 people.", id="b"))
    assert [{v: p.status for v, p in row.positions.items()} for row in found.rows] == [
        {"a": "states", "b": "contradicts"},
        {"a": "contradicts", "b": "states"},
    ]
