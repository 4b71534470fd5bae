"""A terminal to write on: what it can show, how wide, and the few shapes that all views are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from summarize.evidence import Evidence
from summarize.report.content import Passage, Side
from summarize.report.sheets import Cell, Sheet
from summarize.report.text import count, cut, escape, safe

_WIDEST, _SIDE_BY_SIDE = 120, 100  # columns: longer lines are hard to read; two columns of words fit
_INDENT = 2
_QUOTED = 90  # characters of a sentence quoted in a table
_HUES = ("cyan", "magenta", "green", "yellow", "blue")
# What stands for a character that the terminal's encoding lacks.
_INSTEAD = {
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("‐‑‒–—−─", "-"),
    **{"…": "...", "·": "|", "│": "|", "●": "+", "◐": "~", "✗": "x", "○": "o", "×": "x"},
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
        """Print something, indented."""
        self.console.print(Padding(shown, (0, 0, 0, indent)), width=self.width)

    def line(self, *parts: str | tuple[str, str], indent: int = _INDENT) -> None:
        """Print words as a paragraph."""
        self.put(self.text(*parts), indent)

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def heading(self, title: str, note: str = "") -> None:
        """Begin a section."""
        self.gap()
        rule = Rule(self.text((title, "bold")), characters=self.plain("─"), style="dim", align="left")
        self.console.print(rule, width=self.width)
        if note:
            self.line((note, "dim"))

    def more(self, number: int, what: str) -> None:
        """Say what is not shown."""
        if number > 0:
            self.line((f"… and {count(number, f'more {what}', f'more {what}s')}; --json has all.", "italic"))

    def quoted(self, passages: Iterable[Passage]) -> Table:
        """A version's own words: the number of the sentence, a bar, the sentence."""
        made = Table(box=box.MINIMAL, show_edge=False, show_header=False, pad_edge=False, border_style="dim")
        made.add_column(justify="right", min_width=3, style="dim", no_wrap=True)
        made.add_column(overflow="fold")
        for passage in passages:
            pieces = [(p, "bold underline" if marked and not passage.whole else "") for p, marked in passage.pieces]
            made.add_row(self.text(str(passage.sentence)), self.text(*pieces))
        return made

    def sides(self, sides: Sequence[Side], called: Mapping[str, str]) -> RenderableType:
        """Versions' words: in two columns where there are two and room, else one below the other."""
        columns = len(sides) if self.side_by_side and len(sides) == 2 else 1  # noqa: PLR2004
        made = Table.grid(padding=(0, 3, 0, 0), expand=True)
        for _ in range(columns):
            made.add_column(ratio=1)
        shown = [self._side(side, called[side.version]) for side in sides]
        for i in range(0, len(shown), columns):
            made.add_row(*shown[i : i + columns])
        return made

    def _side(self, side: Side, name: str) -> Table:
        made = Table.grid()
        head = self.text((name, f"bold {self.hue.get(side.version, '')}"))
        if side.note:
            head += self.text(("  ", ""), ("○ " if not side.passages else "", "dim"), (side.note, "italic"))
        made.add_row(head)
        if side.passages:
            made.add_row(self.quoted(side.passages))
        return made

    def sheet(self, sheet: Sheet, most: int) -> None:
        """A section with a table; none if there is nothing in it."""
        if not sheet.rows:
            return
        self.heading(sheet.title, sheet.note)
        made = self.table(sheet.columns, sheet.wide)
        before: Sequence[Cell] = ()
        for row in sheet.rows[:most]:
            made.add_row(*self._row(row, before))
            before = row
        self.put(made, 1)
        self.more(len(sheet.rows) - most, "row")

    def _row(self, row: Sequence[Cell], before: Sequence[Cell]) -> list[Text]:
        """A row's cells; a first cell that repeats the one above is left empty."""
        shown = [self.proof(cell) if isinstance(cell, tuple) else self.text(cell) for cell in row]
        if before and before[0] == row[0]:
            shown[0] = Text()
        return shown

    def table(self, columns: Sequence[str], wide: Iterable[str]) -> Table:
        """An empty table with these columns; the wide ones share the room that the others leave."""
        made = Table(box=box.SIMPLE_HEAD, expand=True, header_style="dim", border_style="dim", pad_edge=False)
        for name in columns:
            made.add_column(self.text(name), overflow="fold", ratio=1 if name in set(wide) else None)
        return made

    def proof(self, evidence: Sequence[Evidence]) -> Text:
        """The first words of evidence, cut if long, and the numbers of the other sentences."""
        first, others = evidence[0], sorted({e.sentence for e in evidence[1:]} - {evidence[0].sentence})
        also = f" also {', '.join(map(str, others))}" if others else ""
        return self.text((f"{first.sentence} ", "dim"), f"“{cut(first.exact, _QUOTED)}”", (also, "dim"))


def _encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
