"""A server-side "model" that knows only the request: the Lexicon, asked what the message asks.

Nothing but the request's body is looked at, so whatever the prompts lose on the way is lost here too.
What cannot be seen in a message is rebuilt as near as may be: the paragraphs' numbers are consecutive,
with a gap where the sentences' numbers have one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from summarize.engines.lexicon import Lexicon
from summarize.prompt import SECTIONS, Line, Question, merged

if TYPE_CHECKING:
    from summarize.text.layout import Role

_FENCE = re.compile(
    r"^<(?P<mark>(?P<kind>claims|gaps|article)-[0-9a-f]{10})>\n(?P<text>.*?)\n</(?P=mark)>(?:\n\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_LINE = re.compile(r"\[(\d+)(?: ([a-z]+))?\] (.*)")
_CLAIM = re.compile(r"\((\d+)\) (.*)")
_GAP = re.compile(r"\[(\d+)\] (.*)")
_SEEN = re.compile(r"(.*?)(?: \[see (\d+(?:, \d+)*)\])?")
_HEADING = re.compile(r"^# Section `(\w+)`", re.MULTILINE)
_AGAIN = re.compile(r"^# Looked for again$", re.MULTILINE)
_KEPT = 1024  # answers, some ten kilobytes each


class Shown(NamedTuple):
    """What stands between a message's fences; empty where there is no such fence."""

    claims: str = ""
    gaps: str = ""
    article: str = ""


def answer_to(body: dict[str, Any]) -> str:
    """The JSON answer to the question in a chat request's `body`: valid, and numbered as the request is.

    "{}" where nothing of ours is asked. The last answers are kept by the text they answer.
    """
    return _answer(_sections(body), shown(user_message(body)), _again(body))


def question_of(body: dict[str, Any]) -> Question:
    """The Question that the chat request `body` was made of; `prompts` and `version` cannot be known."""
    sections, user = _sections(body), user_message(body)
    question = _question(sections, shown(user), _again(body))
    return replace(question, schema=merged(sections), system=_system(body), user=user)


def user_message(body: dict[str, Any]) -> str:
    """The last message of the user; empty if there is none."""
    return next((m["content"] for m in reversed(body.get("messages", [])) if m["role"] == "user"), "")


def shown(user: str) -> Shown:
    """The claims, gaps and article in a user message. What comes after them (a faulty answer) is not looked at."""
    found: dict[str, str] = {}
    at = 0
    while (fence := _FENCE.search(user, at)) and fence["kind"] not in found and (not found or fence.start() == at):
        found[fence["kind"]] = fence["text"]
        at = fence.end()
    return Shown(**found)


def _system(body: dict[str, Any]) -> str:
    return "\n\n".join(m["content"] for m in body.get("messages", []) if m["role"] != "user")


def _sections(body: dict[str, Any]) -> tuple[str, ...]:
    """The schema's properties where a schema of ours is sent, else the instructions' headings."""
    form = body.get("response_format") or {}
    schema = (form.get("json_schema") or {}).get("schema") or form.get("schema") or {}
    named = tuple(schema.get("properties", ())) or tuple(_HEADING.findall(_system(body)))
    return tuple(name for name in named if name in SECTIONS)


def _again(body: dict[str, Any]) -> bool:
    """Whether the claims are looked for again: only then do brackets behind a claim name sentences."""
    return bool(_AGAIN.search(_system(body)))


@lru_cache(maxsize=_KEPT)
def _answer(sections: tuple[str, ...], asked: Shown, again: bool) -> str:  # noqa: FBT001  # part of the cache's key
    return Lexicon().ask(_question(sections, asked, again)).text


def _question(sections: tuple[str, ...], asked: Shown, again: bool) -> Question:  # noqa: FBT001
    claims = [_read(_CLAIM, line) for line in asked.claims.split("\n") if line]
    told = [_marked(claim[2]) if again else (claim[2], ()) for claim in claims]
    rows = asked.article.split("\n") if asked.article else []
    start = next((i for i, row in enumerate(rows) if _LINE.fullmatch(row)), len(rows))
    return Question(
        sections,
        (),
        {},
        "",
        "",
        lines=_lines(rows[start:]),
        claims=tuple(claim for claim, _ in told),
        first=int(claims[0][1]) if claims else 1,
        near=tuple(near for _, near in told) if again else (),
        gaps=tuple((int(gap[1]), gap[2]) for gap in (_read(_GAP, line) for line in asked.gaps.split("\n") if line)),
        source="".join(f"{row}\n" for row in rows[:start]),
    )


def _marked(claim: str) -> tuple[str, tuple[int, ...]]:
    """A claim and the sentences that the brackets behind it name."""
    found = _read(_SEEN, claim)
    return found[1], tuple(map(int, found[2].split(", "))) if found[2] else ()


def _lines(rows: list[str]) -> tuple[Line, ...]:
    lines: list[Line] = []
    paragraph, broken = 0, False
    for row in rows:
        if not row:
            broken = True
            continue
        found = _read(_LINE, row)
        number = int(found[1])
        if broken:
            paragraph += 1 if number == lines[-1].number + 1 else 2
        broken = False
        lines.append(Line(number, cast("Role", found[2] or "body"), found[3], paragraph))
    return tuple(lines)


def _read(form: re.Pattern[str], line: str) -> re.Match[str]:
    found = form.fullmatch(line)
    if found is None:
        raise ValueError(f"not in the form that this model was told of: {line[:80]!r}")
    return found
