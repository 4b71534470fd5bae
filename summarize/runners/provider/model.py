"""What a delivery costs, what it may do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from summarize.prices import Price

_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a batch costs: a share (`discount`) of `price`; None for half of it at OpenAI's own host, else all.

    With a `limit` (US dollars), no more is sent than the account `job` may spend.
    """

    price: Price | None = None
    discount: Decimal | None = None
    job: str = ""
    limit: Decimal | None = None

    def share(self, host: str) -> Decimal:
        """What is paid at `host` of each dollar."""
        if self.discount is not None:
            return self.discount
        return _HALF if host.partition(":")[0].lower() == "api.openai.com" else Decimal(1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a batch may hold, `lines` and `size` (bytes) at most, and how it is waited for.

    Pauses between two looks grow from `first` to `longest` seconds; after `outage` faults of one kind in a row the
    run ends.
    """

    lines: int = 50_000
    size: int = 100_000_000
    first: float = 1.0
    longest: float = 60.0
    outage: int = 60


@dataclass(slots=True)
class Report:
    """What a delivery did: `lines` sent in so many `batches`, of which `answered` were.

    `failed` of the answers are refusals that would only repeat; `requeued` lines wait again.
    `again`: questions were waiting, so that it is worth asking all of them once more.
    """

    lines: int = 0
    batches: int = 0
    answered: int = 0
    failed: int = 0
    requeued: int = 0
    again: bool = False
