"""Tell a text's blocks apart: headline, byline, bullets, subheads, body and trailing boilerplate.

A *block* is one line that holds more than white space, or, in a hard-wrapped text, the lines of one
paragraph. Nothing is moved or removed, so every offset is an offset of the text as given. Roles are
found by stated rules, in this order:

1. `# ` opens the headline, `##` and deeper a subhead; `- `, `* `, `• `, `1. ` open a bullet. The
   marker itself is not part of the block.
2. A heading from data/boilerplate.tsv ("Sources:", "Read more") begins trailing *boilerplate* if
   nothing but bullets and short unpunctuated lines follow it to the end of the text.
3. A first line is the *headline* if it is short and either has no final full stop or stands before
   a heading; "By …" and date lines right below are the *byline*.
4. A short line without a final mark, between other blocks, is a *subhead*. What is left is *body*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from summarize.text.lists import entries
from summarize.text.span import Span

Role = Literal["headline", "byline", "bullet", "subhead", "body", "boilerplate"]

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(r"\s*(?:(?P<hashes>#{1,6})|(?P<bullet>[-*+•‣▪●–]|\d{1,2}[.)]))\s+(?=\S)")
_ENDS = re.compile(r"[.!?…。！？]['\"”’»)\]]*\s*$")
_BYLINE = re.compile(
    r"\s*(?:[Bb]y\s+[A-Z]\S*(?:\s+(?:and|[A-Zd]\S*)){0,8}"
    r"|(?:Published|Updated|Posted|Last updated|Last modified)\b.{0,60}"
    r"|(?:\w+,?\s+)?\d{1,2}\s+\w+\s+\d{4}\b.{0,24}|\w+\.?\s+\d{1,2},?\s+\d{4}\b.{0,24}|\d{4}-\d\d-\d\d\b.{0,24})\s*$"
)
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_WRAPPED_AT, _FULL_LINE = 100, 40  # the longest line of a wrapped text; shorter ones end their paragraph
_LONG_LINES = 0.05  # share of lines that may be longer all the same
_HEADLINE_WORDS, _SUBHEAD_WORDS, _TRAILER_WORDS = 30, 14, 25
_BYLINE_BLOCKS = 5


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or bullet: `text[start:end]` without its marker, and its `role`."""

    start: int
    end: int
    role: Role
    words: int
    ends: bool  # closes with a sentence's final mark


def blocks(text: str, start: int = 0, *, headed: bool = False) -> list[Block]:
    """Blocks of `text[start:]`, in order, each with its role; `headed`: the headline stands elsewhere."""
    found = [_block(text, line) for line in _paragraphs(text, start)]
    body_end = _trailer(text, found)
    head = _head(text, found[:body_end], headed=headed)
    middle = [_subhead(found, i) for i in range(len(head), body_end)]
    return head + middle + [replace(block, role="boilerplate") for block in found[body_end:]]


def _paragraphs(text: str, start: int) -> Iterator[Span]:
    """Spans of the lines that hold more than white space; wrapped lines of one paragraph as one span."""
    lines = [Span(*line.span()) for line in _LINE.finditer(text, start) if line[0].strip()]
    wrapped = _is_wrapped(text, lines)
    held: Span | None = None
    for line in lines:
        if held is not None and wrapped and _continues(text, held, line):
            held = Span(held.start, line.end)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether the text is hard-wrapped: hardly a long line (a link cannot be wrapped), paragraphs set apart."""
    return (
        len(lines) > 1
        and sum(line.end - line.start > _WRAPPED_AT for line in lines) <= _LONG_LINES * len(lines)
        and _EMPTY_LINE.search(text, lines[0].start, lines[-1].end) is not None
    )


def _continues(text: str, held: Span, line: Span) -> bool:
    last = max(text.rfind("\n", held.start, held.end) + 1, held.start)
    return (
        held.end - last >= _FULL_LINE
        and _EMPTY_LINE.search(text, held.end, line.start) is None
        and _MARKER.match(text, line.start, line.end) is None
    )


def _block(text: str, line: Span) -> Block:
    start, end = line
    role: Role = "body"
    marker = _MARKER.match(text, start, end)
    if marker is not None:
        start = marker.end()
        role = "bullet" if marker["bullet"] else "headline" if marker["hashes"] == "#" else "subhead"
    words = text.count(" ", start, end) + 1  # close enough to tell a heading from a paragraph
    tail = text[max(start, end - 40) : end]
    return Block(start, end, role, words, _ENDS.search(tail) is not None)


def _trailer(text: str, found: list[Block]) -> int:
    """Index of the first block of trailing boilerplate; `len(found)` where there is none."""
    first = len(found)
    for i in range(len(found) - 1, 0, -1):
        block = found[i]
        if _label(text, block) in _headings("boilerplate.tsv"):
            first = i
        elif not (block.role == "bullet" or (block.words <= _TRAILER_WORDS and not block.ends)):
            break
    return first


def _label(text: str, block: Block) -> str:
    """A heading's words, without marks and in lower case."""
    return text[block.start : min(block.end, block.start + 80)].strip(" \t*_#:").lower()


def _head(text: str, found: list[Block], *, headed: bool) -> list[Block]:
    """The headline and byline blocks that open the text, if any."""
    head: list[Block] = []
    if not headed and len(found) > 1 and _is_headline(text, found):
        head.append(replace(found[0], role="headline"))
    for block in found[len(head) : _BYLINE_BLOCKS]:
        if len(head) < len(found) - 1 and block.words <= _SUBHEAD_WORDS and _BYLINE.match(text, block.start, block.end):
            head.append(replace(block, role="byline"))
        else:
            break
    return head


def _is_headline(text: str, found: list[Block]) -> bool:
    first, second = found[0], found[1]
    if first.role == "headline":
        return True
    if first.role != "body" or first.words > _HEADLINE_WORDS or _label(text, first) in _headings("bullet_headings.tsv"):
        return False
    return not first.ends or second.role == "subhead" or (_looks_like_heading(second) and len(found) > 2)  # noqa: PLR2004


def _looks_like_heading(block: Block) -> bool:
    return block.role == "body" and not block.ends and block.words <= _SUBHEAD_WORDS


def _subhead(found: list[Block], i: int) -> Block:
    block = found[i]
    if block.role == "headline":  # a second first-level heading
        return replace(block, role="subhead")
    if _looks_like_heading(block) and i + 1 < len(found):
        return replace(block, role="subhead")
    return block


@cache
def _headings(name: str) -> frozenset[str]:
    return frozenset(row[0] for row in entries(name))
