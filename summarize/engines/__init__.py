"""Whoever answers a Question. In this folder proper nouns answer and adjectives wrap.

    Lexicon  OpenAI  Recorded                         answer
    Retrying(Limited(Budgeted(OpenAI(…))))            one expression stacks them

`Budgeted` reserves what a request can cost before it is sent, `Limited` holds requests to what the
server bears, `Retrying` asks again what may succeed later. Clock, sleep and chance are arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summarize.prompt import Question
    from summarize.reply import Reply
    from summarize.tokens import Count


class Engine(Protocol):
    """Answers one question at a time; may be asked from many threads at once."""

    @property
    def name(self) -> str:
        """Who answers."""
        ...

    @property
    def model(self) -> str:
        """Which model, by the name it is asked for."""
        ...

    @property
    def host(self) -> str:
        """Where; empty: in this process."""
        ...

    @property
    def limits(self) -> tuple[str, ...]:
        """What a reader must know about its answers, in sentences."""
        ...

    @property
    def abstains(self) -> frozenset[str]:
        """The sections of which it gives values, but never a difference between versions."""
        ...

    @property
    def identity(self) -> Mapping[str, object]:
        """All about the engine that can change an answer."""
        ...

    @property
    def remembers(self) -> bool:
        """Whether a ledger keeps its answers, as they cost something."""
        ...

    @property
    def window(self) -> int | None:
        """Tokens that a question and its answer may have together; None where that is not known."""
        ...

    @property
    def output(self) -> int | None:
        """Tokens that an answer may have; None for no limit."""
        ...

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


def _inner(name: str) -> Any:  # noqa: ANN401  # typed where it is used
    return property(lambda self: getattr(self.inner, name), doc=f"The inner engine's {name}.")


class Wrapping:
    """An engine around another: all that is known of the `inner` one, and its answers."""

    name: str = _inner("name")
    model: str = _inner("model")
    host: str = _inner("host")
    limits: tuple[str, ...] = _inner("limits")
    abstains: frozenset[str] = _inner("abstains")
    identity: Mapping[str, object] = _inner("identity")
    remembers: bool = _inner("remembers")
    window: int | None = _inner("window")
    output: int | None = _inner("output")

    def __init__(self, inner: Engine) -> None:
        self.inner = inner

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
