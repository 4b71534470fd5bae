"""Whoever answers a Question. In this folder proper nouns answer: Lexicon, OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from summarize.prompt import Question
    from summarize.reply import Reply


class Engine(Protocol):
    """Answers one question at a time.

    `name` and `model` say who answers, `host` where (empty: in this process); `limits` is what a
    reader must know about its answers; `abstains` names the sections of which it reports values but
    never a difference between versions.
    """

    name: str
    model: str
    host: str
    limits: ClassVar[tuple[str, ...]]
    abstains: ClassVar[frozenset[str]]

    def ask(self, question: Question) -> Reply:
        """A raw reply to `question`. Raises EngineError where none could be had."""
        ...
