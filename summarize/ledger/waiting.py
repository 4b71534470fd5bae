"""What waits for a provider's batch, as the ledger holds it (see parcels.py): lines, parcels, what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from summarize.engines.openai import Form


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a batch: how often a batch came to no answer (`tries`), the `form` it was last asked in.

    `parcel` it is sent in, None while it is queued or answered; `most` US dollars it can cost, None if its price is
    not known; `status` (HTTP) and `answer` (a response's JSON) once it is answered.
    """

    key: str
    scope: str
    parcel: int | None
    tries: int
    form: Form
    most: Decimal | None = None
    status: int | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Lines sent together. `ours` names it at the provider; `state` is gathered, uploaded, created or harvested."""

    id: int
    ours: str
    job: str
    state: str
    file_id: str
    batch_id: str
    lines: int
    at: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a parcel may hold: `lines` and `size` (bytes) at most.

    Its reservation is made for `job` within `limit` US dollars; None: none is made.
    """

    lines: int
    size: int
    job: str = ""
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a delivered line comes to: an answer with its `status`, or, if that is None, one more wait in the queue.

    `tried`: that counts as a try. `spent`: US dollars, None for as much as was reserved.
    """

    status: int | None = None
    answer: str = ""
    tried: bool = True
    spent: Decimal | None = Decimal(0)


@dataclass(slots=True)
class Harvest:
    """What came of a parcel: lines answered, and queued again (`requeued`).

    `failed` of the answers are refusals that would only repeat. `strange` lines were of no question that was
    waited for. `spent` in US dollars.
    """

    answered: int = 0
    failed: int = 0
    requeued: int = 0
    strange: int = 0
    spent: Decimal = Decimal(0)


class Keyed(Protocol):
    """A delivered line, of which nothing is known here but whose it is."""

    @property
    def key(self) -> str:
        """The key of its question."""
        ...
