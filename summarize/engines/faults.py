"""What a refused request means: from status, headers and body to one error of the tree.

Servers word their errors in three shapes and two of none:

    {"error": {"message": …, "type": …, "param": …, "code": …}}     OpenAI, llama.cpp, LiteLLM; code text, number, null
    {"error": "…"} · {"object": "error", "message": …, "code": …}    older Ollama, TGI · older vLLM
    {"detail": "…"} · {"detail": [{"msg": …, "loc": […]}]}           FastAPI: llama-cpp-python, transformers
    plain text · HTML                                                proxies, crashes

The status alone is not to be trusted: one server refuses a form with a 500, one an unknown model with a
400, one a used-up account with a 429.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from summarize.engines import waits
from summarize.errors import (
    AuthError,
    ContentError,
    ContextError,
    EngineError,
    FormatError,
    ModelError,
    OverloadError,
    ParameterError,
    QuotaError,
    RateError,
    TransientError,
)

CAPS = ("max_tokens", "max_completion_tokens")
_PARAMETERS = (*CAPS, "temperature", "seed", "top_p")
_LONGEST = 300  # characters of a server's words that are shown
_FORM = re.compile(r"response_format|json_schema|json_object|structured output|grammar|guided_json", re.IGNORECASE)
_CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|ContextWindowExceeded|maximum context length|"
    r"available context size|context window|prompt is too long|maximum (?:model|input|prompt) length|"
    r"inputs?\W{0,2} (?:tokens.{0,40}must be|must have less than)|longer than the (?:model|maximum|context)",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"(?:context length(?: is|:)?(?: only)?|context size \(|context (?:window|length) of|n_ctx\D{1,4}|<=|less than) ?"
    r"(\d{3,8})",
    re.IGNORECASE,
)
_QUOTA = re.compile(
    r"insufficient_quota|billing_hard_limit|exceeded your current quota|"
    r"insufficient (?:balance|credits|funds)|credit.balance",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"model_not_found|no such model|invalid model name|unknown model|pinned to|"
    r"model .{0,80}(?:not found|does not exist|is not available)|"
    r"(?:not found|does not exist).{0,20}model",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"content_filter|content_policy|content management policy|safety system|moderation", re.IGNORECASE
)
# The last is a batch's: too much of it waits already.
_RATE = re.compile(r"rate.?limit|too many requests|slow.?down|throttl|cooldown|token_limit_exceeded", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:at most|less than or equal to|<=|maximum(?: allowed)?(?: is| of)?:?) ?(\d{1,8})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer whose status is not 200: what it says in whatever shape, and to whom it was said."""

    status: int
    headers: Mapping[str, str]
    body: str
    host: str
    said: str = ""
    code: str = ""
    kind: str = ""
    parameter: str = ""
    window: int | None = None
    words: str = field(default="", repr=False)

    def tell(self, error: type[EngineError], what: str, hint: str = "") -> EngineError:
        """An `error` with the server's own words."""
        return error(f"{what} ({self.status}): {self.said}", where=self.host, hint=hint)


def fault(status: int, headers: Mapping[str, str], body: str, host: str, now: float) -> EngineError:
    """The error that a response other than a 200 is. `headers` in lower case; `now` in seconds since 1970."""
    refused = _read(status, headers, body, host)
    for is_it, make in _KINDS:
        if is_it(refused):
            return make(refused, now)
    return refused.tell(EngineError, "the server refused the request")


def _read(status: int, headers: Mapping[str, str], body: str, host: str) -> Refused:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    inner = parsed
    if isinstance(parsed, dict):
        inner = parsed.get("error") or parsed.get("detail") or (parsed.get("message") and parsed) or parsed
    about = cast("dict[str, object]", inner) if isinstance(inner, dict) else {}
    said = about.get("message") or about.get("detail") or (inner or body)
    line = _line(said if isinstance(said, str) else json.dumps(said)) or "no reason given"
    code, kind, parameter = (_word(about.get(name)) for name in ("code", "type", "param"))
    limit = about.get("n_ctx")
    known = _WINDOW.search(line)
    window = limit if isinstance(limit, int) and limit > 0 else int(known[1]) if known else None
    words = f"{code} {kind} {parameter} {_line(body, 4_000)}"
    return Refused(status, headers, body, host, line, code, kind, parameter, window, words)


def _word(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _line(text: str, most: int = _LONGEST) -> str:
    """A server's words on one line and cut; of an HTML page, its words only."""
    if text.lstrip()[:1] == "<":
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]{0,500}>", " ", text[:20_000], flags=re.DOTALL | re.IGNORECASE)
    return " ".join(text[: 4 * most].split())[:most]


def _auth(r: Refused) -> bool:
    return r.status in {401, 403} and not _MODEL.search(r.words)


def _make_auth(r: Refused, _: float) -> EngineError:
    return r.tell(AuthError, "the server refused the key", f"set a key for {r.host} (see: retold settings)")


def _quota(r: Refused) -> bool:
    if r.status == 400:  # noqa: PLR2004  # its words may repeat the article
        return bool(_QUOTA.search(f"{r.code} {r.kind}"))
    return r.status in {402, 403, 429} and (r.status == 402 or bool(_QUOTA.search(r.words)))  # noqa: PLR2004  # Payment Required


def _make_quota(r: Refused, _: float) -> EngineError:
    return r.tell(
        QuotaError, "the account has nothing left to spend", "what was settled is kept; the same command goes on"
    )


def _context(r: Refused) -> bool:
    return r.status in {400, 413, 422, 500} and bool(_CONTEXT.search(r.words))


def _make_context(r: Refused, _: float) -> EngineError:
    return ContextError(
        f"the text does not fit into the model's context ({r.status}): {r.said}", window=r.window, where=r.host
    )


def _model(r: Refused) -> bool:
    return r.status in {400, 401, 403, 404, 422} and bool(_MODEL.search(r.words))


def _make_model(r: Refused, _: float) -> EngineError:
    return r.tell(ModelError, "the server does not know the model", "retold doctor lists its models")


def _no_path(r: Refused) -> bool:
    return r.status in {404, 405} or 300 <= r.status < 400  # noqa: PLR2004  # redirects are not followed


def _make_no_path(r: Refused, _: float) -> EngineError:
    return r.tell(ModelError, "there are no chat completions at this address", "check --base-url; most end in /v1")


def _content(r: Refused) -> bool:
    return r.status in {400, 403, 422} and bool(_CONTENT.search(r.words))


def _make_content(r: Refused, _: float) -> EngineError:
    return r.tell(ContentError, "the server's filter refused the text")


def _parameter(r: Refused) -> bool:
    return r.status in {400, 422} and bool(_named(r)) and not _FORM.search(r.parameter)


def _named(r: Refused) -> str:
    if r.parameter in _PARAMETERS:
        return r.parameter
    # "Unsupported parameter: 'max_tokens' … Use 'max_completion_tokens' instead": the first one named is refused
    places = {name: at for name in _PARAMETERS if (at := re.search(rf"\b{name}\b", r.said)) is not None}
    return min(places, key=lambda name: places[name].start()) if places else ""


def _make_parameter(r: Refused, _: float) -> EngineError:
    named, most = _named(r), _AT_MOST.search(r.said)
    return ParameterError(
        f"the server refused {named} ({r.status}): {r.said}",
        parameter=named,
        most=int(most[1]) if most else None,
        where=r.host,
    )


def _format(r: Refused) -> bool:
    # a 500 that names the form is one server's refusal of it; other servers' 500s are passing
    return r.status in {400, 415, 422, 500, 501} and bool(_FORM.search(r.words))


def _make_format(r: Refused, _: float) -> EngineError:
    return r.tell(FormatError, "the server refused the form asked for", "pin a rung the server knows: --rung object")


def _rate(r: Refused) -> bool:
    slowed = r.status in {500, 503} and bool(re.search(r"slow.?down", r.words, re.IGNORECASE))
    return r.status == 429 or slowed or (r.status == 400 and bool(_RATE.search(f"{r.code} {r.kind}")))  # noqa: PLR2004


def _make_rate(r: Refused, now: float) -> EngineError:
    after = waits.asked(r.headers, r.body, now)
    return RateError(f"too many requests at a time ({r.status}): {r.said}", after=after, where=r.host)


def _busy(r: Refused) -> bool:
    return r.status in {408, 409, 425} or r.status >= 500  # noqa: PLR2004  # HTTP's server errors


def _make_busy(r: Refused, now: float) -> EngineError:
    kind = OverloadError if r.status in {503, 529} or "overloaded" in r.words.lower() else TransientError
    after = waits.asked(r.headers, "", now)
    lost = r.status in {408, 502, 504}  # a gateway's: what is behind it may have answered, and billed
    return kind(f"the server is busy or failing ({r.status}): {r.said}", after=after, sent=lost, where=r.host)


# The first that fits: what stops a run before what is asked again, a named cause before a bare status.
_KINDS: tuple[tuple[Callable[[Refused], bool], Callable[[Refused, float], EngineError]], ...] = (
    (_quota, _make_quota),
    (_model, _make_model),
    (_content, _make_content),
    (_auth, _make_auth),
    (_no_path, _make_no_path),
    (_rate, _make_rate),
    (_context, _make_context),
    (_parameter, _make_parameter),
    (_format, _make_format),
    (_busy, _make_busy),
)
