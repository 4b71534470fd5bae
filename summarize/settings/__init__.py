"""Settings: flag > environment > retold.toml > default, and each value knows where it came from.

    engine    lexicon | openai     RETOLD_ENGINE      who answers
    model     name                 RETOLD_MODEL       the model to ask; naming one chooses the openai engine
    base_url  URL                  RETOLD_BASE_URL    or OPENAI_BASE_URL; any OpenAI-compatible server
    timeout   seconds              RETOLD_TIMEOUT     for one answer
    unblind   true | false         RETOLD_UNBLIND     show outlets and links to the engine

Keys belong to hosts, and a key for one host is never sent to another:

    [keys] in retold.toml          "api.example.org" = "…"
    OPENAI_API_KEY                 for the host of OPENAI_BASE_URL, api.openai.com without it
    RETOLD_API_KEY                 for the host of RETOLD_BASE_URL; without that, the base URL in force

`retold.toml` is looked for in the working folder and those above it.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from summarize.errors import SettingsError

FILE = "retold.toml"
OPENAI = "https://api.openai.com/v1"
ENGINES = ("lexicon", "openai")
_DEFAULTS: Mapping[str, str] = {"engine": "lexicon", "model": "", "base_url": OPENAI, "timeout": "600", "unblind": "no"}
_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "engine": ("RETOLD_ENGINE",),
    "model": ("RETOLD_MODEL",),
    "base_url": ("RETOLD_BASE_URL", "OPENAI_BASE_URL"),
    "timeout": ("RETOLD_TIMEOUT",),
    "unblind": ("RETOLD_UNBLIND",),
}
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as text, and where it came from ("flag", a variable's name, a file's path, "default")."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked values, with the `sources` of each by name. `key` is the one for the host of `base_url`."""

    engine: str
    model: str
    base_url: str
    timeout: float
    unblind: bool
    key: str
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
    found = {name: _setting(name, flags or {}, env, (file, table)) for name in _DEFAULTS}
    if found["engine"].source == "default" and found["model"].value:
        found["engine"] = Setting("openai", "a model is named")
    if found["engine"].value not in ENGINES:
        raise _refused("engine", found["engine"], f"it is one of {', '.join(ENGINES)}")
    base_url = found["base_url"].value.rstrip("/")
    if not _is_url(base_url):
        raise _refused("base_url", found["base_url"], "it is a URL like http://localhost:8000/v1")
    found["key"] = _key(base_url, env, (file, table))
    return Settings(
        engine=found["engine"].value,
        model=found["model"].value,
        base_url=base_url,
        timeout=_seconds(found["timeout"]),
        unblind=_truth(found["unblind"]),
        key=found["key"].value,
        sources=found,
    )


def masked(key: str) -> str:
    """A key that may be shown: its last four characters, if it has many."""
    return f"…{key[-4:]}" if len(key) >= 12 else "…" if key else ""  # noqa: PLR2004  # a third of it at most


def _setting(
    name: str, flags: Mapping[str, str | None], env: Mapping[str, str], file: tuple[str, Mapping[str, object]]
) -> Setting:
    flag = flags.get(name)
    if flag is not None:
        return Setting(flag, "flag")
    for variable in _VARIABLES[name]:
        if env.get(variable):
            return Setting(env[variable], variable)
    if name in file[1]:
        value = file[1][name]
        if not isinstance(value, str | int | float):
            raise SettingsError(f"{name} cannot be a table, list or date", where=file[0], hint="give one value")
        return Setting(str(value).lower() if isinstance(value, bool) else str(value), file[0])
    return Setting(_DEFAULTS[name], "default")


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
    known = (*_DEFAULTS, "keys")
    for name in table:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            raise SettingsError(f"there is no setting {name[:40]!r}", where=path, hint=hint)
    keys = table.get("keys", {})
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise SettingsError("[keys] is a table of hosts and their keys", where=path, hint='"api.example.org" = "…"')


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower() if _is_url(url) else ""


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:  # brackets that do not close, a port that is no number
        return False


def _refused(name: str, setting: Setting, hint: str) -> SettingsError:
    return SettingsError(f"{name} cannot be {setting.value[:60]!r}", where=setting.source, hint=hint)


def _seconds(setting: Setting) -> float:
    try:
        seconds = float(setting.value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise _refused("timeout", setting, "it is a number of seconds above 0")
    return seconds


def _truth(setting: Setting) -> bool:
    value = setting.value.lower()
    if value not in _YES | _NO:
        raise _refused("unblind", setting, "it is yes or no")
    return value in _YES
