"""Where a result comes from: tool, engine, prompts, requests, and how much of it is grounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from summarize.agreement import alphas
from summarize.engines import Engine
from summarize.prompt import Question, merged
from summarize.reading import Label, Reading
from summarize.reply import Reply, Usage
from summarize.schema import digest
from summarize.settled import Settled
from summarize.version import __version__

_COUNTS = ("input", "output", "cached", "reasoning")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept of one settled question; `again`: it was not asked now, but found in the ledger."""

    version: str
    sections: tuple[str, ...]
    prompts: tuple[str, ...]
    reply: Reply | None
    seconds: float
    status: str = "done"
    again: bool = False
    key: str = ""
    priced: str = ""

    @classmethod
    def of(cls, question: Question, settled: Settled, *, again: bool) -> Asked:
        """What is kept of `question`."""
        about = (question.version, question.sections, question.prompts, settled.reply, settled.seconds)
        return cls(*about, settled.status, again, settled.key, settled.priced)


@dataclass(slots=True)
class Tally:
    """What many requests took together, without keeping them."""

    asked: int = 0
    again: int = 0
    attempts: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    cost: Decimal = Decimal(0)
    unpriced: int = 0
    models: set[str] = field(default_factory=set)
    rungs: set[str] = field(default_factory=set)
    sections: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    priced: set[str] = field(default_factory=set)
    grounded: int = 0
    ungrounded: int = 0
    labels: list[tuple[str, Label]] = field(default_factory=list)  # none where each article was read once

    def add(self, asked: Asked) -> None:
        """Count a request. Only what was asked now counts as spent."""
        self.statuses[asked.status] = self.statuses.get(asked.status, 0) + 1
        self.sections.update(asked.sections)
        self.prompts.update(asked.prompts)
        self.again += asked.again
        self.asked += not asked.again
        reply = asked.reply
        if reply is None:
            return
        self.models |= {reply.model}
        self.rungs |= {reply.rung} if reply.rung else set()
        if asked.again:
            return
        self.attempts += reply.attempts
        self.priced |= {asked.priced} if asked.priced else set()
        self.unpriced += reply.cost is None
        self.cost += reply.cost or Decimal(0)
        for name in _COUNTS:
            self.tokens[name] += getattr(reply.usage, name) or 0

    def judge(self, reading: Reading) -> None:
        """Count the findings of a reading."""
        self.grounded += reading.grounded
        self.ungrounded += len(reading.ungrounded)
        self.labels += [(reading.version, label) for label in reading.agreement]


def tally(asked: Iterable[Asked], readings: Iterable[Reading] = (), ungrounded: int = 0) -> Tally:
    """All of them together; `ungrounded` counts findings set aside outside the readings (stances)."""
    found = Tally(ungrounded=ungrounded)
    for one in asked:
        found.add(one)
    for reading in readings:
        found.judge(reading)
    return found


def provenance(  # noqa: PLR0913  # what a record is made of
    engine: Engine, found: Tally, started: datetime, requests: Sequence[Asked] = (), *, blind: bool, samples: int = 1
) -> dict[str, object]:
    """The record of a run: who was asked what, when, what it took, and how much is grounded."""
    agreed = {kind: asdict(alpha) for kind, alpha in alphas(found.labels).items()} if found.labels else {}
    return {
        "tool": "retold",
        "version": __version__,
        "engine": engine.name,
        "model": engine.model,
        "models_returned": sorted(found.models),
        "host": engine.host,
        "limits": list(engine.limits),
        "abstains": sorted(engine.abstains),
        "settings": {name: value for name, value in engine.identity.items() if name not in {"engine", "model"}},
        "rungs": sorted(found.rungs),
        "prompts": sorted(found.prompts),
        "schema_sha256": digest(merged(tuple(sorted(found.sections)))),
        "blind": blind,
        "samples": samples,
        **({"alphas": agreed} if samples > 1 else {}),
        "grounded": found.grounded,
        "ungrounded": found.ungrounded,
        "asked": found.asked,
        "from_ledger": found.again,
        "attempts": found.attempts,
        "statuses": dict(sorted(found.statuses.items())),
        "usage": found.tokens,
        "cost": None if found.unpriced or not found.asked else str(found.cost),
        "priced": sorted(found.priced),
        "started": started.isoformat(timespec="seconds"),
        "requests": [request(asked) for asked in requests],
    }


def request(asked: Asked) -> dict[str, object]:
    """One request's record."""
    reply = asked.reply or Reply("", attempts=0)
    return {
        "version": asked.version,
        "sections": list(asked.sections),
        "key": asked.key,
        "status": asked.status,
        "from_ledger": asked.again,
        "model_returned": reply.model,
        "rung": reply.rung,
        "attempts": reply.attempts,
        "finish_reason": reply.finish,
        "system_fingerprint": reply.fingerprint,
        "usage": asdict(reply.usage) if asked.reply else asdict(Usage()),
        "cost": None if reply.cost is None else str(reply.cost),
        "seconds": asked.seconds,
    }
