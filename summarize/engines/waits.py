"""How long a server asks to wait, in all the forms in which servers say it.

Retry-After: 20 · 1.5 · Wed, 21 Oct 2026 07:28:00 GMT         RFC 9110, 10.2.3
retry-after-ms: 250                                           OpenAI, Azure
x-ratelimit-reset-requests: 1s · 6m0s · 120ms · 1h2m3.5s      OpenAI (Go's durations)
x-ratelimit-reset: 1767225600 · 2026-01-01T00:00:00Z · 30     seconds since 1970, ISO 8601, seconds to go
"… Please try again in 20ms." · "Try again in 5 seconds."     in the error's words
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

CEILING = 120.0  # seconds: the longest wait that is believed at a time
_DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?"
)
_UNITS = (86_400.0, 3_600.0, 60.0, 1.0, 0.001)
_WORDS = re.compile(
    r"(?:try|retry) again in (\d+(?:\.\d+)?) ?(milliseconds?|ms|seconds?|s|minutes?|m)\b", re.IGNORECASE
)
_WORD_UNITS = {"m": 60.0, "minute": 60.0, "ms": 0.001, "millisecond": 0.001, "s": 1.0, "second": 1.0}
_A_DATE = 1e9  # a number this large is seconds since 1970
_RESETS = ("requests", "tokens")


def asked(headers: Mapping[str, str], body: str, now: float) -> float | None:
    """Seconds to wait before the next request, at most CEILING; None where the server does not say.

    `headers` with lower-case names; `now` in seconds since 1970, for dates.
    """
    found = [_milliseconds(headers.get("retry-after-ms", "")), _moment(headers.get("retry-after", ""), now)]
    for wait in found:
        if wait is not None:
            return _within(wait)
    used = used_up(headers, now)
    if used is not None:
        return used
    any_reset = [wait for what in (*_RESETS, "") if (wait := _reset(headers, what, now)) is not None]
    if any_reset:
        return _within(min(any_reset))
    said = _WORDS.search(body[:2_000])
    return _within(float(said[1]) * _WORD_UNITS[_unit(said[2].lower())]) if said else None


def _unit(word: str) -> str:
    return word if word in _WORD_UNITS else word.removesuffix("s")


def used_up(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the allowance is renewed, where a good answer's headers say that none is left."""
    waits = [
        wait
        for what in _RESETS
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() == "0"
        and (wait := _reset(headers, what, now)) is not None
    ]
    return _within(max(waits)) if waits else None


def _reset(headers: Mapping[str, str], what: str, now: float) -> float | None:
    name = f"x-ratelimit-reset-{what}" if what else "x-ratelimit-reset"
    return _moment(headers.get(name, ""), now)


def _milliseconds(text: str) -> float | None:
    try:
        return float(text) / 1000.0
    except ValueError:
        return None


def _moment(text: str, now: float) -> float | None:
    """Seconds from `now` for a number, a duration or a date."""
    text = text.strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        seconds = number / 1000.0 if number >= 1000 * _A_DATE else number
        return seconds - now if seconds >= _A_DATE else seconds
    whole = _DURATION.fullmatch(text)
    if whole:
        return sum(float(n) * unit for n, unit in zip(whole.groups(), _UNITS, strict=True) if n)
    return _date(text, now)


def _date(text: str, now: float) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            when = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now
    return None


def _within(wait: float) -> float:
    return min(max(wait, 0.0), CEILING) if wait == wait else 0.0  # noqa: PLR0124  # NaN is no wait
