"""Whether an archive is still the one it was: by the names, sizes and times of its files, without reading them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path


def fingerprint(source: str) -> str:
    """A digest of an archive's files; empty where nothing can be known without reading it (standard input)."""
    if source == "-":
        return ""
    if "://" in source:
        from summarize.archive.remote import fingerprint as of_remote  # noqa: PLC0415  # an extra

        return of_remote(source)
    seen = hashlib.sha256()
    for path, status in _files(source):
        seen.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


def _files(source: str) -> Iterator[tuple[str, os.stat_result]]:
    if not Path(source).is_dir():
        yield "", os.stat(source)  # noqa: PTH116  # as os.scandir gives it
        return
    folders = [source]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue  # told when it is read
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                yield os.path.relpath(entry.path, source), entry.stat(follow_symlinks=False)
