"""Web archives: every record is one, both readers find the same, and no archive can break a run."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_site import html

from summarize.archive import warc
from summarize.archive.records import MAX_BYTES, Record
from summarize.errors import InputError, NoArticle
from summarize.news import Version

PAGE = html()
URI = "https://example.org/news/ferry"
READERS = ("fastwarc", "warcio")
TYPE = "Content-Type: text/html; charset=utf-8\r\n"


def http(body: bytes = PAGE, *, status: str = "200 OK", headers: str = TYPE) -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body


def record(
    block: bytes = b"", *, kind: str = "response", uri: str = URI, length: object = None, more: str = ""
) -> bytes:
    """A WARC record; without a block it holds the page."""
    block = block or http()
    told = "" if length == "" else f"Content-Length: {len(block) if length is None else length}\r\n"
    media = "" if "Content-Type" in more else "Content-Type: application/http; msgtype=response\r\n"
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-08-21T06:00:00Z\r\n"
    return (head + media + more + told + "\r\n").encode() + block + b"\r\n\r\n"


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the readers alone is installed."""
    without(monkeypatch, *(name for name in READERS if name != request.param))
    return str(request.param)


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    for name in packages:
        for module in (name, f"{name}.warc", f"{name}.archiveiterator"):
            monkeypatch.setitem(sys.modules, module, None)


def found(raw: bytes) -> list[Record]:
    return list(warc.records(io.BytesIO(raw), "a.warc"))


def outcome(one: Record) -> Version | str:
    """What a record loads as."""
    try:
        return one.load()
    except InputError as error:
        return f"{'-' if isinstance(error, NoArticle) else '!'} {error.what}"


def outcomes(raw: bytes) -> list[Version | str]:
    return [outcome(one) for one in found(raw)]


def page(raw: bytes) -> Version:
    (version,) = outcomes(raw)
    assert isinstance(version, Version), version
    return version


@pytest.mark.usefixtures("reader")
def test_a_response_with_a_page_is_an_article() -> None:
    (one,) = found(record())
    version = one.load()
    assert one.place == f"a.warc:1 {URI}"
    assert version.headline == "Ferry runs aground off Lowick"
    assert (version.id, version.url, version.label) == (URI, URI, "The Daily Example")
    assert version.published == "2024-08-20"
    assert version.flags == ("crawled 2024-08-21T06:00:00Z",)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "revisit", "continuation", "mine"])
def test_a_record_of_another_type_is_no_article_and_says_which(kind: str) -> None:
    told, after = outcomes(record(b"a: b\r\n", kind=kind) + record())
    assert isinstance(told, str)
    assert told.startswith("- ")
    assert kind in told
    assert isinstance(after, Version)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("status", ["301 Moved", "404 Not Found", "206 Partial", "503 Busy"])
def test_a_response_that_is_not_200_is_no_article(status: str) -> None:
    assert outcomes(record(http(status=status))) == [f"- HTTP {status[:3]}"]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("media", ["image/png", "application/json", "text/css"])
def test_a_response_that_is_neither_page_nor_text_is_no_article(media: str) -> None:
    assert outcomes(record(http(headers=f"Content-Type: {media}\r\n"))) == [f"- no page and no text, but {media}"]


@pytest.mark.usefixtures("reader")
def test_the_text_of_a_conversion_and_the_page_of_a_resource_are_articles() -> None:
    text = record(b"A report.\n", kind="conversion", more="Content-Type: text/plain\r\n")
    whole = record(PAGE, kind="resource", more="Content-Type: text/html\r\n")
    assert page(text).text == "A report.\n"
    assert page(whole).headline == page(record()).headline


def chunked(body: bytes) -> bytes:
    pieces = (body[i : i + 99] for i in range(0, len(body), 99))
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Transfer-Encoding: chunked", chunked(PAGE)),
        ("Content-Encoding: gzip", gzip.compress(PAGE)),
        ("Content-Encoding: deflate", zlib.compress(PAGE)),
        ("Content-Encoding: deflate", zlib.compress(PAGE)[2:-4]),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(gzip.compress(PAGE))),
        ("Content-Encoding: gzip", PAGE),
        ("Transfer-Encoding: chunked", PAGE),
    ],
    ids=["chunks", "gzip", "deflate", "bare deflate", "both", "not gzip after all", "no chunks after all"],
)
def test_a_body_is_the_same_however_it_was_sent(headers: str, body: bytes) -> None:
    assert page(record(http(body, headers=f"{TYPE}{headers}\r\n"))) == page(record())


@pytest.mark.usefixtures("reader")
def test_brotli_is_decoded_where_a_decoder_is_installed_and_else_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    brotli = pytest.importorskip("brotli")
    raw = record(http(brotli.compress(PAGE), headers=f"{TYPE}Content-Encoding: br\r\n"))
    assert page(raw) == page(record())
    monkeypatch.setitem(sys.modules, "brotli", None)
    assert outcomes(raw) == ["! this is compressed as br, and no decoder is installed"]


@pytest.mark.usefixtures("reader")
def test_what_is_cut_off_is_flagged() -> None:
    half, packed = chunked(PAGE)[: len(PAGE) * 2 // 3], gzip.compress(PAGE)[:-100]
    cut = "the page is cut off"
    assert "the archive kept only a part of this page (length)" in page(record(more="WARC-Truncated: length\r\n")).flags
    assert cut in page(record(http(half, headers=f"{TYPE}Transfer-Encoding: chunked\r\n"))).flags
    assert cut in page(record(http(packed, headers=f"{TYPE}Content-Encoding: gzip\r\n"))).flags


@pytest.mark.usefixtures("reader")
def test_what_is_longer_than_an_article_is_refused_and_the_next_is_read() -> None:
    bomb = http(gzip.compress(bytes(50_000_000)), headers=f"{TYPE}Content-Encoding: gzip\r\n")
    for block in (http(PAGE + b"a" * (MAX_BYTES + 100_000)), bomb):
        told, after = outcomes(record(block) + record())
        assert str(told).startswith("! this is longer than an article")
        assert isinstance(after, Version)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "packed",
    [lambda a, b: a + b, lambda a, b: gzip.compress(a) + gzip.compress(b), lambda a, b: gzip.compress(a + b)],
    ids=["plain", "a member each", "one member"],
)
def test_a_warc_is_the_same_however_it_is_compressed(packed: Callable[[bytes, bytes], bytes]) -> None:
    one, other = record(), record(uri=f"{URI}/2")
    places = [one.place for one in found(packed(one, other))]
    assert places == [f"a.warc:1 {URI}", f"a.warc:2 {URI}/2"]


GOOD = record()
BROKEN = {
    "negative length": GOOD + record(length=-5) + GOOD,
    "no length": GOOD + record(length="") + GOOD,
    "no number": GOOD + record(length="12x") + GOOD,
    "immense length": GOOD + record(length=10**30) + GOOD,
    "length beyond the end": GOOD + record(length=10**14) + GOOD,
    "cut in a block": (GOOD + GOOD)[:-50],
    "cut in a header": GOOD + GOOD[:60],
    "no warc after a record": GOOD + b"hello\r\n" * 10_000,
    "endless header": GOOD + record(more=f"X: {'a' * 1_000_000}\r\n") + GOOD,
    "cut gzip": gzip.compress(GOOD) + gzip.compress(GOOD)[:-50],
    "junk after gzip": gzip.compress(GOOD) + b"junk" * 100,
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_one_failed_record_after_the_good_ones(name: str) -> None:
    first, *rest = outcomes(BROKEN[name])
    assert isinstance(first, Version)
    assert len(rest) == 1
    assert str(rest[0]).startswith("! ")


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        bytes(300_000),
        b"hello world\n" * 1000,
        PAGE,
        b"\r\n" * 500_000,
        b"a" * 3_000_000,
        gzip.compress(b"x"),
    ],
)
def test_what_is_no_warc_is_one_failed_record(raw: bytes) -> None:
    (told,) = outcomes(raw)
    assert str(told).startswith("! ")


@pytest.mark.usefixtures("reader")
def test_a_length_that_is_too_short_loses_what_follows_and_says_so() -> None:
    first, short, after = outcomes(GOOD + record(length=10) + GOOD)
    assert isinstance(first, Version)
    assert (str(short)[0], str(after)[0]) == ("!", "!")


@pytest.mark.usefixtures("reader")
def test_an_address_is_shown_on_one_line_and_cut() -> None:
    (one,) = found(record(uri=f"https://example.org/\x1b[1m\u202e b{'c' * 9_000}"))
    assert one.place.isprintable()
    assert len(one.place) < 250
    assert (one.load().url or "").startswith("https://example.org/\\x1b[1m\\x202e%20bccc")
    assert len(one.load().id) == 2_000


@pytest.mark.usefixtures("reader")
def test_a_record_can_be_loaded_later_twice_and_in_any_thread() -> None:
    kept = found(record() + record(uri=f"{URI}/2"))
    with ThreadPoolExecutor(4) as pool:
        ids = [version.id for version in pool.map(lambda one: one.load(), kept * 4)]
    assert ids == [URI, f"{URI}/2"] * 4


@pytest.mark.usefixtures("reader")
def test_nothing_is_written_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    for raw in BROKEN.values():
        outcomes(raw)
    assert capfd.readouterr() == ("", "")


class _Failing(io.RawIOBase):
    """A disk that fails after some bytes."""

    def __init__(self, raw: bytes) -> None:
        self._raw = io.BytesIO(raw)

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, then an error."""
        found = self._raw.read(size)
        if not found:
            raise OSError(5, "Input/output error")
        return found


@pytest.mark.usefixtures("reader")
def test_a_disk_that_fails_is_a_failed_record_with_its_reason() -> None:
    first, told = [outcome(one) for one in warc.records(_Failing(GOOD + GOOD[:-50]), "a.warc")]  # type: ignore[arg-type]
    assert isinstance(first, Version)
    assert "Input/output error" in str(told)


ARCHIVE = GOOD + record(b"a: b\r\n", kind="request") + record(http(status="404 No"), uri=f"{URI}/3") + GOOD


def both(raw: bytes) -> list[list[tuple[str, Version | str]]]:
    """What each reader makes of an archive: places and versions, the words of errors left out."""
    told = []
    for name in READERS:
        with pytest.MonkeyPatch.context() as patch:
            without(patch, *(other for other in READERS if other != name))
            loaded = [(one.place, outcome(one)) for one in found(raw)]
        told.append([(place, what[0] if isinstance(what, str) else what) for place, what in loaded])
    return told


@pytest.mark.parametrize("name", BROKEN)
def test_both_readers_give_the_same_records_of_a_broken_archive(name: str) -> None:
    first, second = both(BROKEN[name])
    assert first == second


@given(st.integers(0, len(ARCHIVE)), st.integers(0, 255))
def test_both_readers_bear_any_changed_byte(at: int, value: int) -> None:
    raw = ARCHIVE[:at] + bytes([value]) + ARCHIVE[at + 1 :]
    first, second = both(raw)
    assert 0 < len(first) <= 5
    assert 0 < len(second) <= 5


@given(st.integers(0, len(ARCHIVE)))
def test_both_readers_give_the_same_records_of_an_archive_cut_anywhere(at: int) -> None:
    first, second = both(ARCHIVE[:at])
    assert first == second


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_both_readers_give_the_same_records_of_a_damaged_gzip(at: int, mask: int) -> None:
    packed = bytearray(gzip.compress(GOOD, mtime=0) + gzip.compress(GOOD, mtime=0))
    at = 20 + at % (len(packed) - 20)
    packed[at] ^= mask
    first, second = both(bytes(packed))
    assert first == second


def test_without_a_reader_the_line_that_installs_one_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, *READERS)
    with pytest.raises(InputError) as caught:
        next(warc.records(io.BytesIO(GOOD), "a.warc"))
    assert caught.value.hint == "pip install 'retold[warc]'"
