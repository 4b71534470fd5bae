"""A terminal to write on: what it can show, how wide, and the few shapes that all views are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from summarize.evidence import Evidence
from summarize.report.content import Names, Passage, Side
from summarize.report.sheets import Cell, Sheet
from summarize.report.text import count, cut, escape, safe

_WIDEST, _SIDE_BY_SIDE = 120, 100  # columns: longer lines are hard to read; two columns of words fit
_INDENT = 2
_GROUPS = frozenset({"version", "part", "who"})  # columns in which a name holds for the rows below it
_HUES = ("cyan", "magenta", "green", "yellow", "blue")
# What stands for a character that the terminal's encoding lacks.
_INSTEAD = {
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("‐‑‒–—−─", "-"),
    "━": "=",
    "…": "...",
    "│": "|",
    "·": "-",
    "●": "+",
    "◐": "~",
    "✗": "x",
    "○": "o",
    "×": "x",
    "→": "->",
}


class Page:
    """Writes on a console. Every string passes `text`, so nothing from outside is markup or control."""

    def __init__(self, console: Console, hues: Sequence[str] = ()) -> None:
        self.console = console
        self.width = min(console.width, _WIDEST)
        self.side_by_side = self.width >= _SIDE_BY_SIDE
        self.hue: Mapping[str, str] = {name: _HUES[i % len(_HUES)] for i, name in enumerate(hues)}

    def plain(self, words: str) -> str:
        """`words`, safe, in characters that the console's encoding has."""
        flat, encoding = safe(words), self.console.encoding
        try:
            flat.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return "".join(c if _encodable(c, encoding) else _INSTEAD.get(c, escape(c)) for c in flat)
        return flat

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """Words, each part as it is or with its style."""
        made = Text(overflow="fold")
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            made.append(self.plain(words), style)
        return made

    def put(self, shown: RenderableType, indent: int = _INDENT) -> None:
        """Print something, indented, without the blanks that rich fills lines up with: they would be copied too."""
        options = self.console.options.update(width=self.width)
        for line in self.console.render_lines(Padding(shown, (0, 0, 0, indent)), options, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            kept = [*line[:-1], *(Segment(s.text.rstrip(), s.style) for s in line[-1:])]
            self.console.print(Segments([*kept, Segment.line()]), end="")

    def line(self, *parts: str | tuple[str, str], indent: int = _INDENT) -> None:
        """Print words as a paragraph."""
        self.put(self.text(*parts), indent)

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def points(self, sentences: Iterable[str]) -> None:
        """Print sentences as a list."""
        made = Table.grid(padding=(0, 1, 0, 0))
        for sentence in sentences:
            made.add_row(self.text("·"), self.text(sentence))
        self.put(made)

    def heading(self, title: str, note: str = "", *, line: str = "─") -> None:
        """Begin a section."""
        self.gap()
        rule = Rule(
            self.text((cut(title, self.width * 4 // 5), "bold")), characters=self.plain(line), style="dim", align="left"
        )
        self.console.print(rule, width=self.width)
        if note:
            self.line((note, "dim"))

    def more(self, number: int, what: str) -> None:
        """Say what is not shown."""
        if number > 0:
            self.line((f"… and {count(number, f'more {what}', f'more {_several(what)}')}; --json has all.", "italic"))

    def quoted(self, passages: Iterable[Passage]) -> Table:
        """A version's own words: the number of the sentence, a bar, the sentence."""
        made = Table(box=box.MINIMAL, show_edge=False, show_header=False, pad_edge=False, border_style="dim")
        made.add_column(justify="right", min_width=3, style="dim", no_wrap=True)
        made.add_column(overflow="fold")
        for passage in passages:
            pieces = [(p, "bold underline" if marked and not passage.whole else "") for p, marked in passage.pieces]
            made.add_row(self.text(str(passage.sentence)), self.text(*pieces))
        return made

    def sides(self, sides: Sequence[Side], named: Names) -> RenderableType:
        """Versions' words: in two columns where there are two and room, else one below the other."""
        if self.side_by_side and len(sides) == 2:  # noqa: PLR2004
            made = Table.grid(padding=(0, 3, 0, 0), expand=True)
            made.add_column(ratio=1)
            made.add_column(ratio=1)
            made.add_row(*(self._name(side, named.full) for side in sides))
            made.add_row(*(self._words(side) for side in sides))
            return made
        made = Table.grid(padding=(0, 1, 0, 0), expand=True)
        made.add_column(no_wrap=True, min_width=max(map(len, named.short.values())))
        made.add_column(ratio=1)
        for side in sides:
            made.add_row(self._name(side, named.short), self._words(side))
        return made

    def _name(self, side: Side, called: Mapping[str, str]) -> Text:
        return self.text((called[side.version], f"bold {self.hue.get(side.version, '')}"))

    def _words(self, side: Side) -> RenderableType:
        note = self.text(("○ " if not side.passages else "", "dim"), (side.note, "italic"))
        if not side.note:
            return self.quoted(side.passages)
        return Group(note, self.quoted(side.passages)) if side.passages else note

    def sheet(self, sheet: Sheet, most: int) -> None:
        """A section with a table; none if there is nothing in it, nor to be said of that."""
        if sheet.rows or sheet.empty:
            self.heading(sheet.title, sheet.note if sheet.rows else sheet.empty)
        if sheet.rows:
            self.rows(sheet, most)

    def rows(self, sheet: Sheet, most: int) -> None:
        """The table of a section, without its heading."""
        self.gap()
        made = self.table(sheet.columns, sheet.wide)
        before: Sequence[Cell] = ()
        for row in sheet.rows[:most]:
            made.add_row(*self._row(row, before if sheet.columns[0] in _GROUPS else ()))
            before = row
        self.put(made)
        self.more(len(sheet.rows) - most, sheet.row)

    def _row(self, row: Sequence[Cell], before: Sequence[Cell]) -> list[Text]:
        """A row's cells; a first cell that repeats the one above is left empty."""
        shown = [self.proof(cell) if isinstance(cell, tuple) else self.text(cell) for cell in row]
        if before and before[0] == row[0]:
            shown[0] = Text()
        return shown

    def table(self, columns: Sequence[str], wide: Iterable[str]) -> Table:
        """An empty table with these columns; the wide ones share the room that the others leave."""
        made = Table(box=box.SIMPLE_HEAD, expand=True, show_edge=False, pad_edge=False)
        made.header_style = made.border_style = "dim"
        for name in columns:
            if name in wide:
                made.add_column(self.text(name), overflow="fold", ratio=1)
            else:
                made.add_column(self.text(name), overflow="fold", max_width=self.width // 5)
        return made

    def proof(self, evidence: Sequence[Evidence]) -> Text:
        """The first words of evidence, cut if long, and the numbers of the other sentences."""
        first, others = evidence[0], sorted({e.sentence for e in evidence[1:]} - {evidence[0].sentence})
        made = self.text((f"{first.sentence} │ ", "dim"), cut(first.exact, self.width * 3 // 4))
        if others:
            made.append("\n").append_text(self.text((f"also {', '.join(map(str, others))}", "dim")))
        return made


def _several(what: str) -> str:
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"


def _encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
