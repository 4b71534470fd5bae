"""Token counts: exact where the vocabulary is here, an estimate at once where it is not, and no network."""

from __future__ import annotations

import base64
import hashlib
import http.server
import importlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import tokens
from summarize.errors import EngineError, SettingsError
from summarize.settings import vocabulary_folder
from summarize.tokens import Count, Vocabulary, count, estimate, fetch, how

# tiktoken's format: a token in base64, and its rank. All bytes, and a few merges on top.
MERGES = [b"th", b"the", b" the", b"er"]
TINY = b"".join(
    base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate([*(bytes([b]) for b in range(256)), *MERGES])
)
OTHER = b"".join(base64.b64encode(bytes([b])) + b" %d\n" % b for b in range(256))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Vocabulary:
    """o200k_base, in this test, is the tiny vocabulary."""
    made = Vocabulary("http://127.0.0.1:9/tiny.tiktoken", hashlib.sha256(TINY).hexdigest(), tokens._O200K)
    monkeypatch.setitem(tokens.VOCABULARIES, "o200k_base", made)
    return made


@pytest.fixture
def here(tiny: Vocabulary, folder: Path) -> Path:
    """The tiny vocabulary, on disk."""
    folder.mkdir()
    path = folder / tiny.file
    path.write_bytes(TINY)
    return path


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a socket, or asking for an address, fails the test."""

    def refuse(*_: Any, **__: Any) -> None:  # noqa: ANN401  # whatever a socket takes
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class _Files(http.server.BaseHTTPRequestHandler):
    """Gives the tiny vocabulary, another one, a redirect, half an answer, or nothing."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        body = {"/tiny": TINY, "/other": OTHER, "/half": TINY}.get(self.path, b"")
        self.send_response(200 if body else 302 if self.path == "/moved" else 404)
        self.send_header("Location", "/tiny")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: 100 if self.path == "/half" else None])

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A real server on loopback: its address, and the paths it was asked for."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Files) as httpd:
        httpd.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", httpd.asked  # type: ignore[attr-defined]
        httpd.shutdown()
        thread.join()


@pytest.mark.usefixtures("here")
def test_with_the_vocabulary_on_disk_a_count_is_exact() -> None:
    # " the" is one token; "the" is one; " other" is " ", "o", "th" and "er"
    assert count("the the other", "gpt-4o") == Count(6, exact=True)
    assert how("gpt-4o") == "o200k_base"


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("model", ["gpt-4o", "openai/gpt-4", "text-davinci-003", "qwen3:8b", "o200k_base"])
def test_without_the_vocabulary_a_count_is_an_estimate_and_no_socket_is_made(model: str) -> None:
    assert count("Nobody was hurt.", model) == Count(estimate("Nobody was hurt."), exact=False)
    assert how(model).startswith("estimated from characters: the vocabulary ")
    assert "retold tokens fetch" in how(model)


@pytest.mark.usefixtures("no_sockets")
def test_a_vocabulary_with_a_wrong_hash_counts_as_absent_and_is_left_alone(here: Path) -> None:
    here.write_bytes(OTHER)
    assert not count("the other", "gpt-4o").exact
    assert here.read_bytes() == OTHER


def test_a_vocabulary_that_comes_while_we_run_is_used(here: Path) -> None:
    here.rename(here.with_name("away"))
    before = count("the other", "gpt-4o")
    here.with_name("away").rename(here)
    assert (before.exact, count("the other", "gpt-4o").exact) == (False, True)


@pytest.mark.usefixtures("here")
def test_a_model_nobody_knows_is_counted_with_o200k_base_and_not_called_exact() -> None:
    assert count("the the other", "qwen3:8b") == Count(6, exact=False)
    assert how("qwen3:8b") == "estimated with o200k_base: the vocabulary of this model is not known"


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("openai/gpt-4o", ("o200k_base", True)),
        ("openrouter/openai/gpt-5:free", ("o200k_base", True)),
        ("gpt-oss:20b", ("o200k_base", True)),
        ("gpt2", ("r50k_base", True)),
        ("cl100k_base", ("cl100k_base", True)),
        ("somebody/gpt-4-uncensored", ("cl100k_base", False)),
        ("meta-llama/Llama-3.3-70B", ("o200k_base", False)),
        ("", ("o200k_base", False)),
    ],
)
def test_a_model_has_its_vocabulary_and_only_its_maker_vouches_for_it(model: str, expected: tuple[str, bool]) -> None:
    assert tokens.vocabulary_for(model) == expected


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("text", ["<|endoftext|>", "<|endofprompt|> <|im_start|>", "\ud800", "\x00", ""])
def test_text_that_looks_like_a_command_is_text(text: str) -> None:
    assert count(text, "gpt-4o").exact
    assert (count(text, "gpt-4o").tokens > 0) == bool(text)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("space", [" ", "\t", "\n", "\u3000", "\u00a0", " \n"])
def test_a_megabyte_of_white_space_is_counted_and_not_as_nothing(space: str) -> None:
    found = count(space * 1_000_000, "gpt-4o")
    assert not found.exact
    assert found.tokens > 10_000


@pytest.mark.usefixtures("here")
def test_threads_count_what_one_thread_counts() -> None:
    texts = [f"the other {n} " * (n % 200) for n in range(400)]
    tokens._loaded.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: count(text, "gpt-4o"), texts))
    assert together == [count(text, "gpt-4o") for text in texts]
    assert tokens._loaded.cache_info().misses == 1


def test_the_vocabularies_are_those_of_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    openai_public = importlib.import_module("tiktoken_ext.openai_public")  # a package without types
    wanted: list[tuple[str, str]] = []

    def load(url: str, expected_hash: str) -> dict[bytes, int]:
        wanted.append((url, expected_hash))
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", load)
    for name, vocabulary in tokens.VOCABULARIES.items():
        assert openai_public.ENCODING_CONSTRUCTORS[name]()["pat_str"] == vocabulary.pattern
        assert wanted.pop() == (vocabulary.url, vocabulary.sha256)
    assert tokens.VOCABULARIES["o200k_base"].file == "fb374d419588a4632f3f557e76b4b70aebbca790"  # tiktoken's name
    for name, same in tokens._SAME.items():
        if name != "gpt2":  # two files in another format
            assert openai_public.ENCODING_CONSTRUCTORS[name]()["pat_str"] == tokens.VOCABULARIES[same].pattern
            assert wanted.pop()[1] == tokens.VOCABULARIES[same].sha256


def test_the_estimate_of_the_story_is_within_five_percent_of_o200k_base(story_files: tuple[Path, Path]) -> None:
    for path, exact in zip(story_files, (840, 372), strict=True):  # counted with the real vocabulary
        assert abs(estimate(path.read_text("utf-8")) / exact - 1) < 0.05


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("Die Regierung hat am Dienstag ein neues Gesetz zum Schutz der Grenzen beschlossen.", 14),
        ("Правительство во вторник приняло новый закон о защите границ.", 15),
        ("政府は火曜日、国境を守るための新しい法律を決定した。", 20),
        ("정부는 화요일에 국경 보호를 위한 새 법을 의결했다.", 17),
    ],
)
def test_the_estimate_of_another_language_is_of_the_size_of_o200k_base(text: str, exact: int) -> None:
    assert 0.75 < estimate(text) / exact < 1.5


@given(st.text())
def test_the_estimate_loses_no_character(text: str) -> None:
    assert "".join(tokens._PIECES.findall(text)) == text
    assert (estimate(text) == 0) == (text == "")


def test_fetch_from_a_file_makes_counts_exact(tiny: Vocabulary, folder: Path, tmp_path: Path) -> None:
    brought = tmp_path / "o200k_base.tiktoken"
    brought.write_bytes(TINY)
    assert fetch("gpt-4o", source=brought) == folder / tiny.file
    assert count("the the other", "gpt-4o") == Count(6, exact=True)
    assert [path.name for path in folder.iterdir()] == [tiny.file]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("path", ["/tiny", "/moved"])
def test_fetch_from_a_server_makes_counts_exact(server: tuple[str, list[str]], path: str) -> None:
    fetch("o200k_base", source=server[0] + path)
    assert count("the the other", "gpt-4o") == Count(6, exact=True)


def test_fetch_without_a_source_asks_the_publisher_once(
    server: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, tiny: Vocabulary
) -> None:
    published = Vocabulary(f"{server[0]}/tiny", tiny.sha256, tiny.pattern)
    monkeypatch.setitem(tokens.VOCABULARIES, "o200k_base", published)
    assert fetch("gpt-4o") == fetch("qwen3:8b")
    assert server[1] == ["/tiny"]


@pytest.mark.parametrize("path", ["/other", "/half", "/none"])
def test_what_a_server_gives_wrongly_is_an_engine_error_that_says_how_to_do_it_by_hand(
    server: tuple[str, list[str]], path: str, folder: Path, tiny: Vocabulary
) -> None:
    with pytest.raises(EngineError) as caught:
        fetch("gpt-4o", source=server[0] + path)
    assert str(folder / tiny.file) in caught.value.hint
    assert tiny.url in caught.value.hint
    assert not folder.exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "ftp://127.0.0.1/x", "http://[/"])
def test_a_server_that_is_not_there_is_an_engine_error(url: str) -> None:
    with pytest.raises(EngineError, match="cannot be fetched"):
        fetch("gpt-4o", source=url)


@pytest.mark.usefixtures("tiny")
def test_a_server_that_does_not_answer_is_given_up_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(EngineError, match="cannot be fetched"):
            fetch("gpt-4o", source=f"http://127.0.0.1:{port}/tiny", timeout=0.05)


def test_a_file_that_is_not_the_vocabulary_is_refused_and_what_was_there_stays(here: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tiktoken"
    wrong.write_bytes(OTHER)
    with pytest.raises(SettingsError, match="its hash differs"):
        fetch("gpt-4o", source=wrong)
    with pytest.raises(SettingsError, match="cannot be read"):
        fetch("gpt-4o", source=tmp_path / "missing.tiktoken")
    assert here.read_bytes() == TINY


def test_a_folder_that_cannot_be_made_is_a_settings_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Vocabulary
) -> None:
    (tmp_path / "file").write_bytes(TINY)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match="cannot be kept") as caught:
        fetch("gpt-4o", source=tmp_path / "file")
    assert "TIKTOKEN_CACHE_DIR" in caught.value.hint
    assert not count("the", tiny.url).exact


def test_the_folder_is_tiktokens_where_a_variable_names_one_and_ours_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert vocabulary_folder({"TIKTOKEN_CACHE_DIR": "/a", "DATA_GYM_CACHE_DIR": "/b"}) == Path("/a")
    assert vocabulary_folder({"TIKTOKEN_CACHE_DIR": "", "DATA_GYM_CACHE_DIR": "/b"}) == Path("/b")
    ours, theirs = vocabulary_folder({}), tmp_path / "temporary" / "data-gym-cache"
    assert ours.name == "tiktoken"
    assert vocabulary_folder({}, "name") == ours
    theirs.mkdir(parents=True)
    (theirs / "name").touch()
    assert (vocabulary_folder({}, "name"), vocabulary_folder({})) == (theirs, ours)
