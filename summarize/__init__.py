"""Retold: the same story, told differently.

archive ──Version──▶ prompt ──Question──▶ engine ──Reply──▶ reply.parse ──▶ reading ──▶ comparison ──▶ report

>>> from summarize import Version, compare
>>> found = compare(Version("Two men died."), Version("Three men died."))
>>> [d.text for d in found.differences]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarize.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from summarize.comparison.model import Comparison
    from summarize.engines import Engine
    from summarize.news import Version
    from summarize.reading import Reading

__all__ = ["Version", "__version__", "as_json", "compare", "open_version", "summarize"]


def summarize(version: Version | str | Path, *, engine: Engine | None = None, unblind: bool = False) -> Reading:
    """The reading of one version: a Version, or the path of a file.

    `engine` answers (default: the embedded one). `unblind` shows it outlet and links. Raises RetoldError.
    """
    from summarize import library

    return library.summarize(version, engine=engine, unblind=unblind)


def compare(*versions: Version | str | Path, engine: Engine | None = None, unblind: bool = False) -> Comparison:
    """The comparison of two versions or more of one story. Parameters as for `summarize`."""
    from summarize import library

    return library.compare(versions, engine=engine, unblind=unblind)


def as_json(found: Comparison) -> dict[str, object]:
    """What `retold compare --json` prints for a comparison (docs/contract.md), as plain dictionaries and lists."""
    from summarize.report import contract

    return contract.comparison(found)


def __getattr__(name: str) -> object:
    """Names that cost an import are fetched when they are asked for."""
    if name == "Version":
        from summarize.news import Version

        return Version
    if name == "open_version":
        from summarize.archive.files import open_version

        return open_version
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
