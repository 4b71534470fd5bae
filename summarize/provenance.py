"""Where a result comes from: tool, engine, prompts, requests, and how much of it is grounded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from summarize.engines import Engine
from summarize.prompt import merged
from summarize.reading import Reading
from summarize.reply import Reply
from summarize.version import __version__


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept of one settled question."""

    version: str
    sections: tuple[str, ...]
    prompts: tuple[str, ...]
    reply: Reply
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """Who was asked what, and when."""

    engine: Engine
    asked: Sequence[Asked]
    started: datetime
    blind: bool


def provenance(run: Run, readings: Iterable[Reading], ungrounded: int = 0) -> dict[str, object]:
    """The record of a run; `ungrounded` counts findings set aside outside the readings (stances)."""
    readings = list(readings)
    sections = sorted({name for asked in run.asked for name in asked.sections})
    schemas = json.dumps(merged(tuple(sections)), sort_keys=True)
    return {
        "tool": "retold",
        "version": __version__,
        "engine": run.engine.name,
        "model": run.engine.model,
        "models_returned": sorted({asked.reply.model for asked in run.asked}),
        "host": run.engine.host,
        "limits": list(run.engine.limits),
        "abstains": sorted(run.engine.abstains),
        "prompts": sorted({prompt for asked in run.asked for prompt in asked.prompts}),
        "schema_sha256": hashlib.sha256(schemas.encode()).hexdigest(),
        "blind": run.blind,
        "grounded": sum(r.grounded for r in readings),
        "ungrounded": ungrounded + sum(len(r.ungrounded) for r in readings),
        "started": run.started.isoformat(timespec="seconds"),
        "requests": [_request(asked) for asked in run.asked],
    }


def _request(asked: Asked) -> dict[str, object]:
    return {
        "version": asked.version,
        "sections": list(asked.sections),
        "finish_reason": asked.reply.finish,
        "system_fingerprint": asked.reply.fingerprint,
        "usage": asdict(asked.reply.usage),
        "seconds": asked.seconds,
    }
