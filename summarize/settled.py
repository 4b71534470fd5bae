"""A settled question: what was asked of whom, what came of it, and what it took.

Two questions are the same if nothing that can change the answer differs: the words (which hold text,
numbering, masks and instructions), the prompts' ids, the schema, model, address, sampling and caps. Their
`key` is the SHA-256 of just that in canonical JSON. A file's name, a label, the clock, the number of
hands or the server's rung are not in it.

On disk and on the wire a settled question is one line of JSON (a *recording* is a file of such lines).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, cast

from summarize.errors import ContextError, DeterministicError, EngineError, LedgerError, ReplyError, RetoldError
from summarize.prompt import Question, merged
from summarize.reply import Reply, Usage
from summarize.schema import digest

FORMAT = "retold.recording/1"
DONE = "done"
Json: TypeAlias = "Mapping[str, object]"


@dataclass(frozen=True, slots=True)
class Settled:
    """A question by its `key`, and its end: `status` is "done", a gate's name or an error's status.

    `identity` is the engine's (see engines.Engine), `reply` None where none came, `what` says why it
    failed, `seconds` how long it took, `at` when (ISO 8601, UTC), `priced` of which day the price is.
    """

    key: str
    status: str
    identity: Json
    sections: tuple[str, ...]
    prompts: tuple[str, ...]
    reply: Reply | None = None
    what: str = ""
    seconds: float = 0.0
    at: str = ""
    priced: str = ""


_FIELDS, _REPLY, _USAGE = (tuple(f.name for f in fields(kind) if f.compare) for kind in (Settled, Reply, Usage))


def key(question: Question, identity: Json) -> str:
    """What names `question`, put to the engine with this `identity`."""
    asked: dict[str, object] = {
        "format": FORMAT,
        "system": _sha(question.system),
        "user": question.user,
        "prompts": question.prompts,
        "schema": _schema(question.sections),
        "engine": identity,
    }
    if question.sample:
        asked["sample"] = question.sample
    canonical = json.dumps(asked, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@lru_cache(64)
def _sha(text: str) -> str:
    """The same for every article: made once."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(64)
def _schema(sections: tuple[str, ...]) -> str:
    return digest(merged(sections))


def line(settled: Settled) -> str:
    """One line of JSON."""
    found: dict[str, object] = {"format": FORMAT}
    found |= {name: getattr(settled, name) for name in _FIELDS}
    found["reply"] = None if settled.reply is None else reply_json(settled.reply)
    kept = {name: value for name, value in found.items() if value not in (None, "")}
    text = json.dumps(kept, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair in an answer: only an escape can hold it
        return json.dumps(kept)
    return text


def of_line(text: str, where: str, hint: str = "") -> Settled:
    """What `line` wrote. Raises LedgerError, with `where` and `hint`, for anything else."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise LedgerError(f"this is {str(found['format'])[:40]!r}, not {FORMAT!r}", where=where, hint=hint)
        return Settled(
            key=_name(found, "key"),
            status=_name(found, "status"),
            identity=_table(found, "identity"),
            sections=_strings(found, "sections"),
            prompts=_strings(found, "prompts"),
            reply=reply_of(found["reply"]) if found.get("reply") is not None else None,
            what=str(found.get("what", "")),
            seconds=_number(found.get("seconds", 0.0)),
            at=str(found.get("at", "")),
            priced=str(found.get("priced", "")),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, ArithmeticError) as error:
        what = f"this line is no settled question: {type(error).__name__}: {error}"
        raise LedgerError(what[:200], where=where, hint=hint) from error


def fault_of(settled: Settled, hint: str = "") -> RetoldError:
    """The fault that a question was settled with, as an error like the one it was."""
    what = settled.what.removesuffix(f" ({hint})")
    for kind in (ContextError, DeterministicError):
        if kind.status == settled.status:
            return kind(what, hint=hint)
    if settled.status in {"http", "choices", "size"}:
        return ReplyError(settled.status, what, hint=hint)
    error = EngineError(what, hint=hint)
    error.status = settled.status
    return error


def reply_json(reply: Reply) -> dict[str, object]:
    """A reply as JSON, without what is not known."""
    found: dict[str, object] = {name: getattr(reply, name) for name in _REPLY}
    found["usage"] = {name: n for name in _USAGE if (n := getattr(reply.usage, name)) is not None}
    found["cost"] = None if reply.cost is None else str(reply.cost)
    return {name: value for name, value in found.items() if value not in (None, {})}


def reply_of(found: Json) -> Reply:
    """The reply that `reply_json` wrote. Raises ValueError, TypeError or LookupError for anything else."""
    usage = cast("Json", found.get("usage") or {})
    counts = {name: usage.get(name) for name in ("input", "output", "cached", "reasoning")}
    if not all(isinstance(count, int | None) for count in counts.values()):
        raise TypeError("usage is not counted")
    plain = {name: found.get(name) for name in ("finish", "refusal", "fingerprint")}
    if not all(isinstance(word, str | None) for word in plain.values()):
        raise TypeError("not words")
    reply = Reply(_str(found, "text"), str(found.get("model", "")), usage=Usage(**counts), **plain)  # type: ignore[arg-type]  # checked above
    cost = found.get("cost")
    return replace(
        reply,
        rung=str(found.get("rung", "")),
        least=int(cast("int", found.get("least", 0))),
        attempts=int(cast("int", found.get("attempts", 1))),
        cost=None if cost is None else _dollars(str(cost)),
    )


def _dollars(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{text} is no cost")
    return amount


def _number(value: object) -> float:
    number = float(cast("float", value))
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number of seconds")
    return number


def _str(found: Json, name: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _name(found: Json, name: str) -> str:
    """What is looked up: not empty, and UTF-8 can hold it."""
    value = _str(found, name)
    if not value.encode():
        raise ValueError(f"{name} is empty")
    return value


def _table(found: Json, name: str) -> Json:
    value = found[name]
    if not isinstance(value, dict):
        raise TypeError(f"{name} is no object")
    return value


def _strings(found: Json, name: str) -> tuple[str, ...]:
    value = found[name]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise TypeError(f"{name} is no list of words")
    return tuple(value)
