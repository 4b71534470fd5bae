"""One page, one address: what in a URL says where a reader came from, and not where the page is, is left out."""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST = 2_000  # characters; a longer one carries something else
_CAMPAIGN = ("utm_", "at_", "mc_", "pk_")
_TRACKING = frozenset(
    "amp amp_js_v usqp outputtype fbclid gclid dclid msclkid yclid igshid twclid ocid cmpid smid smtyp ncid ref "
    "ref_src share spm _ga".split()
)
_PORTS = {"http": 80, "https": 443}
_HOSTS = ("www.", "m.", "mobile.", "amp.")


def address(url: str | None) -> str | None:
    """The page that `url` leads to, in a form that is one for all ways to write it; None where it names no page.

    The scheme, "www." and the like, the fragment, parameters of campaigns, readers and of AMP, and a last slash are
    left out; parameters are sorted. A front page is no article's address, so that it gives None too.
    """
    text = (url or "").strip()
    if not text or len(text) > _LONGEST or any(c.isspace() or not c.isprintable() for c in text):
        return None
    try:
        parts = urlsplit(text if "://" in text else "//" + text.removeprefix("//"))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"} or "." not in host:
        return None
    for prefix in _HOSTS:
        if host.startswith(prefix) and "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
            break
    path = parts.path.rstrip("/")
    path = path.removesuffix("/amp").removesuffix(".amp").rstrip("/")
    query = "&".join(sorted(p for p in parts.query.split("&") if p and not _tracks(p)))
    if not path and not query:
        return None
    place = host if port is None or port == _PORTS.get(parts.scheme) else f"{host}:{port}"
    return f"{place}{path}" + (f"?{query}" if query else "")


def _tracks(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_CAMPAIGN)
