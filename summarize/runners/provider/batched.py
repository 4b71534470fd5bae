"""The engine of a batch: a question is answered if its line was delivered, else it is queued and waits."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from decimal import Decimal
from typing import Final

from summarize.engines import Engine, Wrapping
from summarize.engines.completions import Response
from summarize.engines.openai import OpenAI
from summarize.errors import BudgetError, PendingError
from summarize.ledger.parcels import Parcels
from summarize.ledger.waiting import Line
from summarize.prompt import Question
from summarize.reply import Reply
from summarize.runners.provider.model import Terms
from summarize.settled import key

TRIES: Final = 2  # batches in vain, and a question is asked online
_AROUND: Final = 1_000  # tokens a chat template may put around a question
# What some readers of lines take for an end of line, besides "\n"; only strings hold them, so an escape is the same.
_ENDS: Final = (("\u0085", b"\\u0085"), ("\u2028", b"\\u2028"), ("\u2029", b"\\u2029"))


class Batched(Wrapping):
    """The model `inner`, asked by batches; `online` is the same model with all that it is wrapped in otherwise.

    `waiting` counts the questions that were put aside since the last delivery. `scope` tells this run from others
    that share the ledger.
    Raises BudgetError for a limit without a price.
    """

    def __init__(self, inner: OpenAI, online: Engine, parcels: Parcels, terms: Terms) -> None:
        super().__init__(inner)
        self.server, self.online, self.parcels, self.terms = inner, online, parcels, terms
        if self.terms.limit is not None and self.terms.price is None:
            hint = 'say what it costs in retold.toml: [prices."MODEL"] input = …, output = … (dollars a million tokens)'
            raise BudgetError(f"the price of {inner.model} is not known, so no limit can be kept", hint=hint)
        self.scope = secrets.token_hex(8)
        self.waiting = 0
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Reply:
        """The reply that was delivered. Raises the fault that was, or PendingError while there is neither."""
        name = key(question, self.identity)
        line = self.parcels.line(name)
        if line is not None and line.status is not None:
            return self._delivered(question, line)
        if line is not None and line.parcel is None and line.tries >= TRIES:
            return self.online.ask(question)
        form = self.server.form
        if line is None or (line.parcel is None and line.form != form):
            body = _one_line(self.server.body(question, form))
            tries = line.tries if line else 0
            most = self._most(len(body), form.output)
            self.parcels.queue(Line(name, self.scope, None, tries, form, most), body)
        elif line.scope != self.scope:
            self.parcels.ask_for(name, self.scope)
        with self._lock:
            self.waiting += 1
        raise PendingError("the question waits for the provider's batch", where=self.host)

    def close(self) -> None:
        """As both engines."""
        self.inner.close()
        self.online.close()

    def cost(self, reply: Reply) -> Decimal | None:
        """US dollars for a reply that came in a batch; None where price or usage is not known."""
        full = self.terms.price.cost(reply.usage) if self.terms.price else None
        return None if full is None else full * self.terms.share(self.host)

    def _delivered(self, question: Question, line: Line) -> Reply:
        rung = line.form.rung
        reply = self.server.read(Response(line.status or 0, {}, line.answer or ""), rung)
        least = self.server.least(question, rung)
        return replace(reply, least=least, cost=self.cost(reply), attempts=line.tries + 1)

    def _most(self, size: int, output: int) -> Decimal | None:
        """The most a line can cost: every byte of it as a token, and the longest answer."""
        price = self.terms.price
        return price.bound(size + _AROUND, output) * self.terms.share(self.host) if price else None


def _one_line(body: bytes) -> bytes:
    """`body` without what could be taken for the end of a line."""
    for end, escaped in _ENDS:
        body = body.replace(end.encode(), escaped)
    return body
