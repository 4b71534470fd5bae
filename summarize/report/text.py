"""Text from outside, made fit to be shown. Articles, file names, labels and model replies are hostile input."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
# Printable by the book, yet they show as nothing: fillers and joiners that could hide one word inside another.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def safe(text: str) -> str:
    r"""`text` on one line, with all that could act on a terminal or hide from a reader as a visible escape.

    That is whatever is no printable character: controls (so ANSI sequences too), changes of writing
    direction, zero-width characters, lone surrogates. Runs of white space become one space.

    >>> safe("a\u202eb\x1b[1m\nc")
    'a\\u202eb\\x1b[1m c'
    """
    flat = _SPACE.sub(" ", text)
    if flat.isprintable() and _BLANK.isdisjoint(flat):
        return flat
    return "".join(c if c.isprintable() and c not in _BLANK else escape(c) for c in flat)


def escape(character: str) -> str:
    """The escape that stands for a character, as Python writes it."""
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004  # what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004  # what four digits hold


def cut(text: str, most: int) -> str:
    """`text`, safe, in at most `most` characters; what is cut off leaves "…"."""
    flat = safe(text).strip()
    if len(flat) <= most:
        return flat
    kept = flat[: most - 1]
    at_word = kept.rpartition(" ")[0] if len(kept.rpartition(" ")[2]) < most // 2 else kept
    return f"{(at_word or kept).rstrip(' ,;:')}…"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "claim"), count(2, "claim")
    ('1 claim', '2 claims')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(names: list[str]) -> str:
    """Names as running words: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def spaced(name: str) -> str:
    """The name of a value, as words."""
    return name.replace("_", " ")


def signed(score: int) -> str:
    """A score with its sign: "+1", "0", "−1"."""
    return f"{score:+d}".replace("-", "−") if score else "0"
