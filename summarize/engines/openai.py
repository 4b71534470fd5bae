"""Any OpenAI-compatible server, asked by Chat Completions.

The ladder: servers differ in the form of answer that they can be held to, so the most is asked for first.

    strict   json_schema with strict        decoded under the schema, OpenAI's subset
    schema   json_schema                    the same without the promise
    object   json_object                    any JSON; the schema is told in words
    none     nothing                        instructions only; the schema is told in words

It steps down only on a refusal that names the form, or when an answer with status 200 ignored the form
twice (`relax`); what a server was found to bear is kept in `memory`. Nothing is asked again here that was not
refused: see Retrying. What goes over the wire is connection.py's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit, urlunsplit

from summarize import tokens
from summarize.engines import completions, faults
from summarize.engines.asking import OUTPUT, RUNGS, Asking, Rung
from summarize.engines.connection import CHAT, Connection
from summarize.engines.request import requested, wire_text
from summarize.errors import ContextError, EngineError, FormatError, ParameterError
from summarize.prompt import Question, schema_text
from summarize.reply import Reply
from summarize.tokens import Count

# What a server that read a whole prompt counts at least, as a share of our count. Another tokenizer may need a
# third fewer tokens, an estimate may be a quarter too high; a chat template may hide a few more.
_EXACT, _ESTIMATED, _SMALL = 0.85, 0.6, 100
_LEAST = 256  # tokens: an answer that may be no longer than this is not worth asking for


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is asked: its `rung`, and the field `cap` that holds the longest answer, `output` tokens."""

    rung: Rung
    cap: str
    output: int


class OpenAI:
    """A model behind a base URL (see engines.Engine), asked from any number of threads."""

    name = "openai"
    limits = (
        "The findings are a language model's reading: each is shown with the words it rests on; judge by those.",
        "Nothing here has been measured for this model; two runs may differ.",
    )
    abstains: frozenset[str] = frozenset()
    remembers = True

    def __init__(  # noqa: PLR0913  # what is asked, where, and how
        self,
        model: str,
        base_url: str,
        key: str = "",
        *,
        asking: Asking | None = None,
        memory: MutableMapping[str, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not model:
            raise EngineError("no model is named", hint="give --model, or set RETOLD_MODEL")
        if not (key.isascii() and key.isprintable()):  # the client would quote it in its error
            raise EngineError("the key has characters that no header can carry", hint="see: retold settings")
        self.model, self.asking = model, asking or Asking()
        self._clock = clock
        self.connection = Connection(base_url, key, self.asking.timeout)
        self.host = self.connection.host
        self.base_url = urlunsplit(urlsplit(base_url.rstrip("/"))._replace(netloc=self.host.lower()))
        self._memory: MutableMapping[str, str] = {} if memory is None else memory
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, bool], tuple[Count, Count]] = {}

    @cached_property
    def _count(self) -> Callable[[str], Count]:
        return tokens.counter(self.model)

    @cached_property
    def identity(self) -> dict[str, object]:
        """What can change an answer: model, address, sampling, the cap on its length, a pinned rung."""
        asking = self.asking
        known = {"temperature": asking.temperature, "seed": asking.seed, "rung": asking.rung}
        return {
            "engine": self.name,
            "model": self.model,
            "base_url": self.base_url,
            "max_output_tokens": asking.output or OUTPUT,
            **{name: value for name, value in known.items() if value is not None},
        }

    @property
    def rung(self) -> Rung:
        """The form of answer asked for now."""
        kept = self.asking.rung or self._memory.get("rung")
        return next((rung for rung in RUNGS if rung == kept), RUNGS[0])

    @property
    def window(self) -> int | None:
        """Tokens that a question and its answer may have together, as told or as the server said."""
        known = self._memory.get("window", "")
        return self.asking.window or (int(known) if known.isdigit() else None)

    @property
    def output(self) -> int:
        """The most tokens that an answer may have."""
        wanted, most, window = self.asking.output or OUTPUT, self._memory.get("most", ""), self.window
        capped = min(wanted, int(most)) if most.isdigit() else wanted
        return min(capped, max(window // 2, _LEAST)) if window else capped

    @property
    def cap(self) -> str:
        """The field that caps an answer's length: OpenAI's own models refuse the older one."""
        kept = self._memory.get("cap")
        return kept if kept in faults.CAPS else faults.CAPS[self.host.endswith("api.openai.com")]

    @property
    def form(self) -> Form:
        """How a question is asked now."""
        return Form(self.rung, self.cap, self.output)

    def ask(self, question: Question) -> Reply:
        """A raw reply. Raises EngineError and its kinds for what the server or the way to it did."""
        for _ in range(len(RUNGS) + len(faults.CAPS)):  # each round but the last adapts one thing
            form = self.form
            try:
                body = self.body(question, form)
                response = self.connection.call("POST", CHAT, body, take=self.connection.whole())
                reply = self.read(response, form.rung)
                return replace(reply, least=self.least(question, form.rung))
            except EngineError as error:
                if not self.adapted(error, form):
                    raise
        raise EngineError("the server refuses every form of this question", where=self.host, hint="see: retold doctor")

    def body(self, question: Question, form: Form) -> bytes:
        """The JSON that asks `question` in this form."""
        return requested(self.model, self.asking, question, form.rung, {form.cap: form.output})

    def read(self, response: completions.Response, rung: Rung) -> Reply:
        """The reply in a response, whatever way it came. Raises the error that it is instead."""
        status = response.status if response.status != 200 else completions.error_in(response)  # noqa: PLR2004
        if status is not None:  # only a 200 carries an answer, and not every 200 does
            raise self.refused(status, response)
        if self.connection.secret:
            response = replace(response, text=self.connection.without_key(response.text))
        return completions.reply(response, self.host, rung, self._clock())

    def adapted(self, error: EngineError, form: Form) -> bool:
        """Whether this refusal of `form` was met: from now on another form is asked for."""
        if isinstance(error, FormatError):
            return self._step(form.rung)
        if isinstance(error, ParameterError):
            return self._adapt(error, form.cap, form.output)
        if isinstance(error, ContextError) and error.window and not self.asking.window:
            self._memory["window"] = str(error.window)
        return False

    def relax(self, rung: str) -> None:
        """Step down from `rung`, whose form was ignored twice: to words, if no schema is kept to."""
        if rung == self.rung and not self.asking.rung and rung != "none":
            self._memory["rung"] = "object" if rung in {"strict", "schema"} else "none"

    def size(self, question: Question) -> Count:
        """Tokens of the question as it is sent, the form of its answer included."""
        words, form = self._constant(question, self.rung)
        user = self._count(question.user)
        return Count(words.tokens + form.tokens + user.tokens, words.exact and user.exact)

    def least(self, question: Question, rung: Rung) -> int:
        """Tokens of the question's words that a server counts at least, if it read them all.

        A schema that decoding is held to is not counted: many servers do not put it into the prompt.
        """
        words, _ = self._constant(question, rung)
        user = self._count(question.user)
        share = _EXACT if words.exact and user.exact else _ESTIMATED
        return max(0, int(share * (words.tokens + user.tokens)) - _SMALL)

    def _constant(self, question: Question, rung: Rung) -> tuple[Count, Count]:
        """Tokens of the instructions, and of a schema beside them: the same for every article, so counted once."""
        told = rung in {"object", "none"}
        known = self._counted.get((question.system, told))
        if known is None:
            texts = (
                ("\n".join([question.system, schema_text(question)]), "")
                if told
                else (question.system, wire_text(question.sections))
            )
            words, form = (self._count(text) for text in texts)
            known = self._counted[question.system, told] = (words, form)
        return known

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()

    def _step(self, rung: Rung) -> bool:
        """One rung down from `rung`, unless another thread has; False where there is none, or it is pinned."""
        if self.asking.rung or rung == RUNGS[-1]:
            return False
        with self._lock:
            if self.rung == rung:
                self._memory["rung"] = RUNGS[RUNGS.index(rung) + 1]
        return True

    def _adapt(self, error: ParameterError, cap: str, most: int) -> bool:
        """The other field for the cap, once, or a lower cap, where the server says so."""
        if error.parameter not in faults.CAPS:
            return False
        with self._lock:
            if error.most and _LEAST <= error.most < most:
                self._memory["most"] = str(error.most)
                return True
            if cap != self.cap:  # another thread swapped it meanwhile
                return True
            if error.parameter != cap or self._memory.get("cap"):
                return False
            self._memory["cap"] = faults.CAPS[cap == faults.CAPS[0]]
            return True

    def refused(self, status: int, response: completions.Response) -> EngineError:
        """The error a response is, told apart by its own words and told without the key."""
        error = faults.fault(status, response.headers, response.text, self.host, self._clock())
        error.what = self.connection.without_key(error.what)
        error.args = (error.what,)
        return error
