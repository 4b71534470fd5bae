"""Results as GitHub-flavoured Markdown, to be pasted into notes, issues and papers; nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from summarize.comparison.model import Comparison, Difference, Kind
from summarize.evidence import whole
from summarize.news import Article
from summarize.reading import Position, Reading
from summarize.report import sheets, trust
from summarize.report.content import (
    ACCOUNT,
    KINDS,
    STATUSES,
    SYMBOLS,
    Names,
    Passage,
    Piece,
    Side,
    cited,
    copies,
    facts,
    grouped,
    names,
    near_copies,
    numbered_proofs,
    passages,
    proofs,
    sentence_numbers,
    verdict,
)
from summarize.report.entries import Group, of_descents, of_difference, of_revisions
from summarize.report.sheets import PROOF, Cell, Sheet
from summarize.report.sheets.story import courses, of_story, unknown
from summarize.report.text import count, cut, safe

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_LINK = re.compile(r"(?<=http)(s?):(?=//)|(?<=www)()[.]", re.IGNORECASE)  # addresses that GitHub would link
_CLAIM = 140  # characters of a claim in the matrix


def escaped(text: str) -> str:
    r"""`text` for Markdown: no character of it is markup, HTML, a table's border or a link.

    >>> escaped("a|b *c* <d> &amp;")
    'a\\|b \\*c\\* &lt;d&gt; &amp;amp;'
    """
    named = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    flat = _SPECIAL.sub(lambda m: named.get(m[0], f"\\{m[0]}"), safe(text))
    return _LINK.sub(lambda m: f"{m[1] or ''}&#{ord(m[0][-1])};", flat)


def summarize_head(articles: int, limits: Sequence[str]) -> str:
    """What stands above the articles: how many they are, and how far to trust what follows."""
    return _page([f"# {count(articles, 'article')}", *_limits(limits)])


def article_markdown(article: Article, reading: Reading, abstains: frozenset[str]) -> str:
    """What one article says."""
    named = names([article])
    blocks = [
        f"## {escaped(article.version.label)}",
        _versions([article], named),
        *_reading(reading, named, abstains),
        *_cited("### Sentences cited", passages(article, proofs(reading))),
    ]
    return _page(blocks)


def _reading(reading: Reading, named: Names, abstains: frozenset[str]) -> list[str]:
    told = [f"- **{sentence_numbers(t.evidence)}** {escaped(t.text)}" for t in reading.summary]
    summary = ["### Summary", "With the numbers of the sentences it rests on.", "\n".join(told)] if told else []
    return [
        *summary,
        *(block for sheet in sheets.of_reading(reading, named, abstains) for block in _sheet(sheet, "###")),
    ]


def compare_markdown(comparison: Comparison, limits: Sequence[str]) -> str:
    """What the versions of a story share and where they differ, with the words that prove it."""
    articles = comparison.story.articles
    named, groups = names(articles), grouped(comparison.differences)
    found = sheets.of_comparison(comparison, named)
    blocks = [f"# One story, {count(len(articles), 'version')}", _versions(articles, named)]
    blocks += _trust(comparison, limits)
    blocks += ["## What was found", f"**{escaped(verdict(comparison))}**"]
    if groups:
        blocks.append(" · ".join(f"{KINDS[kind][0]} {len(members)}" for kind, members in groups.items()))
    for kind, members in groups.items():
        blocks += _differences(comparison, kind, members, named)
    blocks += [*_story(comparison, named), *_matrix(comparison, named)]
    blocks += [block for sheet in found for block in _sheet(sheet, "##")]
    return _page([*blocks, *(block for a in articles for block in _lookup(comparison, a, named))])


def _lookup(comparison: Comparison, article: Article, named: Names) -> list[str]:
    """The sentences of a version that any finding rests on."""
    version = article.version.id
    stated = (e for row in comparison.rows for e in row.positions[version].evidence)
    missed = (whole(article, article.sentences[a.sentence - 1]) for a in comparison.uncovered.get(version, ()))
    numbered = (e for e in numbered_proofs(comparison) if e.version == version)
    found = passages(article, [*proofs(comparison.readings[version]), *stated, *missed, *numbered])
    return _cited(f"## {escaped(named.full[version])}: sentences cited", found)


def _versions(articles: Iterable[Article], named: Names) -> str:
    rows = [
        (
            f"**{escaped(named.full[a.version.id])}**",
            escaped(a.headline or "(no headline)"),
            escaped(" · ".join(facts(a))),
            escaped("; ".join(a.flags) or "–"),
        )
        for a in articles
    ]
    return table(("version", "headline", "facts", "noticed"), rows)


def _limits(limits: Sequence[str]) -> list[str]:
    return ["**How far to trust this**", "\n".join(f"- {escaped(sentence)}" for sentence in limits)] if limits else []


def _trust(comparison: Comparison, limits: Sequence[str]) -> list[str]:
    """The limits of the engine, the reliability of this run, and what people reach, with the works in full."""
    blocks = _limits((*limits, *trust.points(comparison)))
    sheet, works = trust.sheet(comparison, brief=False), trust.citations(comparison)
    blocks += [escaped(sheet.note), _rows(sheet)] if sheet.rows else []
    return [*blocks, "\n".join(f"- {escaped(work)}" for work in works)] if works else blocks


def _differences(comparison: Comparison, kind: Kind, members: Iterable[Difference], named: Names) -> list[str]:
    title, note = KINDS[kind]
    made = tuple(of_difference(comparison, difference, named) for difference in members)
    return _group(Group(title, f"{note.capitalize()}.", made, "difference"), named)


def _group(group: Group, named: Names) -> list[str]:
    """Entries, each with the words of its sides."""
    blocks = [f"## {escaped(group.title)}", escaped(group.note)]
    for entry in group.entries:
        told = f"**{entry.id}.** {escaped(entry.lead)}" if entry.id else f"**·** {escaped(entry.lead)}"
        quoted = "\n>\n".join(f"> {line}" for side in entry.sides for line in _side(side, named))
        blocks += [f"{told} *{escaped(entry.aside)}*" if entry.aside else told, quoted]
    return blocks


def _story(comparison: Comparison, named: Names) -> list[str]:
    """What is said of the story as a whole, between the differences and the matrix."""
    blocks = _account(comparison, named)
    for sheet in (*unknown(comparison, named), *of_story(comparison, named, all_of=True)):
        blocks += _sheet(sheet, "##")
    if copies(comparison):
        told = "\n".join(f"- {escaped(sentence)}" for sentence in near_copies(comparison, named))
        blocks += ["## Near-copies", told]
    groups = of_revisions(comparison, named)
    for group in (of_descents(comparison, named), *groups) if comparison.descents else groups:
        blocks += _group(group, named)
    return [*blocks, *_sheet(courses(comparison, named), "##")]


def _account(comparison: Comparison, named: Names) -> list[str]:
    """The neutral account, as a paragraph; each sentence cites every version."""
    told = " ".join(f"{escaped(c.text)} *({escaped(cited(c.evidence, named))})*" for c in comparison.account)
    return ["## What all versions state", ACCOUNT, told] if told else []


def _side(side: Side, named: Names) -> list[str]:
    """A version's name, with its first words where nothing is to be said between them, and the rest."""
    name = f"**{escaped(named.full[side.version])}**"
    words = [f"sentence {passage.sentence}: {_words(passage)}" for passage in side.passages]
    if side.note or not words:
        return [f"{name} *{escaped(side.note)}*", *words]
    return [f"{name}, {words[0]}", *words[1:]]


def _words(passage: Passage) -> str:
    """A sentence, with what a finding rests on in bold, where Markdown can make it so."""
    if passage.whole:
        return escaped(passage.text)
    around: list[Piece] = [("", False), *passage.pieces, ("", False)]
    made = ""
    for (before, _), (piece, marked), (after, _) in zip(around, around[1:], around[2:], strict=False):
        apart = not before[-1:].isalnum() and not after[:1].isalnum() and piece == piece.strip()
        made += f"**{escaped(piece)}**" if marked and apart else escaped(piece)
    return made


def _matrix(comparison: Comparison, named: Names) -> list[str]:
    if not comparison.rows:
        return []
    rows = [
        (row.id, escaped(cut(row.text, _CLAIM)), *(_mark(row.positions[v]) for v in named.short))
        for row in comparison.rows
    ]
    legend = "\n".join(f"- {SYMBOLS[status]} {meaning}" for status, meaning in STATUSES.items())
    heads = ("id", "claim", *map(escaped, named.short.values()))
    return ["## Every claim, version by version", legend, table(heads, rows)]


def _mark(position: Position) -> str:
    return f"{SYMBOLS[position.status]} {position.status} {sentence_numbers(position.evidence)}".rstrip()


def _sheet(sheet: Sheet, level: str) -> list[str]:
    if not sheet.rows:
        return [f"{level} {escaped(sheet.title)}", escaped(sheet.empty)] if sheet.empty else []
    return [block for block in (f"{level} {escaped(sheet.title)}", escaped(sheet.note), _rows(sheet)) if block]


def _rows(sheet: Sheet) -> str:
    heads = ["sentences" if name == PROOF else escaped(name) for name in sheet.columns]
    return table(heads, ([_cell(cell) for cell in row] for row in sheet.rows))


def _cell(cell: Cell) -> str:
    return escaped(cell) if isinstance(cell, str) else sentence_numbers(cell)


def _cited(title: str, found: Iterable[Passage]) -> list[str]:
    lines = [f"- **{passage.sentence}** {escaped(passage.text)}" for passage in found]
    return [title, "\n".join(lines)] if lines else []


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are escaped already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks) + "\n"
