"""The answers to the parts of a question, made one answer to the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from summarize.division import findings
from summarize.division.findings import Item, bound, cites, in_order, toward_zero, united
from summarize.errors import PromptError
from summarize.prompt import Question
from summarize.schema import Schema

Answered: TypeAlias = "Sequence[tuple[Question, object]]"  # parts, each with its answer for one section

_STATUSES = ("states", "contradicts", "partly", "unclear")  # the first that a window answers is the article's


def joined(question: Question, parts: Sequence[Question], answers: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """One valid answer to `question` from `answers[i]`, a valid answer to `parts[i]`; neither is changed.

    The parts are those of one division, in its order, or divisions of these joined already. A section that
    only one part was asked for is that part's answer, as it is. Raises PromptError for a section of
    `question` that no part was asked for: nothing found and nothing asked are not the same.
    """
    whole: dict[str, object] = {}
    for section in question.sections:
        pairs = zip(parts, answers, strict=True)
        found = [(part, answer[section]) for part, answer in pairs if section in part.sections]
        if not found:
            raise PromptError("no part of the question asked for a section of it", where=section)
        whole[section] = found[0][1] if len(found) == 1 else _join(question, section, found)
    return whole


def _join(question: Question, section: str, found: Answered) -> object:
    properties = cast("dict[str, Schema]", question.schema["properties"])
    lists = _LISTS.get(section)
    if lists is not None:
        return lists([cast("list[Item]", answer) for _, answer in found], properties[section])
    return _OTHERS[section](question, found, properties[section])


def _tone(_: Question, found: Answered, schema: Schema) -> Item:
    """Each scope apart. The headline is judged by the windows that show one, the voices by all, by their length.

    If no window shows a headline, the first one judges it: it has the bullets that open the article.
    """
    lines = [len(part.lines) for part, _ in found]
    heads = [sum(line.role == "headline" for line in part.lines) for part, _ in found]
    heads = heads if any(heads) else [1] + [0] * (len(found) - 1)
    scopes = cast("dict[str, object]", schema["properties"])
    return {
        scope: _scope(
            [cast("dict[str, Item | None]", answer)[scope] for _, answer in found],
            heads if scope == "headline" else lines,
            bound(scopes[scope], "anyOf", 0, "properties", "cites"),
        )
        for scope in scopes
    }


def _scope(judged: Sequence[Item | None], weights: Sequence[int], most: int | None) -> Item | None:
    """Weighted means of what windows judge (null is no judgement): score toward 0, intensity to the nearest."""
    said = [(item, weight) for item, weight in zip(judged, weights, strict=True) if item is not None and weight]
    if len(said) <= 1:
        return said[0][0] if said else None
    total = sum(weight for _, weight in said)
    force = sum(cast("int", item["intensity"]) * weight for item, weight in said)
    return {
        "cites": united([cites(item) for item, _ in said], most),
        "score": toward_zero([cast("int", item["score"]) for item, _ in said], [weight for _, weight in said]),
        "intensity": (2 * force + total) // (2 * total),
    }


def _framing(_: Question, found: Answered, schema: Schema) -> Item:
    """Frames united by name. Primary is the one that organises most lines: those of the windows that say so.

    A window knows what organises it, not what organises the whole; on a tie it is the frame that comes first.
    """
    most = bound(schema, "properties", "frames", "items", "properties", "cites")
    alike: dict[str, list[Item]] = {}
    lines: Counter[str] = Counter()
    for part, answer in found:
        frames = cast("dict[str, list[Item]]", answer)["frames"]
        for item in frames:
            alike.setdefault(str(item["frame"]), []).append(item)
        for name in {str(item["frame"]) for item in frames if item["rank"] == "primary"}:
            lines[name] += len(part.lines)
    listed = in_order(
        {**items[0], "rank": "secondary", "cites": united([cites(item) for item in items], most)}
        for items in alike.values()
    )
    ranked = [item for item in listed if item["frame"] in lines]
    if ranked:
        max(ranked, key=lambda item: lines[str(item["frame"])])["rank"] = "primary"
    of = cast("dict[str, Schema]", schema["properties"])["functions"]
    told = [cast("dict[str, list[Item]]", answer)["functions"] for _, answer in found]
    return {"frames": listed, "functions": findings.functions(told, of)}


def _stance(question: Question, found: Answered, schema: Schema) -> Item:
    """For each claim the answer of the windows whose status comes first, by states, contradicts, partly, unclear.

    - What one window states, the article states, whatever another says on the same point (the comparison
      looks for contradictions by itself); a contradiction outweighs a part; silence is what all windows keep.
    - Voice, speaker and certainty are those of the first window with this status; the citations are of all.
    - Silent only if every window asked did answer: silence is earned of the whole text. Else no answer is
      given, which reads "not found".
    - A claim answered twice keeps its first answer, as everywhere. A number that the part was not asked
      about is no answer, unless nobody was asked it: then it stays, to be set aside as leading nowhere.
    """
    most = bound(schema, "properties", "told", "items", "properties", "cites")
    whole = _asked(question)
    stray: dict[str, list[object]] = {"told": [], "silent": []}
    told: dict[int, list[Item]] = {number: [] for number in whole}
    silent: Counter[int] = Counter()
    due = Counter(number for part, _ in found for number in _asked(part))
    for part, answer in found:
        said = cast("dict[str, list[Item]]", answer)
        first: dict[int, Item] = {}
        for item in said["told"]:
            first.setdefault(cast("int", item["claim"]), item)
        kept = set(cast("list[int]", said["silent"])) - first.keys()
        stray["told"] += [item for number, item in first.items() if number not in whole]
        stray["silent"] += sorted(kept - set(whole))
        for number in first.keys() & set(_asked(part)) & told.keys():
            told[number].append(first[number])
        silent.update(kept & set(_asked(part)))
    return {
        "told": [_settled(items, most) for items in told.values() if items] + stray["told"],
        "silent": [n for n, items in told.items() if not items and silent[n] >= due[n] > 0] + stray["silent"],
    }


def _settled(items: Sequence[Item], most: int | None) -> Item:
    """One claim's answer from those of the windows that tell it."""
    status = min((str(item["status"]) for item in items), key=_STATUSES.index)
    kept = [item for item in items if item["status"] == status]
    return kept[0] if len(kept) == 1 else {**kept[0], "cites": united([cites(item) for item in kept], most)}


def _inventory(_: Question, found: Answered, __: Schema) -> list[Item]:
    """The parts' groups one after the other: no part has seen another's claims, so none can be put together.

    Numbers that a part was not asked about are left out of its groups: it does not know what they say.
    """
    items: list[Item] = []
    for part, answer in found:
        for item in cast("list[Item]", answer):
            mine = [number for number in cast("list[int]", item["claims"]) if number in _asked(part)]
            items += [{**item, "claims": mine}] if len(mine) > 1 else []
    return items


def _asked(question: Question) -> range:
    """The numbers of a question's claims."""
    return range(question.first, question.first + len(question.claims))


_LISTS: dict[str, Callable[[Sequence[Sequence[Item]], Schema], list[Item]]] = {
    "summary": findings.summary,
    "claims": findings.claims,
    "portrayal": findings.portrayal,
    "wording": findings.wording,
    "voices": findings.voices,
}
_OTHERS: dict[str, Callable[[Question, Answered, Schema], object]] = {
    "tone": _tone,
    "framing": _framing,
    "stance": _stance,
    "inventory": _inventory,
}
