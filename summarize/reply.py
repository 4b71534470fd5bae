"""What an engine gave back, and the gates it passes before anything is believed.

    refusal → content_filter → length → empty → json → schema

Each gate has a name; a reply that fails one is a ReplyError with that gate. Code fences and a
`<think>` block around the JSON are removed; NaN and duplicate keys are not JSON here. Citations are
the last gate: they need the article, so they are checked where a reply becomes a reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from summarize.errors import ReplyError
from summarize.schema import fault

_THINK = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_FENCE = re.compile(r"\A\s*```[\w-]*[ \t]*\n(?P<inside>.*?)\n?[ \t]*```\s*\Z", re.DOTALL)
MAX_REPLY = 8_000_000  # code points; far above any honest answer


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A raw answer: `text` as it came, and what the server said about it."""

    text: str
    model: str = ""
    finish: str | None = None
    refusal: str | None = None
    usage: Usage = field(default_factory=Usage)
    fingerprint: str | None = None


def parse(reply: Reply, schema: Mapping[str, object]) -> dict[str, object]:
    """The answer in `reply`, valid under `schema`. Raises ReplyError, whose `gate` says where it stopped."""
    _complete(reply)
    text = _THINK.sub("", reply.text, count=1)
    fenced = _FENCE.match(text)
    answer = _json(fenced["inside"] if fenced else text)
    wrong = fault(schema, answer)
    if wrong is not None or not isinstance(answer, dict):
        path, message = wrong or ("$", "the answer is not an object")
        raise ReplyError("schema", message, where=path, hint="the model did not keep to the form it was asked for")
    return answer


def _complete(reply: Reply) -> None:
    if reply.refusal:
        raise ReplyError("refusal", f"the model declined: {reply.refusal[:200]}")
    if reply.finish == "content_filter":
        raise ReplyError("content_filter", "the server's content filter stopped the answer")
    if reply.finish == "length":
        raise ReplyError("length", "the answer was cut off by its length", hint="ask for fewer sections at once")
    if not reply.text.strip():
        raise ReplyError("empty", "the answer is empty")
    if len(reply.text) > MAX_REPLY:
        raise ReplyError("length", f"the answer has {len(reply.text)} characters, more than any honest one")


def _json(text: str) -> object:
    try:
        answer: object = json.loads(
            text, parse_constant=_no_constant, parse_float=_number, object_pairs_hook=_no_duplicates
        )
        json.dumps(answer, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RecursionError as error:
        raise ReplyError("json", "the answer is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ReplyError("json", error.msg, where=f"line {error.lineno} column {error.colno}") from error
    except ValueError as error:
        raise ReplyError("json", str(error)) from error
    return answer


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    """A number; 1.0 is the integer 1, as JSON Schema has it."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
