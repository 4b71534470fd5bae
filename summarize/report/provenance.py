"""Where a result comes from: tool, engine, prompts, requests, and how much of it is grounded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from summarize import __version__
from summarize.job import Asked, Job
from summarize.prompt import merged
from summarize.reading import Reading


def provenance(job: Job, readings: Iterable[Reading], *, unblind: bool, ungrounded: int = 0) -> dict[str, object]:
    """The record of a run; `ungrounded` counts findings set aside outside the readings (stances)."""
    readings = list(readings)
    engine = job.engine
    sections = sorted({name for asked in job.asked for name in asked.sections})
    schemas = json.dumps(merged(sections), sort_keys=True)
    return {
        "tool": "retold",
        "version": __version__,
        "engine": engine.name,
        "model": engine.model,
        "models_returned": sorted({asked.reply.model for asked in job.asked}),
        "host": engine.host,
        "limits": list(engine.limits),
        "abstains": sorted(engine.abstains),
        "prompts": sorted({prompt for asked in job.asked for prompt in asked.prompts}),
        "schema_sha256": hashlib.sha256(schemas.encode()).hexdigest(),
        "blind": not unblind,
        "grounded": sum(r.grounded for r in readings),
        "ungrounded": ungrounded + sum(len(r.ungrounded) for r in readings),
        "started": job.started.isoformat(timespec="seconds"),
        "requests": [_request(asked) for asked in job.asked],
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
