"""The Batch API's side of the server: files go up, batches are made of them, and their lines are answered.

A line is answered by the script that answers online, when the batch comes to its end. A batch moves on each time it
is looked at, so that no test waits. What comes of it is told by `ends` (see batch_faults.py); `wire` holds answers
that are given instead of, or after, the next calls of a kind.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from batch_faults import BatchScript, Outcome, Row
from exchange import Answer, Asked, Script, error, raw

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAGES = ("validating", "in_progress", "finalizing")
_NONE = {"type": "invalid_request_error", "param": "id", "code": None}


@dataclass(frozen=True)
class Instead:
    """What a call gets: `answer`, after what was asked for is done if `done`, else instead of it."""

    answer: Answer
    done: bool = False


@dataclass(kw_only=True)
class BatchSide:
    """Files and batches, newest last; `submitted` counts how often each question came in a batch that was answered."""

    script: Script
    ends: BatchScript = field(default_factory=BatchScript)
    wire: dict[str, deque[Instead]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    submitted: Counter[str] = field(default_factory=Counter)
    page: int = 2  # batches of a page, however many are asked for

    def batch_answer(self, asked: Asked) -> Answer | None:
        """The answer to a call of the Batch API; None for another."""
        kind = self.batch_call(asked)
        if kind is None:
            return None
        queue = self.wire.get(kind)
        instead = queue.popleft() if queue else None
        if instead is not None and not instead.done:
            return instead.answer
        answer: Answer = getattr(self, f"_{kind}")(asked)
        return answer if instead is None else instead.answer

    @staticmethod
    def batch_call(asked: Asked) -> str | None:
        """Which call of the Batch API it is: upload, create, page, look or content."""
        path = urlsplit(asked.path).path
        calls = {
            ("POST", r".*/files"): "upload",
            ("POST", r".*/batches"): "create",
            ("GET", r".*/batches"): "page",
            ("GET", r".*/batches/[^/]+"): "look",
            ("GET", r".*/files/[^/]+/content"): "content",
        }
        return next((c for (m, form), c in calls.items() if m == asked.method and re.fullmatch(form, path)), None)

    def calls(self, asked: Iterable[Asked]) -> Counter[str]:
        """How often each call came."""
        return Counter(call for one in asked if (call := self.batch_call(one)) is not None)

    def _upload(self, asked: Asked) -> Answer:
        edge = asked.headers["content-type"].partition("boundary=")[2].encode()
        parts = dict(_part(part) for part in asked.raw.split(b"--" + edge)[1:-1])
        assert parts["purpose"] == b"batch"
        ident = f"file-{len(self.files) + 1}"
        self.files[ident] = parts["file"]
        return raw(200, {"id": ident, "object": "file", "purpose": "batch", "bytes": len(parts["file"])})

    def _create(self, asked: Asked) -> Answer:
        told = asked.body
        assert set(told) == {"input_file_id", "endpoint", "completion_window", "metadata"}
        assert (told["endpoint"], told["completion_window"]) == ("/v1/chat/completions", "24h")
        assert told["input_file_id"] in self.files
        ident = f"batch_{len(self.batches) + 1}"
        self.batches[ident] = {
            "id": ident,
            "object": "batch",
            "errors": None,
            "status": _STAGES[0],
            "output_file_id": None,
            "error_file_id": None,
            "created_at": 4_102_444_800,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            **told,
        }
        return raw(200, self.batches[ident])

    def _page(self, asked: Asked) -> Answer:
        after = parse_qs(urlsplit(asked.path).query).get("after", [""])[0]
        newest = list(self.batches.values())[::-1]
        start = next((i + 1 for i, batch in enumerate(newest) if batch["id"] == after), 0)
        shown = newest[start : start + self.page]
        return raw(200, {"object": "list", "data": shown, "has_more": start + self.page < len(newest)})

    def _look(self, asked: Asked) -> Answer:
        batch = self.batches.get(asked.path.rpartition("/")[2])
        if batch is None:
            return error(404, "No such batch.", **_NONE)
        if batch["status"] in _STAGES:
            stage = _STAGES.index(batch["status"]) + 1
            batch["status"] = _STAGES[stage] if stage < len(_STAGES) else self._end(batch, asked)
        return raw(200, batch)

    def _content(self, asked: Asked) -> Answer:
        content = self.files.get(asked.path.split("/")[-2])
        return error(404, "No such File object.", **_NONE) if content is None else Answer(200, content)

    def _end(self, batch: dict[str, Any], asked: Asked) -> str:
        rows = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        for row in rows:
            assert (row["method"], row["url"]) == ("POST", "/v1/chat/completions")
            self.submitted[row["custom_id"]] += 1
        answers = [(row, self.script(Asked(row["url"], {}, json.dumps(row["body"]).encode()))) for row in rows]
        good = tuple(_row(row, answer) for row, answer in answers if answer.status == 200)
        bad = tuple(_row(row, answer) for row, answer in answers if answer.status != 200)
        outcome = self.ends(Outcome("completed", good, bad))
        batch["output_file_id"] = self._written("output", asked, outcome.output, None)
        batch["error_file_id"] = self._written("errors", asked, outcome.errors, outcome.no_errors)
        batch["errors"] = {"object": "list", "data": list(outcome.faults)} if outcome.status == "failed" else None
        counts = {"total": len(rows), "completed": len(outcome.output), "failed": len(outcome.errors)}
        batch["request_counts"] = counts
        return outcome.status

    def _written(self, kind: str, asked: Asked, rows: tuple[Row, ...], none: str | None) -> str | None:
        if not rows:
            return none
        ident = f"file-{kind}-{asked.number}"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        self.files[ident] = "\n".join(lines).encode("utf-8", "surrogatepass")
        return ident


def _row(row: dict[str, Any], answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except ValueError:  # a gateway's page
        body = {"error": {"message": answer.body.decode("utf-8", "replace")}}
    response = {"status_code": answer.status, "request_id": "req", "body": body}
    return {"id": "batch_req", "custom_id": row["custom_id"], "response": response, "error": None}


def _part(part: bytes) -> tuple[str, bytes]:
    head, _, content = part.partition(b"\r\n\r\n")
    name = re.search(rb'; name="([a-z]+)"', head)
    assert name is not None
    return name[1].decode(), content.removesuffix(b"\r\n")
