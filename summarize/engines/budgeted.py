"""Spends no more than it may: what a request can cost at most is reserved before it is sent.

The most that a request can cost is every byte of it as a token (no tokenizer makes more) and the longest
answer allowed. What it did cost is settled when the server has counted. Where an answer was lost on the
way, or the server did not count, the reservation is taken as spent; a refused request costs nothing.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from summarize.engines import Engine, Wrapping
from summarize.errors import BudgetError, EngineError, Stopped
from summarize.prompt import schema_text

if TYPE_CHECKING:
    from summarize.prices import Price
    from summarize.prompt import Question
    from summarize.reply import Reply

_AROUND = 1_000  # tokens a chat template may put around a question
_LONGEST_WAIT = 1.0  # seconds between two looks at what other processes have settled


class Purse(Protocol):
    """Where money is kept account of, for all threads and processes that share it."""

    def reserve(self, most: Decimal, limit: Decimal) -> int | None:
        """Reserve `most` within `limit`; the reservation, or None where too little is left."""
        ...

    def settle(self, reservation: int, spent: Decimal) -> None:
        """Replace a reservation by what was spent."""
        ...

    def spent(self) -> Decimal:
        """All that is spent or reserved."""
        ...


class Priced(Wrapping):
    """`inner`, whose replies say what they cost."""

    def __init__(self, inner: Engine, price: Price | None) -> None:
        super().__init__(inner)
        self.price = price

    def ask(self, question: Question) -> Reply:
        """A reply with its cost, if price and usage are known."""
        reply = self.inner.ask(question)
        return replace(reply, cost=self.price.cost(reply.usage) if self.price else None)


class Budgeted(Wrapping):
    """`inner`, asked only while `limit` (US dollars) cannot be exceeded. Raises BudgetError at its end.

    Once `stop` is set, those who wait for money give up: Stopped.
    """

    def __init__(
        self,
        inner: Engine,
        price: Price | None,
        purse: Purse,
        limit: Decimal,
        stop: threading.Event | None = None,
    ) -> None:
        super().__init__(inner)
        if price is None:
            hint = 'say what it costs in retold.toml: [prices."MODEL"] input = …, output = … (dollars a million tokens)'
            raise BudgetError(f"the price of {inner.model} is not known, so no limit can be kept", hint=hint)
        self._price, self._purse, self._limit = price, purse, limit
        self._stop = stop or threading.Event()
        self._under_way = self._longest = 0
        self._settled = threading.Condition()

    def ask(self, question: Question) -> Reply:
        """A reply within the budget. Raises BudgetError where this question may not fit into it."""
        most = self._price.bound(largest(question) + _AROUND, max(self.inner.output or 0, self._longest))
        reservation = self._reserved(most)
        spent = most
        try:
            reply = self.inner.ask(question)
            spent = most if reply.cost is None else reply.cost
            self._longest = max(self._longest, reply.usage.output or 0)  # not every server keeps to a cap
        except EngineError as error:
            spent = most if getattr(error, "sent", False) else Decimal(0)
            raise
        finally:
            with self._settled:
                try:
                    self._purse.settle(reservation, spent)
                finally:  # whatever the ledger says, those who wait for money must look again
                    self._under_way -= 1
                    self._settled.notify_all()
        return reply

    def _reserved(self, most: Decimal) -> int:
        """A reservation, once there is room for it: others may settle for less than they reserved."""
        with self._settled:
            while True:
                if self._stop.is_set():
                    raise Stopped("the run was stopped", hint="the same command goes on where it stopped")
                reservation = self._purse.reserve(most, self._limit)
                if reservation is not None:
                    self._under_way += 1
                    return reservation
                if not self._under_way:
                    left = self._limit - self._purse.spent()
                    what = f"the next question could cost ${most:.6f}, and ${max(left, Decimal(0)):.6f} is left"
                    hint = "raise --max-cost or lower --max-output-tokens; the same command goes on where it stopped"
                    raise BudgetError(what, hint=hint)
                self._settled.wait(_LONGEST_WAIT)


def largest(question: Question) -> int:
    """More tokens than `question` can be in any vocabulary: its bytes, the form of its answer included."""
    texts = (question.system, question.user, json.dumps(question.schema), schema_text(question))
    return sum(len(text.encode("utf-8", "replace")) for text in texts)
