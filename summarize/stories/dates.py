"""When an article was published, as minutes; whoever wrote an archive wrote dates in his own way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

DAY: Final = 24 * 60  # minutes
_LONGEST = 64  # characters of a date
_EARLIEST, _LATEST = 1500, 2200  # years; outside, a number was taken for a date
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})\b"
)
_SECONDS, _MILLISECONDS = range(9, 11), range(12, 14)  # digits of a time since 1970
_COMPACT = len("20240820100000")
_NOON = 12


def minute(given: str | None) -> int | None:
    """Minutes from 1970-01-01 UTC to the date or time `given`, or None if it is none that can be told.

    Taken are ISO 8601 (with / for -, and without marks), RFC 2822, seconds and milliseconds since 1970, and
    English dates with the month's name. A day without time is taken at noon, a time without zone in UTC. What
    could be two days ("08/09/2024") is not guessed at.
    """
    text = (given or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = _moment(text)
        if moment is None or not _EARLIEST <= moment.year <= _LATEST:
            return None
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() // 60)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):  # email.utils raises several
        return None


def _moment(text: str) -> datetime | None:
    if text.isascii() and text.isdigit():
        return _of_digits(text)
    iso = re.sub(r"^(\d{4})/(\d{1,2})/(\d{1,2})", r"\1-\2-\3", text)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return _worded(text)
    return moment if re.search(r"\d[T ]?\d{0,2}:|T\d", iso) else moment.replace(hour=_NOON)


def _of_digits(text: str) -> datetime | None:
    if len(text) in _SECONDS:
        return datetime.fromtimestamp(int(text), UTC)
    if len(text) in _MILLISECONDS:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if len(text) == _COMPACT:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
    return datetime.fromisoformat(text).replace(hour=_NOON) if len(text) == len("20240820") else None


def _worded(text: str) -> datetime | None:
    """A date with the month's name in it: as in e-mail, or as in a dateline."""
    found = _NAMED.search(text)
    if ":" in text:
        return parsedate_to_datetime(text)
    if found is None or found[2][:3].lower() not in _MONTHS or not (found[1] or found[3]):
        return None
    day = int(found[3] or found[1])
    return datetime(int(found[4]), _MONTHS.index(found[2][:3].lower()) + 1, day, _NOON, tzinfo=UTC)
