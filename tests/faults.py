"""The catalogue of what goes wrong: refusals word for word as servers give them, broken wires, bad answers.

A fault that a real server gives only for a reason (a form, a parameter, a size it does not take) looks for
that reason in the request, and answers well without it. The others are given whatever is asked.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from bad_answers import BAD_ANSWERS
from exchange import Answer, Asked, Script, always, error, good, raw

_OPENAI = "https://platform.openai.com"


def rate_limited(headers: Mapping[str, str]) -> Answer:
    """OpenAI's 429 for too many requests, with such `headers` as say when to come again."""
    message = f"Rate limit reached for requests. Visit {_OPENAI}/account/rate-limits to learn more."
    return error(429, message, headers, type="requests", param=None, code="rate_limit_exceeded")


def rate_429(seconds: int = 1) -> Script:
    """Retry-After in seconds."""
    return always(rate_limited({"Retry-After": str(seconds)}))


def rate_429_ms(milliseconds: int = 20) -> Script:
    """retry-after-ms, which Azure and OpenAI send."""
    return always(rate_limited({"retry-after-ms": str(milliseconds)}))


def rate_429_http_date(seconds: int = 1, clock: Callable[[], float] = time.time) -> Script:
    """Retry-After as a date, so many whole `seconds` from now by `clock` (seconds since 1970)."""
    return lambda _: rate_limited({"Retry-After": formatdate(math.ceil(clock()) + seconds, usegmt=True)})


def rate_429_reset(wait: str = "20ms", of: str = "requests") -> Script:
    """x-ratelimit-reset-requests (or -tokens) as OpenAI writes durations: "20ms", "1s", "6m0s"."""
    left = {f"x-ratelimit-limit-{of}": "60", f"x-ratelimit-remaining-{of}": "0", f"x-ratelimit-reset-{of}": wait}
    return always(rate_limited(left))


def slow_down(status: int) -> Script:
    """OpenAI's word to a client whose rate rises too quickly; 503, seen as 429 too."""
    message = "Slow down: please reduce your request rate to its original level."
    return always(error(status, message, type="server_error", param=None, code="slow_down"))


def context(limit: int | None = None) -> Script:
    """OpenAI's refusal of more than `limit` prompt tokens (of any request where None)."""

    def told(asked: Asked, most: int) -> Answer:
        message = (
            f"This model's maximum context length is {most} tokens. However, your messages resulted in "
            f"{asked.tokens} tokens. Please reduce the length of the messages."
        )
        kind = "invalid_request_error"
        return error(400, message, type=kind, param="messages", code="context_length_exceeded")

    return _over(limit, told)


def context_llama(limit: int | None = None) -> Script:
    """llama-server's refusal of more than `limit` prompt tokens (of any request where None)."""

    def told(asked: Asked, most: int) -> Answer:
        message = (
            f"request ({asked.tokens} tokens) exceeds the available context size ({most} tokens), try increasing it"
        )
        kind = "exceed_context_size_error"
        return error(400, message, code=400, type=kind, n_prompt_tokens=asked.tokens, n_ctx=most)

    return _over(limit, told)


def _over(limit: int | None, told: Callable[[Asked, int], Answer]) -> Script:
    def script(asked: Asked) -> Answer:
        if limit is None:
            return told(asked, asked.tokens // 2)
        return told(asked, limit) if asked.tokens > limit else good(asked)

    return script


def format_400(*, also_object: bool = False) -> Script:
    """OpenAI's refusal of response_format json_schema, and of json_object where `also_object`."""

    def script(asked: Asked) -> Answer:
        kind = (asked.body.get("response_format") or {}).get("type")
        if kind != "json_schema" and not (also_object and kind == "json_object"):
            return good(asked)
        message = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
        return error(400, message, type="invalid_request_error", param="response_format", code=None)

    return script


def format_500(asked: Asked) -> Answer:
    """llama-cpp-python's refusal of json_schema, which is a 500 and shows a path; json_object it takes."""
    if (asked.body.get("response_format") or {}).get("type") in {None, "text", "json_object"}:
        return good(asked)
    message = (
        "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), "
        "'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema', "
        "'ctx': {'expected': \"'text' or 'json_object'\"}}\n\n"
        '  File "/srv/llama_cpp/server/app.py", line 376, in create_chat_completion\n'
    )
    return error(500, message, type="internal_server_error", param=None, code=None)


def without(parameter: str, message: str, **fields: object) -> Script:
    """A server that refuses whatever has `parameter` in it."""
    refused = error(400, message, None, type="invalid_request_error", **fields)
    return lambda asked: refused if parameter in asked.body else good(asked)


def content_filter_400(_: Asked) -> Answer:
    """Azure's refusal of a prompt."""
    policy = {"hate": {"filtered": False, "severity": "safe"}, "violence": {"filtered": True, "severity": "medium"}}
    message = (
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. "
        "Please modify your prompt and retry."
    )
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": policy}
    return error(400, message, type=None, param="prompt", code="content_filter", status=400, innererror=inner)


def model_404(asked: Asked) -> Answer:
    """OpenAI's refusal of a model."""
    message = f"The model `{asked.body.get('model')}` does not exist or you do not have access to it."
    return error(404, message, type="invalid_request_error", param=None, code="model_not_found")


def hang(seconds: float = math.inf) -> Script:
    """Nothing for `seconds`, and then the end; without them, until the client or the server goes."""
    return always(Answer(sent="end", pause=seconds))


def broken(**how: Any) -> Script:  # noqa: ANN401  # fields of Answer
    """The right answer, billed, and sent in some other way than whole (see exchange.Answer)."""
    return lambda asked: replace(good(asked), **how)


def _shape(body: object, status: int = 400) -> Script:
    return always(raw(status, body))


_REFUSED = {"message": "The request was refused.", "type": "invalid_request_error", "param": None}
_QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this "
    f"error, read the docs: {_OPENAI}/docs/guides/error-codes/api-errors."
)
_WRONG_KEY = f"Incorrect API key provided. You can find your API key at {_OPENAI}/account/api-keys."
_COUNTRY, _ABROAD = "Country, region, or territory not supported", "unsupported_country_region_territory"
_FAILED = "The server had an error while processing your request. Sorry about that!"
_OLD_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)
_COLD = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
_GATEWAY = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><hr>nginx</body></html>"
UNAUTHORIZED = error(401, _WRONG_KEY, type="invalid_request_error", param=None, code="invalid_api_key")
NOT_FOUND = raw(404, {"detail": "Not Found"})

FAULTS: dict[str, Script] = {
    "rate_429": rate_429(),
    "rate_429_bare": always(rate_limited({})),
    "rate_429_ms": rate_429_ms(),
    "rate_429_http_date": rate_429_http_date(),
    "rate_429_reset": rate_429_reset(),
    "rate_429_reset_1s": rate_429_reset("1s"),
    "rate_429_reset_6m0s": rate_429_reset("6m0s"),
    "quota_429": always(error(429, _QUOTA, type="insufficient_quota", param=None, code="insufficient_quota")),
    "slow_down_503": slow_down(503),
    "slow_down_429": slow_down(429),
    "401": always(UNAUTHORIZED),
    "403": always(error(403, _COUNTRY, type="request_forbidden", param=None, code=_ABROAD)),
    "404_model": model_404,
    "404_path": always(NOT_FOUND),
    "400_context": context(),
    "400_context_llama": context_llama(),
    "400_format": format_400(),
    "400_format_any": format_400(also_object=True),
    "500_format": format_500,
    "400_parameter": without("max_tokens", _OLD_TOKENS, param="max_tokens", code="unsupported_parameter"),
    "400_parameter_reverse": without(
        "max_completion_tokens", "Unrecognized request argument supplied: max_completion_tokens", param=None, code=None
    ),
    "400_temperature": without("temperature", _COLD, param="temperature", code="unsupported_value"),
    "400_content_filter": content_filter_400,
    "400_code_integer": _shape({"error": _REFUSED | {"code": 400}}),
    "400_code_null": _shape({"error": _REFUSED | {"code": None}}),
    "400_code_missing": _shape({"error": _REFUSED}),
    "400_flat": _shape({"object": "error", **_REFUSED, "code": 40303}),
    "400_text": _shape({"error": "The request was refused."}),
    "400_detail": _shape({"detail": "The request was refused."}),
    "422_detail_list": _shape({"detail": [{"type": "missing", "loc": ["body", "stop"], "msg": "Field required"}]}, 422),
    "500": always(error(500, _FAILED, type="server_error", param=None, code=None)),
    "500_text": always(Answer(500, b"Internal Server Error", "text/plain; charset=utf-8", closes=True)),
    "503_html": always(Answer(503, _GATEWAY, "text/html")),
    "reset_mid_body": broken(sent="half, then reset"),
    "close_before_body": broken(sent="head, then end"),
    "close_before_head": broken(sent="end"),
    "reset_before_head": broken(sent="reset"),
    "closes_after_answer": broken(closes=True),
    "hang": hang(),
    **BAD_ANSWERS,
}  # fmt: skip
