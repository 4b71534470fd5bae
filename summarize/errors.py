"""Every way Retold can fail, as one tree.

    RetoldError                    1   failed
    ├── SettingsError              2   setting        a flag, variable or retold.toml value that cannot be used
    ├── InputError                 3   input          a file or text that cannot be read as an article
    │   └── NoArticle              3   skipped        … and is not meant to be: another kind of file or record
    ├── PromptError                4   prompt         a section, prompt or schema that is missing or unsound
    ├── EngineError                5   refused        the server refused the question
    │   ├── AuthError              6   auth           … the key (401, 403)                        stops the run
    │   ├── QuotaError             7   quota          the account has nothing left to spend       stops the run
    │   ├── ModelError            10   model          the server does not know the model          stops the run
    │   ├── BudgetError           11   budget         --max-cost would be exceeded                stops the run
    │   ├── UnreachableError       5   unreachable    nobody answers at the base URL              stops the run
    │   ├── FormatError            5   format         … the form of the answer: asked less of, once a rung
    │   ├── ParameterError         5   parameter      … a parameter
    │   ├── ContextError           5   context        the question exceeds the model's context: asked in parts
    │   ├── PendingError           5   pending        the question waits for a provider's batch
    │   ├── ContentError           5   content        … for what the article says
    │   ├── UnrecordedError       13   unrecorded     the recording has no answer to this question
    │   ├── DeterministicError     5   deterministic  the same fault five times on one question
    │   └── TransientError         5   transient      failing or timed out: asked again
    │       ├── RateError          5   rate           too many requests or tokens: asked again, slower
    │       └── OverloadError      5   overloaded     the server is overloaded: asked again
    ├── ReplyError                 8   its gate       an answer came that may not be used (see reply.py)
    ├── LedgerError               12   ledger         the ledger cannot be used, or is none
    ├── PartialFailure             9   partial        some articles failed, the others were read
    └── Stopped                  130   interrupted    the user stopped the run; what was settled is kept

The number is the exit code, the word the status in results and in the ledger. Argument errors are
Typer's and exit with 2. Each error says what happened, where (path, line, JSON path) and what to do.
"""

from __future__ import annotations

from typing import ClassVar

_LONGEST = 1_000  # characters of an error that are printed; the words in it may be a server's


class RetoldError(Exception):
    """Something the user can act on: `what` happened, `where`, and a `hint` on what to do.

    `stops`: every other question would fail in the same way, so the run ends. `settles`: asking the
    same again would fail in the same way, so the ledger remembers it.
    """

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    stops: ClassVar[bool] = False
    settles: ClassVar[bool] = False
    status: str = "failed"

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint

    def __str__(self) -> str:
        """One line, safe for a terminal: `where: what (hint)`; control characters are shown, not sent."""
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.hint:
            parts.append(f"({self.hint})")
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in " ".join(parts)[:_LONGEST])


class SettingsError(RetoldError):
    """A setting that cannot be used."""

    exit_code = 2
    status = "setting"


class InputError(RetoldError):
    """A file or text that cannot be read as an article."""

    exit_code = 3
    status = "input"


class NoArticle(InputError):  # noqa: N818  # what an archive holds beside its articles is no fault
    """Something in an archive that is not meant to be an article: another kind of file, a record of a request."""

    status = "skipped"


class PromptError(RetoldError):
    """A section, prompt or schema that is missing or unsound."""

    exit_code = 4
    status = "prompt"


class EngineError(RetoldError):
    """The server refused the question, or an engine could not be asked."""

    exit_code = 5
    settles = True
    status = "refused"


class AuthError(EngineError):
    """The server refused the key (401, 403)."""

    exit_code = 6
    stops, settles = True, False
    status = "auth"


class QuotaError(EngineError):
    """The account has nothing left to spend."""

    exit_code = 7
    stops, settles = True, False
    status = "quota"


class ModelError(EngineError):
    """The server does not know the model, or the base URL leads to no chat completions."""

    exit_code = 10
    stops, settles = True, False
    status = "model"


class BudgetError(EngineError):
    """The next question could cost more than --max-cost leaves, or its price is not known."""

    exit_code = 11
    stops, settles = True, False
    status = "budget"


class UnreachableError(EngineError):
    """Nobody answers at the base URL."""

    retryable = True
    stops, settles = True, False
    status = "unreachable"


class FormatError(EngineError):
    """The server refused the form in which the answer was asked for."""

    status = "format"


class ParameterError(EngineError):
    """The server refused a parameter, named in `parameter`; `most` is the largest value it takes, if it said so."""

    status = "parameter"

    def __init__(
        self, what: str, *, parameter: str = "", most: int | None = None, where: str = "", hint: str = ""
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.parameter, self.most = parameter, most


class ContextError(EngineError):
    """The question exceeds the model's context of `window` tokens, if the server said how many."""

    status = "context"

    def __init__(self, what: str, *, window: int | None = None, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.window = window


class PendingError(EngineError):
    """The question waits for the answers of a provider's batch; nothing is settled yet, and others go on."""

    retryable = True
    settles = False
    status = "pending"


class ContentError(EngineError):
    """The server's filter refused the question for what the article says."""

    status = "content"


class UnrecordedError(EngineError):
    """A recording was to answer, and has no answer to this question."""

    exit_code = 13
    settles = False
    status = "unrecorded"


class DeterministicError(EngineError):
    """The same fault came five times on one question."""

    status = "deterministic"


class TransientError(EngineError):
    """The server fails or does not answer in time: the same request may succeed later.

    `after` is how many seconds the server asked to wait; `sent`: the request may have been answered, and billed.
    """

    retryable = True
    settles = False
    status = "transient"

    def __init__(
        self, what: str, *, after: float | None = None, sent: bool = False, where: str = "", hint: str = ""
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.after, self.sent = after, sent


class RateError(TransientError):
    """Too many requests or tokens at a time."""

    status = "rate"


class OverloadError(TransientError):
    """The server is overloaded, whoever asks."""

    status = "overloaded"


class ReplyError(RetoldError):
    """An answer came that may not be used; `gate` names the check that stopped it (see reply.py).

    `enforced` is False where the answer breaks even the form that the server was told to keep to.
    """

    exit_code = 8
    settles = True

    def __init__(self, gate: str, what: str, *, where: str = "", hint: str = "", enforced: bool = True) -> None:
        super().__init__(what, where=where, hint=hint)
        self.gate = self.status = gate
        self.enforced = enforced


class LedgerError(RetoldError):
    """The ledger cannot be read or written, or the file is none."""

    exit_code = 12
    stops = True
    status = "ledger"


class PartialFailure(RetoldError):  # noqa: N818  # it ends a run that did most of its work
    """Some articles failed; what was read is in the output, and so are the failures."""

    exit_code = 9
    status = "partial"


class Stopped(RetoldError):  # noqa: N818  # the user's wish, not a fault
    """The user stopped the run; what was settled is kept."""

    exit_code = 130
    stops = True
    status = "interrupted"
