"""Every way Retold can fail, as one tree.

    RetoldError                    1
    ├── SettingsError              2   a flag, variable or retold.toml value that cannot be used
    ├── InputError                 3   a file or text that cannot be read as an article
    ├── PromptError                4   a section, prompt or schema that is missing or unsound
    ├── EngineError                5   an engine could not be asked
    │   ├── AuthError              6   the server refused the key
    │   ├── QuotaError             7   the account has nothing left to spend
    │   └── TransientError         5   unreachable, overloaded or rate limited (retryable)
    ├── ReplyError                 8   an answer came that may not be used; `gate` says why
    └── PartialFailure             9   some articles failed, the others were read

The number is the exit code; argument errors are Typer's and exit with 2, an interrupt with 130.
Each error says what happened, where (path, line, JSON path) and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class RetoldError(Exception):
    """Something the user can act on: `what` happened, `where`, and a `hint` on what to do."""

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint

    def __str__(self) -> str:
        """One line, safe for a terminal: `where: what (hint)`; control characters are shown, not sent."""
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.hint:
            parts.append(f"({self.hint})")
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in " ".join(parts))


class SettingsError(RetoldError):
    """A setting that cannot be used."""

    exit_code = 2


class InputError(RetoldError):
    """A file or text that cannot be read as an article."""

    exit_code = 3


class PromptError(RetoldError):
    """A section, prompt or schema that is missing or unsound."""

    exit_code = 4


class EngineError(RetoldError):
    """An engine could not be asked."""

    exit_code = 5


class AuthError(EngineError):
    """The server refused the key (401, 403)."""

    exit_code = 6


class QuotaError(EngineError):
    """The account has nothing left to spend."""

    exit_code = 7


class TransientError(EngineError):
    """The server is unreachable, overloaded or rate limited: the same request may succeed later."""

    retryable = True


class ReplyError(RetoldError):
    """An answer came that may not be used; `gate` names the check that stopped it (see reply.py)."""

    exit_code = 8

    def __init__(self, gate: str, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.gate = gate


class PartialFailure(RetoldError):  # noqa: N818  # it ends a run that did most of its work
    """Some articles failed; what was read is in the output, and so are the failures."""

    exit_code = 9
