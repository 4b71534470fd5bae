"""What an engine gave back, and the gates it passes before anything is believed.

    http → choices → refusal → content_filter → runaway → length → empty → size → truncated → json → schema → citations

Each gate has a name; a reply that fails one is a ReplyError with that gate. The first two are the
engine's (a response that is no chat completion). `length` is an answer cut off, `runaway` one that was
cut off in nothing but white space, `truncated` one to a question of which the server read only a part.
Code fences and a `<think>` block around the JSON are removed; NaN and duplicate keys are not JSON here.
Citations are the last gate: they need the article, so they are checked where a reply becomes a reading.

What may be asked again (REPAIRABLE) is a matter of form. Nothing else is: a refusal stays a refusal.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from summarize.errors import ReplyError
from summarize.schema import Schema, fault, wire

_THINK = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_FENCE, _CLOSED = re.compile(r"\s*```[\w-]*[ \t]*\n"), "```"
REPAIRABLE = frozenset({"json", "schema", "citations"})
MAX_REPLY = 4_000_000  # code points; far above any honest answer
_RUNAWAY = 500  # code points of white space at the end of an answer that was cut off


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A raw answer: `text` as it came, and what the server said about it.

    `rung` is the form it was asked for in, `attempts` how many requests it took, `cost` in US dollars
    where the price is known, `least` the tokens that a server counts at least if it read the whole question.
    `pause`: the server's allowance is used up for so many seconds (not recorded).
    """

    text: str
    model: str = ""
    finish: str | None = None
    refusal: str | None = None
    usage: Usage = field(default_factory=Usage)
    fingerprint: str | None = None
    rung: str = ""
    attempts: int = 1
    cost: Decimal | None = None
    least: int = 0
    pause: float = field(default=0.0, compare=False)


def parse(reply: Reply, schema: Schema) -> dict[str, object]:
    """The answer in `reply`, valid under `schema`. Raises ReplyError, whose `gate` says where it stopped."""
    _complete(reply)
    text = _THINK.sub("", reply.text, count=1)
    answer = _json(_unfenced(text))
    wrong = fault(schema, answer)
    if wrong is not None or not isinstance(answer, dict):
        path, message = wrong or ("$", "the answer is not an object")
        kept = isinstance(answer, dict) and fault(wire(schema), answer) is None
        hint = "the model did not keep to the form it was asked for"
        raise ReplyError("schema", message, where=path, hint=hint, enforced=kept)
    return answer


def _complete(reply: Reply) -> None:
    if reply.refusal:
        raise ReplyError("refusal", f"the model declined: {reply.refusal[:200]}")
    if reply.finish == "content_filter":
        raise ReplyError("content_filter", "the server's content filter stopped the answer")
    if reply.finish == "length" and len(reply.text) - len(reply.text.rstrip()) >= _RUNAWAY:
        raise ReplyError("runaway", "the answer ran away into white space", hint="another model, or another --rung")
    if reply.finish == "length":
        raise ReplyError("length", "the answer was cut off by its length", hint="ask for fewer sections at once")
    if not reply.text.strip():
        raise ReplyError("empty", "the answer is empty")
    if len(reply.text) > MAX_REPLY:
        raise ReplyError("size", f"the answer has {len(reply.text)} characters, more than any honest one")
    read, cached = reply.usage.input or 0, reply.usage.cached or 0
    read += cached if cached > read else 0  # some servers leave out what they had cached
    if 0 < read < reply.least:
        hint = "raise the server's context window, or tell it: --context-window"
        what = f"the server read {read} tokens of a question that has {reply.least} at least"
        raise ReplyError("truncated", what, hint=hint)


def _unfenced(text: str) -> str:
    opened, closed = _FENCE.match(text), text.rstrip()
    inside = opened is not None and closed.endswith(_CLOSED) and len(closed) - len(_CLOSED) >= opened.end()
    return closed[opened.end() : -len(_CLOSED)] if opened and inside else text


def _json(text: str) -> object:
    try:
        answer: object = json.loads(
            text, parse_constant=_no_constant, parse_float=_number, object_pairs_hook=_no_duplicates
        )
        if "\\u" in text or not text.isascii():  # half a surrogate pair is no text
            json.dumps(answer, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ReplyError("json", "the answer is nested too deeply", enforced=False) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise ReplyError("json", error.msg, where=where, enforced=False) from error
    except ValueError as error:
        raise ReplyError("json", str(error), enforced=False) from error
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
