"""Which numbers of a sentence are quantities, and of which kind.

Left out are ordinals, "one", orders of size ("thousands", "several hundred"), ranges between two numbers, odds,
times of day, and figures that name something ("Senate Bill 54", "9/11", "919-996-1193", "Group of Seven").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from summarize.anchors import Anchor
from summarize.comparison.bases import Line, noun_phrase, of_phrase
from summarize.text.span import Span

Kind = Literal["count", "money", "share", "points", "time", "age", "tally"]

_PLAIN = re.compile(r"[-−]?[€£¥₩]?(?P<number>\d+(?:\.\d+)?)%?")
_MARKS = "$€£¥₩"
_CURRENCY = re.compile(r"[\s-](?P<name>dollar|euro|pound|yen|won)s?\b", re.IGNORECASE)
_SIGNS = {"dollar": "$", "euro": "€", "pound": "£", "yen": "¥", "won": "₩"}
_POINTS = re.compile(r"[\s-](?:percentage|per cent|percent|basis)[\s-]points?\b", re.IGNORECASE)
_SHARE_AFTER = re.compile(r"\s?(?:to|and|or|-|–)\s?\d+(?:\.\d+)?\s?(?:%|percent\b|per cent\b)")
_TIME = re.compile(r"[\s-](?P<unit>(?:second|minute|hour|day|week|month|year|decade)s?)(?!\w)(?!-old)")
_AGED = re.compile(r"[\s-]years?[\s-]olds?\b")
_OLD = re.compile(r"\b(?:age|ages|aged)\s(?:\d+(?:,\s|\sand\s|,\sand\s|\sto\s))*$", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[^\W\d_a-z][\w’'-]+),\s$")
_CLOSED = re.compile(r",|\.?$|\.\s")
_MUCH = 120  # years, the greatest age
_NO_QUANTITY_AFTER = re.compile(
    r"/|[-–]?\d|\sand\sa\shalf\b|\s(?:\d/\d|½)|[\s-](?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?"
    r"|tenths?|fold)\b|[\s-]tolerance\b|\s?(?:[ap]\.?m\b|o['’]clock)|\stimes\b"
    r"|[\s-]in[\s-](?:\d|two|three|four|five|six|seven|eight|nine|ten|twenty)\b",
    re.IGNORECASE,
)
_NO_QUANTITY_BEFORE = re.compile(
    r"(?:[/#'’\d-]|\b(?:\d|one|two|three|four|five|nine)[\s-]in[\s-]"
    r"|\b[Bb]etween\s(?:\S+\sand\s)?|\b(?:per|every)\s|\b(?:[Ss]everal|few|many|couple)\s"
    r"|\b[Hh]alf\san?\s|\b[Hh]alf[\s-]|\b(?:[Ss]ection|[Aa]rticle|[Cc]hapter|[Pp]age|[Gg]roup of|[Nn]o\."
    r"|[Ff]light|[Rr]oute|Bill|Title|Number|Channel|Rule|Proposition|Prop\.?|Amendment|Act|Phase|Level|Version|Episode"
    r"|Volume|Part|Stage|Tier|Gate|Room|Unit|District|Precinct|Pier|Interstate|Highway|Apollo|Type|Class|Area|Form|Item"
    r"|Question|Count|Game|Week|Day|Bowl|Top|top|Formula|Resolution|Line|Ward|Zone|Exhibit|Big|World War|Catch"
    r"|[HS]\.?[BR]\.?|AB)\s)$"
)
_NAMING = re.compile(r"[^\W\d_a-z][\w’'.-]*\s$")
_SCALED = re.compile(r"thousand|million|billion|trillion|\d\s?(?:k|m|mn|bn|tn|[KMB])$", re.IGNORECASE)


class Quantity(NamedTuple):
    """A number at `span` with its unit, which ends at `end`.

    `number` is its value as a plain number; `scaled` whether it is told in thousands, millions or more.
    """

    span: Span
    value: str
    kind: Kind
    unit: str
    end: int
    number: float
    scaled: bool


def measured(line: Line, anchored: Sequence[Anchor]) -> Iterator[Quantity]:
    """The quantities among the numbers of a sentence; two with a hyphen between ("97-1") are one."""
    chains: list[list[Anchor]] = []
    for a in anchored:
        last = chains[-1][-1].span.end if chains else -2
        if a.span.start == last + 1 and line.text[last] in "-–":
            chains[-1].append(a)
        else:
            chains.append([a])
    for chain in chains:
        span = Span(chain[0].span.start, chain[-1].span.end)
        if len(chain) == 1 and _counts(line, chain[0]):
            yield from _single(line, chain[0])
        elif len(chain) == 2 and all(line.text[slice(*a.span)].isdigit() for a in chain):  # noqa: PLR2004
            value = "-".join(a.value for a in chain)
            yield Quantity(span, value, "tally", "", span.end, float(chain[0].value), scaled=False)


def named_before(line: Line, at: int) -> str:
    """The name that ends, with a comma, at the offset `at` ("Jonathan Smith, 45")."""
    found = _NAMED.search(line.text, max(line.span.start, at - 40), at)
    return found["name"] if found else ""


def _counts(line: Line, a: Anchor) -> bool:
    """Whether a number is a quantity."""
    told = line.text[slice(*a.span)]
    digits = any(map(str.isdigit, told))
    if not _PLAIN.fullmatch(a.value) or told in {"911", "1"} or (not digits and a.value in {"0", "1"}):
        return False
    low = max(line.span.start, a.span.start - 16)
    after = _NO_QUANTITY_AFTER.match(line.text, a.span.end, line.span.end)
    return not (after or _NO_QUANTITY_BEFORE.search(line.text, low, a.span.start))


def _single(line: Line, a: Anchor) -> Iterator[Quantity]:
    plain = _PLAIN.fullmatch(a.value)
    found = _kind(line, a)
    if plain and found:
        kind, unit, end = found
        value = a.value.rstrip("%") + "%" * (kind == "share")
        scaled = _SCALED.search(line.text[slice(*a.span)]) is not None
        yield Quantity(a.span, value, kind, unit, end, float(plain["number"]), scaled)


def _kind(line: Line, a: Anchor) -> tuple[Kind, str, int] | None:
    """Kind and unit of a number, and where it ends with its unit; None for one that names something ("NBC 4")."""
    marked = _marked(line, a)
    if marked:
        return marked
    text, (start, end) = line.text, a.span
    if _is_age(line, a):
        aged = _AGED.match(text, end, line.span.end)
        return "age", "years old", aged.end() if aged else end
    if time := _TIME.match(text, end, line.span.end):
        return "time", time["unit"], time.end()
    nouns = noun_phrase(line, line.after(end), first=end)
    names = _NAMING.search(text, max(line.span.start, start - 20), start)
    if not nouns and names and names.start() > line.span.start and not of_phrase(line, end)[0]:
        return None
    last = nouns[-1].end if nouns else end
    return "count", line.flat(nouns[0].start, last) if nouns else "", last


def _marked(line: Line, a: Anchor) -> tuple[Kind, str, int] | None:
    """The same for a number that a sign or a word behind it makes a share or an amount of money."""
    text, (start, end), stop = line.text, a.span, line.span.end
    money = _CURRENCY.match(text, end, stop)
    if points := _POINTS.match(text, end, stop):
        return "points", "percentage points", points.end()
    if a.value.endswith("%") or _SHARE_AFTER.match(text, end, stop):
        return "share", "%", end
    if text[start] in _MARKS:
        return "money", text[start], end
    return ("money", _SIGNS[money["name"].lower()], money.end()) if money else None


def _is_age(line: Line, a: Anchor) -> bool:
    (start, end), low = a.span, max(line.span.start, a.span.start - 40)
    if _AGED.match(line.text, end, line.span.end):
        return True
    few = a.value.isdigit() and int(a.value) < _MUCH
    named = named_before(line, start) and _CLOSED.match(line.text, end, line.span.end)
    return few and bool(named or _OLD.search(line.text, low, start))
