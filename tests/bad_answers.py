"""Status 200 and something wrong all the same: what models and servers put where an answer should be."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from answering import answer_to, question_of
from exchange import Answer, Asked, Script, chat, completion

from summarize.prompt import merged

HUGE = 5_000_000  # characters
RUNAWAY = 20_000  # characters of white space
NOWHERE = 999_999  # a number that no sentence and no claim has
_PROSE = (
    "The article tells its story soberly at first and grows more vivid towards the end. It names two\n"
    "officials, and leaves out what the other side says. Overall I would call its tone neutral."
)


def wrong_content_type(_: Asked) -> Answer:
    """A page where the API should be, as captive portals and mistaken base URLs give it."""
    return Answer(200, b"<!doctype html><title>Welcome</title><p>It works!</p>", "text/html; charset=utf-8")


def empty_choices(asked: Asked) -> Answer:
    """A completion without a choice."""
    return chat(asked, [], asked.tokens, 0)


def null_content(asked: Asked) -> Answer:
    """A message without content."""
    return completion(asked, None)


def refusal(asked: Asked) -> Answer:
    """The model declines, in the field made for it."""
    return completion(asked, None, refusal="I'm sorry, but I can't help with that.")


def content_filter(asked: Asked) -> Answer:
    """The provider's filter stops the answer half-way."""
    return completion(asked, _half(asked), "content_filter")


def length(asked: Asked) -> Answer:
    """Half an object, and the server says so."""
    return completion(asked, _half(asked), "length")


def truncated_json(asked: Asked) -> Answer:
    """Half an object, and the server does not say so."""
    return completion(asked, _half(asked))


def prose_around(asked: Asked) -> Answer:
    """The right answer with a word before and after."""
    return completion(asked, f"Sure! Here is the JSON:\n\n{answer_to(asked.body)}\n\nLet me know if I can help.")


def fenced(asked: Asked) -> Answer:
    """The right answer in a code fence."""
    return completion(asked, f"```json\n{answer_to(asked.body)}\n```")


def think(asked: Asked) -> Answer:
    """The right answer after thoughts that stand in the content, and hold braces."""
    thoughts = '<think>\nAn object like {"summary": []} is wanted. Sentence [1] first.\n</think>\n\n'
    return completion(asked, thoughts + answer_to(asked.body))


def json_in_reasoning(asked: Asked) -> Answer:
    """The right answer in the field for thoughts, no content."""
    return completion(asked, None, reasoning_content=answer_to(asked.body))


def json_in_reasoning_empty(asked: Asked) -> Answer:
    """The right answer in the field for thoughts, empty content."""
    return completion(asked, "", reasoning_content=answer_to(asked.body))


def nan(asked: Asked) -> Answer:
    """NaN for a number: Python reads it, JSON has no such thing."""
    answer = _loaded(asked)
    where, key = next(_numbers(answer), (answer, "nan"))
    where[key] = math.nan
    return completion(asked, json.dumps(answer, ensure_ascii=False))


def duplicate_keys(asked: Asked) -> Answer:
    """The first section twice, first empty and then right: which one counts, JSON does not say."""
    answer = _loaded(asked)
    return completion(asked, f'{{"{next(iter(answer))}": [], {answer_to(asked.body)[1:]}')


def schema_fault(asked: Asked) -> Answer:
    """Valid JSON with one value outside its enum; the whole first section, where no answer has an enum in it."""
    answer = _loaded(asked)
    schema: dict[str, Any] = merged(tuple(answer))
    where, key = next(_enums(answer, schema), (answer, next(iter(answer))))
    where[key] = "banana"
    return completion(asked, json.dumps(answer, ensure_ascii=False))


def cites_out_of_range(asked: Asked) -> Answer:
    """Valid under the schema; the first finding cites a sentence (an inventory's group: a claim) that there is not.

    Where nothing is the same, two claims that there are not are said to be. Right if there is nothing to cite.
    """
    answer = _loaded(asked)
    if answer.get("inventory") == []:
        answer["inventory"].append({"claims": [NOWHERE, NOWHERE + 1], "text": "x"})
    for where, key in _citations(answer):
        where[key] = [NOWHERE, *where[key][1:]]
        break
    return completion(asked, json.dumps(answer, ensure_ascii=False))


def words_not_in_sentence(asked: Asked) -> Answer:
    """Valid under the schema; the first finding of wording quotes what nobody wrote. Right if wording is not asked."""
    answer = _loaded(asked)
    if "wording" in answer:
        found = answer["wording"] or [
            {"cites": [question_of(asked.body).lines[0].number], "technique": "loaded_language", "neutral": ""}
        ]
        found[0]["words"] = "zugzwang quibbles"
        answer["wording"] = found
    return completion(asked, json.dumps(answer, ensure_ascii=False))


def huge_5mb(asked: Asked) -> Answer:
    """Five million characters: the longest list over and over; white space where there is no list."""
    answer = _loaded(asked)
    lists = list(_lists(answer))
    if lists:
        longest = max(lists, key=len)
        longest *= HUGE // len(json.dumps(longest)) + 1
    return completion(asked, json.dumps(answer, ensure_ascii=False).ljust(HUGE))


def whitespace_runaway(asked: Asked) -> Answer:
    """A constrained decoder that may always write another blank, and does."""
    return completion(asked, "{" + "\n" * RUNAWAY, "length")


def truncated_prompt(asked: Asked) -> Answer:
    """The right answer, but the server's count says that it read a twentieth of the prompt."""
    return completion(asked, answer_to(asked.body), seen=0.05)


def ignores_format(asked: Asked) -> Answer:
    """Prose, whatever form was asked for."""
    return completion(asked, _PROSE)


BAD_ANSWERS: dict[str, Script] = {
    script.__name__: script
    for script in (
        wrong_content_type, empty_choices, null_content, refusal, content_filter, length, truncated_json,
        prose_around, fenced, think, json_in_reasoning, json_in_reasoning_empty, nan, duplicate_keys, schema_fault,
        cites_out_of_range, words_not_in_sentence, huge_5mb, whitespace_runaway, truncated_prompt, ignores_format,
    )
}  # fmt: skip


def _half(asked: Asked) -> str:
    text = answer_to(asked.body)
    return text[: len(text) // 2]


def _loaded(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer_to(asked.body))
    return found


def _children(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  # any JSON
    """Keys and values of an object, indices and values of a list, nothing of anything else."""
    if isinstance(node, dict):
        yield from list(node.items())
    elif isinstance(node, list):
        yield from enumerate(node)


def _lists(node: Any) -> Iterator[list[Any]]:  # noqa: ANN401
    """Every list that holds something, but for those within a list."""
    for _, child in _children(node):
        if isinstance(child, dict):
            yield from _lists(child)
        elif isinstance(child, list) and child:
            yield child


def _numbers(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """(container, key) of every number."""
    for key, child in _children(node):
        if isinstance(child, int) and not isinstance(child, bool):
            yield node, key
        yield from _numbers(child)


def _citations(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """(container, key) of every list of numbers that is not empty."""
    for key, child in _children(node):
        if isinstance(child, list) and child and all(isinstance(number, int) for number in child):
            yield node, key
        yield from _citations(child)


def _enums(node: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """(container, key) of every value whose schema lists what it may be."""
    for key, child in _children(node):
        under = schema["items"] if isinstance(node, list) else schema["properties"][key]
        for choice in under.get("anyOf", [under]):
            if "enum" in choice:
                yield node, key
            elif {"items", "properties"} & choice.keys():
                yield from _enums(child, choice)
