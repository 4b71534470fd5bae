"""Whoever answers a Question. In this folder proper nouns answer and adjectives wrap.

    Lexicon  OpenAI  Recorded                         answer
    Retrying(Limited(Budgeted(OpenAI(…))))            one expression stacks them

`Budgeted` reserves what a request can cost before it is sent, `Limited` holds requests to what the
server bears, `Retrying` asks again what may succeed later. Clock, sleep and chance are arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summarize.prompt import Question
    from summarize.reply import Reply
    from summarize.tokens import Count


class Engine(Protocol):
    """Answers one question at a time; may be asked from many threads at once.

    `name` and `model` say who answers, `host` where (empty: in this process); `limits` is what a reader
    must know about its answers; `abstains` names the sections of which it reports values but never a
    difference between versions. `identity` holds all about the engine that can change an answer;
    `remembers`: its answers cost something, so a ledger keeps them. `window` is the tokens that a
    question and its answer may have together, `output` those of an answer alone; None where not known.
    """

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def limits(self) -> tuple[str, ...]: ...
    @property
    def abstains(self) -> frozenset[str]: ...
    @property
    def identity(self) -> Mapping[str, object]: ...
    @property
    def remembers(self) -> bool: ...
    @property
    def window(self) -> int | None: ...
    @property
    def output(self) -> int | None: ...

    def ask(self, question: Question) -> Reply:
        """A raw reply to `question`. Raises EngineError where none could be had."""
        ...

    def size(self, question: Question) -> Count:
        """How many tokens `question` takes as it is sent."""
        ...

    def relax(self, rung: str) -> None:
        """Ask less of the server's form than `rung`, at which it ignored the form twice."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Local:
    """What engines have in common that answer in this process: no window, no rung, nothing to pay."""

    host = ""
    remembers = False
    window: int | None = None
    output: int | None = None

    def size(self, question: Question) -> Count:
        """How many tokens a question has: none are sent."""
        from summarize.tokens import Count  # noqa: PLC0415  # not at start-up

        del question
        return Count(0, exact=True)

    def relax(self, rung: str) -> None:
        """There is no rung to step down from."""

    def close(self) -> None:
        """There is no connection."""


class Wrapping:
    """An engine around another: all that is known of the `inner` one, and its answers."""

    def __init__(self, inner: Engine) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def model(self) -> str:
        return self.inner.model

    @property
    def host(self) -> str:
        return self.inner.host

    @property
    def limits(self) -> tuple[str, ...]:
        return self.inner.limits

    @property
    def abstains(self) -> frozenset[str]:
        return self.inner.abstains

    @property
    def identity(self) -> Mapping[str, object]:
        return self.inner.identity

    @property
    def remembers(self) -> bool:
        return self.inner.remembers

    @property
    def window(self) -> int | None:
        return self.inner.window

    @property
    def output(self) -> int | None:
        return self.inner.output

    def ask(self, question: Question) -> Reply:
        """As the inner engine."""
        return self.inner.ask(question)

    def size(self, question: Question) -> Count:
        """As the inner engine."""
        return self.inner.size(question)

    def relax(self, rung: str) -> None:
        """As the inner engine."""
        self.inner.relax(rung)

    def close(self) -> None:
        """As the inner engine."""
        self.inner.close()
