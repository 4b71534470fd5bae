"""From sections to one Question: instructions joined, schemas merged, the article last.

A section lives in `prompts/NAME.md` (what we ask) and `prompts/NAME.schema.json` (the shape of the
answer). A prompt's id is `name@digest` over both: change a comma, get a new id. What is the same for
every article comes first, so that the providers' prompt caches hit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from summarize.errors import PromptError
from summarize.news import Article
from summarize.schema import Schema
from summarize.text.layout import Role

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

READING = ("summary", "claims", "tone", "framing", "portrayal", "wording", "voices")
SECTIONS = (*READING, "inventory", "stance")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A section's instructions and canonical schema."""

    name: str
    text: str
    schema: Schema

    @property
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
    """One request: `system` and `user` for a model, the same content as `lines` and `claims` for code."""

    sections: tuple[str, ...]
    prompts: tuple[str, ...]
    schema: Schema
    system: str
    user: str
    lines: tuple[Line, ...] = ()
    claims: tuple[str, ...] = ()


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
    return _question(sections, _lines(article), system=_system(sections), source=_source(article))


def stance_question(article: Article, claims: Sequence[str]) -> Question:
    """Ask one article, alone, what it does with each of `claims` (numbered from 1)."""
    return _question(("stance",), _lines(article), tuple(claims), system=_system(("stance",)), source=_source(article))


def inventory_question(claims: Sequence[str]) -> Question:
    """Ask for the distinct ones among `claims` (numbered from 1), which belong to no version any more."""
    return _question(("inventory",), (), tuple(claims), system=prompt("inventory").text)


def _system(sections: Sequence[str]) -> str:
    return "\n\n".join([_text("reader"), *(prompt(name).text for name in sections)])


def _question(
    sections: Sequence[str], lines: tuple[Line, ...], claims: tuple[str, ...] = (), *, system: str, source: str = ""
) -> Question:
    frame = _digest(system + _text("closing"))
    ids = (*(prompt(name).id for name in sections), f"frame@{frame}")
    user: list[str] = []
    if claims:
        listed = "\n".join(f"({i}) {' '.join(claim.split())}" for i, claim in enumerate(claims, start=1))
        user.append(_fenced("claims", listed))
    if lines:
        user.append(_fenced("article", source + _numbered(lines)))
    user.append(_text("closing"))
    return Question(tuple(sections), ids, merged(sections), system, "\n\n".join(user), lines, claims)


def merged(sections: Sequence[str]) -> Schema:
    """One canonical schema with a required property for each section."""
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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
