"""Results for a terminal: a reading of each article, or what the versions of a story make of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarize.comparison.model import Comparison, Difference, Kind, Row
from summarize.news import Article
from summarize.reading import Position, Reading, Status
from summarize.report import sheets, trust
from summarize.report.content import (
    ACCOUNT,
    KINDS,
    STATUSES,
    SYMBOLS,
    Names,
    cited,
    copies,
    facts,
    grouped,
    names,
    near_copies,
    passages,
    sentence_numbers,
    verdict,
)
from summarize.report.entries import Group, of_descents, of_difference, of_revisions
from summarize.report.page import Page
from summarize.report.sheets.story import courses, of_story, unknown
from summarize.report.text import count, cut

_DIFFERENCES, _ROWS, _SHARED, _LINES, _UNKNOWN, _DESCENTS = 12, 30, 6, 12, 4, 3  # how many are shown of each
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
    _trust(page, comparison, limits)
    groups = grouped(comparison.differences)
    _overview(page, comparison, groups)
    for kind, members in groups.items():
        _differences(page, comparison, kind, members)
    _story(page, comparison, named)
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


def _trust(page: Page, comparison: Comparison, limits: Sequence[str]) -> None:
    """The limits of the engine, the reliability of this run, and what people reach."""
    _limits(page, (*limits, *trust.points(comparison)))
    sheet = trust.sheet(comparison, brief=True)
    if sheet.rows:
        page.line((sheet.note, "dim"))
        page.rows(sheet, len(sheet.rows))


def _overview(page: Page, comparison: Comparison, groups: Mapping[Kind, Sequence[Difference]]) -> None:
    page.heading("What was found")
    page.line((verdict(comparison), "bold"))
    if groups:
        page.line(" · ".join(f"{KINDS[kind][0]} {len(members)}" for kind, members in groups.items()))
        page.line(("Behind a bar: the version's own words. Before it: the number of the sentence.", "dim"))


def _differences(page: Page, comparison: Comparison, kind: Kind, members: Sequence[Difference]) -> None:
    title, note = KINDS[kind]
    named = names(comparison.story.articles)
    made = tuple(of_difference(comparison, difference, named) for difference in members)
    _group(page, Group(f"{title} · {len(members)}", f"{note.capitalize()}.", made, "difference"), named, _DIFFERENCES)


def _group(page: Page, group: Group, named: Names, most: int) -> None:
    """Entries, each with the words of its sides; a line first, where each has one of its own."""
    page.heading(group.title, group.note)
    numbered = any(entry.id for entry in group.entries)
    for entry in group.entries[:most]:
        page.gap()
        made = Table.grid(padding=(0, 1, 0, 0), expand=True)
        made.add_column(min_width=4 if numbered else 0, no_wrap=True)
        made.add_column(ratio=1)
        made.add_row(page.text((entry.id or page.plain("·"), "dim")), page.text((entry.lead, "bold")))
        if entry.aside:
            made.add_row(Text(), page.text((entry.aside, "dim")))
        made.add_row(Text(), page.sides(entry.sides, named))
        page.put(made)
    if len(group.entries) > most:
        page.gap()
        page.more(len(group.entries) - most, group.what)


def _story(page: Page, comparison: Comparison, named: Names) -> None:
    """What is said of the story as a whole, between the differences and the matrix."""
    _account(page, comparison, named)
    for sheet in unknown(comparison, named):
        page.sheet(replace(sheet, title=f"{sheet.title} · {len(sheet.rows)}"), _UNKNOWN)
    for sheet in of_story(comparison, named, all_of=False):
        page.sheet(sheet, _LINES)
    if copies(comparison):
        page.heading("Near-copies")
        page.points(near_copies(comparison, named))
    if comparison.descents:
        _group(page, of_descents(comparison, named), named, _DESCENTS)
    for group in of_revisions(comparison, named):
        _group(page, group, named, _DIFFERENCES)
    page.sheet(courses(comparison, named), _LINES)


def _account(page: Page, comparison: Comparison, named: Names) -> None:
    """The neutral account, as a paragraph; each sentence cites every version."""
    if not comparison.account:
        return
    page.heading(f"What all versions state · {len(comparison.account)}", ACCOUNT)
    page.gap()
    told: list[str | tuple[str, str]] = []
    for common in comparison.account[:_SHARED]:
        told += [f"{common.text} ", (f"[{cited(common.evidence, named)}] ", "dim")]
    page.line(*told)
    page.more(len(comparison.account) - _SHARED, "sentence")


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
