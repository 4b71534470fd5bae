"""Versions of a story, and what code sees in them before anything is asked.

Version   what came in: the unmodified text and what is known about it
Article   a version laid out: numbered sentences with their roles, and the masks
Story     the articles that tell one story, two or more
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from summarize.text.layout import Block, Role, blocks
from summarize.text.orders import CONTROL, orders
from summarize.text.sentences import sentences
from summarize.text.span import Span
from summarize.text.view import View, view
from summarize.text.words import is_english

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"”’)\]]+")
_SAME = "the same text as another version given"
_OVERRIDE = re.compile("[\u202d\u202e]")  # LRO and RLO of Unicode's bidirectional algorithm
_SAMPLE = 20_000  # code points enough to tell a text's language


@dataclass(frozen=True, slots=True)
class Version:
    """One telling of a story: `text`, unmodified, and what is known about it.

    Offsets everywhere are code points of `text`. `body_start` is where front matter ends (0 without);
    `headline_span` where the headline stands in front matter. `flags` say what was noticed on the way
    in ("encoding guessed: cp1252"). The metadata names are those of schema.org's NewsArticle where
    it has them (headline, url; outlet is its publisher, published its datePublished).
    """

    text: str
    id: str = ""
    label: str = ""
    headline: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    story: str | None = None
    body_start: int = 0
    headline_span: Span | None = None
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """An id and a label, where none were given, come from the text itself."""
        if not self.id:
            object.__setattr__(self, "id", f"text-{self.digest[:8]}")
        if not self.label:
            object.__setattr__(self, "label", self.outlet or self.id)

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` of a version, numbered from 1; `paragraph` counts its blocks from 0."""

    number: int
    start: int
    end: int
    role: Role
    paragraph: int

    @property
    def span(self) -> Span:
        """Where it stands in the version's text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Article:
    """A version laid out. `sentences[i]` has the number i + 1; boilerplate is last among them."""

    version: Version
    sentences: tuple[Sentence, ...]
    masks: tuple[tuple[Span, str], ...] = ()
    flags: tuple[str, ...] = ()
    blind: bool = True

    @property
    def unread(self) -> frozenset[Role]:
        """Roles of the sentences that an engine is not shown."""
        return frozenset({"byline", "boilerplate"}) if self.blind else frozenset({"boilerplate"})

    @property
    def headline(self) -> str | None:
        """The headline as given, else as it stands in the text."""
        if self.version.headline:
            return self.version.headline
        found = [s for s in self.sentences if s.role == "headline"]
        return self.version.text[found[0].start : found[-1].end] if found else None

    def read(self) -> Iterator[Sentence]:
        """The sentences an engine reads: all but boilerplate, and bylines where it reads blind."""
        return (s for s in self.sentences if s.role not in self.unread)

    def exact(self, span: Span) -> str:
        """The words at `span`, as they stand."""
        return self.version.text[span.start : span.end]

    def seen(self, span: Span) -> View:
        """The words at `span` as an engine sees them: masked."""
        return view(self.version.text, span, self.masks)


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that tell one story, in the order given.

    `revisions`: they are one article as it was changed, in the order of time, not independent tellings.
    """

    articles: tuple[Article, ...] = field(default=())
    revisions: bool = False

    def __getitem__(self, version: str) -> Article:
        """The article of the version with this id."""
        return next(a for a in self.articles if a.version.id == version)

    @property
    def canonical(self) -> tuple[Article, ...]:
        """The articles in an order that does not depend on how they were given."""
        return tuple(sorted(self.articles, key=lambda a: (a.version.digest, a.version.id)))


def lay_out(version: Version, *, blind: bool = True) -> Article:
    """`version` with its blocks told apart and its sentences numbered; outlet and URLs masked if `blind`."""
    numbered: list[Sentence] = []
    if version.headline_span is not None:
        numbered.append(Sentence(1, *version.headline_span, "headline", 0))
    found = blocks(version.text, version.body_start, headed=version.headline_span is not None)
    for paragraph, block in enumerate(found, start=len(numbered)):
        role = _role(version, block)
        for span in sentences(version.text, block.start, block.end):
            numbered.append(Sentence(len(numbered) + 1, *span, role, paragraph))
    masks = tuple(_masks(version, blind=blind))
    flags = (*version.flags, *_flags(version))
    if numbered and not any(s.role in {"body", "bullet"} for s in numbered):
        flags = (*flags, "no prose: nothing but headings or boilerplate")
    return Article(version, tuple(numbered), masks, flags, blind)


def _role(version: Version, block: Block) -> Role:
    """A block's role, where the version says what its headline is."""
    is_headline = version.headline and version.text[block.start : block.end].strip() == version.headline.strip()
    return "headline" if is_headline and version.headline_span is None else block.role


def tell_apart(versions: Iterable[Version]) -> list[Version]:
    """`versions` with distinct ids and labels, whatever order they come in.

    A repeated id gets its text's digest. Copies of one text under one id are numbered by what else is
    known of them; those of which nothing differs may have either number. A repeated label gets its id.
    """
    versions = list(versions)
    ids, digests, labels = ([getattr(v, of) for v in versions] for of in ("id", "digest", "label"))
    told: dict[int, Version] = {}
    for i in sorted(range(len(versions)), key=lambda i: _known(versions[i])):
        v, digest = versions[i], digests[i]
        name = f"{v.id}-{digest[:6]}" if ids.count(v.id) > 1 and len(set(digests)) > 1 else v.id
        name = _free(name, {t.id for t in told.values()})
        label = name if v.label == v.id else v.label
        if label != name and labels.count(label) > 1:
            label = f"{label} ({name})"
        same = digests.count(digest) > 1 and _SAME not in v.flags
        told[i] = replace(v, id=name, label=label, flags=(*v.flags, _SAME) if same else v.flags)
    return [told[i] for i in range(len(versions))]


def _known(v: Version) -> tuple[str, ...]:
    """What is known about a version besides its text, to number copies by."""
    return v.label, v.outlet or "", v.headline or "", v.published or "", v.url or ""


def _free(name: str, taken: Collection[str]) -> str:
    """`name`, or `name-2` and so on."""
    return next(n for i in range(1, len(taken) + 2) if (n := f"{name}-{i}" if i > 1 else name) not in taken)


def _masks(version: Version, *, blind: bool) -> Iterator[tuple[Span, str]]:
    patterns = [(CONTROL, "[token]"), *([(_URL, "[link]")] if blind else [])]
    outlet = (version.outlet or "").strip()
    if outlet and blind:
        bare = re.sub(r"^[Tt]he\s+", "", outlet)
        patterns.append((re.compile(rf"(?<!\w)(?:[Tt]he\s+)?{re.escape(bare)}(?!\w)"), "[outlet]"))
    found = sorted((Span(*m.span()), label) for p, label in patterns for m in p.finditer(version.text))
    at = 0
    for span, label in found:
        if span.start >= at:
            yield span, label
            at = span.end


def _flags(version: Version) -> Iterator[str]:
    sample = version.text[version.body_start : version.body_start + _SAMPLE]
    if not is_english(sample):
        yield "hardly any English words: the embedded word lists are English"
    for order in orders(version.text[version.body_start :]):
        yield f"the text may address a reading machine: {order}"
    if _OVERRIDE.search(sample):
        yield "the text overrides its writing direction; shown letter by letter"
