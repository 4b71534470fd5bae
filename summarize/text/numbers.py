"""Find numbers and dates, in digits and in English words, each with a value two texts can be compared by.

    "196" → 196    "1,960" → 1960    "$3.5 million" → 3500000    "two dozen" → 24    "second" → 2th
    "almost tripled" → ×3            "20 August 2024" → 2024-08-20   "Tuesday" → tue   "mid-July" → -07-

A figure that is part of a name ("COVID-19", "G7") is not a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from summarize.text.span import Span


class Quantity(NamedTuple):
    """A number or date at `span`; equal `value`s mean the same figure."""

    span: Span
    value: str
    is_date: bool


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)"
    rf"|(?<!\w)(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('m1')}(?:,?\s+(?P<y1>{_YEAR}))?(?!\w)"
    rf"|\b{_MONTH.format('m2')}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d{{3}}|\s?%)(?:,?\s+(?P<y2>{_YEAR}))?(?!\w)"
    rf"|\b{_MONTH.format('m3')},?\s+(?P<y3>{_YEAR})(?!\w)"
    rf"|\b(?:[Mm]id|[Ll]ate|[Ee]arly)[- ]{_MONTH.format('m4')}(?!\w)"
    rf"|(?<=\b[Ii]n\s|\b[Bb]y\s|\b[Oo]f\s){_MONTH.format('m5')}(?!\w)"
    rf"|(?<=\b[Ss]ince\s|\b[Uu]ntil\s){_MONTH.format('m6')}(?!\w)"
    r"|\b(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!\w)"
    rf"|(?<![\w$€£¥.,-])(?P<decade>{_YEAR[:-2]}0s)(?!\w)"
    rf"|(?<![\w$€£¥.,])(?P<year>{_YEAR})(?!\w|[.,]\d|\s?%|\s+(?:percent|per cent|million|billion|people|times)\b)"
)

_ONES = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, **_SCALES}
_ORDINALS = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), range(1, 11), strict=True)
)
_RATIOS = {
    "half": "×0.5", "halve": "×0.5", "halved": "×0.5", "halves": "×0.5", "double": "×2", "doubled": "×2",
    "doubles": "×2", "doubling": "×2", "twice": "×2", "twofold": "×2", "triple": "×3", "tripled": "×3",
    "triples": "×3", "tripling": "×3", "threefold": "×3", "thrice": "×3", "quadrupled": "×4", "quadruple": "×4",
    "fourfold": "×4", "tenfold": "×10",
}  # fmt: skip
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(list(_ONES)[1:10])}))?|(?:{'|'.join(reversed(_ONES))}))"
_SCALE = rf"(?:[\s-](?:{'|'.join(_SCALES)}))"
# Numbers that only stand side by side ("five and seven", "five-three") are not one; behind a scale they are.
_CARDINAL = (
    rf"(?:{_SMALL}{_SCALE}{{1,4}}(?:\s(?:and\s)?{_SMALL}{_SCALE}{{0,4}}){{0,8}}|{_SMALL}|(?:{'|'.join(_SCALES)}))"
)
_DIGITS = re.compile(
    r"(?<![\w.,])(?<![^\W\d_]-)(?P<sign>[-−](?=\d))?(?P<money>[$€£¥₩]\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b"
    r"|(?:\s?(?P<suffix>k|m|mn|bn|tn|[KMB])\b(?!\w))|(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion|dozen)s?\b))?"
    r"(?P<percent>\s?%|\s(?:percent|per cent)\b)?(?![\w])"
)
_CLOCK = re.compile(
    r"(?<![\w:.])(?:[01]?\d|2[0-3])(?:[:.][0-5]\d(?=\s?[ap]\.?m\b|\s|[,.;)]|$)(?!\.\d)|(?=\s?[ap]\.?m\b))"
)
_WORDS = re.compile(
    rf"\b(?P<cardinal>{_CARDINAL})s?\b(?P<percent>\s(?:percent|per cent)\b)?"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\b|\b(?P<ratio>{'|'.join(_RATIOS)})\b",
    re.IGNORECASE,
)
# "one" is mostly a pronoun, "second" may be a span of time, "first" an adverb.
_NOT_BEFORE_ONE = re.compile(r"\b(?:no|any|every|some|this|that|the|each|which|another)[\s-]$", re.IGNORECASE)
_NOT_AFTER_ONE = re.compile(
    r"[\s-](?:of|another|can|could|should|must|may|might|is|was|has|day|thing|or|by|would)\b|['’]|-", re.IGNORECASE
)
_BEFORE_ORDINAL = re.compile(r"\b(?:the|a|an|its|his|her|their|our|this|that|for)[\s-]$", re.IGNORECASE)


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Numbers and dates of `text[start:end]`, in order, without overlap."""
    end = len(text) if end is None else end
    found: list[Quantity] = []
    taken: set[int] = set()
    for finder in (_dates, _clocks, _figures, _number_words):
        for quantity in finder(text, start, end):
            if not any(at in taken for at in (quantity.span.start, quantity.span.end - 1)):
                taken.update(range(*quantity.span))
                found.append(quantity)
    return sorted(found)


def counted(values: Iterable[str]) -> frozenset[str]:
    """Values told apart by how often they stand: a second "5" is not covered by a first."""
    seen: Counter[str] = Counter()
    found: set[str] = set()
    for value in values:
        seen[value] += 1
        found.add(value if seen[value] == 1 else f"{value} #{seen[value]}")
    return frozenset(found)


def _dates(text: str, start: int, end: int) -> Iterator[Quantity]:
    for m in _DATE.finditer(text, start, end):
        yield Quantity(Span(*m.span()), _date_value(m), is_date=True)


def _date_value(m: re.Match[str]) -> str:
    if m["iso"]:
        return m["iso"]
    if m["weekday"]:
        return m["weekday"][:3].lower()
    if m["decade"] or m["year"]:
        return m["decade"] or m["year"]
    month = next(m[f"m{i}"] for i in range(1, 7) if m[f"m{i}"])
    year = m["y1"] or m["y2"] or m["y3"] or ""
    day = m["d1"] or m["d2"] or ""
    return f"{year}-{_MONTHS.index(month[:3].lower()) + 1:02}-{day.zfill(2) if day else ''}"


def _clocks(text: str, start: int, end: int) -> Iterator[Quantity]:
    for m in _CLOCK.finditer(text, start, end):
        if ":" in m[0] or m[0].isdigit() or re.match(r"\s?[ap]\.?m\b", text[m.end() : m.end() + 5]):
            yield Quantity(Span(*m.span()), m[0].replace(".", ":"), is_date=False)


def _figures(text: str, start: int, end: int) -> Iterator[Quantity]:
    for m in _DIGITS.finditer(text, start, end):
        digits = m["digits"]
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits)
        plain = digits.replace(",", "") if grouped else digits.replace(",", ".")
        scale = m["suffix"] or m["scale"] or ""
        if scale == "m" and not m["money"]:
            scale = ""  # metres or minutes; millions only where it is money
        try:
            number = Decimal(plain) * _SUFFIXES.get(scale.lower(), 1)
        except InvalidOperation:
            continue
        unit = (m["money"] or "").strip().replace("$", "")  # "$5" is "5 dollars" too; other signs tell money apart
        value = f"{number.normalize():f}" + ("th" if m["ordinal"] else "") + ("%" if m["percent"] else "")
        yield Quantity(Span(*m.span()), ("-" if m["sign"] else "") + unit + value, is_date=False)


def _number_words(text: str, start: int, end: int) -> Iterator[Quantity]:
    for m in _WORDS.finditer(text, start, end):
        span = Span(*m.span())
        if m["ratio"]:
            yield Quantity(span, _RATIOS[m["ratio"].lower()], is_date=False)
        elif m["ordinal"]:
            if _BEFORE_ORDINAL.search(text, max(start, span.start - 6), span.start):
                yield Quantity(span, f"{_ORDINALS[m['ordinal'].lower()]}th", is_date=False)
        elif not _is_pronoun(text, m, start):
            words = re.split(r"[\s-]+", m["cardinal"].lower())
            value = str(_value(words)) if not _plural(m) else f"{m['cardinal'].lower()}s"
            yield Quantity(span, value + ("%" if m["percent"] else ""), is_date=False)


def _plural(m: re.Match[str]) -> bool:
    """Whether the words name no figure but an order of one ("dozens", "hundreds of thousands")."""
    return m[0].lower().endswith("s") and not m["cardinal"].lower().endswith("s")


def _is_pronoun(text: str, m: re.Match[str], start: int) -> bool:
    return m["cardinal"].lower() == "one" and (
        _NOT_BEFORE_ONE.search(text, max(start, m.start() - 9), m.start()) is not None
        or _NOT_AFTER_ONE.match(text, m.end()) is not None
    )


def _value(words: list[str]) -> int:
    total = part = 0
    for word in words:
        if word in _SCALES:
            scale = _SCALES[word]
            part = max(part, 1) * scale
            if scale >= _SCALES["thousand"]:
                total, part = total + part, 0
        else:
            part += _ONES.get(word, 0) + _TENS.get(word, 0)
    return total + part
