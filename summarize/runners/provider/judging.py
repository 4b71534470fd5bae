"""What a delivered line comes to, as the same answer would online: kept, met with another form, or waited for again."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from http import HTTPStatus

from summarize.engines.completions import Response
from summarize.errors import EngineError, ParameterError, ReplyError
from summarize.ledger.waiting import Line, Verdict
from summarize.reply import Reply
from summarize.runners.provider.batched import Batched
from summarize.runners.provider.lines import Delivered


class Judge:
    """Judges the lines of one batch; `stopping` is what every other question would meet as well."""

    def __init__(self, batched: Batched) -> None:
        self.stopping: EngineError | None = None
        self._batched = batched
        self._met: dict[object, bool] = {}

    def prepare(self, delivered: Iterable[Delivered]) -> None:
        """Meet the refusals of a form among the lines, once for each kind, before anything is laid down.

        What the engine learns from them is kept in the ledger too, and not within a transaction on the lines.
        """
        for one in delivered:
            refused = one.status and (one.status != HTTPStatus.OK or '"choices"' not in one.text)
            line = self._batched.parcels.line(one.key) if refused else None
            if line is not None and line.parcel is not None:
                self(line, one)

    def __call__(self, line: Line, one: Delivered) -> Verdict:
        """What becomes of `line`."""
        if not one.status:
            return Verdict()
        found = self._read(line, one)
        if isinstance(found, Reply):
            return Verdict(one.status, one.text, spent=self._batched.cost(found))
        if found is None:
            return Verdict(one.status, one.text, spent=None)
        return self._refused(line, one, found)

    def _refused(self, line: Line, one: Delivered, error: EngineError) -> Verdict:
        if error.retryable:
            return Verdict(spent=None if getattr(error, "sent", False) else Decimal(0))
        if error.stops:
            self.stopping = self.stopping or error
            return Verdict(tried=False)
        if self._is_met(line, error):  # a cap may be lowered many times, a rung or a name only a few
            return Verdict(tried=isinstance(error, ParameterError) and error.most is not None)
        return Verdict(one.status, one.text)

    def _read(self, line: Line, one: Delivered) -> Reply | EngineError | None:
        """The reply, or the error that it is instead; None for what is no chat completion."""
        try:
            return self._batched.server.read(Response(one.status, {}, one.text), line.form.rung)
        except ReplyError:
            return None
        except EngineError as error:
            return error

    def _is_met(self, line: Line, error: EngineError) -> bool:
        """Whether from now on another form is asked for: the ladder is stepped down once for all lines alike."""
        named = (getattr(error, "parameter", ""), getattr(error, "most", None), getattr(error, "window", None))
        kind = (error.status, *named, line.form)
        if kind not in self._met:
            self._met[kind] = self._batched.server.adapted(error, line.form)
        return self._met[kind]
