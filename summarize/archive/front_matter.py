"""The block between `---` lines that may open a Markdown file, and the metadata in it.

    ---
    headline: Fire in the harbour        (or title)
    outlet: The Daily Example            (or publisher, source)
    published: 2024-08-20                (or date)
    url: https://example.org/fire        (or link)
    ---

Values are read as YAML text, never evaluated; other keys are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from summarize.errors import InputError
from summarize.text.span import Span

_BLOCK = re.compile(r"\A---[ \t]*\r?\n(?P<inside>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS = {
    "headline": ("headline", "title"),
    "outlet": ("outlet", "publisher", "source"),
    "published": ("published", "date"),
    "url": ("url", "link"),
}
_LONGEST = 65_536  # code points of a block
_LONGEST_VALUE = 2_000


class FrontMatter(NamedTuple):
    """Metadata by our names, where the body begins, and where the headline stands in the block."""

    values: Mapping[str, str]
    body_start: int = 0
    headline: Span | None = None


def front_matter(text: str, where: str) -> FrontMatter:
    """The front matter that opens `text`, if there is one. Raises InputError where it is not YAML."""
    block = _BLOCK.match(text[:_LONGEST])
    if block is None:
        return FrontMatter({})
    found = _parsed(block["inside"], where)
    values = {
        name: value.strip()
        for name, keys in _KEYS.items()
        if (value := next((found[key] for key in keys if found.get(key, "").strip()), ""))
    }
    headline = values.get("headline", "")
    line = re.search(rf"(?mi)^(?:headline|title)[ \t]*:[ \t]*['\"]?({re.escape(headline)})", text[: block.end()])
    return FrontMatter(values, block.end(), Span(*line.span(1)) if headline and line else None)


def _parsed(block: str, where: str) -> dict[str, str]:
    import yaml  # noqa: PLC0415  # only where there is front matter

    try:
        found = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506  # BaseLoader makes strings, lists and maps only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise InputError(f"the front matter cannot be read: {problem}", where=f"{where}{line}") from error
    except (ValueError, OverflowError) as error:  # "\\UFFFFFFFF"
        raise InputError("the front matter cannot be read: not YAML", where=where) from error
    except RecursionError as error:
        raise InputError("the front matter is nested too deeply", where=where) from error
    if not isinstance(found, dict):
        return {}
    return {str(k).lower(): v[:_LONGEST_VALUE] for k, v in found.items() if isinstance(v, str)}
