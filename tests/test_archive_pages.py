"""Web pages: the article is found, what surrounds it is left out, and a page built to hurt is refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_site import SENTENCES, html

from summarize.archive.look import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS
from summarize.archive.pages import page_version, text_version, told_version
from summarize.archive.records import MAX_BYTES
from summarize.errors import InputError, NoArticle, RetoldError
from summarize.news import Version, lay_out

URL = "https://example.org/news/ferry"


def page(raw: bytes | str, url: str | None = URL, charset: str = "") -> Version:
    return page_version(raw.encode() if isinstance(raw, str) else raw, "a.html", "a", url, charset=charset)


def why(raw: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        page(raw)
    assert caught.value.where == "a.html"
    return caught.value.what


def test_the_text_is_the_headline_and_the_paragraphs_with_empty_lines_between() -> None:
    blocks = page(html()).text.split("\n\n")
    assert blocks[:3] == ["Ferry runs aground off Lowick", SENTENCES[0], SENTENCES[1]]
    assert "## What comes next" in blocks
    assert blocks[-1] == "- The first ferry leaves at six.\n- Tickets stay valid for a week."


def test_menus_comments_and_footers_are_left_out() -> None:
    text = page(html()).text
    for words in ("Home", "Sport", "First comment", "©", "The Daily Example"):
        assert words not in text


def test_each_part_has_its_role_when_the_text_is_laid_out() -> None:
    roles = [s.role for s in lay_out(page(html())).sentences]
    assert roles[0] == "headline"
    assert (roles.count("headline"), roles.count("subhead"), roles.count("bullet")) == (1, 1, 2)
    assert set(roles) == {"headline", "subhead", "bullet", "body"}


def test_the_headline_stands_once_and_without_the_name_of_the_site() -> None:
    version = page(html("Ferry aground - and afloat"))
    assert version.headline == "Ferry aground - and afloat"
    assert version.text.count("Ferry aground") == 1


def test_what_the_page_says_of_itself_is_metadata() -> None:
    version = page(html())
    assert (version.outlet, version.published, version.url) == ("The Daily Example", "2024-08-20", URL)


@pytest.mark.parametrize(
    ("canonical", "given", "kept"),
    [
        ("https://www.example.org/ferry", "https://example.org/ferry?utm=1", "https://www.example.org/ferry"),
        ("https://evil.example/ferry", "https://example.org/ferry", "https://example.org/ferry"),
        ("javascript:alert(1)", "https://example.org/ferry", "https://example.org/ferry"),
        ("https://example.org/ferry", None, "https://example.org/ferry"),
        ("http://[", "https://example.org/ferry", "https://example.org/ferry"),
    ],
)
def test_the_address_a_page_gives_itself_is_believed_only_of_its_own_site(
    canonical: str, given: str | None, kept: str
) -> None:
    assert page(html(head=f'<link rel="canonical" href="{canonical}">'), given).url == kept


def test_the_same_bytes_give_the_same_version_in_any_thread() -> None:
    pages = [html(f"Ferry number {i} runs aground", body=f"<p>Ship {i} is the one.</p>" * i) for i in range(8)]
    alone = [page(raw) for raw in pages]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(page, pages * 10)) == alone * 10


def test_a_date_is_not_held_against_todays() -> None:
    assert page(html().replace(b"2024-08-20", b"2099-08-20")).published == "2099-08-20"


def test_a_page_without_a_date_has_none() -> None:
    assert page(html().replace(b"2024-08-20T10:00:00Z", b"")).published is None


def test_nothing_is_written_to_standard_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><body><div>" + b"<p>" * 50 + b"\x00\xff</table>")
    code = (
        "import sys; from pathlib import Path; from summarize.archive.pages import page_version\n"
        "from summarize.errors import InputError\n"
        "for raw in (Path(sys.argv[1]).read_bytes(), b'', b'<script>', b'{}'):\n"
        "    try: page_version(raw, 'a', 'a')\n"
        "    except InputError: pass\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.html")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("utf-8", ""),
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("cp1252", '<meta charset="iso-8859-1">'),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        ("cp1252", ""),
        ("utf-16", ""),
        ("utf-8-sig", '<meta charset="iso-8859-1">'),
    ],
)
def test_a_page_is_decoded_by_its_mark_its_bytes_or_its_word(encoding: str, declaration: str) -> None:
    raw = html("Zürich’s ferry", head=declaration).decode().replace("©", "").encode(encoding)
    assert page(raw).headline == "Zürich’s ferry"


def test_what_http_says_goes_before_what_the_page_says() -> None:
    raw = html("Паром сел на мель", head='<meta charset="windows-1252">').decode().encode("koi8-r", "ignore")
    assert page(raw, charset="koi8-r").headline == "Паром сел на мель"


def test_xhtml_with_its_declaration_is_a_page() -> None:
    raw = b'<?xml version="1.0" encoding="UTF-8"?>\n' + html().replace(
        b"<html", b'<html xmlns="http://www.w3.org/1999/xhtml"'
    )
    assert page(raw).text == page(html()).text


@pytest.mark.parametrize(
    "words", ["Subscribe to continue reading.", "This article is for subscribers.", "Log in to continue reading"]
)
def test_a_page_that_asks_for_a_subscription_is_flagged(words: str) -> None:
    (flag,) = page(html(body=f"<div class='wall'>{words}</div>")).flags
    assert flag.startswith("the page asks for a subscription: “")


def test_a_page_that_calls_itself_not_free_is_flagged() -> None:
    told = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    assert page(html(head=told)).flags == ("the page says of itself that it is not free to read",)


def test_a_page_that_offers_a_newsletter_is_not_flagged() -> None:
    assert page(html(body="<p>Subscribe to our newsletter, says the ferry company.</p>")).flags == ()


def test_a_page_of_which_little_was_found_is_flagged_with_both_counts() -> None:
    (flag,) = page(
        "<html><head><title>Ferry</title></head><body><article><p>It ran aground on Monday.</p></article></body></html>"
    ).flags
    assert flag == "extracted 5 words of 5 visible on the page"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" \n", b"just words", b"<html></html>", b"<html><head><title>x</title></head><body></body></html>",
        b"<script>alert(1)</script>", b"<!-- -->", b"<!DOCTYPE html>", b"{}", b"<nav><a href=/>Home</a></nav>",
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_refused(raw: bytes) -> None:
    assert why(raw) == "no article was found in this page"


def test_a_file_of_another_kind_is_refused_by_its_name() -> None:
    assert "PDF" in why(b"%PDF-1.7 \x00\x01")
    assert "PNG" in why(b"\x89PNG\r\n\x1a\n" + bytes(200))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<html><body>" + "<div>" * (MAX_DEPTH + 1) + "words", "nested more than"),
        ("<html><body>" + "<b>" * 100_000 + "words", "nested more than"),
        ("<html><body>" + "<p>words" * (MAX_ELEMENTS + 1), "more than 40,000 elements"),
        ("<html><body><p " + " ".join(f"a{i}=1" for i in range(MAX_ATTRIBUTES + 1)) + ">words", "attributes"),
        ("<html><body><p " + " ".join(f"a{i}=1" for i in range(400_000)) + ">words", "attributes"),
        ("<html><body>" + "<div>" * 200 + "<a href=/x>words</a>" * 30_000, "too many deeply nested elements"),
        ("<p>" + "a" * MAX_BYTES, "longer than an article"),
        ("<html><body><p>" + "words " * 300_000, "longer than an article"),
    ],
    ids=["deep", "deeper", "wide", "attributes", "more attributes", "deep and wide", "bytes", "characters"],
)
def test_a_page_that_would_take_too_much_is_refused(raw: str, words: str) -> None:
    assert words in why(raw)


def test_entities_of_a_document_type_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    doctype = f'<!DOCTYPE html [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    raw = html(body="<p>&l11;&file;</p>").decode().replace("<!DOCTYPE html>", doctype)
    text = page(raw).text
    assert "hahaha" not in text
    assert "root:" not in text
    assert len(text) < 4_000


PARTS = [
    "<", ">", "<p>", "</p>", "<div", "</", "<!--", "-->", "<![CDATA[", "&", "&#0;", "&#xD800;", "&#x1F600;", "\0",
    "\x1b", "\ud800", "words and words. ", "<table>", "<li>", "<script>", "</script>", "<title>", "<h1>", "<article>",
    "é", "=\"'", "<svg>", "<template>", "<base href=x>", "<?xml", "<meta charset=", "utf-7", "\u202e", "<html>",
    "<body>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=60))
@settings(max_examples=200)
def test_whatever_a_page_is_made_of_it_is_a_version_or_refused(parts: list[str]) -> None:
    raw = "".join(parts).encode("utf-8", "surrogatepass")
    try:
        version = page(raw)
    except RetoldError:
        return
    assert version.text
    lay_out(version)
    version.text.encode()


@given(st.binary(max_size=400))
@settings(max_examples=100)
def test_whatever_bytes_come_they_are_a_version_or_refused(raw: bytes) -> None:
    with suppress(RetoldError):
        assert page(b"<html><body><article><p>Some words stand here before it.</p>" + raw).text


def test_text_from_the_web_is_taken_as_it_stands() -> None:
    version = text_version("Zürich\n\nMore".encode("cp1252"), "a.txt", "a", URL, charset="iso-8859-1")
    assert (version.text, version.url) == ("Zürich\n\nMore", URL)
    with pytest.raises(InputError, match="no text"):
        text_version(b" \n", "a.txt", "a")


def test_what_is_told_to_be_neither_page_nor_text_is_no_article() -> None:
    assert told_version(html(), "", "a", "a", URL).headline == page(html()).headline
    assert told_version(html(), "Text/HTML; Charset=UTF-8", "a", "a", URL).headline == page(html()).headline
    for told in ("image/png", "application/json; charset=utf-8"):
        with pytest.raises(NoArticle, match=told.partition(";")[0]):
            told_version(html(), told, "a", "a", URL)
    with pytest.raises(NoArticle, match="does not say what it is"):
        told_version(b"\x00\x01", "", "a", "a", URL)


def test_without_the_extra_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("trafilatura", "lxml"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            with pytest.raises(InputError) as caught:
                page(html())
            assert caught.value.hint == "pip install 'retold[web]'"
