"""What an archive holds, one record after another: where each stands, and how it becomes a Version.

    source ──records──▶ Record, Record, …            never more than one in memory
                          │ load
                          ▼
                        Version, or the reason why there is none

Count in = count out: whatever stands in an archive is a record. One that is no article (another kind of file, the
record of a request) loads as NoArticle, one that should be an article and cannot be read as InputError. What is
wrong with the archive itself (it is cut off, a member climbs out of it) is a record whose load says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from summarize.errors import InputError, RetoldError
from summarize.news import Version

MAX_CHARS: Final = 1_000_000  # code points of an article: a long book; above it something else was given
MAX_BYTES: Final = 4 * MAX_CHARS


@dataclass(frozen=True, slots=True)
class Web:
    """What may be fetched where an archive lies on a web server: up to `most` bytes of it.

    `private`: also from hosts of this machine and its network.
    """

    private: bool = False
    most: int = 10 << 30


PUBLIC: Final = Web()


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `place` says where it stands: "news/a.txt", "news.zip!a.txt", "news.jsonl:17" (line from 1).

    `load` makes a Version of it, once, before the next record is drawn: what it reads from may have moved on by
    then. It raises NoArticle or InputError, and nothing else, whatever the record holds.
    """

    place: str
    load: Callable[[], Version]


def refused(place: str, error: RetoldError) -> Record:
    """A record of which nothing but `error` can be had."""

    def load() -> Version:
        raise error

    return Record(place, load)


def too_long(place: str) -> InputError:
    """The error for what is longer than an article."""
    what = f"this is longer than an article: more than {MAX_CHARS:,} characters"
    return InputError(what, where=place, hint="split it into its articles")
