"""Engines that answer in this process: what they read must be there and sound."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from summarize.doctor.checks import Check, Report, failed
from summarize.doctor.question import ARTICLE
from summarize.errors import RetoldError, SettingsError
from summarize.job import Job
from summarize.prompt import SECTIONS, merged, prompts_dir, reading_question
from summarize.schema import validator
from summarize.settings import Settings
from summarize.text.lists import entries

_PACKAGES = ("summarize.text", "summarize.engines.lexicon")


def embedded() -> Report:
    """The report on the embedded engine."""
    engine = Check("engine", "ok", "lexicon, the embedded one: it needs no model, key or network")
    checks = [_made("prompts", _prompts), _made("word lists", _lists), _made("reading", _reading)]
    return Report("lexicon", (engine, *checks))


def recorded(settings: Settings) -> Report:
    """The report on the recording that `settings` name."""

    def load() -> str:
        from summarize.engines.recorded import Recorded, recording  # noqa: PLC0415  # not at start-up

        if not settings.recording:
            raise SettingsError("no recording is named", hint="give --recording FILE")
        path = Path(settings.recording).expanduser()
        return f"{path}: answers of {Recorded(recording(path), settings.model, str(path)).model}"

    engine = Check("engine", "ok", "recorded: it replays answers, and needs no key or network")
    checks = (engine, _made("prompts", _prompts), _made("recording", load))
    return Report("recorded", checks, model=settings.model)


def _made(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "ok", look())
    except RetoldError as error:
        return failed(name, error)
    except (OSError, ValueError, LookupError) as error:
        return failed(name, RetoldError(f"{type(error).__name__}: {error}", hint="install Retold again"))


def _prompts() -> str:
    validator(merged(SECTIONS))
    reading_question(ARTICLE)
    return f"{len(SECTIONS)} sections and their schemas load ({prompts_dir()})"


def _lists() -> str:
    names = [
        (name, package)
        for package in _PACKAGES
        for path in files(package).joinpath("data").iterdir()
        if (name := path.name).endswith((".tsv", ".txt"))
    ]
    for name, package in names:
        if not entries(name, package):
            raise RetoldError(f"{name} is empty", hint="install Retold again")
    return f"{len(names)} lists load"


def _reading() -> str:
    from summarize.engines.lexicon import Lexicon  # noqa: PLC0415  # a third of a second: not at start-up

    found = Job.of(Lexicon()).read(ARTICLE)
    return f"a text of two sentences gave {found.grounded} findings, all through the gates"
