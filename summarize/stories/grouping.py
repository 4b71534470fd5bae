"""Stories: articles go in one by one, and come out grouped."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator
from itertools import combinations, groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from summarize.stories import candidates, linkage
from summarize.stories.addresses import address
from summarize.stories.dates import minute
from summarize.stories.features import Features, Figures, Held, compared
from summarize.stories.model import Grouped, How, Link, Rules, Telling
from summarize.stories.shelf import Shelf
from summarize.stories.sketch import sketch
from summarize.stories.terms import Frequencies, first_line, low, telling

_WORDS = 12  # of a link
_SHOWN = 120  # characters of an address or id in words for a person


class Stories:
    """The stories of an archive: `add` each article, then ask for `groups`. A context manager.

    What is known of the articles is in one private file, at `path` or a temporary one (6 to 8 kilobytes an
    article), and goes with it; memory does not grow with their number. The same articles
    give the same stories in whatever order they are added. Raises RetoldError where the file cannot be kept.
    """

    def __init__(self, rules: Rules | None = None, path: Path | None = None) -> None:
        self._rules = rules or Rules()
        self._shelf = Shelf(path)
        self._counted = Frequencies()
        self._held = Held(self._shelf)
        self._settled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Throw the file away."""
        self._shelf.close()

    def add(self, article: Telling) -> None:
        """Take in one article. Raises ValueError for a number that was added before, or after `groups`."""
        if self._settled:
            raise ValueError("an article was added after the stories were asked for")
        by = self._rules.by
        story = (article.story or "").strip() if "given" in by else ""
        page = address(article.url) if "url" in by else None
        known = (article.text, article.headline, article.outlet, article.published, article.url)
        row = (article.number, _digest(*known), _blob(story), _blob(page), _digest(article.text))
        self._shelf.rows("insert into article values (?, ?, ?, ?, ?)", *row)
        if story or "found" not in by:
            return
        words = low(article.text)
        terms = telling(words, article.headline or first_line(article.text))
        self._counted.count(term for term, _ in terms)
        text = sketch(words)
        weights = array("H", (weight for _, weight in terms)).tobytes()
        found = (" ".join(term for term, _ in terms), weights, text.packed(), text.shingles)
        when = minute(article.published)
        self._shelf.rows("insert into raw values (?, ?, ?, ?, ?, ?, ?)", article.number, when, row[1], *found)

    def groups(self) -> Iterator[Grouped]:
        """The stories, by the number of their first article; each article is in one at most."""
        self._settle()
        for first, how, revisions, why, name in self._shelf.each("select * from story order by first"):
            yield Grouped(self._members(first), how, bool(revisions), why, _text(name))

    def explain(self, number: int) -> Iterator[Link]:
        """What joins the article of this number with each other one of its story; nothing if it is in none."""
        self._settle()
        found = self._shelf.rows("select first from member where number = ?", number)
        if not found:
            return
        first = found[0][0]
        how, why = self._shelf.rows("select how, why from story where first = ?", first)[0]
        for other in self._members(first):
            if other != number:
                yield self._link(min(number, other), max(number, other), how, why)

    def links(self) -> Iterator[Link]:
        """For each story, in order, links that hold it together.

        Each article's strongest one if it was found, else one with the story's first; fewer than articles.
        """
        for group in self.groups():
            if group.how in {"given", "url"}:
                for number in group.members[1:]:
                    yield self._link(group.members[0], number, group.how, group.why)
                continue
            pairs = {pair: self._compared(*pair).ratio for pair in combinations(group.members, 2)}
            strongest = {max((p for p in pairs if n in p), key=lambda p: (pairs[p], p)) for n in group.members}
            for a, b in sorted(strongest):
                yield self._link(a, b, group.how, group.why)

    def _settle(self) -> None:
        if self._settled:
            return
        self._settled = True
        self._given()
        self._at_one_address()
        if "found" in self._rules.by:
            self._find()

    def _given(self) -> None:
        query = "select story, number from article where story is not null order by story, number"
        for story, rows in groupby(self._shelf.each(query), key=itemgetter(0)):
            members = [number for _, number in rows]
            name = _text(story)
            self._keep(members, "given", f"the story id {_shown(name)}", name=name)

    def _at_one_address(self) -> None:
        query = "select address, number, digest from article where address is not null and story is null"
        for page, rows in groupby(self._shelf.each(f"{query} order by address, number"), key=itemgetter(0)):
            found = list(rows)
            if len(found) <= self._rules.most:  # a page of more is a front page, or a feed's own address
                members = [number for _, number, _ in found]
                revisions = len({digest for *_, digest in found}) > 1
                self._keep(members, "url", f"one address: {_shown(_text(page), quoted=False)}", revisions=revisions)

    def _find(self) -> None:
        self._shelf.rows("delete from raw where number in (select number from member)")
        last = candidates.rank(self._shelf, self._counted)
        candidates.propose_copies(self._shelf)
        candidates.link(self._shelf, self._held, self._rules, last)
        linkage.join(self._shelf, self._held, self._rules)
        self._shelf.rows("create index numbers on ranked (number, rank)")
        for _, rows in groupby(self._shelf.each("select head, rank from cluster order by head, rank"), itemgetter(0)):
            group = [self._held[rank] for _, rank in rows]
            how, why = linkage.told(self._held, group, self._rules)
            self._keep(sorted(one.number for one in group), how, why)

    def _keep(self, members: list[int], how: How, why: str, *, revisions: bool = False, name: str = "") -> None:
        if len(members) > 1:
            row = (members[0], how, int(revisions), why, name.encode("utf-8", "surrogatepass"))
            self._shelf.rows("insert into story values (?, ?, ?, ?, ?)", *row)
            self._shelf.put("insert into member values (?, ?)", ((number, members[0]) for number in members))

    def _members(self, first: int) -> tuple[int, ...]:
        query = "select number from member where first = ? order by number"
        return tuple(number for (number,) in self._shelf.rows(query, first))

    def _features(self, number: int) -> Features:
        return self._held[self._shelf.rows("select rank from ranked where number = ?", number)[0][0]]

    def _compared(self, a: int, b: int) -> Figures:
        return compared(self._features(a), self._features(b), self._rules)

    def _link(self, a: int, b: int, how: How, why: str) -> Link:
        if how in {"given", "url"}:
            return Link(a, b, how, why)
        pair = [self._features(a), self._features(b)]
        found = compared(pair[0], pair[1], self._rules)
        figures = {"similarity": found.similarity, "needed": found.needed, "days": found.days}
        figures |= {"resemblance": found.resemblance, "containment": found.containment}
        known = {name: round(figure, 4) for name, figure in figures.items() if figure is not None}
        told = linkage.told(self._held, pair, self._rules)
        return Link(a, b, *told, known, tuple(self._held.words(pair)[:_WORDS]))


def _digest(*parts: str | None) -> bytes:
    """Eight bytes that stand for these texts, None unlike empty."""
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).digest()


def _blob(text: str | None) -> bytes | None:
    """What SQLite holds whatever is in it: an archive's texts need not be valid Unicode."""
    return text.encode("utf-8", "surrogatepass") if text else None


def _text(blob: bytes) -> str:
    return blob.decode("utf-8", "surrogatepass")


def _shown(text: str, *, quoted: bool = True) -> str:
    """Foreign words for a person: cut where they are long, what does not print shown as code."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    plain = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cut)
    return f'"{plain}"' if quoted else plain
