"""One file, or standard input, as one Version."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from summarize.archive.decoding import decode
from summarize.archive.front_matter import FrontMatter, front_matter
from summarize.archive.members import kind_of, shown, stem_of
from summarize.archive.records import MAX_BYTES, MAX_CHARS, too_long
from summarize.errors import InputError
from summarize.news import Version

__all__ = ["MAX_CHARS", "expand", "idents", "open_version", "version_of"]

_MARKDOWN = {".md", ".markdown"}
_SLUG = re.compile(r"[^\w.-]+")


def expand(files: Iterable[str | Path]) -> list[str]:
    """`files` with each folder replaced by the .txt, .md and .html files below it, in the order of their names.

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
            if _is_article(name) and not name.startswith(".")
        )
        if not inside:
            raise InputError("no .txt, .md or .html file is in this folder", where=str(given))
        found += inside
    return found


def _is_article(name: str) -> bool:
    kind = kind_of(name)
    return kind is not None and kind.reader in {"text", "page"} and not kind.packing


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


def open_version(path: str | Path, *, private: bool = False) -> Version:
    """The article in a .txt, .md or .html file, at an http(s) URL, or on standard input for `-`.

    `private` permits URLs of this machine and its network. Raises InputError where there is no file, it is a folder,
    empty, binary, or larger than an article, and for what archive/fetch.py does not fetch.
    """
    if str(path).lower().startswith(("http://", "https://")):
        from summarize.archive.fetch import fetched  # noqa: PLC0415  # few articles are fetched

        return fetched(str(path), private=private)
    kind = kind_of(str(path))
    if kind is not None and kind.reader not in {"text", "page"}:
        hint = f"retold batch {path} reads it"
        raise InputError("this is an archive of articles, not one article", where=str(path), hint=hint)
    if str(path) == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", where="standard input")
        return _told(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input", "stdin", suffix=".md")
    where = Path(path)
    return _told(_read(where), str(path), where.stem, suffix=where.suffix.lower())


def version_of(raw: bytes, place: str, *, name: str = "", url: str | None = None) -> Version:
    """The article in the bytes of one file, read as the ending of `name` says; plain text where it says nothing.

    `name` ("sport/a.txt", without it the last part of `place`) is the version's id. `url` is where it was published,
    if it does not say itself. Raises InputError, of `place`, where it is empty, binary, or larger than an article.
    """
    name = shown(name or place.rpartition("/")[2])
    kind = kind_of(name)
    version = _told(raw, place, stem_of(name), suffix=kind.suffix if kind else "", url=url)
    return replace(version, id=name)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError("this is a folder", where=str(path), hint="give the files in it")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # a buffer of the largest size for each small file costs time
            return file.read(min(size, MAX_BYTES) + 1 if size else MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", where=str(path)) from error


def _told(raw: bytes, where: str, stem: str, *, suffix: str, url: str | None = None) -> Version:
    if len(raw) > MAX_BYTES:
        raise too_long(where)
    if not raw.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise InputError("the file is empty", where=where)
    ident, label = _ident(stem), " ".join(stem.split())
    kind = kind_of(f"a{suffix}")
    if kind is not None and kind.reader == "page":
        from summarize.archive.pages import page_version  # noqa: PLC0415  # what it needs is an extra, and slow

        return replace(page_version(raw, where, ident, url), label=label)
    return replace(_plain(raw, where, url, markdown=suffix in _MARKDOWN), id=ident, label=label)


def _plain(raw: bytes, where: str, url: str | None, *, markdown: bool) -> Version:
    text, flags = decode(raw, where)
    if len(text) > MAX_CHARS:
        raise too_long(where)
    meta = front_matter(text, where) if markdown else FrontMatter({})
    if not text[meta.body_start :].strip():
        what = "there is no text below the front matter" if meta.body_start else "the file is empty"
        raise InputError(what, where=where)
    known = {"url": url, **meta.values}
    start, headline = meta.body_start, meta.headline
    return Version(text, id=where, label=where, body_start=start, headline_span=headline, flags=flags, **known)


def _ident(name: str) -> str:
    return _SLUG.sub("-", name).strip("-") or "file"
