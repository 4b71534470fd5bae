"""Replays what a model answered once, and refuses to invent.

A recording is a file of settled questions, one line of JSON each (see settled.py; `retold ledger export`
makes one). A question is answered only if it was asked, word for word, of the same model in the same way;
a changed prompt voids its recordings. What failed then fails again in the same way, so that a question that
was asked in parts for that reason is so again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from summarize.engines import Local
from summarize.errors import LedgerError, UnrecordedError
from summarize.settled import Settled, fault_of, key, of_line

if TYPE_CHECKING:
    from summarize.prompt import Question
    from summarize.reply import Reply


class Recorded(Local):
    """The engine that `settled` questions were put to, as far as they go (see engines.Engine).

    Raises LedgerError where they are of several models and `model` chooses none of them.
    """

    name = "recorded"
    abstains: frozenset[str] = frozenset()

    def __init__(self, settled: Iterable[Settled], model: str = "", where: str = "the recording") -> None:
        found = [s for s in settled if not model or s.identity.get("model") == model]
        identities = {repr(sorted(s.identity.items(), key=str)): s.identity for s in found}
        if not any(s.reply for s in found):
            wanted = f" of {model}" if model else ""
            raise LedgerError(f"there are no answers{wanted} in it", where=where)
        if len(identities) > 1:
            models = sorted({str(i.get("model")) for i in identities.values()})
            raise LedgerError("it has answers of several models or settings", where=where, hint=f"--model: {models}")
        (self.identity,) = identities.values()
        self.model, self._where = str(self.identity.get("model", "")), where
        self._settled = {s.key: s for s in found}
        days = sorted({s.at[:10] for s in found if s.at})
        self.limits = (
            f"These are answers that {self.model} once gave, replayed word for word; nothing was asked now.",
            f"Recorded {' to '.join(dict.fromkeys((days[0], days[-1])))}." if days else "No date was recorded.",
            "The findings are a language model's reading: each is shown with the words it rests on; judge by those.",
            "Nothing here has been measured for this model; another run may differ.",
        )

    def ask(self, question: Question) -> Reply:
        """The reply once given, or the fault. Raises UnrecordedError where this question was never asked."""
        settled = self._settled.get(key(question, self.identity))
        if settled is None:
            what = f"no recorded answer to this question ({', '.join(question.sections)})"
            raise UnrecordedError(what, where=self._where, hint="record again: the text or a prompt has changed")
        if settled.reply is None:
            raise fault_of(settled)
        return settled.reply


def recording(path: Path) -> Iterable[Settled]:
    """The settled questions in a recording. Raises LedgerError for a file that is none, naming the line."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield of_line(text, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"the recording cannot be read: {error}", where=str(path)) from error
