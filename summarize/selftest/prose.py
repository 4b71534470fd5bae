"""Where a control may be planted: sentences of the body, in the author's prose, that the article tells once."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from summarize.anchors import Anchor, anchors
from summarize.news import Sentence, Version, lay_out
from summarize.text.likeness import Bag, Likeness
from summarize.text.quotations import quotations
from summarize.text.span import Span, within
from summarize.text.speech import is_pronoun, speeches

_LEAST, _MOST = 8, 60  # words of a sentence that says something and can still be overlooked
_REPEATED = 0.45  # coverage by another sentence from which a sentence may be told twice
_MARKS = re.compile(r"[“”\"«»„‘()\[\]?!:;*_|]|…|\.\.\.")
_DOUBLES = frozenset('“”"')
_DOUBLE = re.compile('[“”"]')
_POINTS_BACK = re.compile(
    r"[“\"]?(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|Such|There|Both|Neither|Either|So|But|And|Or"
    r"|The (?:latter|former|same|two|other|move|decision|statement|comments?|remarks?))\b"
)


class Prose:
    """An article as controls are made from it."""

    def __init__(self, version: Version) -> None:
        self.version, self.text = version, version.text
        self.article = lay_out(version)
        self.read = tuple(self.article.read())
        self.anchors = anchors(self.article)

    def words(self, sentence: Sentence) -> str:
        """A sentence as it stands."""
        return self.text[sentence.start : sentence.end]

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """Whole sentences of the body, of a common length, with nothing masked in them."""
        return tuple(s for s in self.read if s.role == "body" and self._is_whole(s))

    @cached_property
    def plain(self) -> tuple[Sentence, ...]:
        """Those in the author's prose (nothing quoted, nothing in brackets) whose content stands nowhere else."""
        return tuple(s for s in self.body if self._is_plain(s) and self.once(s))

    def _is_plain(self, s: Sentence) -> bool:
        """Whether a sentence is the author's alone, and not the first, which a headline tells in other words."""
        said = self.words(s)
        first = next(r.number for r in self.read if r.role == "body")
        quoted = within(self.quoted, s.start)
        return not _MARKS.search(said) and said.endswith(".") and s.number != first and not quoted

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """What is quoted, in order and apart; all of a paragraph in which a mark has lost its partner."""
        return tuple(q for block, spans in self._blocks for q in (spans if self._paired(block, spans) else [block]))

    @cached_property
    def paired(self) -> bool:
        """Whether all double quotation marks have their partner in the same paragraph."""
        return all(self._paired(block, spans) for block, spans in self._blocks)

    @cached_property
    def _blocks(self) -> list[tuple[Span, list[Span]]]:
        """Paragraphs, each with what is quoted in it."""
        told = [list(group) for _, group in groupby(self.article.sentences, key=attrgetter("paragraph"))]
        blocks = [Span(group[0].start, group[-1].end) for group in told]
        return [(block, quotations(self.text, *block)) for block in blocks]

    def _paired(self, block: Span, spans: list[Span]) -> bool:
        marks = [m for start, end in spans for m in (self.text[start - 1], self.text[end : end + 1])]
        return len(_DOUBLE.findall(self.text, *block)) == sum(m in _DOUBLES for m in marks)

    def once(self, sentence: Sentence) -> bool:
        """Whether no other sentence says half of it."""
        place = self._places[sentence.number]
        covers = self._likeness.covers(self._bags[place])
        return all(cover < _REPEATED for i, cover in covers.items() if i != place)

    def within(self, sentence: Sentence, kind: str) -> list[Anchor]:
        """The anchors of a kind in a sentence."""
        return [a for a in self.anchors if a.sentence == sentence.number and a.kind == kind]

    def occurrences(self, words: str) -> int:
        """How often `words` stand in the text, in any case, as whole words."""
        return len(re.findall(rf"(?<!\w){re.escape(words)}(?!\w)", self.text, re.IGNORECASE))

    def after(self, sentence: Sentence) -> Sentence | None:
        """The next sentence that an engine reads."""
        return next((s for s in self.read if s.number > sentence.number), None)

    def leans(self, sentence: Sentence | None) -> bool:
        """Whether a sentence cannot do without the one before: it opens on a pronoun, or a pronoun speaks."""
        if sentence is None:
            return False
        said = self.words(sentence)
        spoken = speeches(self.text, *sentence.span)
        return _POINTS_BACK.match(said) is not None or any(is_pronoun(self.text[slice(*s)]) for s, _ in spoken)

    def coverage(self, of: str) -> float:
        """The largest share of the words in `of` that a sentence of the article says, 0 to 1."""
        return max(self._likeness.covers(Bag.of(of)).values(), default=0.0)

    def _is_whole(self, s: Sentence) -> bool:
        said = self.words(s)
        masked = any(m.start < s.end and s.start < m.end for m, _ in self.article.masks)
        return (
            _LEAST <= len(said.split()) <= _MOST
            and said[0].isupper() | (said[0] in '“"')
            and said.rstrip("”\"'’")[-1:] == "."
            and not masked
        )

    @cached_property
    def _places(self) -> dict[int, int]:
        return {s.number: i for i, s in enumerate(self.read)}

    @cached_property
    def _bags(self) -> list[Bag]:
        return [Bag.of(self.words(s)) for s in self.read]

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self._bags)
