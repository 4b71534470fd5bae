"""Settings: who wins, where each value came from, and whose key goes where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from summarize.errors import SettingsError
from summarize.settings import OPENAI, load, masked

if TYPE_CHECKING:
    from pathlib import Path

FILE = 'model = "from-file"\ntimeout = 5\nunblind = true\nbase_url = "http://file.example/v1"\n'


def write(folder: Path, text: str) -> str:
    """A retold.toml in `folder`; its path as settings show it."""
    path = folder / "retold.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    found = load({}, {}, tmp_path)
    assert (found.engine, found.model, found.base_url, found.timeout) == ("lexicon", "", OPENAI, 600.0)
    assert (found.unblind, found.key) == (False, "")
    assert {found.sources[name].source for name in ("engine", "model", "base_url", "timeout", "unblind")} == {"default"}


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    env = {"RETOLD_MODEL": "from-env"}
    winners = [
        load({"model": "from-flag"}, env, tmp_path),
        load({"model": None}, env, tmp_path),
        load({}, {}, tmp_path),
    ]
    told = [(w.model, w.sources["model"].source) for w in winners]
    assert told == [("from-flag", "flag"), ("from-env", "RETOLD_MODEL"), ("from-file", path)]


def test_every_value_of_the_file_is_used_and_its_source_is_the_path(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    found = load({}, {}, tmp_path)
    assert (found.timeout, found.unblind, found.base_url) == (5.0, True, "http://file.example/v1")
    assert {found.sources[name].source for name in ("timeout", "unblind", "base_url")} == {path}


def test_the_file_is_found_in_a_folder_above_and_the_nearest_one_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    write(tmp_path, 'model = "far"')
    assert load({}, {}, inner).model == "far"
    write(inner.parent, 'model = "near"')
    assert load({}, {}, inner).model == "near"


def test_our_variable_beats_the_one_of_the_sdk(tmp_path: Path) -> None:
    env = {"OPENAI_BASE_URL": "http://theirs.example/v1", "RETOLD_BASE_URL": "http://ours.example/v1"}
    assert load({}, env, tmp_path).sources["base_url"].source == "RETOLD_BASE_URL"
    del env["RETOLD_BASE_URL"]
    assert load({}, env, tmp_path).sources["base_url"].source == "OPENAI_BASE_URL"


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    assert load({}, {"RETOLD_MODEL": "", "RETOLD_TIMEOUT": ""}, tmp_path).timeout == 600.0


def test_naming_a_model_chooses_the_openai_engine_unless_an_engine_is_named(tmp_path: Path) -> None:
    assert load({"model": "m"}, {}, tmp_path).engine == "openai"
    assert load({"model": "m", "engine": "lexicon"}, {}, tmp_path).engine == "lexicon"
    assert load({"model": "m"}, {"RETOLD_ENGINE": "lexicon"}, tmp_path).engine == "lexicon"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('modell = "x"', "did you mean model?"),
        ('base-url = "x"', "did you mean base_url?"),
        ("zzz = 1", "known: engine, model, base_url, timeout, unblind, hands"),
        ('model = "x', "cannot be read"),
        ("engine = 'gpt'", "it is one of lexicon, openai, recorded"),
        ("timeout = 0", "number of seconds above 0"),
        ("timeout = 'nan'", "number of seconds above 0"),
        ("timeout = inf", "number of seconds above 0"),
        ("timeout = 'soon'", "number of seconds above 0"),
        ("unblind = 'perhaps'", "it is yes or no"),
        ("base_url = 'localhost:8000'", "it is a URL like"),
        ("base_url = 'ftp://host/v1'", "it is a URL like"),
        ("base_url = 'http://[::1'", "it is a URL like"),
        ("base_url = 'http://localhost:many/v1'", "it is a URL like"),
        ("base_url = 'http://localhost:99999/v1'", "it is a URL like"),
        ('base_url = "http://local\\nhost/v1"', "it is a URL like"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place_and_a_hint(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        load({}, {}, tmp_path)
    assert refused.value.where == path
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_refused_variable_or_flag_is_named_as_the_source(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="RETOLD_TIMEOUT: timeout cannot be 'x'"):
        load({}, {"RETOLD_TIMEOUT": "x"}, tmp_path)
    with pytest.raises(SettingsError, match="flag: engine cannot be 'x'"):
        load({"engine": "x"}, {}, tmp_path)


def test_a_broken_variable_that_a_flag_overrides_does_no_harm(tmp_path: Path) -> None:
    env = {"OPENAI_BASE_URL": "http://[::1", "OPENAI_API_KEY": "k-openai"}
    found = load({"base_url": "http://localhost:8000/v1"}, env, tmp_path)
    assert (found.host, found.key) == ("localhost:8000", "")


OPENAI_KEY, OWN_KEY = "k-openai", "k-retold"
KEYS = "[keys]\n'files.example' = 'k-file'\n'localhost:8000' = 'k-local'\n"


@pytest.mark.parametrize(
    ("env", "url", "key"),
    [
        ({"OPENAI_API_KEY": OPENAI_KEY}, OPENAI, OPENAI_KEY),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "https://API.OpenAI.com/v1", OPENAI_KEY),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "http://other.example/v1", ""),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "https://api.openai.com.other.example/v1", ""),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "https://api.openai.com@other.example/v1", ""),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "https://other.example/api.openai.com", ""),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "https://api.openai.com:8443/v1", ""),
        ({"OPENAI_API_KEY": OPENAI_KEY, "OPENAI_BASE_URL": "http://a.example/v1"}, "http://a.example/v2", OPENAI_KEY),
        ({"OPENAI_API_KEY": OPENAI_KEY, "OPENAI_BASE_URL": "http://a.example/v1"}, OPENAI, ""),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "http://files.example/v1", "k-file"),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "http://localhost:8000/v1", "k-local"),
        ({"OPENAI_API_KEY": OPENAI_KEY}, "http://localhost:8001/v1", ""),
        ({"RETOLD_API_KEY": OWN_KEY}, "http://files.example/v1", OWN_KEY),
        ({"RETOLD_API_KEY": OWN_KEY, "RETOLD_BASE_URL": "http://b.example/v1"}, "http://b.example/v1", OWN_KEY),
        ({"RETOLD_API_KEY": OWN_KEY, "RETOLD_BASE_URL": "http://b.example/v1"}, "http://files.example/", "k-file"),
        ({"RETOLD_API_KEY": OWN_KEY, "RETOLD_BASE_URL": "http://b.example/v1"}, "http://c.example/v1", ""),
        ({"RETOLD_API_KEY": OWN_KEY, "OPENAI_API_KEY": OPENAI_KEY}, OPENAI, OWN_KEY),
    ],
)
def test_a_key_is_used_for_its_own_host_only(tmp_path: Path, env: dict[str, str], url: str, key: str) -> None:
    write(tmp_path, KEYS)
    found = load({"base_url": url}, env, tmp_path)
    assert found.key == found.sources["key"].value == key


def test_without_a_key_the_source_says_for_which_host(tmp_path: Path) -> None:
    assert load({"base_url": "http://a.example:1/v1"}, {}, tmp_path).sources["key"].source == "no key for a.example:1"


@pytest.mark.parametrize("length", [0, 1, 4, 8, 11, 12, 40])
def test_a_masked_key_shows_a_third_of_it_at_most(length: int) -> None:
    key = "".join(chr(ord("A") + i % 26) for i in range(length))
    shown = masked(key).removeprefix("…")
    assert len(shown) * 3 <= length
    assert key.endswith(shown)
    assert masked(key) != key or not key
