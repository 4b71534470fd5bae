"""`retold tokens`: counts that say whether they are exact, and vocabularies brought in by file or network."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Ran, retold

from summarize import tokens
from summarize.tokens import estimate

NEWS = "Two men died in Lisbon on Tuesday. “It is over,” the mayor said.\n"
O200K = tokens.VOCABULARIES["o200k_base"].file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with texts; no vocabulary is anywhere."""
    (tmp_path / "a.txt").write_text(NEWS, "utf-8")
    (tmp_path / "b.md").write_text(f"---\nheadline: Fire\n---\n\n{NEWS * 40}", "utf-8")
    (tmp_path / "empty.txt").touch()
    return tmp_path


def ran(folder: Path, *args: str, stdin: bytes = b"") -> Ran:
    """`retold tokens ARGS` with a cache folder of the test's own."""
    return retold("tokens", *args, cwd=folder, stdin=stdin, env={"TIKTOKEN_CACHE_DIR": str(folder / "cache")})


def test_each_file_is_counted_and_all_together_and_an_estimate_is_called_one(folder: Path) -> None:
    done = ran(folder, "count", "a.txt", "b.md", "--model", "gpt-4o")
    each = [estimate((folder / name).read_text("utf-8")) for name in ("a.txt", "b.md")]
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[:3] == [[f"~{each[0]}", "a.txt"], [f"~{each[1]}", "b.md"], [f"~{sum(each):,}", "total"]]
    assert done.out.splitlines()[3].startswith("~ estimated from characters: the vocabulary o200k_base is not on")
    assert (done.code, done.err) == (0, "")


def test_json_says_the_same(folder: Path) -> None:
    told = ran(folder, "count", "a.txt", "b.md", "--json", "--model", "gpt-4o").json()
    assert (told["format"], told["model"], told["exact"]) == ("retold.tokens/1", "gpt-4o", False)
    assert [(one["file"], one["exact"]) for one in told["files"]] == [("a.txt", False), ("b.md", False)]
    assert told["tokens"] == sum(one["tokens"] for one in told["files"])
    assert told["failures"] == []


def test_standard_input_and_folders_are_counted_as_well(folder: Path) -> None:
    from_stdin = ran(folder, "count", "-", "--json", stdin=NEWS.encode()).json()
    assert from_stdin["tokens"] == estimate(NEWS)
    (folder / "empty.txt").unlink()
    assert len(ran(folder, "count", ".", "--json").json()["files"]) == 2


def test_the_model_is_that_of_the_settings_where_none_is_given(folder: Path) -> None:
    (folder / "retold.toml").write_text('model = "gpt-4"\n', "utf-8")
    told = ran(folder, "count", "a.txt", "--json").json()
    assert told["model"] == "gpt-4"
    assert "cl100k_base" in told["counted"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_counted(folder: Path) -> None:
    done = ran(folder, "count", "a.txt", "none.txt", "empty.txt", "--json")
    assert done.code == 9
    assert [one["file"] for one in done.json()["files"]] == ["a.txt"]
    assert [(one["file"], one["status"]) for one in done.json()["failures"]] == [
        ("none.txt", "input"),
        ("empty.txt", "input"),
    ]
    assert [line.split(": ")[1] for line in done.err.splitlines()][:2] == ["none.txt", "empty.txt"]


def test_a_lone_file_that_cannot_be_read_is_its_own_error(folder: Path) -> None:
    done = ran(folder, "count", "empty.txt")
    assert (done.code, done.out) == (3, "")
    assert done.error() == "retold: empty.txt: the file is empty"


def test_a_fetch_from_a_file_that_is_not_the_vocabulary_is_one_line_that_says_where_to_get_it(folder: Path) -> None:
    done = ran(folder, "fetch", "gpt-4o", "--from", "a.txt")
    assert (done.code, done.out) == (2, "")
    assert "a.txt: this is not the vocabulary o200k_base" in done.error()
    assert tokens.VOCABULARIES["o200k_base"].url in done.error()
    assert str(folder / "cache" / O200K) in done.error()
    assert not (folder / "cache").exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.tiktoken", "ftp://127.0.0.1/x"])
def test_a_network_that_gives_nothing_is_one_line_with_a_hint(folder: Path, url: str) -> None:
    done = ran(folder, "fetch", "--from", url)
    assert (done.code, done.out) == (5, "")
    assert "the vocabulary cannot be fetched" in done.error()
    assert "without a network: get https://" in done.error()


class _Other(http.server.BaseHTTPRequestHandler):
    """Gives what is no vocabulary."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"other")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that gives something else."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Other) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/o200k_base.tiktoken"
        httpd.shutdown()
        thread.join()


def test_a_server_that_gives_something_else_is_not_believed(folder: Path, server: str) -> None:
    done = ran(folder, "fetch", "o200k_base", "--from", server)
    assert done.code == 5
    assert "its hash differs" in done.error()
    assert not (folder / "cache").exists()


# With a vocabulary of the right hash the same command is run by a program that knows a tiny one.
TINY = """
import base64, hashlib, sys
from pathlib import Path
from summarize import tokens
from summarize.cli import main

lines = b"".join(base64.b64encode(bytes([b])) + b" %d\\n" % b for b in range(256))
Path("tiny.tiktoken").write_bytes(lines)
made = tokens.Vocabulary("http://127.0.0.1:9/tiny", hashlib.sha256(lines).hexdigest(), tokens._O200K)
tokens.VOCABULARIES["o200k_base"] = made
sys.argv[0] = "retold"
main()
"""


def test_a_fetched_vocabulary_makes_counts_exact_and_says_where_it_is(folder: Path) -> None:
    (folder / "tiny.py").write_text(TINY, "utf-8")
    fetched = program(folder, "fetch", "gpt-4o", "--from", "tiny.tiktoken")
    assert (fetched.code, fetched.err) == (0, "")
    (kept,) = (folder / "cache").iterdir()
    assert fetched.out == f"o200k_base: {kept}\n"
    counted = program(folder, "count", "a.txt", "--model", "gpt-4o")
    bytes_ = len(NEWS.encode())
    assert counted.out.splitlines() == [f"{bytes_}  a.txt", f"{bytes_}  total", "exact: o200k_base"]
    (folder / "gap.txt").write_text(NEWS + " " * 20_000 + NEWS, "utf-8")
    mixed = program(folder, "count", "a.txt", "gap.txt", "--model", "gpt-4o").out.splitlines()
    assert [line.split()[0].startswith("~") for line in mixed[:3]] == [False, True, True]
    assert mixed[3] == "exact but for ~: o200k_base"
    unknown = program(folder, "fetch", "qwen3:8b")
    assert unknown.out == fetched.out
    assert unknown.err == "retold: the vocabulary of qwen3:8b is not known; o200k_base estimates it\n"
    assert program(folder, "count", "a.txt", "--model", "qwen3:8b", "--json").json()["exact"] is False


def program(folder: Path, *args: str) -> Ran:
    """The command, in a process that takes a tiny vocabulary for o200k_base."""
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "tiny.py", "tokens", *args],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "TIKTOKEN_CACHE_DIR": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
