"""What the README shows is what the program does."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from newsroom import rows

from summarize import settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
_COMMANDS = "compare summarize batch export profiles prompts settings selftest".split()
STORY = ROOT / "fixtures" / "stories" / "dmz-defection"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def run(command: list[str], cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80", **env}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=path, check=False)


def test_the_session_on_the_first_screen_is_real_output() -> None:
    (session,) = blocks("console")
    first, *shown = session.splitlines()
    command = first.removeprefix("$ retold ").split()
    printed = run([sys.executable, "-m", "summarize", *command, "--no-color"], ROOT)
    lines = iter(line.rstrip() for line in printed.stdout.splitlines())
    for line in shown:
        assert line == "…" or line in lines, f"not in the output, or not in this order: {line}"


def archived(folder: Path) -> None:
    """An archive, the same as CSV, and a ledger with a job on it."""
    found = rows(1)
    with zipfile.ZipFile(folder / "archive.zip", "w") as file:
        for one in found:
            file.writestr(f"{one['id']}.txt", one["text"])
    with (folder / "news.csv").open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows(
            [("body", "title", "source", "date"), *((one["text"], "", "", "") for one in found)]
        )
    done = run([sys.executable, "-m", "summarize", "batch", "archive.zip", "--ledger", "archive.sqlite"], folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [c for block in blocks("sh") for c in block.splitlines() if "retold " in c])
def test_a_command_in_the_readme_runs(command: str, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_text(
            f"A ferry ran aground on Monday. It is said in {name} that 12 were hurt.\n", "utf-8"
        )
    if re.search(r"retold (batch|export|profiles)", command):
        archived(tmp_path)
    plain = command.split("#", maxsplit=1)[0].strip()
    if "--install-completion" in plain or "--model" in plain or "retold ledger" in plain:
        plain = re.sub(r"(retold(?: [a-z]+)?).*", r"\1 --help", plain)  # these would change or ask the outside
    plain = plain.replace("retold", f"{sys.executable} -m summarize")
    done = run(["sh", "-c", plain], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout or (tmp_path / "story.json").exists() or (tmp_path / "differences.csv").exists()


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<![\w-])--[a-z][\w-]+", README))))
def test_an_option_in_the_readme_exists(option: str) -> None:
    helps = "".join(
        run([sys.executable, "-m", "summarize", *command, "--help"], ROOT, COLUMNS="200").stdout
        for command in ([], *([name] for name in _COMMANDS))
    )
    assert option in helps or option == "--help"


def test_the_python_in_the_readme_runs() -> None:
    (code,) = blocks("python")
    done = run([sys.executable, "-c", code], ROOT)
    assert done.returncode == 0, done.stderr
    assert "numeric First has “12”; Second has “15”." in done.stdout
    assert "a military spokesperson" in done.stdout


def test_the_settings_in_the_readme_can_be_read(tmp_path: Path) -> None:
    (table,) = blocks("toml")
    (tmp_path / settings.FILE).write_text(table, "utf-8")
    found = settings.load({}, {}, tmp_path)
    assert (found.engine, found.base_url) == ("openai", tomllib.loads(table)["base_url"])
    assert found.key


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_a_link_in_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)", README, re.MULTILINE))))
def test_a_make_target_in_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
