"""One file, or standard input, as one Version."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from summarize.archive.decoding import decode
from summarize.archive.front_matter import front_matter
from summarize.errors import InputError
from summarize.news import Version

MAX_CHARS = 1_000_000  # a long book; above it something else than an article was given
_MAX_BYTES = 4 * MAX_CHARS
_MARKDOWN = {".md", ".markdown"}
_READ = {".txt", *_MARKDOWN}
_SLUG = re.compile(r"[^\w.-]+")


def expand(files: Iterable[str | Path]) -> list[str]:
    """`files` with each folder replaced by the .txt and .md files below it, in the order of their names.

    Raises InputError for a folder without any. Links to folders are not followed: they may go round.
    """
    found: list[str] = []
    for given in files:
        if str(given) == "-" or not Path(given).is_dir():
            found.append(str(given))
            continue
        inside = sorted(
            os.path.join(folder, name)  # noqa: PTH118  # os.walk's own
            for folder, _, names in os.walk(given)
            for name in names
            if Path(name).suffix.lower() in _READ and not name.startswith(".")
        )
        if not inside:
            raise InputError("no .txt or .md file is in this folder", where=str(given))
        found += inside
    return found


def idents(names: Sequence[str]) -> list[str]:
    """A distinct id for each file, made from its name."""
    taken: dict[str, int] = {}
    found: list[str] = []
    for name in names:
        ident = _ident(Path(name).stem) if name != "-" else "stdin"
        taken[ident] = taken.get(ident, 0) + 1
        found.append(ident)
    used = set(found)
    number = dict.fromkeys(taken, 0)
    for i, ident in enumerate(found):
        if taken[ident] == 1:
            continue
        number[ident] += 1
        if number[ident] == 1:
            continue
        while (free := f"{ident}-{number[ident]}") in used:
            number[ident] += 1
        found[i] = free
        used.add(free)
    return found


def open_version(path: str | Path) -> Version:
    """The article in a .txt or .md file, or on standard input for `-`.

    Raises InputError where there is no file, it is a folder, empty, binary, or larger than an article.
    """
    if str(path) == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", where="standard input")
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        return _version(raw, "standard input", "stdin", markdown=True)
    where = Path(path)
    return _version(_read(where), str(path), where.stem, markdown=where.suffix.lower() in _MARKDOWN)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError("this is a folder", where=str(path), hint="give the files in it")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # a buffer of the largest size for each small file costs time
            return file.read(min(size, _MAX_BYTES) + 1 if size else _MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", where=str(path)) from error


def _version(raw: bytes, where: str, name: str, *, markdown: bool) -> Version:
    if len(raw) > _MAX_BYTES:
        raise _too_long(where)
    if not raw.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise InputError("the file is empty", where=where)
    text, flags = decode(raw, where)
    if len(text) > MAX_CHARS:
        raise _too_long(where)
    meta = front_matter(text, where) if markdown else front_matter("", where)
    if not text[meta.body_start :].strip():
        what = "there is no text below the front matter" if meta.body_start else "the file is empty"
        raise InputError(what, where=where)
    return Version(
        text,
        id=_ident(name),
        label=" ".join(name.split()),
        body_start=meta.body_start,
        headline_span=meta.headline,
        flags=flags,
        **meta.values,
    )


def _ident(name: str) -> str:
    return _SLUG.sub("-", name).strip("-") or "file"


def _too_long(where: str) -> InputError:
    return InputError(
        f"this is longer than an article: more than {MAX_CHARS:,} characters",
        where=where,
        hint="split it into its articles",
    )
