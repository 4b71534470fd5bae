"""One tiny question, put as a run would put it: which form is kept to, and what comes back.

A form that is ignored with status 200 is stepped down from at once (a run waits for a second time): a doctor
is to say how a server can be asked. A refusal that tells the window is asked again once, within it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from summarize.citations import faults
from summarize.doctor.checks import Check, failed
from summarize.engines.asking import RUNGS
from summarize.engines.openai import OpenAI
from summarize.errors import ContextError, ModelError, ReplyError, RetoldError
from summarize.news import Version, lay_out
from summarize.prices import Price
from summarize.prompt import Question, reading_question
from summarize.reply import REPAIRABLE, Reply, parse

OUTPUT = 4_096  # tokens of the answer at most, where nobody says: room to think, and an end to a runaway
ARTICLE = lay_out(
    Version(
        "A ferry with 48 people on board ran aground off Lowick on Tuesday.\n\nNobody was hurt, the coastguard said.\n",
        id="doctor",
    )
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the question: the last `reply`, the `error` that stopped it, `faults` of its citations.

    `ignored` are the rungs whose form was not kept to; `seconds` are those of the last request.
    """

    reply: Reply | None = None
    error: RetoldError | None = None
    faults: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def rung(self) -> str:
        """The rung whose form the server takes; "" where no answer came, or the last one ignored its form."""
        return "" if self.reply is None or _formless(self.error) else self.reply.rung


def tried(engine: OpenAI, clock: Callable[[], float]) -> Trial:
    """The trial of `engine`; raises nothing of the RetoldError tree."""
    try:
        question = reading_question(ARTICLE, ("summary",))
    except RetoldError as error:
        return Trial(error=error)
    ignored: list[str] = []
    window = engine.window
    while True:
        trial = _once(engine, question, clock, tuple(ignored))
        if _formless(trial.error) and trial.reply and _relaxed(engine, trial.reply.rung):
            ignored.append(trial.reply.rung)
        elif isinstance(trial.error, ContextError) and engine.window != window:
            window = engine.window
        else:
            return trial


def _once(engine: OpenAI, question: Question, clock: Callable[[], float], ignored: tuple[str, ...]) -> Trial:
    started, reply = clock(), None
    try:
        reply = engine.ask(question)
        took = round(clock() - started, 3)
        answer = parse(reply, question.schema)
        return Trial(reply, None, faults(ARTICLE, question, answer), ignored, took)
    except RetoldError as error:
        return Trial(reply, error, (), ignored, round(clock() - started, 3))


def _formless(error: RetoldError | None) -> bool:
    return isinstance(error, ReplyError) and not error.enforced and error.gate in REPAIRABLE


def _relaxed(engine: OpenAI, rung: str) -> bool:
    engine.relax(rung)
    return engine.rung != rung


def question_check(trial: Trial, model: str, said: Callable[[str], str]) -> Check:
    """Whether an answer came, and passed all gates."""
    error, reply = trial.error, trial.reply
    if error is None and reply is not None:
        whose = f"; answered by {said(reply.model)}" if reply.model and reply.model != model else ""
        found = f"answered in {trial.seconds:g} s{whose}"
        if trial.faults:
            return Check(
                "question", "warning", f"{found}; it cites badly: {said(trial.faults[0])}", "a run asks for better ones"
            )
        return Check("question", "ok", f"{found}; its answer passed all gates")
    if isinstance(error, ReplyError):
        gate = f"stopped at the gate {error.gate}, after {trial.seconds:g} s"
        hint = "raise --max-output-tokens" if error.gate == "length" else error.hint
        told = f"{error.where}: {error.what}" if error.where.startswith(("$", "line")) else error.what
        return Check("question", "failed", f"{gate}: {said(told)}", said(hint), error.exit_code)
    check = failed("question", error or RetoldError("nothing came"), said)
    if "doctor" not in check.hint:
        return check
    return replace(check, hint="choose one with --model" if isinstance(error, ModelError) else "")


def rung_check(trial: Trial, pinned: str | None) -> Check:
    """Which form was asked for in the end."""
    if trial.reply is None:
        return Check("rung", "skipped", "no answer came")
    rung = trial.reply.rung
    if not trial.rung:
        found = f"status 200, but no form was kept to: {', '.join((*trial.ignored, rung))}"
        return Check("rung", "warning", found, "a run asks again; or another model")
    if pinned or rung == RUNGS[0]:
        return Check("rung", "ok", f"{rung}{', pinned' if pinned else ': the highest'}")
    why = f"status 200, but ignored: {', '.join(trial.ignored)}" if trial.ignored else "what is above it was refused"
    return Check("rung", "warning", f"{rung}, lower than strict ({why})", f"pin it to save requests: --rung {rung}")


def usage_check(trial: Trial, cap: str, price: Price | None) -> Check:
    """The tokens that the server counted."""
    if trial.reply is None:
        return Check("usage", "skipped", "no answer came")
    usage = trial.reply.usage
    if usage.input is None or usage.output is None:
        hint = "costs and limits cannot be told, nor whether the server cut the text"
        return Check("usage", "warning", f"the server counts no tokens; answers are capped by {cap}", hint)
    cost = price.cost(usage) if price else None
    more = f" ({usage.cached:,} cached)" if usage.cached is not None else ""
    paid = f"; ${cost:.6f}" if cost is not None else ""
    found = f"{usage.input:,} tokens read{more}, {usage.output:,} written, capped by {cap}{paid}"
    return Check("usage", "ok", found)
