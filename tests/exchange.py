"""What goes back and forth with a server of our own: a request as it came, a response as it is to be sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from answering import answer_to, question_of, shown, user_message

Sent: TypeAlias = Literal["all", "half, then reset", "head, then end", "end", "reset"]
CHARACTERS_PER_PROMPT_TOKEN, CHARACTERS_PER_TOKEN = 4.6, 4.0


@dataclass(frozen=True)  # no slots: what is in it is looked up once
class Asked:
    """A request: header names in lower case, `number` in the order of arrival from 1, `at` by the server's clock."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    method: str = "POST"
    number: int = 0
    at: float = 0.0

    @cached_property
    def body(self) -> dict[str, Any]:
        """The request's JSON object."""
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def user(self) -> str:
        """The user's last message."""
        return user_message(self.body)

    @cached_property
    def item(self) -> str:
        """What is asked about, as a digest of the user message: a repair of a faulty answer is the same item."""
        seen = shown(self.user)
        told = json.dumps(list(seen) if any(seen) else [self.user])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def step(self) -> str:
        """Which step of a comparison it is: "reading", "gaps", "inventory", "stance", or "again", a second look."""
        question = question_of(self.body)
        if question.near or question.gaps:
            return "again" if question.near else "gaps"
        return "reading" if len(question.sections) > 1 else "".join(question.sections)

    @cached_property
    def tokens(self) -> int:
        """The prompt's size as this server counts it."""
        characters = sum(len(message["content"] or "") for message in self.body["messages"])
        return max(1, round(characters / CHARACTERS_PER_PROMPT_TOKEN))


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw HTTP response, and how it goes over the wire.

    `pause`: seconds before anything is sent (infinite: until the client or the server goes); `sent`: how
    much of it, and how the connection ends if not all; `closes`: the connection is closed after it though
    no header says so. The tokens are what the server bills for it.
    """

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: Sent = "all"
    pause: float = 0.0
    closes: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0


Script: TypeAlias = Callable[[Asked], Answer]


def good(asked: Asked) -> Answer:
    """The right answer."""
    return completion(asked, answer_to(asked.body))


def completion(
    asked: Asked, content: str | None, finish: str = "stop", *, seen: float = 1.0, **message: object
) -> Answer:
    """A chat completion whose one message is `content`; the server counted a share `seen` of the prompt."""
    written = sum(len(text) for text in (content, *message.values()) if isinstance(text, str))
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": content, **message},
        "logprobs": None,
    }
    return chat(asked, [choice], max(1, round(asked.tokens * seen)), max(1, round(written / CHARACTERS_PER_TOKEN)))


def chat(asked: Asked, choices: list[dict[str, Any]], prompt_tokens: int, completion_tokens: int) -> Answer:
    """A chat completion of `choices`, billed with its usage."""
    body = {
        "id": f"chatcmpl-{asked.number}",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": asked.body.get("model", "fake-1"),
        "system_fingerprint": "fp_fake",
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }
    return Answer(200, json.dumps(body).encode(), prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)


def error(status: int, message: str, headers: Mapping[str, str] | None = None, /, **fields: object) -> Answer:
    """An error in the common form: an `error` object with a message and such `fields` as a server gives it."""
    return raw(status, {"error": {"message": message, **fields}}, headers)


def raw(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Any JSON under any status."""
    return Answer(status, json.dumps(body).encode(), headers=headers or {})


def always(answer: Answer) -> Script:
    """The script that gives `answer` whatever it is asked."""
    return lambda _: answer
