"""A web page as a Version: the article in it, taken out of menus, advertisements and comments by trafilatura.

    bytes ──charset──▶ HTML ──look──▶ refused where it is built to hurt ──trafilatura──▶ paragraphs ──▶ Version

The text of the Version is made: the headline, then paragraphs with an empty line between them, "## " before a
subhead and "- " before an entry of a list. The same bytes make the same text on any day: dates are held against no
clock. Nothing is fetched, no entity of a DTD is expanded. Charset: a byte-order mark, else UTF-8 if it is that, else
what HTTP or the page says, else as in decoding.py.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from summarize.archive.decoding import Decoded, decode
from summarize.archive.look import Look, looked
from summarize.archive.members import shown
from summarize.archive.records import MAX_BYTES, MAX_CHARS, too_long
from summarize.errors import InputError, NoArticle
from summarize.news import Version

if TYPE_CHECKING:
    from trafilatura.settings import Document

HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
TEXT: Final = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
_FEW, _SHARE, _PAGE = 50, 0.15, 300  # words extracted, share of the words seen, and of how many it is told
_WORD, _MARKERS = 7, frozenset({"-", "##"})  # characters of a word with its space, and what is none
_LONGEST = 2_000  # characters of a value of metadata
_DATES: Final = {  # `max_date` instead of today: the same page must have the same date tomorrow
    "original_date": True, "extensive_search": False, "deferred_url_extractor": True, "max_date": "2100-01-01",
}  # fmt: skip
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_TOLD_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*(?:<\?xml\b[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a page names its charset
# codecs that make text of bytes in one pass; others are slow on purpose-made input (punycode) or no charset (zip)
_CODECS = re.compile(r"utf-8|utf-16|iso8859|cp\d|koi8|gb|big5|euc|shift_jis|iso2022|mac|ascii|tis-?620|johab|hz$")
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)\b|(?:sign|log) in to (?:continue|keep) reading|"
    r"to (?:continue|keep) reading[^.]{0,40}subscri|(?:this|the full) (?:article|story|content) is "
    r"(?:only |exclusively )?(?:available )?(?:for|to) (?:our )?subscribers|unlock this article|"
    r"register to (?:continue|read)|you have reached your (?:monthly )?(?:limit|article limit)",
    re.IGNORECASE,
)
_NOT_FREE = re.compile(r"""["']isAccessibleForFree["']\s*:\s*["']?false""", re.IGNORECASE)
_MAKES_ROLE = re.compile(r"(?:#{1,6}|\d{1,2}[.)])\s")  # at the start of a line, what Markdown would read in it


def page_version(raw: bytes, place: str, ident: str, url: str | None = None, *, charset: str = "") -> Version:
    """The article in the HTML or XHTML page `raw`, with what the page says of it: headline, outlet, date, address.

    `place` is for errors, `ident` is the id; `url` is where the page came from, `charset` what HTTP said of it. Flags
    tell where little was found or a subscription is asked for. Raises InputError for a page without an article, one
    longer than an article, or one that is built to hurt; also where trafilatura is not installed.
    """
    if len(raw) > MAX_BYTES:
        raise too_long(place)
    html, flags = page_text(raw, place, charset)
    look = looked(html, place)
    document = _extracted(html, place, url)
    headline = _headline(document)
    text = "\n".join(_lines(document, headline)).strip()
    if not text or (headline and text == headline):
        raise InputError("no article was found in this page", where=place)
    if len(text) > MAX_CHARS:
        raise too_long(place)
    return Version(
        text,
        id=ident,
        headline=headline or None,
        outlet=_value(document.sitename),
        published=_value(document.date),
        url=_address(document.url, url),
        flags=(*flags, *_noticed(html, look, text.removeprefix(headline))),
    )


def text_version(raw: bytes, place: str, ident: str, url: str | None = None, *, charset: str = "") -> Version:
    """The article in plain text that came from the web; arguments and errors as those of `page_version`."""
    if len(raw) > MAX_BYTES:
        raise too_long(place)
    text, flags = page_text(raw, place, charset)
    if not text.strip():
        raise InputError("there is no text in this", where=place)
    if len(text) > MAX_CHARS:
        raise too_long(place)
    return Version(text, id=ident, url=_address(None, url), flags=flags)


def told_version(raw: bytes, told: str, place: str, ident: str, url: str | None) -> Version:
    """The article in what came from the web, read as `told`, the header Content-Type, says.

    Other arguments and errors are those of `page_version`; also NoArticle for what is neither page nor text.
    """
    found, media = _TOLD_CHARSET.search(told), media_type(told)
    charset = found[1] if found else ""
    if media in HTML or (not media and _MARKUP.match(raw)):
        return page_version(raw, place, ident, url, charset=charset)
    if media in TEXT:
        return text_version(raw, place, ident, url, charset=charset)
    what = f"no page and no text, but {shown(media[:80])}" if media else "it does not say what it is"
    raise NoArticle(what, where=place)


def media_type(told: str) -> str:
    """The type in the header Content-Type, without what stands beside it."""
    return told.partition(";")[0].strip().lower()


def page_text(raw: bytes, place: str, charset: str = "") -> Decoded:
    """The text in bytes from the web, `charset` being what HTTP said. Raises InputError for what is no text."""
    marked = raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked:
        named = _CHARSET.search(raw[:_HEAD])
        for told in (charset, named[1].decode("ascii") if named else ""):
            text = _as_told(raw, told)
            if text is not None:
                return Decoded(text)
    return decode(raw, place)


def _as_told(raw: bytes, charset: str) -> str | None:
    """The text, if `charset` names a codec and every byte fits it. What is valid UTF-8 is that, whatever is told."""
    try:
        codec = codecs.lookup(charset.strip().lower()).name if charset else ""
    except (LookupError, ValueError):
        return None
    if not _CODECS.match(codec) or b"\0" in raw[:_HEAD]:
        return None
    codec = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(codec, codec)  # as browsers take them
    for one in ("utf-8", codec):
        try:  # a page that is cut off may end inside a character
            return codecs.getincrementaldecoder(one)().decode(raw)
        except (UnicodeError, LookupError):
            continue
    return None


def _extracted(html: str, place: str, url: str | None) -> Document:
    try:
        from trafilatura import bare_extraction  # noqa: PLC0415  # an extra, and half a second
    except ImportError as error:
        what = "reading web pages needs trafilatura"
        raise InputError(what, where=place, hint="pip install 'retold[web]'") from error
    try:
        found = bare_extraction(
            html, url=url, include_comments=False, with_metadata=True, date_extraction_params=dict(_DATES)
        )
    except Exception as error:  # a page that breaks the parser is a bad page, and must not end a run
        what = f"this page cannot be taken apart: {type(error).__name__}"
        raise InputError(what, where=place) from error
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise InputError("no article was found in this page", where=place)
    return found


def _lines(document: Document, headline: str) -> Iterator[str]:
    """The lines of the text: headline first, empty ones between all but the entries of a list."""
    heads = {_flat(" ".join(one.itertext())) for one in document.body.iter("head")}
    if headline:
        yield headline
    bullets, first = False, True
    for line in (document.text or "").splitlines():
        flat = _flat(line)
        if not flat or (first and flat.casefold() == headline.casefold()):
            continue
        first = False
        listed = flat.startswith("- ")
        if not (bullets and listed):
            yield ""
        bullets = listed
        yield f"## {flat}" if flat in heads and not _MAKES_ROLE.match(flat) else flat.strip("| ") or flat


def _headline(document: Document) -> str:
    """The title without the site's name, which many pages put behind it."""
    title, site = _value(document.title) or "", _value(document.sitename)
    if site:
        name = rf"(?:{re.escape(site)}|{re.escape(site.removeprefix('www.'))})"
        title = re.sub(rf"\s+[|\-–—•·:]+\s+{name}\s*$", "", title, flags=re.IGNORECASE)
    return title


def _site(url: str | None) -> str | None:
    """The host of an http(s) address, as far as it tells one site from another; None for any other."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and parts.scheme in {"http", "https"} else None


def _address(canonical: str | None, given: str | None) -> str | None:
    """The page's own address for itself, if it is of the site the page came from, else the one given."""
    own = _value(canonical)
    site = _site(own)
    if own and len(own) < _LONGEST and site and _site(given) in {None, site}:
        return own
    return _value(given)


def _noticed(html: str, look: Look, body: str) -> Iterator[str]:
    words = sum(word not in _MARKERS for word in body.split())
    is_short = words < _FEW and len(body) < _FEW * _WORD
    if is_short or (words < _SHARE * look.words and look.words > _PAGE):
        yield f"extracted {words:,} words of {look.words:,} visible on the page"
    wall = _PAYWALL.search(look.text)
    if wall:
        yield f"the page asks for a subscription: “{_flat(wall[0])}”"
    elif _NOT_FREE.search(html):
        yield "the page says of itself that it is not free to read"


def _value(found: str | None) -> str | None:
    """A value of metadata on one line, cut where it is too long to be one; None for nothing."""
    return _flat("".join(c if c.isprintable() else " " for c in (found or "")[: 2 * _LONGEST]))[:_LONGEST] or None


def _flat(text: str) -> str:
    return " ".join(text.split())
