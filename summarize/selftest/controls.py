"""All controls of an article, in the order in which they are told."""

from __future__ import annotations

from random import Random  # noqa: TID251  # the type of what is passed in

from summarize.news import Version
from summarize.selftest.edits import edited
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.naming import name, speaker
from summarize.selftest.negation import negation
from summarize.selftest.numbers import number
from summarize.selftest.paraphrase import paraphrase
from summarize.selftest.prose import Prose
from summarize.selftest.sentences import added, removed


def controls(version: Version, *, chance: Random) -> tuple[Control, ...]:
    """The controls that an article allows; the same for the same article and seed of `chance`."""
    return tuple(c for c in made(version, chance=chance) if isinstance(c, Control))


def made(version: Version, *, chance: Random) -> tuple[Made, ...]:
    """One entry for each of model.NAMES, in their order: the control, or why the article does not allow it."""
    prose = Prose(version)
    itself = Control("self", "nothing was changed", edited(version, ()), Expectation())
    planted = [make(prose, chance) for make in (paraphrase, number, name, negation, speaker, removed, added)]
    head, tail = planted[:5], planted[5:]
    return (itself, *head, _order(planted), *tail)


def _order(planted: list[Made]) -> Made:
    """The versions of another control in the other order, so that a model is asked nothing new.

    The one whose order could be told by most: a contradiction, or what one side has and the other lacks.
    """
    by_name = {c.name: c for c in planted if isinstance(c, Control)}
    chosen = next((by_name[n] for n in ("negation", "number", "name", "removed", "added") if n in by_name), None)
    chosen = chosen or next(iter(by_name.values()), None)
    if chosen is None:
        return Skipped("order", "there is no edited version to compare in both orders")
    about = f"the versions of “{chosen.name}” were given in the other order"
    return Control("order", about, chosen.version, Expectation(), chosen.edits)
