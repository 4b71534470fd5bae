"""Whether an archive is still the one it was: by the names, sizes and times of its files, without reading them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from summarize.archive.records import PUBLIC, Web


def fingerprint(source: str, *, web: Web = PUBLIC) -> str:
    """A digest of an archive's files; empty where nothing can be known without reading it (standard input).

    `web`: as for walk.records.
    """
    if source == "-":
        return ""
    if "://" in source:
        from summarize.archive.remote import fingerprint as of_remote  # noqa: PLC0415  # an extra

        return of_remote(source, private=web.private)
    seen = 0  # a sum, so that the files may come in any order and none need be kept
    for path, status in _files(source):
        told = f"{path}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogatepass")
        seen += int.from_bytes(hashlib.sha256(told).digest())
    return f"{seen % 2**256:064x}"


def _files(source: str) -> Iterator[tuple[str, os.stat_result]]:
    if not Path(source).is_dir():
        yield "", os.stat(source)  # noqa: PTH116  # as os.scandir gives it
        return
    folders = [source]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        with suppress(FileNotFoundError):  # gone since
                            yield os.path.relpath(entry.path, source), entry.stat(follow_symlinks=False)
        except OSError:
            continue  # told when it is read
