"""Find ratios in words, with the factors that they claim (see the rules in ratios.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from summarize.text.span import Span


class Claim(NamedTuple):
    """Words that claim a ratio: a new size by an old one, which may be told in percent, or a part by its whole.

    `factors` are the least and the greatest that they allow.
    """

    span: Span
    factors: tuple[float, float]
    kind: Literal["change", "percent", "part"]


_NEARLY = ("almost", "nearly", "close to", "just under", "just shy of", "not quite")
_OVER = ("more than", "over", "well over", "just over", "at least", "better than")
_UNDER = ("less than", "under", "fewer than", "well under", "at most", "up to")
_ABOUT = ("about", "around", "roughly", "approximately", "some", "an estimated")
_MODS = "|".join(sorted((*_NEARLY, *_OVER, *_UNDER, *_ABOUT), key=len, reverse=True))
_MOD = rf"(?:(?P<mod>{_MODS})\s(?:a\srecord\s)?)?"
_GROWN = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "quintupl": 5.0}
_TIMES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}
_FOLDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_PARTS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_NTH = "|".join(_PARTS)
_PART = rf"(?:(?P<half>half)|(?P<of>an?|one|two|three|four|five)[\s-](?P<nth>{_NTH})s?)"
_UP = (
    r"up|rose|risen|rises|rising|grew|grown|grows|growing|increas(?:ed|es|ing)|jumped|climbed|soared|surged|gained"
    r"|spiked"
)
_DOWN = (
    r"down|fell|fallen|falls|falling|dropped|dropping|declined|declining|decreased|slid|plunged|shrank|shrunk|slashed|cut"
    r"|reduced|plummeted|tumbled"
)
_ADVERBS = r"(?:(?:by|a|an|another|sharply|further|solid|record)\s){0,2}"
_PERCENT = r"(?P<percent>\d+(?:\.\d+)?)\s?(?:%|percent\b|per\scent\b)"
_PERCENT += r"(?!\s?points?\b|\sfrom\s\d[\d.]*\s?(?:%|per\s?cent\b))"  # "up 77% from 58%" tells a level

_GROWTH = re.compile(
    rf"\b{_MOD}(?:(?P<stem>{'|'.join(_GROWN)})|(?P<halved>halv))(?:ed|es|ing)\b(?!\sdown\b)"
    rf"|\b(?:to|would|will|could|can|may|might|should)\s(?P<verb>{_MOD.replace('mod', 'mod2')}"
    r"(?:(?P<base>double|triple|quadruple)|(?P<halve>halve)))\b(?!\sdown\b|[\s-]digits?)",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    rf"(?<![\w.,/-]){_MOD}(?:(?P<word>{'|'.join(_TIMES)})|(?P<n>\d[\d,]*(?:\.\d+)?|{'|'.join(_FOLDS)})"
    r"(?:\stimes|(?P<fold>-?fold\b(?=\s(?:increase|rise|jump|growth|surge|more|higher)))))"
    r"(?P<than>\s(?:as|that\sof|more|higher|larger|greater|bigger|the|what|its|their)\b)?",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"(?:as|of|more|higher|larger|greater|bigger|fold)$", re.IGNORECASE)
_FRACTION = re.compile(
    rf"(?<![\w-]){_MOD}{_PART}(?=\s(?:of|the|its|their|his|her|that|what)\b|\s[–—-]\s\d)(?!\sthe\s(?:year|month|day|term|time|way)\b|\sof\sJuly\b)",
    re.IGNORECASE,
)
_NO_PART = re.compile(
    r"\b(?:first|second|other|latter|last|later|final|and\sa|and|early|top|bottom|back|better)\s$", re.IGNORECASE
)
_BY_PART = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s(?:[\w’']+\s){{0,3}}?(?:by\s{_MOD}{_PART}|in\s(?P<in>half))\b"
    r"(?!\s(?:a|an|of|the)\s)",
    re.IGNORECASE,
)
_BY_PERCENT = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s{_ADVERBS}{_MOD}{_ADVERBS}{_PERCENT}(?!\sof\b)")
_RISE = r"increase|rise|jump|gain|growth|surge|spike|hike"
_DROP = r"drop|decline|decrease|fall|cut|reduction|plunge"
_PERCENT_CHANGE = re.compile(
    rf"(?<![\w.,-]){_MOD}{_PERCENT}[\s-](?:(?P<up>{_RISE})|(?P<down>{_DROP}))\b", re.IGNORECASE
)
_CHANGE_OF = re.compile(rf"\b(?:(?P<up>{_RISE})|(?P<down>{_DROP}))\sof\s{_MOD}{_PERCENT}", re.IGNORECASE)


def claims(text: str, span: Span) -> list[Claim]:
    """The ratios that a sentence tells in words, in order, without overlap; of two at one place the longer."""
    found = [
        claim
        for pattern, read in _READERS
        for m in pattern.finditer(text, *span)
        if (claim := read(m)) is not None and not _NO_PART.search(text, max(span.start, m.start() - 10), m.start())
    ]
    found.sort(key=lambda c: (c.span.start, -c.span.end))
    kept: list[Claim] = []
    for claim in found:
        if not kept or claim.span.start >= kept[-1].span.end:
            kept.append(claim)
    return kept


def _growth(m: re.Match[str]) -> Claim:
    start = m.start() if m["verb"] is None else m.start("verb")
    mod = m["mod"] or m["mod2"]
    span = Span(start, m.end())
    if m["halved"] or m["halve"]:
        return Claim(span, _less(_part(0.5, mod)), "change")
    factor = _GROWN[m["stem"].lower()] if m["stem"] else _TIMES[m["base"].lower()]
    return Claim(span, _multiple(factor, mod), "change")


def _times(m: re.Match[str]) -> Claim | None:
    if not m["than"] and not m["fold"]:
        return None  # "shot twice", "the double standard"
    number = (
        _TIMES.get((m["word"] or "").lower())
        or _FOLDS.get((m["n"] or "").lower())
        or float((m["n"] or "0").replace(",", ""))
    )
    end = m.end() if _COMPARES.search(m[0]) else m.start("than")  # an article belongs to what follows
    return Claim(Span(m.start(), end), _multiple(number, m["mod"]), "change") if number > 1 else None


def _fraction(m: re.Match[str]) -> Claim:
    return Claim(Span(*m.span()), _part(_of(m), m["mod"]), "part")


def _by_part(m: re.Match[str]) -> Claim:
    part = _part(0.5 if m["in"] else _of(m), m["mod"])
    return Claim(Span(*m.span()), _more(part) if m["up"] else _less(part), "change")


def _percent(m: re.Match[str]) -> Claim:
    part, how = float(m["percent"]) / 100, _way(m["mod"])
    slack = max(part * 0.05, 0.01)
    found = {
        "": (part - slack, part + slack),
        "nearly": (part * 0.85, part),
        "over": (part, part * 1.5),
        "under": (0.0, part),
        "about": (part * 0.8, part * 1.2),
    }[how]
    return Claim(Span(*m.span()), _more(found) if m["up"] else _less(found), "percent")


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Claim | None]], ...] = (
    (_GROWTH, _growth),
    (_MULTIPLE, _times),
    (_FRACTION, _fraction),
    (_BY_PART, _by_part),
    (_BY_PERCENT, _percent),
    (_PERCENT_CHANGE, _percent),
    (_CHANGE_OF, _percent),
)


def _of(m: re.Match[str]) -> float:
    return 0.5 if m["half"] else float(_FOLDS.get(m["of"].lower(), 1)) / _PARTS[m["nth"].lower()]


def _way(mod: str | None) -> str:
    if not mod:
        return ""
    ways = {"nearly": _NEARLY, "over": _OVER, "under": _UNDER, "about": _ABOUT}
    return next(way for way, mods in ways.items() if mod.lower() in mods)


def _multiple(factor: float, mod: str | None) -> tuple[float, float]:
    """What a factor of more than 1 allows."""
    return {
        "": (factor * 0.9, factor * 1.1),
        "nearly": (factor - 0.5, factor),
        "over": (factor, factor + 1),
        "under": (1.0, factor),
        "about": (factor * 0.8, factor * 1.2),
    }[_way(mod)]


def _part(size: float, mod: str | None) -> tuple[float, float]:
    """What a part of a whole allows."""
    return {
        "": (size * 0.9, min(1.0, size * 1.1)),
        "nearly": (size * 0.85, size),
        "over": (size, 1.0),
        "under": (0.0, size),
        "about": (size * 0.8, min(1.0, size * 1.2)),
    }[_way(mod)]


def _less(part: tuple[float, float]) -> tuple[float, float]:
    return max(0.0, 1 - part[1]), 1 - part[0]


def _more(part: tuple[float, float]) -> tuple[float, float]:
    return 1 + part[0], 1 + part[1]
