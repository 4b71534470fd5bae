"""From an HTTP response to a Reply: the first two gates, `http` and `choices`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from summarize.engines import waits
from summarize.errors import ReplyError, TransientError
from summarize.reply import Reply, Usage

if TYPE_CHECKING:
    import httpx2

    from summarize.engines.asking import Rung

MAX_BYTES = 32_000_000  # of a response; nothing honest comes near
_LOOKED_AT = 10_000  # characters of a body in which an error would stand
_REASONING = ("reasoning_content", "reasoning")  # where some servers leave an answer made under a schema


@dataclass(frozen=True, slots=True)
class Response:
    """A response that was read whole, headers in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


def capped(response: httpx2.Response, clock: Callable[[], float], until: float) -> Response:
    """`response`, read to its end, closed whatever happens.

    Raises ReplyError for one without an end, TimeoutError for one that is not there when `clock` says `until`:
    a server may send a blank now and then, for ever.
    """
    read = bytearray()
    try:
        plain = "content-encoding" not in response.headers
        for chunk in response.iter_raw() if plain else response.iter_bytes():
            read += chunk
            if len(read) > MAX_BYTES:
                raise ReplyError("size", f"the answer has more than {MAX_BYTES} bytes")
            if clock() > until:
                raise TimeoutError
    finally:
        response.close()
    return Response(
        response.status_code, {k.lower(): v for k, v in response.headers.items()}, read.decode("utf-8", "replace")
    )


def error_in(response: Response) -> int | None:
    """The status that a gateway hid in a response with status 200 whose body is an error; None if it is none."""
    if '"error"' not in response.text[:_LOOKED_AT] or '"choices"' in response.text:
        return None
    try:
        answer: object = json.loads(response.text)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(answer, dict) and answer.get("error")):
        return None
    code = answer["error"].get("code") if isinstance(answer["error"], dict) else None
    told = int(code) if isinstance(code, int) or (isinstance(code, str) and code.isdecimal()) else 0
    return told if 400 <= told <= 599 else 500  # noqa: PLR2004  # HTTP's errors


def reply(response: Response, host: str, rung: Rung, now: float) -> Reply:
    """The Reply in a response with status 200, which came `now` (seconds since 1970).

    Raises ReplyError for what is no chat completion.
    """
    try:
        answer: object = json.loads(response.text)
    except (ValueError, RecursionError) as error:
        if "json" in response.headers.get("content-type", "json"):  # cut on the way
            raise TransientError(f"the response is not JSON: {error}"[:200], where=host, sent=True) from error
        raise ReplyError("http", "the response is no chat completion", where=host, hint="check --base-url") from error
    try:
        found = _reply(cast("dict[str, object]", answer), rung)
    except (AttributeError, TypeError, LookupError) as error:
        raise ReplyError(
            "choices", "the response is no chat completion", where=host, hint="check --base-url"
        ) from error
    pause = waits.used_up(response.headers, now)
    return replace(found, pause=pause) if pause else found


def _reply(answer: dict[str, object], rung: Rung) -> Reply:
    choice = cast("list[dict[str, object]]", answer["choices"])[0]
    message = cast("dict[str, object]", choice["message"])
    text = _words(message.get("content")) or next(
        (found for name in _REASONING if (found := _words(message.get(name)))), ""
    )
    usage = _table(answer.get("usage"))
    return Reply(
        text=text,
        model=_words(answer.get("model")),
        finish=_words(choice.get("finish_reason")) or None,
        refusal=_words(message.get("refusal")) or None,
        usage=Usage(
            _count(usage, "prompt_tokens"),
            _count(usage, "completion_tokens"),
            _count(_table(usage.get("prompt_tokens_details")), "cached_tokens"),
            _count(_table(usage.get("completion_tokens_details")), "reasoning_tokens"),
        ),
        fingerprint=_words(answer.get("system_fingerprint")) or None,
        rung=rung,
    )


def _words(value: object) -> str:
    if not isinstance(value, str | None):
        raise TypeError("not words")
    return value or ""


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _count(usage: Mapping[str, object], name: str) -> int | None:
    """A count of tokens, if the server gave one: what is no count is none."""
    count = usage.get(name)
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
