"""Results for a terminal: a reading of each article, or what the versions of a story make of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarize.comparison.model import Comparison, Difference, Kind, Row
from summarize.news import Article
from summarize.reading import Position, Reading, Status
from summarize.report import sheets
from summarize.report.content import (
    KINDS,
    STATUSES,
    SYMBOLS,
    Names,
    facts,
    grouped,
    lead,
    names,
    passages,
    sides,
    ungrounded,
    verdict,
)
from summarize.report.page import Page
from summarize.report.text import count, cut

_DIFFERENCES, _ROWS, _SHARED, _LINES = 12, 30, 6, 12  # how many are shown of each
_STYLES: Mapping[Status, str] = {
    "states": "green",
    "partly": "yellow",
    "contradicts": "bold red",
    "silent": "dim",
    "not found": "magenta",
}
_STATUS_WIDTH, _CLAIM_WIDTH = 18, 36  # of a status in words, and what a claim needs beside them


def summarize_view(
    articles: Sequence[Article], readings: Mapping[str, Reading], limits: Sequence[str], console: Console
) -> None:
    """Print what each article says. An article without a reading is left out: its failure is told elsewhere."""
    read = [a for a in articles if a.version.id in readings]
    page, named = Page(console, [a.version.id for a in read]), names(read)
    page.gap()
    page.line((count(len(read), "article"), "bold"), indent=0)
    _limits(page, limits)
    for article in read:
        page.heading(named.full[article.version.id])
        _facts(page, article)
        _reading(page, article, readings[article.version.id], named)
    page.gap()


def _reading(page: Page, article: Article, reading: Reading, named: Names) -> None:
    one = {article.version.id: reading}
    if reading.summary:
        page.heading("Summary")
        for told in reading.summary:
            quoted = passages(article, told.evidence)
            if any(told.text == article.exact(s.span) for s in article.sentences):
                page.put(page.quoted(quoted))
            else:
                page.line(told.text)
                page.put(page.quoted(quoted), 4)
    for sheet in (
        sheets.claims(one, named),
        sheets.voices(one, named),
        sheets.wording(one, named),
        sheets.tone(one, named),
        sheets.frames(one, named),
        sheets.functions(one, named),
        sheets.portrayal(one, named),
        sheets.set_aside(reading.ungrounded, named),
    ):
        page.sheet(sheet, _LINES)


def compare_view(comparison: Comparison, limits: Sequence[str], console: Console) -> None:
    """Print what the versions of a story share and where they differ, with the words that prove it."""
    articles = comparison.story.articles
    named = names(articles)
    page = Page(console, [a.version.id for a in articles])
    page.gap()
    page.line((f"One story, {count(len(articles), 'version')}", "bold"), indent=0)
    for article in articles:
        page.gap()
        page.line((named.full[article.version.id], f"bold {page.hue[article.version.id]}"))
        _facts(page, article)
    _limits(page, limits)
    groups = grouped(comparison.differences)
    _overview(page, comparison, groups)
    for kind, members in groups.items():
        _differences(page, comparison, kind, members)
    _shared(page, comparison, named)
    _matrix(page, comparison, named)
    readings = {a.version.id: comparison.readings[a.version.id] for a in articles}
    for sheet in (
        sheets.voices(readings, named),
        sheets.tone(readings, named, weak="tone" in comparison.abstains),
        sheets.frames(readings, named, weak="framing" in comparison.abstains),
        sheets.portrayal(readings, named, weak="portrayal" in comparison.abstains),
        sheets.uncovered(articles, comparison.uncovered, named),
        sheets.set_aside(ungrounded(readings.values(), comparison.ungrounded), named),
    ):
        page.sheet(sheet, _LINES)
    page.gap()


def _facts(page: Page, article: Article) -> None:
    page.line(article.headline or "(no headline)", indent=4)
    page.line((" · ".join(facts(article)), "dim"), indent=4)
    for flag in article.flags:
        page.line(("! ", "bold yellow"), (flag, "yellow"), indent=4)


def _limits(page: Page, limits: Sequence[str]) -> None:
    if limits:
        page.heading("How far to trust this")
        for sentence in limits:
            page.line(sentence)


def _overview(page: Page, comparison: Comparison, groups: Mapping[Kind, Sequence[Difference]]) -> None:
    page.heading("What was found")
    page.line((verdict(comparison), "bold"))
    if groups:
        page.line(" · ".join(f"{KINDS[kind][0]} {len(members)}" for kind, members in groups.items()))
        page.line(("Words behind a bar are the version's own; the number is that of the sentence in it.", "dim"))


def _differences(page: Page, comparison: Comparison, kind: Kind, members: Sequence[Difference]) -> None:
    title, note = KINDS[kind]
    page.heading(f"{title} · {len(members)}", f"{note.capitalize()}.")
    named = names(comparison.story.articles)
    for difference in members[:_DIFFERENCES]:
        page.gap()
        made = Table.grid(padding=(0, 1, 0, 0), expand=True)
        made.add_column(width=4)
        made.add_column(ratio=1)
        made.add_row(page.text((difference.id, "dim")), page.text((lead(comparison, difference, named), "bold")))
        made.add_row(Text(), page.sides(sides(comparison, difference), named.full))
        page.put(made)
    if len(members) > _DIFFERENCES:
        page.gap()
        page.more(len(members) - _DIFFERENCES, "difference")


def _shared(page: Page, comparison: Comparison, named: Names) -> None:
    if not comparison.shared:
        return
    page.heading(f"What all versions state · {len(comparison.shared)}")
    columns = ("claim", "text", *named.short.values())
    made = page.table(columns, {"text"})
    for row in comparison.shared[:_SHARED]:
        where = [_numbers(row.positions[v]) for v in named.short]
        made.add_row(*(page.text(cell) for cell in (row.id, cut(row.text, page.width), *where)))
    page.put(made, 1)
    page.more(len(comparison.shared) - _SHARED, "claim")


def _matrix(page: Page, comparison: Comparison, named: Names) -> None:
    if not comparison.rows:
        return
    page.heading(f"Every claim, version by version · {len(comparison.rows)}", "With the numbers of the sentences.")
    for status, symbol in SYMBOLS.items():
        page.line((symbol, _STYLES[status]), f" {STATUSES[status]}")
    spelt = page.width - _STATUS_WIDTH * len(named.short) >= _CLAIM_WIDTH
    made = page.table(("claim", "text", *named.short.values()), {"text"})
    for row in comparison.rows[:_ROWS]:
        made.add_row(*_row(page, row, named, spelt=spelt))
    page.put(made, 1)
    page.more(len(comparison.rows) - _ROWS, "claim")


def _row(page: Page, row: Row, named: Names, *, spelt: bool) -> list[Text]:
    cells = [page.text((row.id, "dim")), page.text(cut(row.text, page.width))]
    for v in named.short:
        position = row.positions[v]
        word = f" {position.status}" if spelt else ""
        mark = f"{SYMBOLS[position.status]}{word}"
        cells.append(page.text((mark, _STYLES[position.status]), (f" {_numbers(position)}", "dim")))
    return cells


def _numbers(position: Position) -> str:
    return ", ".join(str(n) for n in sorted({e.sentence for e in position.evidence}))
