"""The package as it is installed: a wheel that holds everything it needs, prompts included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import summarize
from summarize.prompt import prompts_dir

ROOT = Path(summarize.__file__).resolve().parent.parent
ASK = """
import json, summarize
from pathlib import Path
from summarize.prompt import prompts_dir
print(json.dumps([str(Path(summarize.__file__).resolve().parent), str(prompts_dir())]))
"""
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout; without hatchling here, pip fetches it into a place of its own."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("this is no checkout")
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    run([*PIP, "wheel", "--no-deps", *isolation, "-q", "-w", str(folder), str(ROOT)], folder)
    (built,) = folder.glob("retold-*.whl")
    return built


@pytest.fixture(scope="session")
def target(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    run([*PIP, "install", "--no-deps", "--no-index", "-q", "--target", str(folder), str(wheel)], folder)
    return folder


def run(command: list[str], cwd: Path, path: str = "") -> str:
    """Standard output of a command that must succeed."""
    env = os.environ | {"PYTHONUTF8": "1"} | ({"PYTHONPATH": path} if path else {})
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def installed(target: Path, cwd: Path, *arguments: str) -> str:
    """What Python prints in `cwd`, with the installed package found before the checkout."""
    path = os.pathsep.join([str(target), sysconfig.get_path("purelib")])
    return run([sys.executable, *arguments], cwd, path)


def test_in_a_checkout_the_prompts_are_the_live_folder() -> None:
    assert Path(str(prompts_dir())) == ROOT / "prompts"


def test_the_wheel_holds_the_package_its_data_and_the_prompts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {n for n in archive.namelist() if not n.split("/")[0].endswith(".dist-info")}
    package = {p for p in (ROOT / "summarize").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    expected = {p.relative_to(ROOT).as_posix() for p in package}
    expected |= {f"summarize/prompts/{p.name}" for p in (ROOT / "prompts").iterdir()}
    assert held == expected
    assert "summarize/py.typed" in held


def test_installed_prompts_lie_in_the_package_and_equal_those_of_the_checkout(target: Path, tmp_path: Path) -> None:
    package, prompts = map(Path, json.loads(installed(target, tmp_path, "-c", ASK)))
    assert package == (target / "summarize").resolve()
    assert prompts.resolve() == package / "prompts"
    ours = {p.name: p.read_bytes() for p in (ROOT / "prompts").iterdir()}
    assert {p.name: p.read_bytes() for p in prompts.iterdir()} == ours


def test_the_installed_command_compares_in_a_folder_far_from_the_checkout(target: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two men died in Lisbon on Tuesday, police said.", "utf-8")
    (tmp_path / "b.txt").write_text("Three men died in Lisbon on Tuesday, police said.", "utf-8")
    out = installed(target, tmp_path, "-m", "summarize", "compare", "--json", "a.txt", "b.txt")
    assert '"format": "retold.comparison/1"' in out
