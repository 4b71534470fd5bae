"""The house rules that a reader can count on: small files, small functions, named lists, a quick start."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import summarize
from summarize.cli import app

PACKAGE = Path(summarize.__file__).resolve().parent
ROOT = PACKAGE.parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
COMMANDS = {inspect.unwrap(command.callback) for command in app.registered_commands if command.callback}
HEAVY = {"openai", "tiktoken", "jsonschema", "jinja2", "genai_prices", "yaml", "charset_normalizer", "snowballstemmer"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    """A file as tests show it."""
    return str(path.relative_to(PACKAGE))


def functions(path: Path) -> list[Function]:
    """All functions in a file, nested ones too."""
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function)]


def public(node: ast.Module | ast.ClassDef) -> list[Function | ast.ClassDef]:
    """The public functions and classes of a module or class, and those inside the classes."""
    found: list[Function | ast.ClassDef] = []
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            found.append(child)
            found += public(child) if isinstance(child, ast.ClassDef) else []
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_has_at_most_320_lines_and_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 320
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_has_at_most_45_lines_and_7_parameters(path: Path) -> None:
    commands = {c.__name__ for c in COMMANDS if c and Path(c.__code__.co_filename).resolve() == path}
    for function in functions(path):
        if function.name in commands:
            continue
        arguments = function.args
        count = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs)
        assert (function.end_lineno or 0) - function.lineno < 45, function.name
        assert count <= 7, function.name


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    assert not [node.name for node in public(ast.parse(path.read_text("utf-8"))) if not ast.get_docstring(node)]


def code_lines(path: Path) -> int:
    """Lines that hold code: not empty, no comment, no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [n for n in ast.walk(tree) if isinstance(n, documented) and ast.get_docstring(n, clean=False)]
    told = {line for n in nodes for line in range(n.body[0].lineno, (n.body[0].end_lineno or 0) + 1)}
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") and n not in told for n, line in lines)


def test_the_package_has_fewer_than_22000_lines_of_code() -> None:
    assert sum(map(code_lines, SOURCES)) < 22_000


def test_no_file_is_named_after_nothing() -> None:
    assert not [path for path in PACKAGE.rglob("*") if path.stem.strip("_") in {"utils", "helpers", "common", "misc"}]


def test_every_word_list_says_where_it_is_from_and_under_what_licence() -> None:
    lists = [path for path in PACKAGE.glob("**/data/*") if path.is_file()]
    assert lists
    for path in lists:
        header = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
        for field in ("# source: ", "# licence: "):
            assert [line for line in header if line.startswith(field) and line != field], name(path)


def test_every_word_list_is_read_by_some_code() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES)
    assert not [path.name for path in PACKAGE.glob("**/data/*") if f'"{path.name}"' not in code]


def test_help_imports_nothing_that_is_slow_to_import() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "summarize", "--help"],
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not imported & HEAVY


def test_importing_the_library_imports_nothing_else_than_python_itself() -> None:
    code = "import sys; before = set(sys.modules); import summarize; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    roots = {module.split(".")[0] for module in done.stdout.split()}
    assert roots <= {"summarize"} | set(sys.stdlib_module_names)


def told_commands(text: str) -> list[list[str]]:
    """The `retold …` commands in the console and shell blocks of a Markdown text."""
    blocks = re.findall(r"^```(?:console|sh|shell|bash)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    calls = [re.search(r"(?:^|\| ?|bin/)(retold (?!:).*)", line) for line in lines]
    return [shlex.split(call[1].split(" | ")[0], comments=True)[1:] for call in calls if call]


def test_commands_are_found_in_a_readme() -> None:
    text = "```console\n$ retold compare a b --json | jq .  # x\nretold: no\n```\n\n```python\nretold nosuch\n```\n"
    assert told_commands(text) == [["compare", "a", "b", "--json"]]


def test_every_command_in_the_readme_exists_with_its_options() -> None:
    root = typer.main.get_command(app)
    commands = getattr(root, "commands", {})
    assert set(commands) == set(
        "summarize compare batch export profiles selftest doctor ledger tokens prompts settings".split()
    )
    for call in told_commands((ROOT / "README.md").read_text("utf-8")):
        command = root if call[0].startswith("-") else commands[call[0]]
        while len(call) > 1 and call[1] in getattr(command, "commands", {}):
            call = call[1:]  # noqa: PLW2901  # a command below a command
            command = getattr(command, "commands")[call[0]]  # noqa: B009  # a group's, which has no public type
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
        used = {word.split("=")[0] for word in call if word.startswith("-") and word != "-"}
        assert used <= known, call


def test_no_test_can_reach_the_network() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="network"):
        outside.connect(("192.0.2.1", 80))
