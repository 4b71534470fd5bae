"""What stands beside a number in its sentence: the noun phrase it counts, its base, and the date it holds for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from summarize.text.lists import speech_verbs, stopwords
from summarize.text.span import Span
from summarize.text.words import Word

_IRREGULAR = frozenset("people men women children police troops personnel staff cattle media".split())
_SINGULAR = ("ss", "us", "is", "'s")
_NOUNS = 4  # words of a noun phrase that are looked at
_INSIDE = re.compile(r"[\s\u00a0]*[-“\"‘'’]?")
_INITIALS = re.compile(r"\.\s?")
_MORE = frozenset("more other additional further such separate new".split())
_THEN = frozenset("last next past previous ago earlier later compared yesterday today tomorrow".split())
_OWN = frozenset("the its their his her our these those all a an some".split())
_PERIOD = frozenset("day week month year hour minute person share barrel gallon head mile household ton".split())
_EACH = re.compile(
    r"\s(?P<words>per\s(?:[\d,]+\s)?[\w]+(?:\s(?:people|residents|inhabitants))?|(?:a|an|each|every)\s(?P<period>\w+)(?!\s(?:ago|earlier|before|later|after))"
    r"|annually|monthly|daily|apiece)\b"
)
_SINCE = re.compile(
    r"[^.;:“”\"]{0,40}?\s(?P<words>since\s(?:the\s\w+|last\s\w+|(?:at\sleast\s|early\s|late\s)?"
    r"(?:[A-Z][\w-]+|mid-\w+|\d+))(?:\s(?:1[6-9]|20)\d\d)?)"
)
_EARLIER = re.compile(
    r"[^.;:“”\"]{0,40}?\s(?P<words>(?:compared\s(?:with|to)|from|over)\s(?:a|the\s(?:same|previous|prior)|last)\s"
    r"(?:time\s|period\s)?(?:day|week|month|quarter|year|decade)(?:\s(?:earlier|ago|before))?)\b"
)
_FROM = re.compile(r"[^.;:“”\"]{0,60}\bfrom\s(?:[\w’'-]+\s){0,3}$")
_TO = re.compile(r"[^.;:“”\"]{0,60}\bto\s(?:[\w’'-]+\s){0,2}$")
_FROM_BEFORE = re.compile(r"\bfrom\s(?:[\w’'-]+\s){0,3}$")
_RELATIVE = re.compile(
    r"\b(?:(?:in|on|over|during|for|by|the)\s){0,2}(?:last|past|previous|this|next|current|coming|prior)\s"
    r"(?:fiscal\s|calendar\s|school\s|\w{3,5}\s)?(?:years?|months?|weeks?|quarter|decades?|summer|spring|fall|autumn|winter)\b"
    r"|\b(?:yesterday|today|tonight|tomorrow)\b|\ba\s(?:year|month|week|decade|day)\s(?:ago|earlier|before)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:as of|at the end of|by the end of|in(?: fiscal(?: year)?)?|on|by|during|of|for|until|through|late|early"
    r"|late in|early in)\s$",
    re.IGNORECASE,
)
_SINCE_BEFORE = re.compile(r"\b(?:since|from|than|to|and)\s$", re.IGNORECASE)
_WALL = re.compile(r"[;:“”\"()]|,\s(?=.)|\b(?:but|while|whereas|and|compared)\b|,\s(?:up|down|from)\b")
_MONEY = "$€£¥₩"
_PERCENT = re.compile(r"per ?cent")
_REACH = 60  # code points between a number and its date


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as its words, and where in it numbers, dates and names stand, each in the text's order."""

    text: str
    span: Span
    words: Sequence[Word]
    numbers: Sequence[Span]
    dates: Sequence[Span]
    names: Sequence[Span]

    def after(self, at: int) -> int:
        """Index of the first word at or behind the offset `at`."""
        return next((i for i, w in enumerate(self.words) if w.start >= at), len(self.words))

    def flat(self, start: int, end: int) -> str:
        """Words of the text, on one line."""
        return " ".join(self.text[start:end].split())


def plural(low: str) -> bool:
    """Whether a lower-case word looks like a plural."""
    return low in _IRREGULAR or (len(low) > 2 and low.endswith("s") and not low.endswith(_SINGULAR))  # noqa: PLR2004  # "s"


def noun_phrase(line: Line, at: int, *, first: int | None = None) -> list[Word]:
    """The words of a noun phrase that begins at word `at`: to its first plural, else the first two.

    It ends before function words, verbs of speech and punctuation. `first` is the offset that it must follow on.
    """
    run: list[Word] = []
    while first is not None and at < len(line.words) and line.words[at].low in _MORE:
        first, at = line.words[at].end, at + 1
    stop = line.words[at - 1].end if first is None and at else first
    for word in line.words[at : at + _NOUNS]:
        gap = line.text[stop : word.start] if stop is not None else ""
        initials = run and len(run[-1].low) == 1 and _INITIALS.fullmatch(gap)
        if not (_INSIDE.fullmatch(gap) or initials) or (not initials and _closes(word.low, first=not run)):
            break
        if any(n.start <= word.start < n.end for n in (*line.numbers, *line.dates)) or word.low in _THEN:
            break
        run.append(word)
        stop = word.end
        if plural(word.low):
            return run
    return run[:2] if len(run) < _NOUNS or len(run[0].low) > 1 else run


def _closes(low: str, *, first: bool) -> bool:
    """Whether a word ends a noun phrase; the first behind a number is rather a noun ("12 states", "199,000 claims")."""
    return low in stopwords() or (low in speech_verbs() and not (first and plural(low)))


def base(line: Line, end: int, number: Span, shared: str) -> str:
    """What a number refers to: "of 1,200 voters", "per 100,000 people", "from 4%", "since 2019"; empty without.

    `end` is where it ends with its unit, `shared` what "of" leads to, if it does.
    """
    text, stop = line.text, line.span.end
    found = [shared] if shared else []
    each = _EACH.match(text, end, stop)
    if each and (not each["period"] or each["period"] in _PERIOD):
        found.append(line.flat(*each.span("words")))
    before = _from(line, end, number)
    if before:
        found.append(before)
    for pattern in (_SINCE, _EARLIER):
        m = pattern.match(text, end, stop)
        if m and not any(end <= n.start < m.start("words") for n in line.numbers):
            found.append(line.flat(*m.span("words")))
            break
    return ", ".join(dict.fromkeys(found))


def of_phrase(line: Line, end: int) -> tuple[str, list[Word]]:
    """The words "of …" straight behind the offset `end`, and those of its noun phrase."""
    i = line.after(end)
    if i >= len(line.words) or line.text[end : line.words[i].start].strip():
        return "", []
    start = line.words[i].start
    if line.words[i].low == "out" and i + 1 < len(line.words):
        i += 1
    if line.words[i].low not in {"of", "among"}:
        return "", []
    i += 1
    while i < len(line.words) and (line.words[i].low in _OWN or _within(line.numbers, line.words[i].start)):
        i += 1
    nouns = noun_phrase(line, i)
    last = nouns[-1].end if nouns else next((n.end for n in line.numbers if start < n.start <= start + 12), 0)
    return (line.flat(start, last), nouns) if last else ("", [])


def _within(spans: Sequence[Span], at: int) -> bool:
    return any(s.start <= at < s.end for s in spans)


def _from(line: Line, end: int, number: Span) -> str:
    """The number that this one has come from: behind it ("196, up from 67"), or before ("from 67 to 196")."""
    following = next((n for n in line.numbers if n.start >= end), None)
    if following and _FROM.fullmatch(line.text, end, following.start) and _alike(line, number, following):
        return f"from {line.flat(*following)}"
    earlier = [n for n in line.numbers if n.end <= number.start]
    if not earlier or not _TO.fullmatch(line.text, earlier[-1].end, number.start):
        return ""
    old = earlier[-1]
    came = _FROM_BEFORE.search(line.text, line.span.start, old.start) and _alike(line, number, old)
    return f"from {line.flat(*old)}" if came else ""


def _alike(line: Line, one: Span, other: Span) -> bool:
    """Whether two numbers are both money or neither, both shares or neither."""
    here, there = line.flat(*one), line.flat(*other)
    return (here[0] in _MONEY) == (there[0] in _MONEY) and ("%" in _sign(here)) == ("%" in _sign(there))


def _sign(number: str) -> str:
    return _PERCENT.sub("%", number)


def date(line: Line, end: int, number: Span) -> str:
    """The date that a number holds for, with its preposition: the next one behind it in its clause, else before.

    Not one at which something is said ("said Monday"), nor one that another number is nearer to.
    """
    when = times(line)
    nearer = [n for n in line.numbers if n != number]
    for t in when:
        gap = line.text[end : t.start]
        if t.start >= end:
            blocked = len(gap) > _REACH or _WALL.search(gap) or any(end <= n.start < t.start for n in nearer)
            bare = t in line.dates and gap.strip() and line.text[t.start].isdigit()
            if not (blocked or bare or _spoken(line, t)):
                return line.flat(*t)
            break
    for t in reversed(when):
        gap = line.text[t.end : number.start]
        opens = not line.text[line.span.start : t.start].strip(" “\"'-") or gap.split() == ["to"]
        if t.end <= number.start:
            blocked = (
                len(gap) > _REACH or re.search(r"[;:()]", gap) or any(t.end <= n.start < number.start for n in nearer)
            )
            return line.flat(*t) if opens and not blocked and not _spoken(line, t) else ""
    return ""


def times(line: Line) -> list[Span]:
    """Dates with the prepositions before them, and relative ones ("last year"), but not "since 2019"."""
    found = []
    for d in (*line.dates, *(Span(*m.span()) for m in _RELATIVE.finditer(line.text, *line.span))):
        low = max(line.span.start, d.start - 20)
        if _SINCE_BEFORE.search(line.text, low, d.start):
            continue
        m = _PREPOSITION.search(line.text, low, d.start)
        found.append(Span(m.start(), d.end) if m else d)
    found.sort()
    return [s for i, s in enumerate(found) if not i or s.start >= found[i - 1].end]


def _spoken(line: Line, time: Span) -> bool:
    """Whether a verb of speech stands beside a date."""
    i = line.after(time.start)
    j = line.after(time.end)
    before, after = line.words[max(0, i - 2) : i], line.words[j : j + 1]
    if after and "," in line.text[time.end : after[0].start]:
        after = []
    return any(w.low in _speaking() and w.low != "added" for w in (*before, *after))


@cache
def _speaking() -> frozenset[str]:
    return speech_verbs() | frozenset("published released report survey poll interview statement".split())
