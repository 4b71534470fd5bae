"""The controls `removed` and `added`: a sentence less, a sentence more."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random  # noqa: TID251  # the type of what is passed in

from summarize.news import Sentence
from summarize.selftest.edits import EDITED, ORIGINAL, Edit, edited, keeps
from summarize.selftest.model import Control, Expectation, Made, Skipped
from summarize.selftest.planted import PACKAGE, shuffled
from summarize.selftest.prose import Prose
from summarize.text.lists import entries
from summarize.text.span import Span
from summarize.text.speech import speeches

_STRANGE = 0.2  # coverage by the article up to which a sentence says nothing of it
_SHOWN = 60  # characters of a sentence that name it


def removed(prose: Prose, chance: Random) -> Made:
    """One sentence taken out: exactly that omission."""
    for sentence in shuffled(_dispensable(prose), chance):
        edit = Edit(_with_space(prose, sentence), "")
        changed = edited(prose.version, [edit])
        if keeps(prose.article, changed, sentence.number, gained=0):
            expect = Expectation(frozenset({"omission"}), before=sentence.span, lacking=EDITED)
            about = f"sentence {sentence.number} was taken out: “{_short(prose.words(sentence))}”"
            return Control("removed", about, changed, expect, (edit,))
    return Skipped("removed", "no sentence can go without the next one losing its sense")


def _dispensable(prose: Prose) -> Iterator[Sentence]:
    """Plain sentences that nobody speaks in and the next one does not lean on."""
    for sentence in prose.plain:
        if not speeches(prose.text, *sentence.span) and not prose.leans(prose.after(sentence)):
            yield sentence


def _with_space(prose: Prose, sentence: Sentence) -> Span:
    """A sentence with the space behind it, or before it at a paragraph's end; with its line breaks if it is all."""
    text, (start, end) = prose.text, sentence.span
    behind = end
    while behind < len(text) and text[behind].isspace():
        behind += 1
    before = start
    while before > 0 and text[before - 1].isspace():
        before -= 1
    if "\n" not in text[before:start] and "\n" in text[end:behind]:
        return Span(before, end)
    return Span(start, behind)


def added(prose: Prose, chance: Random) -> Made:
    """One sentence about something else put in: exactly that omission, in the original."""
    known = [row[0] for row in entries("sentences.txt", PACKAGE)]
    strange = [said for said in known if prose.coverage(said) <= _STRANGE]
    for said in shuffled(strange, chance):
        for last in shuffled(_ends(prose), chance):
            gap = "\n" if "\n" in prose.words(last) else " "  # a hard-wrapped text stays one
            edit = Edit(Span(last.end, last.end), gap + said)
            changed = edited(prose.version, [edit])
            if keeps(prose.article, changed, last.number + 1, lost=0):
                there = Span(last.end + len(gap), last.end + len(gap) + len(said))
                expect = Expectation(frozenset({"omission"}), after=there, lacking=ORIGINAL)
                about = f"a sentence was put in behind sentence {last.number}: “{_short(said)}”"
                return Control("added", about, changed, expect, (edit,))
    return Skipped("added", "no paragraph can take a sentence without the next one losing its sense")


def _ends(prose: Prose) -> Iterator[Sentence]:
    """Sentences that end a paragraph of the body behind which nothing leans on what came before."""
    whole = {s.number for s in prose.body}
    for sentence in prose.read:
        after = prose.after(sentence)
        ends = after is not None and after.paragraph != sentence.paragraph
        if sentence.number in whole and ends and not prose.leans(after):
            yield sentence


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1].rstrip() + "…"
