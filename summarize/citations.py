"""The last gate, `citations`: what is wrong with those of an answer, in words that go back to the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from summarize.evidence import Unresolved, resolve
from summarize.news import Article
from summarize.prompt import Question

_SHOWN = 20  # numbers that are listed


def faults(article: Article, question: Question, answer: Mapping[str, object]) -> tuple[str, ...]:
    """What is wrong with the citations of a valid `answer` to `question` about `article`, in words for a model.

    A sentence counts only if it was shown, words only if they are in it, and a stance must speak of each claim
    it was asked about.
    """
    shown = {line.number for line in question.lines}
    found = [
        f"{section}: sentence {number} was not shown"
        for section, item in _citing(answer)
        for number in cast("list[int]", item["cites"])
        if number not in shown
    ]
    for item in cast("list[Mapping[str, object]]", answer.get("wording") or []):
        try:
            resolve(article, cast("list[int]", item["cites"]), cast("str", item["words"]))
        except Unresolved as reason:
            found.append(f"wording: {reason}")
    if "stance" in answer:
        found += _stance_faults(question, cast("Mapping[str, object]", answer["stance"]))
    return tuple(dict.fromkeys(found))


def _stance_faults(question: Question, stance: Mapping[str, object]) -> list[str]:
    asked = range(question.first, question.first + len(question.claims))
    told = [cast("int", item["claim"]) for item in cast("list[Mapping[str, object]]", stance["told"])]
    silent = cast("list[int]", stance["silent"])
    answered = {*told, *silent}
    found = {
        "there is no claim {}": sorted(answered - set(asked)),
        "claim {} is not answered": [n for n in asked if n not in answered],
        "claim {} is both told and silent": sorted(set(told) & set(silent)),
    }
    return [f"stance: {what.format(_listed(numbers))}" for what, numbers in found.items() if numbers]


def _citing(answer: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every finding of an answer that cites, with its section."""
    rest: list[tuple[str, object]] = list(answer.items())
    for section, node in rest:
        if isinstance(node, list):
            rest += [(section, child) for child in node if isinstance(child, dict)]
        elif isinstance(node, dict) and "cites" in node:
            yield section, node
        elif isinstance(node, dict):
            rest += [(section, child) for child in node.values() if isinstance(child, dict | list)]


def inventory_faults(question: Question, answer: Mapping[str, object]) -> tuple[str, ...]:
    """The numbers in a valid `answer` to an inventory `question` that no claim has."""
    items = cast("list[Mapping[str, list[int]]]", answer["inventory"])
    known = range(question.first, question.first + len(question.claims))
    wrong = sorted({n for item in items for n in item["claims"] if n not in known})
    return (f"inventory: there is no claim {_listed(wrong)}",) if wrong else ()


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_SHOWN]))
