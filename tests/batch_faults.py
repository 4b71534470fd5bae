"""What becomes of a batch at the provider: the end of its work, told otherwise than it went.

An `Outcome` is the right one at first: each line answered by the server's own script, in order. A fault makes another
outcome of it. Lines are dictionaries, or text that is no line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

Row: TypeAlias = "dict[str, Any] | str"
_EXPIRED = "This request could not be executed before the completion window expired."


@dataclass(frozen=True)
class Outcome:
    """A batch's end: its `status`, the lines of its two files, and what is wrong with it as a whole.

    A file without lines has no id (None), or `no_errors`.
    """

    status: str
    output: tuple[Row, ...] = ()
    errors: tuple[Row, ...] = ()
    faults: tuple[dict[str, Any], ...] = ()
    no_errors: str | None = None


BatchFault: TypeAlias = Callable[[Outcome], Outcome]


@dataclass
class BatchScript:
    """Which outcome the n-th batch has: the n-th of `faults`, later ones are right."""

    faults: tuple[BatchFault, ...] = ()
    taken: list[Outcome] = field(default_factory=list)

    def __call__(self, outcome: Outcome) -> Outcome:
        """What becomes of the next batch."""
        if len(self.taken) < len(self.faults):
            outcome = self.faults[len(self.taken)](outcome)
        self.taken.append(outcome)
        return outcome


def invalid(*faults: dict[str, Any]) -> BatchFault:
    """Validation failed; nothing was asked."""
    return lambda _: Outcome("failed", faults=faults)


def half(status: str, code: str) -> BatchFault:
    """It ended when half was done; the other half are errors with such a code."""

    def fault(outcome: Outcome) -> Outcome:
        at = len(outcome.output) // 2
        left = tuple(_unasked(row, code) for row in outcome.output[at:])
        return replace(outcome, status=status, output=outcome.output[:at], errors=left)

    return fault


def _unasked(row: Row, code: str) -> Row:
    assert isinstance(row, dict)
    return {**row, "response": None, "error": {"code": code, "message": _EXPIRED}}


def cancelled(outcome: Outcome) -> Outcome:
    """Half of it is there, and nothing about the rest."""
    return replace(outcome, status="cancelled", output=outcome.output[: len(outcome.output) // 2])


def all_failed(status: int = 500, **error: Any) -> BatchFault:  # noqa: ANN401  # fields of an error
    """Every line has a response that is an error, in the file of errors; there is no other."""
    body = {"error": {"message": "The server had an error.", "type": "server_error", "param": None, **error}}

    def fault(outcome: Outcome) -> Outcome:
        rows = tuple(_answered(row, status, body) for row in outcome.output)
        return replace(outcome, output=(), errors=rows)

    return fault


def _answered(row: Row, status: int, body: object) -> Row:
    assert isinstance(row, dict)
    return {**row, "response": {"status_code": status, "request_id": "req", "body": body}}


def nothing(outcome: Outcome) -> Outcome:
    """Completed, and there is no file at all."""
    return replace(outcome, output=(), errors=())


def empty_id(outcome: Outcome) -> Outcome:
    """The id of the file of errors is an empty text."""
    return replace(outcome, no_errors="")


def shuffled(outcome: Outcome) -> Outcome:
    """In another order."""
    return replace(outcome, output=outcome.output[1::2] + outcome.output[::2][::-1])


def doubled(outcome: Outcome) -> Outcome:
    """Each line twice, the second time with another answer."""
    second = tuple(_answered(row, 200, {"choices": [{"message": {"content": "{}"}}]}) for row in outcome.output)
    return replace(outcome, output=outcome.output + second)


def strange(outcome: Outcome) -> Outcome:
    """Lines of nobody's question, and some that are no lines."""
    row = outcome.output[0]
    assert isinstance(row, dict)
    odd = ("", "null", "[]", '"x"', "{}", json.dumps({**row, "custom_id": 7}), "[" * 5_000, "\x00\ud800")
    others = tuple({**row, "custom_id": name} for name in ("nobody's", "\ud800", "0" * 64))
    return replace(outcome, output=odd + others + outcome.output)


def cut(outcome: Outcome) -> Outcome:
    """The last line is cut off."""
    return replace(outcome, output=(*outcome.output[:-1], json.dumps(outcome.output[-1])[:-40]))


def missing(outcome: Outcome) -> Outcome:
    """The first line did not come."""
    return replace(outcome, output=outcome.output[1:])


CROWDED = invalid({"code": "token_limit_exceeded", "message": "Enqueued token limit reached for fake-1.", "line": None})
BATCH_FAULTS: dict[str, BatchFault] = {
    "invalid": invalid({"code": "invalid_json_line", "message": "This line is not parseable.", "line": 1}),
    "invalid_file": invalid({"code": "empty_file", "message": "The file is empty."}),
    "failed_without_reason": invalid(),
    "crowded": CROWDED,
    "expired": half("expired", "batch_expired"),
    "cancelled": cancelled,
    "cancelled_with_errors": half("cancelled", "batch_cancelled"),
    "all_failed": all_failed(),
    "all_rate": all_failed(429, code="rate_limit_exceeded"),
    "nothing": nothing,
    "empty_id": empty_id,
    "shuffled": shuffled,
    "doubled": doubled,
    "strange": strange,
    "cut": cut,
    "missing": missing,
}
