"""Settings: flag > environment > retold.toml > default, and each value knows where it came from.

    engine               lexicon | openai | recorded    who answers
    model                name                           the model to ask; naming one chooses the openai engine
    base_url             URL                            any OpenAI-compatible server (also OPENAI_BASE_URL)
    timeout              seconds                        for one answer
    unblind              yes | no                       show outlets and links to the engine
    hands                number                         requests under way at once
    samples              number                         independent readings of each article
    rpm, tpm             number                         requests and tokens a minute, at most
    max_output_tokens    tokens                         of one answer, at most
    context_window       tokens                         that a question and its answer may have together
    max_cost             US dollars                     that a job may cost
    temperature, seed    number                         sent only if given
    rung                 strict | schema | object | none    the form of answer asked for, pinned
    repairs              number                         times that a faulty form is asked again
    ledger, recording    path                           what is remembered, what is replayed

The variable of each is RETOLD_ and its name in capitals. Keys belong to hosts, and a key for one host is
never sent to another:

    [keys] in retold.toml          "api.example.org" = "…"
    OPENAI_API_KEY                 for the host of OPENAI_BASE_URL, api.openai.com without it
    RETOLD_API_KEY                 for the host of RETOLD_BASE_URL; without that, the base URL in force

Prices of models that are not known, in US dollars a million tokens: `[prices."MODEL"]` in retold.toml with
`input`, `output`, `cached`. `retold.toml` is looked for in the working folder and those above it.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from summarize.errors import SettingsError
from summarize.settings.fields import ENGINES, FIELDS, OPENAI, Field
from summarize.settings.places import ledger_path, vocabulary_folder

__all__ = [
    "ENGINES", "OPENAI", "Setting", "Settings", "ledger_path", "load", "masked", "vocabulary_folder",
    "without_password",
]  # fmt: skip

FILE = "retold.toml"
_BY_NAME = {field.name: field for field in FIELDS}
_TABLES = ("keys", "prices")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as text, and where it came from ("flag", a variable's name, a file's path, "default")."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked values, with the `sources` of each by name.

    `key` is the one for the host of `base_url`, `prices` the table in the settings file `file`.
    """

    engine: str
    model: str
    base_url: str
    timeout: float
    unblind: bool
    hands: int
    samples: int
    rpm: float | None
    tpm: float | None
    max_output_tokens: int | None
    context_window: int | None
    max_cost: Decimal | None
    temperature: float | None
    seed: int | None
    rung: str | None
    repairs: int
    ledger: str
    recording: str
    key: str
    prices: Mapping[str, object]
    file: str
    sources: Mapping[str, Setting]

    @property
    def host(self) -> str:
        """Host (and port) of the base URL."""
        return _host(self.base_url)


def load(
    flags: Mapping[str, str | None] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings in force. Raises SettingsError for a value that cannot be used, naming its source."""
    env = os.environ if environ is None else environ
    file, table = _toml(folder or Path.cwd())
    found = {field.name: _setting(field, flags or {}, env, (file, table)) for field in FIELDS}
    if found["engine"].source == "default":
        for name, engine in (("recording", "recorded"), ("model", "openai")):
            if found[name].value:
                found["engine"] = Setting(engine, f"a {name} is named")
                break
    found["base_url"] = Setting(found["base_url"].value.rstrip("/"), found["base_url"].source)
    values = {name: _read(_BY_NAME[name], setting) for name, setting in found.items()}
    if not _is_url(found["base_url"].value):
        raise _refused(_BY_NAME["base_url"], found["base_url"])
    found["key"] = _key(found["base_url"].value, env, (file, table))
    prices = cast("Mapping[str, object]", table.get("prices", {}))
    given: Any = {**values, "key": found["key"].value, "prices": prices, "file": file}  # Any: typed by their fields
    return Settings(**given, sources=found)


def masked(key: str) -> str:
    """A key that may be shown: its last four characters, if it has many."""
    return f"…{key[-4:]}" if len(key) >= 12 else "…" if key else ""  # noqa: PLR2004  # a third of it at most


def without_password(url: str) -> str:
    """A URL that may be shown: what stands before the host in it is left out."""
    scheme, slashes, rest = url.partition("://")
    netloc, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{netloc.rpartition('@')[2]}{slash}{path}"


def _setting(
    field: Field, flags: Mapping[str, str | None], env: Mapping[str, str], file: tuple[str, Mapping[str, object]]
) -> Setting:
    name = field.name
    flag = flags.get(name)
    if flag is not None:
        return Setting(flag, "flag")
    for variable in field.names:
        if env.get(variable):
            return Setting(env[variable], variable)
    if name in file[1]:
        value = file[1][name]
        if not isinstance(value, str | int | float):
            raise SettingsError(f"{name} cannot be a table, list or date", where=file[0], hint="give one value")
        return Setting(str(value).lower() if isinstance(value, bool) else str(value), file[0])
    return Setting(field.default, "default")


def _key(base_url: str, env: Mapping[str, str], file: tuple[str, Mapping[str, object]]) -> Setting:
    """The key for the host of `base_url`, and nobody else's."""
    host = _host(base_url)
    if env.get("RETOLD_API_KEY") and _host(env.get("RETOLD_BASE_URL") or base_url) == host:
        return Setting(env["RETOLD_API_KEY"].strip(), "RETOLD_API_KEY")
    if env.get("OPENAI_API_KEY") and _host(env.get("OPENAI_BASE_URL") or OPENAI) == host:
        return Setting(env["OPENAI_API_KEY"].strip(), "OPENAI_API_KEY")
    keys = {name.lower(): key for name, key in cast("Mapping[str, str]", file[1].get("keys", {})).items()}
    if host in keys:
        return Setting(keys[host].strip(), f"{file[0]} [keys]")
    return Setting("", f"no key for {host}")


def _toml(folder: Path) -> tuple[str, Mapping[str, object]]:
    for place in (folder, *folder.parents):
        path = place / FILE
        if path.is_file():
            try:
                table = tomllib.loads(path.read_text("utf-8"))
            except (OSError, ValueError, RecursionError) as error:
                raise SettingsError(f"the settings cannot be read: {error}", where=str(path)) from error
            _known(table, str(path))
            return str(path), table
    return FILE, {}


def _known(table: Mapping[str, object], path: str) -> None:
    known = (*_BY_NAME, *_TABLES)
    for name in table:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            raise SettingsError(f"there is no setting {name[:40]!r}", where=path, hint=hint)
    keys = table.get("keys", {})
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise SettingsError("[keys] is a table of hosts and their keys", where=path, hint='"api.example.org" = "…"')
    if not isinstance(table.get("prices", {}), dict):
        raise SettingsError("[prices] is a table of models", where=path, hint='[prices."MODEL"] input = …, output = …')


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower() if _is_url(url) else ""


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:  # brackets that do not close, a port that is no number
        return False


def _read(field: Field, setting: Setting) -> object:
    try:
        return field.read(setting.value)
    except ValueError as error:
        raise _refused(field, setting) from error


def _refused(field: Field, setting: Setting) -> SettingsError:
    return SettingsError(f"{field.name} cannot be {setting.value[:60]!r}", where=setting.source, hint=field.must)
