"""The controls `name` and `speaker`: somebody else, or somewhere else, in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random  # noqa: TID251  # the type of what is passed in

from summarize.anchors import Anchor, title_words
from summarize.news import Sentence
from summarize.selftest.edits import Edit, moved
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.planted import changed_from, names, plant, shuffled
from summarize.selftest.prose import Prose
from summarize.text.lists import stopwords
from summarize.text.quotations import quotations
from summarize.text.span import Span, within
from summarize.text.speech import is_plural, is_pronoun, role, speeches

_WORD = re.compile(r"\S+")
_PLACED = re.compile(r"\b(?:in|near|at|outside|around)\s+$")
_BODIES = frozenset(
    "Agency Association Bank Board Bureau Church Coalition College Commission Committee Company Corporation Council"
    " Court Department Examiner Exchange Federation Foundation Fund Group Herald Hospital Institute Journal Ministry"
    " News Office Organization Organisation Party Post School Service Society Times Tribune Trust Union"
    " University".split()
)
_PLACES = frozenset("Airport Beach City County District Island Province River Road Square Street Valley".split())
_CUT = re.compile(r"[A-Z&]\S*,? (?:for|of|and|&)(?: the)? $")  # "Centers for Disease Control"
_GOES_ON = re.compile(r"-|(?:,| of| and| for| &)(?: the)? [A-Z]")
_CUES = re.compile(
    r"sa(?:id|ys)|told|tells|wr(?:ote|ites)|(?:add|announc|argu|claim|confirm|explain|insist|not|predict|report|stat"
    r"|testifi|warn)ed|(?:add|argu|insist|not|warn)e?s|according to|(?P<several>say|argue|warn)",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"[A-Z][a-zé]+(?: [A-Z]\.)?(?: [A-Z][\w’'é-]+)?")  # one word or two, of a person
_KIN = re.compile(r"(?:an|ans|ish|ese|ics?|is|ists?|ism|crats?|ives?|s)$")  # of a people, a party, a creed; several
_FULL = 2  # words of a person's name
_LONGEST = 4  # words of a speaker that say who it is and nothing else
_RUN = 3  # sentences after which nobody takes "she added" to be the speaker


def name(prose: Prose, chance: Random) -> Made:
    """One name changed: exactly one difference, which shows both (or an omission of each)."""
    for sentence, span, kind in shuffled(_nameable(prose), chance):
        old = prose.text[span.start : span.end]
        new = _another(kind, old, prose, chance)
        edit = Edit(span, new)
        changed = plant(prose, sentence, [edit]) if new else None
        if changed:
            expect = Expectation(frozenset({"contradiction", "omission"}), span, moved([edit])[0], pair=True)
            return Control("name", changed_from(old, new, sentence), changed, expect, (edit,))
    return Skipped("name", "no name of a person, place or body stands just once, in a sentence told once")


def _nameable(prose: Prose) -> Iterator[tuple[Sentence, Span, str]]:
    """Names that stand once, each with its kind, and are no speaker's."""
    for sentence in prose.plain:
        speakers = [who for who, _ in speeches(prose.text, *sentence.span)]
        for anchor in prose.within(sentence, "name"):
            span, kind = _kind(prose, sentence, anchor)
            speaks = any(who.start < span.end and span.start < who.end for who in speakers)
            if kind and span.start > sentence.start and not speaks and _is_lone(prose, span):
                yield sentence, span, kind


def _kind(prose: Prose, sentence: Sentence, anchor: Anchor) -> tuple[Span, str]:
    """What bears a name, and where it stands without titles; no kind where the words do not tell."""
    span = _bare(prose.text, anchor.span)
    words, before = prose.text[slice(*span)], prose.text[sentence.start : span.start]
    if _CUT.search(before) or _GOES_ON.match(prose.text, span.end):
        return span, ""
    if span.start > anchor.span.start:
        return span, "person" if _GIVEN.fullmatch(words) and words.split()[-1] not in _BODIES | _PLACES else ""
    if not re.fullmatch(r"[A-Z][a-zé]+(?: [A-Z][a-zé]+)*", words):
        return span, ""
    count, last = len(words.split()), words.split()[-1]
    if last in _BODIES:
        return span, "body" if count > 1 else ""
    if last in _PLACES or _PLACED.search(before):
        return span, "place"
    whole = count == _FULL and not before.lower().endswith(("the ", "an ", "a ")) and not _KIN.search(words)
    return span, "person" if whole else ""


def _bare(text: str, span: Span) -> Span:
    """A name without the titles before it."""
    start = span.start
    for word in _WORD.finditer(text, *span):
        if word[0].rstrip(".,") not in title_words():
            break
        start = min(span.end, word.end() + 1)
    return Span(start, span.end)


def _is_lone(prose: Prose, span: Span) -> bool:
    """Whether no word of a name stands anywhere else."""
    told = [w for w in prose.text[slice(*span)].split() if w.lower() not in stopwords()]
    return bool(told) and all(prose.occurrences(w) == 1 for w in told)


def _another(kind: str, old: str, prose: Prose, chance: Random) -> str:
    """Another name of a kind, of as many words, none of which the article has; empty if there is none."""
    free = [n for n in shuffled(names(kind), chance) if not any(prose.occurrences(w) for w in n.split())]
    if not free:
        return ""
    return free[0].split()[-1] if kind == "person" and " " not in old else free[0]


def speaker(prose: Prose, chance: Random) -> Made:
    """Another speaker of one sentence: exactly one attribution difference."""
    for sentence, span, verb in shuffled(_attributed(prose), chance):
        old = prose.text[span.start : span.end]
        new = _somebody_else(prose, span, verb, chance)
        new = new[:1].upper() + new[1:] if span.start == sentence.start else new
        edit = Edit(span, new)
        changed = plant(prose, sentence, [edit]) if new else None
        if changed:
            expect = Expectation(frozenset({"attribution"}), span, moved([edit])[0])
            return Control("speaker", changed_from(old, new, sentence), changed, expect, (edit,))
    return Skipped("speaker", "no sentence has one speaker, named in it, whom no later sentence takes up")


def _attributed(prose: Prose) -> Iterator[tuple[Sentence, Span, str]]:
    """Sentences of one speaker whom only they name, with where the name stands, and the verb or phrase."""
    for sentence in prose.body:
        spoken = speeches(prose.text, *sentence.span)
        if len(spoken) != 1 or not prose.once(sentence) or _taken_up(prose, sentence):
            continue
        between = prose.text[spoken[0].speaker.end : spoken[0].cue.start].strip()
        if between or not _CUES.fullmatch(prose.text[slice(*spoken[0].cue)]):
            continue  # "did not answer" reports nothing
        span = _bare(prose.text, spoken[0].speaker)
        words = prose.text[slice(*span)]
        quoted = within(quotations(prose.text, *sentence.span), span.start)
        others = [w for w in words.split() if w[0].isupper() and prose.words(sentence).count(w) > 1]
        apposed = re.match(r",\s(?:an?|the|who|which|his|her|\d)\b", prose.text[span.end :])
        part = _CUT.search(prose.text, sentence.start, span.start) or _GOES_ON.match(prose.text, span.end)
        if words and len(words.split()) <= _LONGEST and not (quoted or others or apposed or part or _is_odd(words)):
            yield sentence, span, prose.text[slice(*spoken[0].cue)]


def _is_odd(words: str) -> bool:
    """Whether a speaker is a pronoun or more than a plain phrase."""
    return is_pronoun(words) or re.search(r"[,(“”\"]|['’]s?\s|\b(?:and|or|who|that)\b", words) is not None


def _taken_up(prose: Prose, sentence: Sentence) -> bool:
    """Whether one of the next sentences may be the same speaker's: a pronoun's, or quoted with no speaker."""
    for later in (s for s in prose.read if sentence.number < s.number <= sentence.number + _RUN):
        spoken = speeches(prose.text, *later.span)
        if prose.leans(later) or (quotations(prose.text, *later.span) and not spoken):
            return True
        if spoken:
            return False
    return False


def _somebody_else(prose: Prose, span: Span, verb: str, chance: Random) -> str:
    """A person for a name, a role for a role, several for several."""
    old, before = prose.text[slice(*span)], prose.text[max(0, span.start - 4) : span.start]
    said = _CUES.fullmatch(verb)
    base = said is not None and bool(said["several"])
    if all(w[0].isupper() for w in old.split()) and role(old) is None:
        return "" if base or before.lower() == "the " else _another("person", old, prose, chance)
    kind = "speakers" if base or is_plural(old) else "speaker"
    free = [n for n in shuffled(names(kind), chance) if not prose.occurrences(n.split()[-1])]
    return free[0] if free and not re.search(r"(?<!\w)(?:an?|the) $", before, re.IGNORECASE) else ""
