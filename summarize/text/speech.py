"""Find who is reported as saying something: speakers by the verbs and phrases that attribute words to them.

A rule reader in the manner of quotation attribution by cue verbs (Pouliquen, Steinberger & Best 2007;
O'Keefe et al. 2012): `“…,” a spokesperson said`, `The ministry confirmed that …`, `… , said Ana Ruiz,
a fire captain`, `according to two officials`. A noun phrase counts as a speaker if it holds a noun from
data/roles.tsv, a name or a pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from summarize.text.lists import entries, speech_verbs, stopwords
from summarize.text.quotations import quotations
from summarize.text.span import Span, within


class Speech(NamedTuple):
    """Words at `speaker` are said to have uttered what the sentence holds; `cue` is the verb or phrase."""

    speaker: Span
    cue: Span


_WORD = re.compile(r"[^\W_]+(?:[.'’&/-][^\W_]+)*\.?")
_PHRASE = re.compile(r"\b(?:according to|in the words of|as told by|citing|cited by|quoted by)\s+", re.IGNORECASE)
_PHRASE_END = re.compile(
    r"[,;:“”\"()–—]|\s--?\s|\.(?=\s*$)"  # a full stop inside a sentence is an abbreviation's
    r"|\s(?:that|who|which|while|but|as|when|where|after|before|because|if|whether|and\s(?:the|that|a|an)\b)\b"
    r"|\s(?:say|says|said|is|are|was|were|has|have|had|in\s+a|(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_BREAK = re.compile(
    r"[;:“”\"()–—]|\s--?\s|,\s*(?:and|but|as|which|who|that|while|though|although|because|so|when|where|after|before)?\s"
    r"|\b(?:and|but|that|while|though|although|because|when|where|after|before|since|whether|if|as|how|what|why)\s",
    re.IGNORECASE,
)
_CONTRACTED = frozenset(
    f"{verb}{mark}t"
    for verb in ("didn", "doesn", "don", "won", "wouldn", "couldn", "hasn", "haven", "hadn")
    for mark in "'’"
)
_BETWEEN = _CONTRACTED | frozenset(
    "also has have had later then further again now already repeatedly previously recently jointly publicly "
    "reportedly immediately quickly earlier meanwhile separately would will did does do could previously not never "
    "yet still ever today yesterday himself herself themselves both all".split()
)
_BE = frozenset("is are was were be been being get gets got".split())
_NOT_BEFORE = frozenset(
    "to the a an his her its their our your my this these those such of in no any each every some other recent with "
    "by for from on at into".split()
)
# What stands before a verb and is not its subject, or makes it no report ("may say", "that threatens").
_NO_SUBJECT = frozenset("that which who whom and or but to may might must can cannot should".split())
_AUXILIARIES = _CONTRACTED | frozenset("would will did does do could not never".split())
_PLURAL = frozenset("they we i you people police both many some others all".split())
_QUOTE_CLOSED = re.compile(r"[,.!?…—-]\s?['’]?[\"”’»]|[\"”’»],")
_NOT_WITHIN = frozenset("is are was were has have had amid during despite".split())
_NO_START = frozenset("of in at from for on to with by during under over into about against amid within".split())
_OBJECT = re.compile(r"(?:her|him|them|us|me|it)\s+(?:of|in|on|for|from|to|at|with|by)\s", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:who|which|whose)\s+$", re.IGNORECASE)
_DAY = re.compile(r",?\s(?:on\s|late\s|early\s)*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")
_PARTICIPLE = re.compile(r"[^\W_]+-[a-z]+(?:ing|ed)$")  # "Democratic-leaning", "Republican-controlled"
_PLACE = re.compile(r"(?:of|in|at|from|for)\s|[A-Z]-[A-Z]")  # "of Springfield", "R-Texas"
_SAID = re.compile(r"(?:[a-z]+ed|says?|said|told|wrote)$")
_ANONYMOUS = re.compile(
    r",?\s(?:who|speaking|on)\s[^,.;:“”\"]{0,80}?\b(?:anonym\w+|(?:to be|being)\s(?:named|identified|quoted))"
)
_PART_END = re.compile(r",|\s(?:of|for|in|at|from|with|on|who|that|to|by|familiar|close|briefed)\s")
_PRONOUNS = frozenset("he she they it we i who".split())
_MAX_WORDS = 12
_WINDOW = 160  # code points: a speaker's name is not longer


def speeches(text: str, start: int, end: int) -> list[Speech]:
    """Attributions in the sentence `text[start:end]`, in order of their cues."""
    found = [*_by_phrase(text, start, end), *_by_verb(text, start, end)]
    return sorted(found, key=lambda speech: speech.cue)


def _by_phrase(text: str, start: int, end: int) -> Iterator[Speech]:
    for phrase in _PHRASE.finditer(text, start, end):
        limit = min(end, phrase.end() + _WINDOW)
        stop = _PHRASE_END.search(text, phrase.end(), limit)
        speaker = _trim(text, phrase.end(), stop.start() if stop else limit)
        if speaker and _speaks(text, speaker):
            yield Speech(speaker, Span(phrase.start(), phrase.end() - 1))


def _by_verb(text: str, start: int, end: int) -> Iterator[Speech]:
    words = [Span(*m.span()) for m in _WORD.finditer(text, start, end)]
    quoted = quotations(text, start, end)
    for i, verb in enumerate(words):
        form = text[verb.start : verb.end].rstrip(".")
        if within(quoted, verb.start):
            continue  # whoever is quoted speaks of others speaking
        if (
            form not in speech_verbs()
            or form.endswith("ing")
            or (i and text[words[i - 1].start : words[i - 1].end].lower() in _NOT_BEFORE)
        ):
            continue
        speaker = _before(text, start, words[max(0, i - _MAX_WORDS - 4) : i], verb) or _after(text, verb, start, end)
        if speaker is not None:
            yield Speech(speaker, Span(verb.start, verb.start + len(form)))


def _before(text: str, start: int, words: list[Span], verb: Span) -> Span | None:
    """The noun phrase that ends before the verb, with an apposition between commas if there is one."""
    words, helped = _without_adverbs(text, words)
    if words and ")" in text[words[-1].end : verb.start]:  # "Sen. Ana Ruiz (D-Calif.) said"
        bracket = text.rfind("(", start, words[-1].start + 1)
        words = [w for w in words if w.end <= bracket]
    words = _without_anonymity(text, words)
    if not words or not _may_be_subject(text[words[-1].start : words[-1].end]):
        return None
    stop = words[-1].end
    if _QUOTE_CLOSED.search(text, stop, verb.start):  # what ends there are the words quoted
        return None
    floor = max(start, stop - _WINDOW)
    begin = _phrase_start(text, floor, stop)
    if text[verb.start : verb.end].rstrip(".") in _base_forms() and not (
        helped or is_plural(text[begin:stop]) or text[floor:begin].rstrip().endswith(" and")
    ):
        return None  # "the first New England state", "asked that she agree"
    candidates = [*_apposition(text, floor, stop), _noun_phrase(text, begin, stop)]
    return next((c for c in candidates if c and _speaks(text, c) and not _merely_opens(text, c, start)), None)


def _without_anonymity(text: str, words: list[Span]) -> list[Span]:
    """The words without a clause at their end that asks to keep the name back."""
    if not words:
        return words
    stop = words[-1].end
    asked = (m.start() for m in _ANONYMOUS.finditer(text, max(words[0].start, stop - _WINDOW), stop) if m.end() == stop)
    start = next(asked, stop)
    return [w for w in words if w.end <= start]


def _merely_opens(text: str, phrase: Span, start: int) -> bool:
    """Whether the one capital that might make several words a name is the sentence's ("Initial jobless claims")."""
    rest = text[phrase.start : phrase.end].split()[1:]
    return phrase.start == start and bool(rest) and rest == [w.lower() for w in rest] and role(" ".join(rest)) is None


def _speaks(text: str, phrase: Span) -> bool:
    """Whether a phrase is short enough for a speaker and names one."""
    return len(_words(text, phrase)) <= _MAX_WORDS and is_speaker(text[phrase.start : phrase.end])


def _noun_phrase(text: str, begin: int, stop: int) -> Span | None:
    """`text[begin:stop]` if it can be a subject, without a day at its end.

    Not one that holds a verb of its own, nor the rest of a relative clause ("who appointed her in 2003").
    Of one that a preposition opens only the name at its end ("In an interview last week Ruiz").
    """
    if day := _DAY.search(text, begin, stop):
        stop = day.start()
    found = _trim(text, begin, stop)
    if found is None or _RELATIVE.search(text, max(0, begin - 8), begin) or _OBJECT.match(text, found.start, stop):
        return None
    words = [Span(*m.span()) for m in _WORD.finditer(text, *found)]
    low = [text[w.start : w.end].lower() for w in words]
    if not words or _NOT_WITHIN.intersection(low):
        return None
    if low[0] not in _NO_START:
        return found
    last = len(words)
    while last and text[words[last - 1].start].isupper() and low[last - 1] not in stopwords():
        last -= 1
    between = [w.islower() for w in (text[w.start : w.end] for w in words[:last])]
    named = last < len(words) and sum(between) > 1 and low[last - 1] not in _NO_START | {"the", "a", "an"}
    return Span(words[last].start, found.end) if named else None


def _without_adverbs(text: str, words: list[Span]) -> tuple[list[Span], bool]:
    """The words without adverbs and auxiliaries at their end, and whether one of these takes a base form."""
    helped = False
    while words:
        word = text[words[-1].start : words[-1].end]
        if word.lower() not in _BETWEEN and not (word.islower() and word.endswith("ly") and role(word) is None):
            break
        helped = helped or word.lower() in _AUXILIARIES
        words = words[:-1]
    return words, helped


def _may_be_subject(word: str) -> bool:
    """Whether a verb's subject may end in `word`."""
    if word.lower() in _BE | _NO_SUBJECT or word.endswith(("'s", "’s")) or _PARTICIPLE.match(word):
        return False
    return not (word.islower() and (word.endswith("ing") or (_SAID.match(word) and word in speech_verbs())))


def is_plural(phrase: str) -> bool:
    """Whether `phrase` may name several: a plural in it, and no "a" before that."""
    words = phrase.lower().split()
    if {"a", "an"} & set(words[-4:]) and "few" not in words:
        return False
    return any((w.endswith("s") and w not in stopwords()) or w in _PLURAL for w in words)


def _phrase_start(text: str, floor: int, stop: int) -> int:
    begin = floor
    for gap in _BREAK.finditer(text, floor, stop):
        begin = gap.end()
    for word in _WORD.finditer(text, begin, stop):
        if _SAID.match(word[0]) and word[0] in speech_verbs():  # "Ruiz said she expects": who expects is "she"
            begin = word.end()
    return begin


def _apposition(text: str, floor: int, stop: int) -> Iterator[Span | None]:
    """`Ana Ruiz, a fire captain` where the verb follows a second comma; then, should that be too long, `Ana Ruiz`."""
    if not text[stop : stop + 2].startswith(","):
        return
    comma = text.rfind(",", floor, stop)
    if comma < 0 or "”" in text[comma:stop] or '"' in text[comma:stop]:
        return
    begin = _phrase_start(text, floor, comma)
    while (_PLACE.match(text, begin, stop) or _RELATIVE.search(text, floor, begin)) and (
        (before := text.rfind(",", floor, begin)) >= 0
    ):
        comma = before
        begin = _phrase_start(text, floor, comma)  # "Bishop Ana Ruiz, of Springfield, Ill., said"
    yield _noun_phrase(text, begin, stop)
    yield _noun_phrase(text, begin, comma)


def _after(text: str, verb: Span, start: int, end: int) -> Span | None:
    """The noun phrase behind an inverted verb: `“…,” said Ana Ruiz`."""
    lead = text[max(start, verb.start - 3) : verb.start].rstrip()
    if not lead or lead[-1] not in ',”"’»?!':
        return None
    limit = min(end, verb.end + _WINDOW)
    stop = _PHRASE_END.search(text, verb.end + 1, limit)
    speaker = _noun_phrase(text, verb.end, stop.start() if stop else limit)
    return speaker if speaker and _speaks(text, speaker) else None


def anonymity(text: str, end: int) -> int:
    """Where a speaker's name ends that ends at `end`, with the words that ask to keep it back."""
    asked = _ANONYMOUS.match(text, end)
    return asked.end() if asked else end


def is_speaker(phrase: str) -> bool:
    """Whether `phrase` can name a speaker: a pronoun, a name, or a role as the head of one of its parts.

    "officials in Seoul", "Ana Ruiz, a passenger"; not "a passenger ferry".
    """
    words = [w.group() for w in _WORD.finditer(phrase)]
    if not words:
        return False
    if len(words) == 1 and words[0].lower() in _PRONOUNS:
        return True
    named = any(w[0].isupper() and w.lower() not in stopwords() for w in words)
    return named or any(_role_at(part, len(part)) for part in _parts(phrase))


def role(phrase: str) -> str | None:
    """Kind of speaker that a phrase names: by the head of its first part that has one, else its last role noun."""
    parts = _parts(phrase)
    heads = (_role_at(part, len(part)) for part in parts)
    anywhere = (_role_at(part, i) for part in reversed(parts) for i in range(len(part), 0, -1))
    return next((kind for kind in (*heads, *anywhere) if kind), None)


def _parts(phrase: str) -> list[list[str]]:
    """The words, in lower case, of a phrase's parts: what stands before and after commas and prepositions."""
    return [[w.group().lower() for w in _WORD.finditer(part)] for part in _PART_END.split(phrase)]


def _role_at(words: list[str], end: int) -> str | None:
    """Kind of speaker that the one or two words before `end` name."""
    kinds = _roles()
    named = (kinds.get(_singular(" ".join(words[end - size : end]))) for size in (2, 1) if end >= size)
    return next((kind for kind in named if kind), None)


def is_pronoun(phrase: str) -> bool:
    """Whether `phrase` only points back to a speaker named before."""
    return phrase.strip().lower() in _PRONOUNS


def _singular(noun: str) -> str:
    kinds = _roles()
    if noun in kinds or not noun.endswith("s"):
        return noun
    for ending, single in (("ies", "y"), ("es", ""), ("s", "")):
        if noun.endswith(ending) and noun[: -len(ending)] + single in kinds:
            return noun[: -len(ending)] + single
    return noun


def _words(text: str, span: Span) -> list[str]:
    return text[span.start : span.end].split()


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and (text[start].isspace() or text[start] in ",'’"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",."):
        end -= 1
    return Span(start, end) if start < end else None


@cache
def _base_forms() -> frozenset[str]:
    return frozenset(row[0] for row in entries("speech.tsv"))


@cache
def _roles() -> dict[str, str]:
    return {row[0]: row[1] for row in entries("roles.tsv")}
