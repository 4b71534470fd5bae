"""From sections to one Question: instructions joined, schemas merged, the article last.

A section lives in `prompts/NAME.md` (what we ask) and `prompts/NAME.schema.json` (the shape of the
answer). A prompt's id is `name@digest` over both: change a comma, get a new id. What is the same for
every article comes first, so that the providers' prompt caches hit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from summarize.errors import PromptError
from summarize.news import Article
from summarize.schema import Schema
from summarize.text.layout import Role

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

READING = ("summary", "claims", "tone", "framing", "portrayal", "wording", "voices")
SECTIONS = (*READING, "inventory", "stance")
MAX_FAULTY = 20_000  # code points of a faulty answer that are shown back to the model


@dataclass(frozen=True)  # no slots: its id is computed once
class Prompt:
    """A section's instructions and canonical schema."""

    name: str
    text: str
    schema: Schema

    @cached_property
    def id(self) -> str:
        """`name@digest`, the digest over text and schema."""
        body = self.text + json.dumps(self.schema, sort_keys=True)
        return f"{self.name}@{_digest(body)}"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as an engine sees it: masked, with its number, role and paragraph."""

    number: int
    role: Role
    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Question:
    """One request: `system` and `user` for a model, the same content as `lines` and `claims` for code.

    `claims[i]` has the number `first + i`. `near[i]`, in a question that is put a second time, are the numbers
    of the sentences that may bear on it. `gaps` are sentences with words in them that no claim holds yet.
    `source` stands above the article (nothing where blind).
    The model is not shown `version`, the id of the version asked about (none for the inventory), and
    `sample`, which tells independent askings of one question apart.
    """

    sections: tuple[str, ...]
    prompts: tuple[str, ...]
    schema: Schema
    system: str
    user: str
    lines: tuple[Line, ...] = ()
    claims: tuple[str, ...] = ()
    first: int = 1
    near: tuple[tuple[int, ...], ...] = ()
    gaps: tuple[tuple[int, str], ...] = ()
    source: str = ""
    version: str = ""
    sample: int = 0


def prompts_dir() -> Traversable:
    """Where the prompts lie: inside an installed package; in a checkout, the live top-level folder."""
    packaged = files("summarize").joinpath("prompts")
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / "prompts"


@cache
def prompt(name: str) -> Prompt:
    """The section called `name`. Raises PromptError where there is none or its files are unsound."""
    if name not in SECTIONS:
        raise PromptError(f"there is no section {name[:40]!r}", hint=f"sections: {', '.join(SECTIONS)}")
    where = prompts_dir().joinpath(f"{name}.schema.json")
    try:
        schema = json.loads(where.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PromptError(f"the schema cannot be read: {error}", where=str(where)) from error
    return Prompt(name, _text(name), schema)


def reading_question(article: Article, sections: Sequence[str] = READING) -> Question:
    """Ask one article, alone, for `sections`."""
    asked = Question(tuple(sections), (), {}, "", "", lines=_lines(article))
    return _posed(replace(asked, source=_source(article), version=article.version.id))


def stance_question(article: Article, claims: Sequence[str]) -> Question:
    """Ask one article, alone, what it does with each of `claims` (numbered from 1)."""
    return _posed(replace(reading_question(article, ("stance",)), claims=tuple(claims)))


def recheck_question(article: Article, claims: Sequence[str], near: Sequence[Sequence[int]]) -> Question:
    """Ask one article once more about `claims` it was said to be silent on; `near[i]`: sentences close to claim i."""
    first = replace(stance_question(article, claims), near=tuple(tuple(numbers) for numbers in near))
    return _posed(first)


def gaps_question(article: Article, gaps: Sequence[tuple[int, str]]) -> Question:
    """Ask one article for the claims that hold `gaps`: (sentence, words) that no claim of it holds yet."""
    return _posed(replace(reading_question(article, ("claims",)), gaps=tuple(gaps)))


def inventory_question(claims: Sequence[str]) -> Question:
    """Ask for the distinct ones among `claims` (numbered from 1), which belong to no version any more."""
    return _posed(Question(("inventory",), (), {}, "", "", claims=tuple(claims)))


def part(
    question: Question,
    *,
    sections: Sequence[str] | None = None,
    lines: Sequence[Line] | None = None,
    claims: slice | None = None,
) -> Question:
    """A smaller question: some of its sections, lines or claims, each with the number it had.

    Sentences that are not among its lines are not named behind its claims, nor their gaps: they could not be cited.
    """
    chosen = claims or slice(None)
    shown = {line.number for line in (question.lines if lines is None else lines)}
    near = tuple(tuple(n for n in numbers if n in shown) for numbers in question.near[chosen])
    gaps = tuple(gap for gap in question.gaps if gap[0] in shown)
    smaller = replace(
        question,
        sections=question.sections if sections is None else tuple(sections),
        lines=question.lines if lines is None else tuple(lines),
        claims=question.claims[chosen],
        near=near,
        gaps=gaps,
        first=question.first + (chosen.start or 0),
    )
    return _posed(smaller)


def repair_question(question: Question, answer: str, fault: str) -> Question:
    """`question` again, in a single turn, with the faulty `answer` and the validator's words about it.

    The article comes first again: in a growing conversation some servers drop what came first.
    """
    told = Template(_text("repair")).substitute(answer=_fenced("answer", answer[:MAX_FAULTY]), fault=fault)
    return replace(question, user=f"{question.user}\n\n{told}", prompts=(*question.prompts, _id("repair")))


def schema_text(question: Question) -> str:
    """The form of the answer in words, for servers that are not given the schema otherwise."""
    return _form(question.sections)


@cache
def _form(sections: tuple[str, ...]) -> str:
    return Template(_text("form")).substitute(schema=json.dumps(merged(sections), separators=(",", ":")))


def _posed(question: Question) -> Question:
    """`question` put into words from its sections, lines, claims and gaps."""
    sections = question.sections
    frame = () if sections == ("inventory",) else ("reader",)
    after = (*(("recheck",) if question.near else ()), *(("gaps",) if question.gaps else ()))
    texts = (*map(_text, frame), *(prompt(name).text for name in sections), *map(_text, after))
    system = "\n\n".join(texts)
    ids = (
        *(prompt(name).id for name in sections),
        *map(_id, after),
        f"frame@{_digest(system + _text('closing'))}",
    )
    user: list[str] = []
    if question.claims:
        user.append(_fenced("claims", "\n".join(_listed(question))))
    if question.gaps:
        gaps = "\n".join(f"[{number}] {' '.join(words.split())}" for number, words in question.gaps)
        user.append(_fenced("gaps", gaps))
    if question.lines:
        user.append(_fenced("article", question.source + _numbered(question.lines)))
    user.append(_text("closing"))
    return replace(question, prompts=ids, schema=merged(sections), system=system, user="\n\n".join(user))


def _listed(question: Question) -> Iterator[str]:
    """The claims as they are shown, each with its number and the sentences to look at."""
    near = question.near or ((),) * len(question.claims)
    for i, (claim, numbers) in enumerate(zip(question.claims, near, strict=True), start=question.first):
        seen = f" [see {', '.join(map(str, numbers))}]" if numbers else ""
        yield f"({i}) {' '.join(claim.split())}{seen}"


@cache
def merged(sections: tuple[str, ...]) -> Schema:
    """One canonical schema with a required property for each section. It is shared: do not change it."""
    labels = ("$schema", "title", "description")
    parts = {name: {k: v for k, v in prompt(name).schema.items() if k not in labels} for name in sections}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
    }


def _source(article: Article) -> str:
    """What a reader who is not blind sees above the article."""
    v = article.version
    known = {"outlet": v.outlet, "published": v.published, "address": v.url}
    shown = [f"{name}: {' '.join(value.split())}\n" for name, value in known.items() if value]
    return "" if article.blind or not shown else "".join(shown) + "\n"


def _lines(article: Article) -> tuple[Line, ...]:
    return tuple(
        Line(s.number, s.role, " ".join(article.seen(s.span).text.split()), s.paragraph) for s in article.read()
    )


def _numbered(lines: Sequence[Line]) -> str:
    shown: list[str] = []
    paragraph = lines[0].paragraph if lines else 0
    for line in lines:
        if line.paragraph != paragraph:
            shown.append("")
            paragraph = line.paragraph
        shown.append(f"[{line.number}{'' if line.role == 'body' else ' ' + line.role}] {line.text}")
    return "\n".join(shown)


def _fenced(kind: str, text: str) -> str:
    """`text` between two lines that it cannot hold: they carry its own digest."""
    mark = f"{kind}-{_digest(text)}"
    return f"<{mark}>\n{text}\n</{mark}>"


@cache
def _text(name: str) -> str:
    where = prompts_dir().joinpath(f"{name}.md")
    try:
        return where.read_text("utf-8").strip()
    except OSError as error:
        raise PromptError(f"the prompt cannot be read: {error}", where=str(where)) from error


def _id(name: str) -> str:
    return f"{name}@{_digest(_text(name))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
