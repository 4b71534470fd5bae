"""Every setting: its name, default, variables, and what may stand in it.

A value is text until it is read here, wherever it came from; an empty one means that nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

OPENAI: Final = "https://api.openai.com/v1"
ENGINES: Final = ("lexicon", "openai", "recorded")
RUNGS: Final = ("strict", "schema", "object", "none")
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Field:
    """A setting. `read` makes a value of text, or raises ValueError; `must` says what the text must be."""

    name: str
    read: Callable[[str], object]
    must: str
    default: str = ""
    variables: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The environment variables it is read from, in this order."""
        return (f"RETOLD_{self.name.upper()}", *self.variables)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return read


def _whole(least: int = 1) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if number < least:
            raise ValueError(text)
        return number

    return read


def _optional(read: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: read(text) if text else None


def _above_0(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise ValueError(text)
    return number


def _temperature(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 2:  # noqa: PLR2004  # the range of every server we know
        raise ValueError(text)
    return number


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(text)
    return amount


def _truth(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(text)
    return text.lower() in _YES


_SECONDS, _COUNT = "it is a number of seconds above 0", "it is a whole number above 0"
FIELDS: Final = (
    Field("engine", _one_of(ENGINES), f"it is one of {', '.join(ENGINES)}", "lexicon"),
    Field("model", str, "it is a model's name"),
    Field("base_url", str, "it is a URL like http://localhost:8000/v1", OPENAI, ("OPENAI_BASE_URL",)),
    Field("timeout", _above_0, _SECONDS, "600"),
    Field("unblind", _truth, "it is yes or no", "no"),
    Field("hands", _whole(), _COUNT, "8"),
    Field("samples", _whole(), _COUNT, "1"),
    Field("rpm", _optional(_above_0), "it is a number of requests a minute"),
    Field("tpm", _optional(_above_0), "it is a number of tokens a minute"),
    Field("max_output_tokens", _optional(_whole()), _COUNT),
    Field("context_window", _optional(_whole(256)), "it is a whole number of tokens, 256 or more"),
    Field("max_cost", _optional(_dollars), "it is an amount of US dollars"),
    Field("temperature", _optional(_temperature), "it is a number from 0 to 2"),
    Field("seed", _optional(int), "it is a whole number"),
    Field("rung", _optional(_one_of(RUNGS)), f"it is one of {', '.join(RUNGS)}"),
    Field("repairs", _whole(0), "it is a whole number, 0 or more", "2"),
    Field("ledger", str, "it is a file's path"),
    Field("recording", str, "it is a file's path"),
)
