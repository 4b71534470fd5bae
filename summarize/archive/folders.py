"""The files of a folder tree, one after another, in the order of their names: the same on every machine.

A folder is listed in passes, each of which keeps the next names of the order, so that a folder of millions of files
takes no more memory than one of thousands. Links are never followed: what they lead to is read where it stands, or
lies outside. A hidden folder is one record, whatever is in it.
"""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from summarize.archive.members import Member, failure, shown
from summarize.archive.records import Record, refused
from summarize.errors import NoArticle

_PASS = 50_000  # names kept from one listing of a folder


def members(folder: str) -> Iterator[Member | Record]:
    """The files below `folder`; what is no file, or cannot be had, is a record that says so."""
    top = Path(os.path.realpath(folder))
    below: list[tuple[str, Iterator[str]]] = [("", _names(Path(folder)))]
    while below:
        parent, names = below[-1]
        try:
            name = next(names, None)
        except OSError as error:
            name = None
            yield _refused(folder, parent or ".", error)
        if name is None:
            below.pop()
            continue
        inner = parent + name
        path = Path(folder, inner)
        try:
            mode = path.lstat().st_mode
            why = _unread(path, mode, top)
        except (OSError, ValueError) as error:
            yield _refused(folder, inner, error)
            continue
        if why:
            yield refused(shown(str(path)), NoArticle(why, where=shown(str(path))))
        elif stat.S_ISDIR(mode):
            below.append((f"{inner}/", _names(path)))
        else:
            yield Member(shown(inner), shown(str(path)), partial(opened, path))


def opened(path: Path) -> BinaryIO:
    """The bytes of the regular file at `path`. Raises OSError for anything else, a link or a pipe put there since."""
    found = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise OSError("it is no longer a file")  # noqa: TRY301  # what was opened must be closed
        return os.fdopen(found, "rb")
    except BaseException:
        os.close(found)
        raise


def _names(folder: Path) -> Iterator[str]:
    """What is in a folder, in the order of code points."""
    last = ""
    while True:
        with os.scandir(folder) as entries:
            found = heapq.nsmallest(_PASS, (entry.name for entry in entries if entry.name > last))
        yield from found
        if len(found) < _PASS:
            return
        last = found[-1]


def _unread(path: Path, mode: int, top: Path) -> str | None:
    """Why what stands at `path` is not meant to be read, if it is not."""
    if stat.S_ISLNK(mode):
        return _link(path, top)
    if stat.S_ISDIR(mode):
        hidden = path.name.startswith(".") or path.name == "__MACOSX"
        return "a hidden folder" if hidden else None
    return None if stat.S_ISREG(mode) else "a socket, a pipe or a device"


def _link(path: Path, top: Path) -> str:
    target = Path(os.path.realpath(path))
    if not target.exists():
        return "a link that leads nowhere"
    if not target.is_relative_to(top):
        return "a link out of the folder"
    if any(part.startswith(".") for part in target.relative_to(top).parts):
        return "a link to a hidden file"
    return "a link to another folder" if target.is_dir() else "a link to another file"


def _refused(folder: str, inner: str, error: Exception) -> Record:
    place = shown(str(Path(folder, inner)))
    return refused(place, failure(error, place))
