"""Lists of findings of overlapping windows, made one list: duplicates folded, in the order of the text.

Each function takes one list for each window, in the windows' order, and the section's schema, whose
bounds (`maxItems`) the result keeps. Of two windows that found the same, the earlier one's words are kept:
it has read what comes before, and news names a speaker before it goes on about what they said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, zip_longest
from typing import TypeAlias, cast

from summarize.schema import Schema
from summarize.text.view import fold

Item: TypeAlias = "dict[str, object]"
Lists: TypeAlias = "Sequence[Sequence[Item]]"


def claims(found: Lists, schema: Schema) -> list[Item]:
    """Claims of the same text whose citations meet are one: the lines that two windows share were read twice.

    The same text cited from elsewhere stays a claim of its own: no window has seen both places.
    """
    return in_order(_folded(found, schema, "text"))


def functions(found: Lists, schema: Schema) -> list[Item]:
    """Entman's functions: folded like claims, of one function; too many: those with most citations, best proven."""
    return _most(_folded(found, schema, "function", "text"), bound(schema))


def wording(found: Lists, schema: Schema) -> list[Item]:
    """Loaded words are the same where words and citations are: the words may well occur twice in a text."""
    groups = _groups(chain(*found), lambda item: (_key(item["words"]), frozenset(cites(item))))
    return in_order(_one(group, schema) for group in groups)


def summary(found: Lists, schema: Schema) -> list[Item]:
    """Sentences of all windows as evenly as the bound allows: each window's first ones, which say most.

    Round by round, a sentence of each window; the last round, which has too many, is thinned out evenly.
    """
    window = {id(item): i for i, items in enumerate(found) for item in items}
    left: list[list[Item]] = [[] for _ in found]
    for group in _touching(chain(*found), lambda item: _key(item["text"])):
        left[window[id(group[0])]].append(_one(group, schema))
    kept: list[Item] = []
    most = bound(schema) or sum(map(len, left))
    for row in zip_longest(*left):
        kept += _spread([item for item in row if item is not None], most - len(kept))
    return in_order(kept)


def voices(found: Lists, schema: Schema) -> list[Item]:
    """A speaker is one voice however often it speaks: cites united, `both` if the manners differ, named if ever."""
    merged: list[Item] = []
    for group in _groups(chain(*found), lambda item: _key(item["speaker"])):
        manners = {item["manner"] for item in group}
        manner = group[0]["manner"] if len(manners) == 1 else "both"
        named = any(item["named"] for item in group)
        merged.append({**_one(group, schema), "manner": manner, "named": named})
    return in_order(merged)


def portrayal(found: Lists, schema: Schema) -> list[Item]:
    """An entity has one entry, and each window as much say as it cites lines.

    Role: that with most lines, `none` on a tie (the windows disagree). Tone: the mean, rounded toward 0 as
    the prompt has it. Finer: kept if all agree. Too many: those with most citations.
    """
    groups = _groups(chain(*found), lambda item: _key(item["entity"]))
    return _most([_portrayed(group, schema) for group in groups], bound(schema))


def _portrayed(group: Sequence[Item], schema: Schema) -> Item:
    lines = [len(set(cites(item))) for item in group]
    roles: Counter[str] = Counter()
    for item, weight in zip(group, lines, strict=True):
        roles[str(item["role"])] += weight
    leading = [role for role, weight in roles.items() if weight == max(roles.values())]
    return {
        **_one(group, schema),
        "role": leading[0] if len(leading) == 1 else "none",
        "finer": group[0]["finer"] if all(item["finer"] == group[0]["finer"] for item in group) else None,
        "tone": toward_zero([cast("int", item["tone"]) for item in group], lines),
    }


def cites(item: Item) -> list[int]:
    """The numbers of the lines that an item cites."""
    return cast("list[int]", item["cites"])


def united(found: Sequence[Sequence[int]], most: int | None) -> list[int]:
    """All numbers, in order; of too many, the first of each list, then the second: none goes without proof."""
    rounds = (number for row in zip_longest(*found) for number in row if number is not None)
    return sorted(list(dict.fromkeys(rounds))[:most])


def toward_zero(values: Sequence[int], weights: Sequence[int]) -> int:
    """The weighted mean, rounded toward 0."""
    return int(sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights))


def bound(schema: object, *path: str | int) -> int | None:
    """`maxItems` of the array at `path` in a schema; None if it has none."""
    for key in path:
        schema = cast("dict[str | int, object]", schema)[key]
    return cast("int | None", cast("Schema", schema).get("maxItems"))


def in_order(items: Iterable[Item]) -> list[Item]:
    """Items in the order of the text: by the first line they cite."""
    return sorted(items, key=lambda item: min(cites(item)))


def _folded(found: Lists, schema: Schema, *keys: str) -> list[Item]:
    groups = _touching(chain(*found), lambda item: tuple(_key(item[key]) for key in keys))
    return [_one(group, schema) for group in groups]


def _one(group: Sequence[Item], schema: Schema) -> Item:
    """The first item of a group with the citations of all."""
    if len(group) == 1:
        return group[0]
    most = bound(schema, "items", "properties", "cites")
    return {**group[0], "cites": united([cites(item) for item in group], most)}


def _groups(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[list[Item]]:
    """Items that have the same key together, in the order in which they came."""
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.values())


def _touching(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[list[Item]]:
    """Items that have the same key together, as far as their citations meet, if only by way of a third one's."""
    made: list[list[Item]] = []
    for alike in _groups(items, key):
        groups: list[list[Item]] = []
        for item in alike:
            mine = set(cites(item))
            met = [not mine.isdisjoint(chain.from_iterable(map(cites, group))) for group in groups]
            merged = [*chain(*(group for group, meets in zip(groups, met, strict=True) if meets)), item]
            groups = [*(group for group, meets in zip(groups, met, strict=True) if not meets), merged]
        made += groups
    return made


def _most(items: list[Item], most: int | None) -> list[Item]:
    """At most so many items, those with most citations, in the order of the text."""
    return in_order(sorted(in_order(items), key=lambda item: -len(set(cites(item))))[:most])


def _spread(items: list[Item], most: int) -> list[Item]:
    """At most so many items, evenly from first to last."""
    if len(items) <= most:
        return items
    if most <= 1:
        return items[: max(0, most)]
    return [items[i * (len(items) - 1) // (most - 1)] for i in range(most)]


def _key(text: object) -> str:
    """`text` as far as it tells two findings apart: typography, white space and case folded."""
    return " ".join(fold(str(text)).casefold().split())
