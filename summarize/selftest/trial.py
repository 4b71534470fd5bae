"""Run controls against whatever compares, and judge what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from random import Random  # noqa: TID251  # the type of what is passed in
from typing import TypeAlias

from summarize.comparison.model import Comparison, Difference
from summarize.errors import RetoldError
from summarize.news import Story, Version, lay_out, tell_apart
from summarize.selftest.controls import made
from summarize.selftest.edits import EDITED, ORIGINAL
from summarize.selftest.model import Control, Expectation, Skipped
from summarize.text.span import Span

Tell: TypeAlias = Callable[[Story], Comparison]
_BY_ORDER = frozenset({"story", "provenance", "reliability"})  # what may differ, being about the run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison made of a control.

    `found`: the expected difference is there (true where none is expected). `shown` says it in words; `strange`
    has the words of all differences that should not be there. `error` says why there was no comparison.
    """

    control: Control
    found: bool
    shown: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    error: str = ""

    @property
    def others(self) -> int:
        """How many differences should not be there."""
        return len(self.strange)

    @property
    def passed(self) -> bool:
        """Whether there is what is expected, and nothing else."""
        return self.found and not self.strange and not self.error


def story(version: Version, control: Control, *, back: bool = False, blind: bool = True) -> Story:
    """The original and the edited version of a control; `back`: in the other order."""
    both = tell_apart([replace(version, id=ORIGINAL, label=ORIGINAL), control.version])
    return Story(tuple(lay_out(v, blind=blind) for v in (reversed(both) if back else both)))


def trial(tell: Tell, version: Version, *, chance: Random, blind: bool = True) -> Iterator[Outcome | Skipped]:
    """An outcome for each control of `version`, as they come; a Skipped for each that the article does not allow.

    A comparison that fails is an outcome with its error. Raises RetoldError for what stops a run.
    """
    for control in made(version, chance=chance):
        if isinstance(control, Skipped):
            yield control
            continue
        try:
            found = tell(story(version, control, blind=blind))
            back = tell(story(version, control, back=True, blind=blind)) if control.name == "order" else None
        except RetoldError as error:
            if error.stops:
                raise
            yield Outcome(control, found=False, error=str(error))
        else:
            yield judge(control, found, back)


def judge(control: Control, found: Comparison, back: Comparison | None = None) -> Outcome:
    """Whether `found`, the comparison of a control's versions, is what the control expects.

    `back` is the comparison of the same versions in the other order, for the control "order".
    """
    if control.name == "order":
        strange = tuple(_told_otherwise(found, back or found))
        return Outcome(control, found=True, strange=strange)
    expect = control.expect
    shown = _shown(expect, found.differences)
    strange = tuple(
        f"{d.kind}: {d.text}"
        for d in found.differences
        if d.kind not in expect.tolerated and not any(d is s for s in shown)
    )
    return Outcome(control, bool(shown) or not expect.kinds, tuple(f"{d.kind}: {d.text}" for d in shown), strange)


def _shown(expect: Expectation, differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """The difference that is expected, or the pair of them; empty if it is not there."""
    fit = [d for d in differences if d.kind in expect.kinds and (not expect.lacking or expect.lacking in d.lacking)]
    for difference in fit:
        if all(_covers(difference, version, span) for version, span in _sides(expect)):
            return (difference,)
    if not expect.pair:
        return ()
    omissions = [d for d in fit if d.kind == "omission"]
    halves = [
        next((d for d in omissions if version not in d.lacking and _covers(d, version, span)), None)
        for version, span in _sides(expect)
    ]
    pair = tuple(d for d in halves if d is not None)
    return pair if len(pair) == len(halves) else ()


def _sides(expect: Expectation) -> list[tuple[str, Span]]:
    both = ((ORIGINAL, expect.before), (EDITED, expect.after))
    return [(version, span) for version, span in both if span is not None]


def _covers(difference: Difference, version: str, span: Span) -> bool:
    """Whether some evidence of `version` overlaps `span`."""
    return any(e.start < span.end and span.start < e.end for e in difference.evidence.get(version, ()))


def _told_otherwise(forth: Comparison, back: Comparison) -> Iterator[str]:
    """What of a comparison differs by the order of the versions, in a line each."""
    for field in fields(Comparison):
        one, other = getattr(forth, field.name), getattr(back, field.name)
        if field.name in _BY_ORDER or one == other:
            continue
        if isinstance(one, tuple) and isinstance(other, tuple):
            lone = [x for x in (*one, *other) if (x in one) != (x in other)]
            yield from (f"{field.name}: {getattr(x, 'text', x)}" for x in lone)
            if not lone:
                yield f"{field.name}: in another order"
        else:
            yield f"{field.name}: not the same"


def rows(outcomes: Iterable[Outcome | Skipped]) -> tuple[dict[str, object], ...]:
    """The outcomes as plain data, for a table or JSON, one dictionary each.

    name, about, expected (str), found (bool), shown (list of str: the difference found), others (list of str),
    error (str, mostly empty), passed (bool; None for a control that was left out, which has `about` say why).
    """
    return tuple(_row(o) for o in outcomes)


def _row(outcome: Outcome | Skipped) -> dict[str, object]:
    if isinstance(outcome, Skipped):
        empty: dict[str, object] = {"expected": "", "found": None, "shown": [], "others": [], "error": ""}
        return {"name": outcome.name, "about": outcome.why, **empty, "passed": None}
    control = outcome.control
    return {
        "name": control.name,
        "about": control.about,
        "expected": "the same comparison" if control.name == "order" else str(control.expect),
        "found": outcome.found,
        "shown": list(outcome.shown),
        "others": list(outcome.strange),
        "error": outcome.error,
        "passed": outcome.passed,
    }
