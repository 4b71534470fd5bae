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
    names,
    passages,
    sentence_numbers,
    sides,
    verdict,
)
from summarize.report.leads import lead
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
_SPELT, _MARKED, _CLAIM_WIDTH = 18, 9, 40  # columns for a status in words, as a symbol, and for the claim beside


def summarize_head(articles: int, limits: Sequence[str], console: Console) -> None:
    """Print what stands above the articles: how many they are, and how far to trust what follows."""
    page = Page(console)
    page.gap()
    page.line((count(articles, "article"), "bold"), indent=0)
    _limits(page, limits)


def article_view(article: Article, reading: Reading, abstains: frozenset[str], console: Console) -> None:
    """Print what one article says."""
    page = Page(console, [article.version.id])
    page.heading("", line="━")
    _facts(page, article, article.version.label)
    _reading(page, article, reading, abstains)
    page.gap()


def _reading(page: Page, article: Article, reading: Reading, abstains: frozenset[str]) -> None:
    named = names([article])
    if reading.summary:
        page.heading("Summary")
        for told in reading.summary:
            quoted = passages(article, told.evidence)
            if any(told.text == article.exact(s.span) for s in article.sentences):
                page.put(page.quoted(quoted))
            else:
                page.line(told.text)
                page.put(page.quoted(quoted), 4)
    for sheet in sheets.of_reading(reading, named, abstains):
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
        _facts(page, article, named.full[article.version.id])
    _limits(page, limits)
    groups = grouped(comparison.differences)
    _overview(page, comparison, groups)
    for kind, members in groups.items():
        _differences(page, comparison, kind, members)
    _shared(page, comparison, named)
    _matrix(page, comparison, named)
    for sheet in sheets.of_comparison(comparison, named):
        page.sheet(sheet, _LINES)
    page.gap()


def _facts(page: Page, article: Article, name: str) -> None:
    page.line((name, f"bold {page.hue[article.version.id]}"))
    page.line(article.headline or "(no headline)", indent=4)
    page.line((" · ".join(facts(article)), "dim"), indent=4)
    for flag in article.flags:
        page.line(("! ", "bold yellow"), (flag, "yellow"), indent=4)


def _limits(page: Page, limits: Sequence[str]) -> None:
    if limits:
        page.heading("How far to trust this")
        page.points(limits)


def _overview(page: Page, comparison: Comparison, groups: Mapping[Kind, Sequence[Difference]]) -> None:
    page.heading("What was found")
    page.line((verdict(comparison), "bold"))
    if groups:
        page.line(" · ".join(f"{KINDS[kind][0]} {len(members)}" for kind, members in groups.items()))
        page.line(("Behind a bar: the version's own words. Before it: the number of the sentence.", "dim"))


def _differences(page: Page, comparison: Comparison, kind: Kind, members: Sequence[Difference]) -> None:
    title, note = KINDS[kind]
    page.heading(f"{title} · {len(members)}", f"{note.capitalize()}.")
    named = names(comparison.story.articles)
    for difference in members[:_DIFFERENCES]:
        page.gap()
        made = Table.grid(padding=(0, 1, 0, 0), expand=True)
        made.add_column(min_width=4, no_wrap=True)
        made.add_column(ratio=1)
        made.add_row(page.text((difference.id, "dim")), page.text((lead(comparison, difference, named), "bold")))
        made.add_row(Text(), page.sides(sides(comparison, difference), named))
        page.put(made)
    if len(members) > _DIFFERENCES:
        page.gap()
        page.more(len(members) - _DIFFERENCES, "difference")


def _shared(page: Page, comparison: Comparison, named: Names) -> None:
    if not comparison.shared:
        return
    page.heading(f"What all versions state · {len(comparison.shared)}")
    page.gap()
    made = page.table(("id", "claim", "sentences"), {"claim"})
    for row in comparison.shared[:_SHARED]:
        where = " · ".join(f"{name} {sentence_numbers(row.positions[v].evidence)}" for v, name in named.short.items())
        made.add_row(
            page.text((row.id, "dim")), page.text(cut(row.text, page.width * 9 // 10)), page.text((where, "dim"))
        )
    page.put(made)
    page.more(len(comparison.shared) - _SHARED, "claim")


def _matrix(page: Page, comparison: Comparison, named: Names) -> None:
    if not comparison.rows:
        return
    page.heading(f"Every claim, version by version · {len(comparison.rows)}", "With the numbers of the sentences.")
    for status, symbol in SYMBOLS.items():
        page.line((symbol, _STYLES[status]), f" {STATUSES[status]}")
    room, versions = page.width - _CLAIM_WIDTH, list(named.short)
    spelt = room >= _SPELT * len(versions)
    at_once = max(1, room // (_SPELT if spelt else _MARKED))
    for i in range(0, len(versions), at_once):
        _part(page, comparison.rows[:_ROWS], {v: named.short[v] for v in versions[i : i + at_once]}, spelt=spelt)
    page.more(len(comparison.rows) - _ROWS, "claim")


def _part(page: Page, rows: Sequence[Row], heads: Mapping[str, str], *, spelt: bool) -> None:
    """The matrix, or as many of its columns as have room."""
    page.gap()
    made = page.table(("id", "claim", *heads.values()), {"claim"})
    for row in rows:
        marks = [_mark(page, row.positions[v], spelt=spelt) for v in heads]
        made.add_row(*_claim(page, row), *marks)
    page.put(made)


def _claim(page: Page, row: Row) -> tuple[Text, Text]:
    return page.text((row.id, "dim")), page.text(cut(row.text, page.width * 9 // 10))


def _mark(page: Page, position: Position, *, spelt: bool) -> Text:
    word = f" {position.status}" if spelt else ""
    numbers = (f" {sentence_numbers(position.evidence)}", "dim")
    return page.text((SYMBOLS[position.status] + word, _STYLES[position.status]), numbers)
