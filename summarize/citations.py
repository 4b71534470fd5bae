"""The last gate, `citations`: what is wrong with those of an answer, in words that go back to the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from summarize.news import Article
from summarize.prompt import Question
from summarize.reading import positions, read

_SHOWN = 20  # numbers that are listed


def faults(article: Article, question: Question, answer: Mapping[str, object]) -> tuple[str, ...]:
    """What is wrong with the citations of a valid `answer` to `question` about `article`, in words for a model.

    A sentence counts only if it was shown, and a stance must speak of each claim it was asked about.
    """
    shown = {line.number for line in question.lines}
    unseen = [
        f"{section}: sentence {number} was not shown"
        for section, number in dict.fromkeys(_cited(answer))
        if number not in shown
    ]
    ungrounded = list(read(article, answer).ungrounded)
    missing: list[str] = []
    if "stance" in answer:
        found, aside = positions(article, answer, question.first + len(question.claims) - 1)
        ungrounded += aside
        judged = found.keys() | {item.finding.get("claim") for item in aside}
        left = [n for n in range(question.first, question.first + len(question.claims)) if n not in judged]
        missing = [f"stance: claim {_listed(left)} is not answered"] if left else []
    told = [f"{u.section}: {u.reason}" for u in ungrounded if "there is no sentence" not in u.reason]
    return tuple(dict.fromkeys((*unseen, *told, *missing)))


def _cited(answer: object, section: str = "") -> Iterable[tuple[str, int]]:
    """(section, number) of every citation in an answer."""
    if isinstance(answer, dict):
        yield from ((section, number) for number in answer.get("cites") or ())
        for name, value in answer.items():
            yield from _cited(value, section or name)
    elif isinstance(answer, list):
        for value in answer:
            yield from _cited(value, section)


def inventory_faults(question: Question, answer: Mapping[str, object]) -> tuple[str, ...]:
    """The numbers in a valid `answer` to an inventory `question` that no claim has."""
    items = cast("list[Mapping[str, list[int]]]", answer["inventory"])
    known = range(question.first, question.first + len(question.claims))
    wrong = sorted({n for item in items for n in item["claims"] if n not in known})
    return (f"inventory: there is no claim {_listed(wrong)}",) if wrong else ()


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_SHOWN]))
