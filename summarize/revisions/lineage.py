"""Which articles are revisions of one, and in which order they were published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from summarize.news import Article
from summarize.text.numbers import quantities

# Parameters that tell how a reader came, not what is read.
_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid mc_cid mc_eid cmpid ocid ito smid smtyp partner "
    "ref ref_src ref_url referrer src_trk cid icid ncid sr_share taid guccounter".split()
)
_TRACKING_STARTS = ("utm_", "at_", "ns_", "pk_", "mtm_", "hsa_")
_PORTS = frozenset({80, 443})


def in_time(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Articles by their time of publication; as given where not all have one that can be read.

    Read are ISO dates and datetimes, and days in words ("22 August 2024", "Aug. 22, 2024").

    A time without a zone is taken as UTC, a day as its first moment. Of the same time: in the order given.
    """
    times = [_published(a.version.published) for a in articles]
    known = [t for t in times if t is not None]
    if len(known) < len(times):
        return tuple(articles)
    return tuple(articles[i] for i in sorted(range(len(known)), key=lambda i: known[i]))


def _published(text: str | None) -> datetime | None:
    given = (text or "").strip()
    days = [q.value for q in quantities(given) if q.is_date and len(q.value) == len("2024-08-22")]
    for form in (given, *days):
        try:
            time = datetime.fromisoformat(form)
            break
        except ValueError:
            continue
    else:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def same_article(articles: Sequence[Article]) -> bool:
    """Whether all have one URL: scheme, "www.", trailing slash, fragment and tracking parameters aside.

    False where one has none, and for no articles.
    """
    urls = {_address(a.version.url or "") for a in articles}
    return len(urls) == 1 and None not in urls


def _address(url: str) -> tuple[str, str, str] | None:
    """Host, path and query of a URL as far as they tell what is read; None for what is no URL."""
    url = url.strip()
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = f":{parts.port}" if parts.port and parts.port not in _PORTS else ""
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if not host:
        return None
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith(_TRACKING_STARTS)
    ]
    return host + port, parts.path.rstrip("/"), urlencode(sorted(asked))
