"""Any OpenAI-compatible server, asked by Chat Completions with a strict JSON Schema.

The SDK's own retries are off: whether to ask again is decided outside, where it can be counted. The
server's words are shown in errors cut and on one line; keys never are.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from summarize.errors import AuthError, EngineError, QuotaError, ReplyError, TransientError
from summarize.reply import Reply, Usage
from summarize.schema import wire

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletion

    from summarize.prompt import Question

_NO_KEY = "none"  # the SDK wants some string; servers without keys ignore it


class OpenAI:
    """A model behind a base URL (see engines.Engine). One client, connections reused."""

    name: str = "openai"
    limits: ClassVar[tuple[str, ...]] = (
        "The findings are a language model's reading: each is shown with the words it rests on; judge by those.",
        "Nothing here has been measured for this model; two runs may differ.",
    )
    abstains: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, model: str, base_url: str, key: str = "", timeout: float = 600.0) -> None:
        if not model:
            raise EngineError("no model is named", hint="give --model, or set RETOLD_MODEL")
        if not (key.isascii() and key.isprintable()):  # the client would quote it in its error
            raise EngineError("the key has characters that no header can carry", hint="see: retold settings")
        self.model, self.host = model, urlsplit(base_url).netloc.rpartition("@")[2]
        self._base_url, self._key, self._timeout = base_url, key, timeout

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai  # noqa: PLC0415  # 0.6 s: not at start-up

        client = openai.OpenAI(
            base_url=self._base_url, api_key=self._key or _NO_KEY, timeout=self._timeout, max_retries=0
        )
        # The SDK takes these from OPENAI_* variables and would send them to any host.
        client.organization = client.project = client.admin_api_key = None
        client._custom_headers = {}  # noqa: SLF001  # no public way
        return client

    def ask(self, question: Question) -> Reply:
        """A raw reply. Raises EngineError and its kinds for what the server or the way to it did."""
        import openai  # noqa: PLC0415

        try:
            client = self._client
        except (
            OSError,
            ImportError,
            ValueError,
            openai.OpenAIError,
        ) as error:  # proxies and certificates by environment
            raise EngineError(f"no connection can be made: {self._line(error)}", where=self.host) from error
        try:
            answer = client.chat.completions.create(**self._request(question))
        except openai.APIConnectionError as error:
            raise self._unreachable(error) from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (
            openai.OpenAIError,
            ValueError,
            RecursionError,
            OverflowError,
        ) as error:  # a 200 with anything but JSON in it
            raise EngineError(f"the server's answer cannot be read: {self._line(error)}", where=self.host) from error
        try:
            return self._reply(answer)
        except (AttributeError, TypeError, LookupError) as error:  # the SDK hands on whatever came with a 200
            raise ReplyError("choices", "the server's answer is no chat completion", where=self.host) from error

    def _request(self, question: Question) -> dict[str, Any]:  # Any: the SDK's own parameters
        form = {"name": "_".join(question.sections)[:64], "strict": True, "schema": wire(question.schema)}
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.user},
            ],
            "response_format": {"type": "json_schema", "json_schema": form},
        }

    def _reply(self, answer: ChatCompletion) -> Reply:
        choice, usage = answer.choices[0], answer.usage
        message = choice.message
        refusal = getattr(message, "refusal", None)
        words = (message.content, refusal, answer.model, choice.finish_reason, answer.system_fingerprint)
        if not all(isinstance(word, str | None) for word in words):
            raise TypeError("not words")
        return Reply(
            text=message.content or "",
            model=answer.model or "",
            finish=choice.finish_reason,
            refusal=refusal,
            usage=Usage(
                _tokens(usage, "prompt_tokens"),
                _tokens(usage, "completion_tokens"),
                _tokens(getattr(usage, "prompt_tokens_details", None), "cached_tokens"),
                _tokens(getattr(usage, "completion_tokens_details", None), "reasoning_tokens"),
            ),
            fingerprint=answer.system_fingerprint,
        )

    def _unreachable(self, error: openai.APIConnectionError) -> TransientError:
        import openai  # noqa: PLC0415

        if isinstance(error, openai.APITimeoutError):
            return TransientError(f"no answer within {self._timeout:g} s", where=self.host, hint="raise the timeout")
        cause = self._line(error.__cause__ or error)
        return TransientError(f"the server cannot be reached: {cause}", where=self.host, hint="check --base-url")

    def _refused(self, error: openai.APIStatusError) -> EngineError:
        status, said = error.status_code, self._line(error.body or error.message)
        if status in {401, 403}:
            hint = f"set a key for {self.host} (see: retold settings)"
            return AuthError(f"the server refused the key ({status}): {said}", where=self.host, hint=hint)
        if "insufficient_quota" in {error.code, error.type}:
            return QuotaError(f"the account has nothing left to spend: {said}", where=self.host)
        if status in {408, 409, 429} or status >= 500:  # noqa: PLR2004  # HTTP's server errors
            return TransientError(f"the server is busy or failing ({status}): {said}", where=self.host)
        return EngineError(f"the server refused the request ({status}): {said}", where=self.host)

    def _line(self, what: object) -> str:
        """The server's words, cut, on one line, and without the key, which some servers repeat."""
        said = " ".join(str(what).split())
        return (said.replace(self._key, "[key]") if self._key else said)[:300]


def _tokens(usage: object, name: str) -> int | None:
    """A count of tokens, if the server gave one: what is no count is none."""
    count = getattr(usage, name, None)
    return count if isinstance(count, int) and count >= 0 else None
