"""What to ask instead of a question that is too large: halves of it, or windows on its article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from summarize.errors import PromptError
from summarize.prompt import Line, Question, part

Count: TypeAlias = "Callable[[str], int]"

_NEAR = 4  # a paragraph's end is near if it lies within a quarter of the lines
_SHARED = 3  # lines that two halves share, at most
_TENTH, _LEAST = 10, 2  # two windows share a tenth of the first one's lines, and two at least


def halves(question: Question) -> tuple[Question, ...]:
    """Two smaller questions in place of one whose answer was too long; none if nothing is left to halve.

    Several sections are halved first (each still reads the whole article), then several claims, then the
    lines: two windows that share at most three lines, so that what is told across the cut is in one of them.
    Law: each half has fewer sections, claims or lines, and no more of the others; so halving ends.
    """
    sections, claims, lines = question.sections, question.claims, question.lines
    if len(sections) > 1:
        at = (len(sections) + 1) // 2
        return part(question, sections=sections[:at]), part(question, sections=sections[at:])
    if len(claims) > 1:
        at = (len(claims) + 1) // 2
        return part(question, claims=slice(0, at)), part(question, claims=slice(at, None))
    if len(lines) > 1:
        at = _middle(lines)
        shared = min(_SHARED, len(lines) // _NEAR, at - 1)
        return _asking(question, [part(question, lines=lines[:at]), part(question, lines=lines[at - shared :])])
    return ()


def windows(question: Question, room: int, count: Count) -> tuple[Question, ...]:
    """`question` in parts whose user text takes at most `room` tokens each, as `count` counts them.

    The parts are windows of consecutive lines that overlap by a tenth (two lines at least, where that is no
    more than half of a window) and end with a paragraph where one ends near; all lines are in them. Claims
    that would take more than half of the room are asked in groups, each about all windows. The claims of an
    inventory are cut into consecutive groups. What fits is not cut: `(question,)`. A single line or claim
    that exceeds the room is a part all the same: the server will say so.
    Raises PromptError where there is no room at all.
    """
    if room < 1:
        raise PromptError("the instructions leave no room for an article", hint="use a model with a longer context")
    if count(question.user) <= room:
        return (question,)
    groups = _by_claims(question, room // 2 if question.lines else room, count)
    return tuple(window for group in groups for window in _by_lines(group, room, count))


def _by_claims(question: Question, room: int, count: Count) -> tuple[Question, ...]:
    """`question` about groups of its claims that take at most `room` tokens when no article stands below them."""
    bare = part(question, lines=())
    if not question.claims or count(bare.user) <= room:
        return (question,)
    costs = [count(f"({i}) {claim}\n") for i, claim in enumerate(question.claims, start=question.first)]
    row = _Row(costs, room, lambda start, end: count(part(bare, claims=slice(start, end)).user))
    return tuple(part(question, claims=slice(start, end)) for start, end in row.runs(overlap=False))


def _by_lines(question: Question, room: int, count: Count) -> tuple[Question, ...]:
    """`question` about windows of its lines."""
    lines = question.lines
    if not lines or count(question.user) <= room:
        return (question,)
    costs = [count(f"[{line.number}] {line.text}\n") for line in lines]
    row = _Row(costs, room, lambda start, end: count(part(question, lines=lines[start:end]).user), _breaks(lines))
    return _asking(question, [part(question, lines=lines[start:end]) for start, end in row.runs(overlap=True)])


def _asking(question: Question, parts: Sequence[Question]) -> tuple[Question, ...]:
    """The windows that are worth asking: where gaps are asked about, those that show one."""
    return tuple(window for window in parts if window.gaps or not question.gaps)


@dataclass(frozen=True, slots=True)
class _Row:
    """Things in a row, to be cut into runs `start:end` of at most `room` tokens.

    `costs` are estimates that tell where to look first; `count` counts a run as it will be sent and decides.
    `breaks` are places between two things where a cut does least harm.
    """

    costs: Sequence[int]
    room: int
    count: Callable[[int, int], int]
    breaks: frozenset[int] = frozenset()

    def runs(self, *, overlap: bool) -> list[tuple[int, int]]:
        """The runs, each as long as fits; one thing is a run whatever it takes."""
        sums = [0, *accumulate(self.costs)]
        frame = self.count(0, 1) - self.costs[0]
        found = [(0, self._end(sums, frame, 0))]
        while found[-1][1] < len(self.costs):
            begin, end = found[-1]
            size = end - begin
            shared = min(max(_LEAST, size // _TENTH), size // 2) if overlap else 0
            # With long lines an overlap may leave no room for a new one: then it shrinks, and what ends must grow.
            ahead = ((start, self._end(sums, frame, start)) for start in range(end - shared, end + 1))
            found.append(next(run for run in ahead if run[1] > end))
        return found

    def _end(self, sums: Sequence[int], frame: int, start: int) -> int:
        """Where the longest run from `start` ends: at a break, if one is near."""
        end = max(start + 1, bisect_right(sums, sums[start] + self.room - frame) - 1)
        while True:
            at = self._near(start, end)
            counted = self.count(start, at)
            if counted <= self.room or at == start + 1:
                return at
            end = max(start + 1, min(at - 1, start + (at - start) * self.room // counted))

    def _near(self, start: int, end: int) -> int:
        if end == len(self.costs):
            return end
        return next((at for at in range(end, end - (end - start) // _NEAR - 1, -1) if at in self.breaks), end)


def _middle(lines: Sequence[Line]) -> int:
    """Where to cut `lines` in two: at the paragraph's end nearest to the middle, if one is near."""
    middle = len(lines) // 2
    near = (at for at in _breaks(lines) if abs(at - middle) <= len(lines) // _NEAR)
    return min(near, key=lambda at: (abs(at - middle), at), default=middle)


def _breaks(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the lines that begin a paragraph, the first one aside."""
    return frozenset(i for i in range(1, len(lines)) if lines[i].paragraph != lines[i - 1].paragraph)
