"""The command line: exit codes, one line for every failure, and JSON whose evidence is the text's own words."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from command import retold

from summarize import __version__
from summarize.archive.files import open_version
from summarize.prompt import SECTIONS, prompt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLE = "Two die in fire\n\nTwo men died in Lisbon on Tuesday. “It is over,” the mayor said.\n"
OTHER = "Fire\n\nThree men died in Lisbon on Tuesday, according to police. “It is over,” the mayor said.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with two articles and files that are none."""
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "b.txt").write_text(OTHER, "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (tmp_path / "noise.txt").write_bytes(hashlib.shake_128(b"noise").digest(5_000))
    (tmp_path / "paper.txt").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "line.txt").write_text("Two men died in Lisbon. " * 210_000, "utf-8")
    (tmp_path / "bad.md").write_text("---\nheadline: ok\noutlet: [x\n---\n\nText.\n", "utf-8")
    (tmp_path / "rules.txt").write_text("Sources:\n", "utf-8")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "sub").mkdir()
    return tmp_path


def evidence(node: object) -> Iterator[dict[str, Any]]:
    """Every piece of evidence in a JSON document."""
    if isinstance(node, dict):
        if node.keys() >= {"version", "start", "end", "exact"}:
            yield node
        for child in node.values():
            yield from evidence(child)
    elif isinstance(node, list):
        for child in node:
            yield from evidence(child)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nosuch.txt", "no such file"),
        ("sub", "folder"),
        ("empty.txt", "empty"),
        ("blank.txt", "empty"),
        ("picture.txt", "a PNG file"),
        ("noise.txt", "binary"),
        ("paper.txt", "a PDF file"),
        ("line.txt", "longer than an article"),
        ("huge.txt", "longer than an article"),
        ("bad.md", "bad.md, line 4"),
    ],
)
@pytest.mark.parametrize("command", ["summarize", "compare"])
def test_a_file_that_is_no_article_is_one_line_and_exit_code_3(
    folder: Path, command: str, name: str, says: str
) -> None:
    ran = retold(command, "--json", name, *(["a.txt"] if command == "compare" else []), cwd=folder)
    assert (ran.code, ran.out) == (3, "")
    assert says in ran.error()
    assert name in ran.error()


def test_a_name_with_control_characters_cannot_write_to_the_terminal(folder: Path) -> None:
    line = retold("summarize", "--json", "no\x1b[31m\nsuch.txt", cwd=folder).error()
    assert "\x1b" not in line


def test_nothing_on_standard_input_is_exit_code_3(folder: Path) -> None:
    ran = retold("summarize", "--json", "-", cwd=folder)
    assert ran.code == 3
    assert "standard input" in ran.error()


def test_an_article_on_standard_input_is_read_like_a_file(folder: Path) -> None:
    piped = retold("summarize", "--json", "-", cwd=folder, stdin=ARTICLE.encode()).json()
    filed = retold("summarize", "--json", "a.txt", cwd=folder).json()
    assert [v["id"] for v in piped["versions"]] == ["stdin"]
    assert piped["readings"]["stdin"]["claims"] == json.loads(
        json.dumps(filed["readings"]["a"]["claims"]).replace('"version": "a"', '"version": "stdin"')
    )


def test_one_version_is_not_enough_to_compare(folder: Path) -> None:
    ran = retold("compare", "--json", "a.txt", cwd=folder)
    assert (ran.code, ran.out) == (3, "")
    assert "two versions" in ran.error()


def test_one_bad_file_among_three_stops_no_other_and_is_listed(folder: Path) -> None:
    ran = retold("summarize", "--json", "a.txt", "empty.txt", "b.txt", cwd=folder)
    found = ran.json()
    assert ran.code == 9
    assert [v["id"] for v in found["versions"]] == list(found["readings"]) == ["a", "b"]
    assert [(f["file"], f["kind"]) for f in found["failures"]] == [("empty.txt", "InputError")]
    assert "empty" in found["failures"][0]["message"]
    assert [line for line in ran.err.splitlines() if "empty.txt" in line] == ["retold: empty.txt: the file is empty"]
    assert "1 of 3 files failed" in ran.err.splitlines()[-1]


def test_several_bad_files_and_no_good_one_are_each_named_and_are_entries_of_the_json(folder: Path) -> None:
    ran = retold("summarize", "--json", "empty.txt", "nosuch.txt", cwd=folder)
    assert ran.code == 9
    assert len(ran.err.splitlines()) == 3
    assert [(f["file"], f["status"]) for f in ran.json()["failures"]] == [
        ("empty.txt", "input"),
        ("nosuch.txt", "input"),
    ]
    assert ran.json()["readings"] == {}
    assert retold("summarize", "empty.txt", "nosuch.txt", cwd=folder).out == ""


def test_quiet_is_silent_but_for_the_failure(folder: Path) -> None:
    assert retold("summarize", "--json", "-q", "a.txt", cwd=folder).err == ""
    assert "1 of 2" in retold("summarize", "--json", "-q", "a.txt", "empty.txt", cwd=folder).error()


@pytest.mark.parametrize(("command", "form"), [("summarize", "retold.summary/1"), ("compare", "retold.comparison/1")])
def test_json_names_its_format_and_every_evidence_is_the_text_between_its_offsets(
    folder: Path, story_files: tuple[Path, Path], command: str, form: str
) -> None:
    ran = retold(command, "--json", *story_files, cwd=folder)
    found = ran.json()
    assert (ran.code, ran.err, found["format"]) == (0, "", form)
    texts = {path.stem: open_version(path).text for path in story_files}
    pieces = list(evidence(found))
    assert {piece["version"] for piece in pieces} == {"long", "short"}
    for piece in pieces:
        assert texts[piece["version"]][piece["start"] : piece["end"]] == piece["exact"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_offsets_are_code_points_of_the_text_as_decoded(folder: Path, newline: str, encoding: str) -> None:
    text = ARTICLE.replace("\n", newline)
    (folder / "c.txt").write_bytes(text.encode(encoding))
    pieces = list(evidence(retold("summarize", "--json", "c.txt", cwd=folder).json()))
    assert pieces
    assert all(text[p["start"] : p["end"]] == p["exact"] for p in pieces)


def test_emoji_and_right_to_left_text_come_back_unharmed(folder: Path) -> None:
    text = "قال المسؤول في الحريق. 👩‍👩‍👧 Two 🔥 died, the mayor said. “Yes 🙂,” police said.\n"
    (folder / "c.txt").write_text(text, "utf-8")
    ran = retold("compare", "--json", "c.txt", "a.txt", cwd=folder)
    pieces = [p for p in evidence(ran.json()) if p["version"] == "c"]
    assert pieces
    assert all(text[p["start"] : p["end"]] == p["exact"] for p in pieces)


def test_the_same_file_twice_has_no_difference(folder: Path) -> None:
    found = retold("compare", "--json", "a.txt", "a.txt", cwd=folder).json()
    assert found["differences"] == []
    assert len(found["shared"]) == len(found["claims"]) > 0
    assert [v["flags"] for v in found["versions"]] == [["the same text as another version given"]] * 2


def test_a_run_a_second_time_prints_the_same_but_for_the_clock(folder: Path) -> None:
    first, second = (retold("compare", "--json", "a.txt", "b.txt", cwd=folder).json() for _ in range(2))
    assert first.pop("provenance")["prompts"] == second.pop("provenance")["prompts"]
    assert first == second


@pytest.mark.parametrize("args", [("-o", "out.json"), ("--json", "-o", "out.txt"), ("--json", "--output", "out.md")])
def test_an_output_file_gets_the_result_and_standard_output_nothing(folder: Path, args: tuple[str, ...]) -> None:
    ran = retold("compare", "a.txt", "b.txt", *args, cwd=folder)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert json.loads((folder / args[-1]).read_text("utf-8"))["format"] == "retold.comparison/1"
    assert not list(folder.glob("*.tmp")) + list(folder.glob(".*.tmp"))


def test_an_output_that_cannot_be_written_is_exit_code_2_and_leaves_nothing(folder: Path) -> None:
    ran = retold("compare", "a.txt", "b.txt", "--json", "-o", "nosuch/out.json", cwd=folder)
    assert ran.code == 2
    assert "cannot write" in ran.error()


def test_two_formats_at_once_are_refused_before_anything_is_read(folder: Path) -> None:
    ran = retold("compare", "--json", "--markdown", "nosuch.txt", "b.txt", cwd=folder)
    assert ran.code == 2
    assert "exclude each other" in ran.error()


@pytest.mark.parametrize(
    "args", [("compare",), ("nosuch",), ("compare", "--nosuch"), ("compare", "a", "--engine", "x")]
)
def test_arguments_that_make_no_sense_are_exit_code_2_without_traceback(folder: Path, args: tuple[str, ...]) -> None:
    ran = retold(*args, cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


def test_the_version_is_printed(folder: Path) -> None:
    assert retold("--version", cwd=folder).out == f"retold {__version__}\n"


@pytest.mark.parametrize("args", [("--version",), ("prompts", "tone"), ("compare", "--json", "a.txt", "b.txt")])
def test_a_reader_who_has_enough_gets_no_complaint(folder: Path, args: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "summarize", *args]
    done = subprocess.run(command, cwd=folder, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.stderr == b""


def test_prompts_lists_every_section_with_its_id(folder: Path) -> None:
    lines = retold("prompts", cwd=folder).out.splitlines()
    assert [line.split()[0] for line in lines] == [prompt(name).id for name in SECTIONS]
    assert [entry["id"] for entry in json.loads(retold("prompts", "--json", cwd=folder).out)] == [
        prompt(name).id for name in SECTIONS
    ]


def test_a_prompt_is_shown_word_for_word_with_its_schema(folder: Path) -> None:
    shown = retold("prompts", "tone", cwd=folder).out
    assert shown == f"{prompt('tone').id}\n\n{prompt('tone').text}\n\n{json.dumps(prompt('tone').schema, indent=2)}\n"
    assert retold("prompts", "tone", "--json", cwd=folder).json()["schema"] == prompt("tone").schema


def test_an_unknown_section_is_exit_code_4(folder: Path) -> None:
    ran = retold("prompts", "nosuch", cwd=folder)
    assert (ran.code, ran.out) == (4, "")
    assert "nosuch" in ran.error()


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_settings_show_each_source_and_mask_the_key(folder: Path, flags: tuple[str, ...]) -> None:
    (folder / "retold.toml").write_text("timeout = 5\n", "utf-8")
    key = "sk-very-secret-key-0123456789"
    shown = retold("settings", *flags, cwd=folder, env={"RETOLD_API_KEY": key, "RETOLD_MODEL": "m-1"}).out
    assert key[:-4] not in shown
    assert key[-4:] in shown
    for source in ("RETOLD_API_KEY", "RETOLD_MODEL", "retold.toml", "default"):
        assert source in shown


def test_a_setting_that_cannot_be_used_is_exit_code_2(folder: Path) -> None:
    (folder / "retold.toml").write_text('modle = "x"\n', "utf-8")
    ran = retold("summarize", "--json", "a.txt", cwd=folder)
    assert ran.code == 2
    assert "did you mean model?" in ran.error()
