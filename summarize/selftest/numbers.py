"""The control `number`: a figure that stands once in the article is another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random  # noqa: TID251  # the type of what is passed in

from summarize.anchors import Anchor
from summarize.news import Sentence
from summarize.selftest.edits import Edit, moved
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.planted import changed_from, plant, shuffled
from summarize.selftest.prose import Prose
from summarize.text.numbers import quantities
from summarize.text.span import Span
from summarize.text.speech import speeches

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_VALUE = re.compile(r"[€£¥₩]?\d+(?:\.\d+)?%?")  # a plain figure: no ordinal, no ratio, no order of size, no time
_SPELT = "two three four five six seven eight nine ten eleven twelve".split()
_DEFINITE = re.compile(r"\b(?:the|these|those|other|both|all|our|their|its|his|her|between)\s+$", re.IGNORECASE)
_LABEL = re.compile(r"(?:\b[A-Z][\w.'’-]*|\b(?:section|article|chapter|page|phase|level|flight|number|grade))\s+$")
_GLUED = re.compile(r"[-–—/:#.\d]")
_LEAST, _NEAR, _HALF, _TWICE = 2, 0.25, 0.5, 2.0
_ALL = 100  # percent
_YEARS = range(1600, 2100)


def number(prose: Prose, chance: Random) -> Made:
    """One number changed: exactly one numeric difference, which shows both."""
    for sentence, anchor, span in _candidates(prose, chance):
        old = prose.text[span.start : span.end]
        new = _other(old, {a.value for a in prose.anchors}, anchor, chance)
        edit = Edit(span, new) if new else None
        changed = plant(prose, sentence, [edit]) if edit else None
        if edit and changed:
            expect = Expectation(frozenset({"numeric"}), span, moved([edit])[0])
            return Control("number", changed_from(old, new, sentence), changed, expect, (edit,))
    return Skipped("number", "no number stands just once, in the author's prose, in a sentence told once")


def _candidates(prose: Prose, chance: Random) -> Iterator[tuple[Sentence, Anchor, Span]]:
    """Numbers that may be changed, those first that nothing else rests on.

    Those alone in their sentence, and in digits, before the others; last those beside a ratio in words ("tripled").
    """
    found = [(s, a, span) for s in prose.plain for a in prose.within(s, "number") if (span := _changeable(prose, s, a))]

    def worst_last(candidate: tuple[Sentence, Anchor, Span]) -> tuple[bool, bool, bool]:
        sentence, _, span = candidate
        beside = [q.value for q in quantities(prose.text, *sentence.span)]
        ratio = any(value.startswith("×") for value in beside)
        return ratio, len(beside) > 1, not prose.text[span.start].isdigit()

    yield from sorted(shuffled(found, chance), key=worst_last)


def _changeable(prose: Prose, sentence: Sentence, anchor: Anchor) -> Span | None:
    """Where the digits or the word of a number stand that is a fact of its own; None for any other."""
    values = [a.value for a in prose.anchors if a.kind == "number"]
    words = prose.text[anchor.span.start : anchor.span.end]
    digits = _DIGITS.search(words)
    if values.count(anchor.value) > 1 or anchor.value == "1" or not _VALUE.fullmatch(anchor.value):
        return None
    if any(who.start <= anchor.span.start < who.end for who, _ in speeches(prose.text, *sentence.span)):
        return None  # "Ana Ruiz, 34, said": it belongs to who says it
    span = Span(*(anchor.span.start + at for at in digits.span())) if digits else anchor.span
    if (not digits and words.lower() not in _SPELT) or prose.occurrences(prose.text[slice(*span)]) > 1:
        return None
    before, behind = prose.text[sentence.start : anchor.span.start], prose.text[anchor.span.end : anchor.span.end + 2]
    labelled = _LABEL.search(before) is not None and before.strip() != before.split()[0]
    if labelled or _GLUED.match(before[-1:]) or re.match(r"[-–/:]\d", behind):
        return None  # part of a name ("Route 66"), or of a score or a span ("3-2")
    return None if not digits and _DEFINITE.search(before) else span


def _other(old: str, taken: set[str], anchor: Anchor, chance: Random) -> str:
    """A figure like `old`, as large by half or twice at most, and not rounded to it; empty if there is none."""
    if not old[0].isdigit():
        at = _SPELT.index(old.lower()) + _LEAST
        likely = [i + _LEAST for i in range(len(_SPELT))]
        written = {n: _SPELT[n - _LEAST] for n in _apart(at, likely)}
        free = [w if old[0].islower() else w.capitalize() for n, w in written.items() if str(n) not in taken]
        return chance.choice(free) if free else ""
    places = len(old.partition(".")[2])
    plain = int(old.replace(",", "").replace(".", ""))
    free = []
    for figure in _like(plain):
        words = _written(figure, old, places)
        number = float(words.replace(",", ""))
        value = anchor.value.replace(old.replace(",", ""), words.replace(",", ""))
        share = anchor.value.endswith("%") and float(old.replace(",", "")) <= _ALL < number
        year = number in _YEARS and "," not in words and "." not in words
        if value not in taken and not share and not year:
            free.append(words)
    return chance.choice(free) if free else ""


def _like(plain: int) -> list[int]:
    """Whole numbers of the size of `plain`, with as many zeros at the end."""
    scale = 1
    while plain % (scale * 10) == 0 and plain >= _LEAST * scale * 10:
        scale *= 10
    lead = plain // scale
    least = max(_LEAST, int(lead * _HALF))
    same_end = [n for n in _apart(lead, range(least, int(lead * _TWICE) + 2)) if n % 10 or lead % 10 == 0]
    return [n * scale for n in same_end]


def _apart(lead: int, likely: range | list[int]) -> list[int]:
    """Those that are neither near `lead` nor out of its size."""
    fits = [n for n in likely if abs(n - lead) >= max(1, _NEAR * lead)]
    return [n for n in fits if lead * _HALF <= n <= max(lead * _TWICE, lead + _LEAST)]


def _written(figure: int, old: str, places: int) -> str:
    """A figure with the commas and decimals that `old` has."""
    whole, rest = divmod(figure, 10**places)
    grouped = f"{whole:,}" if "," in old else str(whole)
    return f"{grouped}.{rest:0{places}}" if places else grouped
