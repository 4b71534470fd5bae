"""Fetching: one article by its URL, from public hosts only, within limits."""

from __future__ import annotations

import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_site import SENTENCES, Page, Site, endless, html

from summarize.archive import remote
from summarize.archive.addresses import checked, is_public
from summarize.archive.fetch import fetched
from summarize.errors import InputError


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as found:
        yield found


def why(url: str, **options: Any) -> str:  # noqa: ANN401  # those of fetched
    """The error that comes of fetching `url`."""
    with pytest.raises(InputError) as caught:
        fetched(url, **options)
    assert type(caught.value) is InputError
    return str(caught.value)


def test_a_page_becomes_a_version_with_what_it_says_of_itself(site: Site) -> None:
    site.put("/news/ferry.html", html())
    version = fetched(site.url("/news/ferry.html"), private=True)
    assert version.headline == "Ferry runs aground off Lowick"
    assert version.text.startswith(f"{version.headline}\n\n{SENTENCES[0]}\n\n{SENTENCES[1]}")
    assert (version.outlet, version.published) == ("The Daily Example", "2024-08-20")
    assert (version.id, version.label) == ("ferry", "The Daily Example")
    assert version.url == site.url("/news/ferry.html")
    assert version.flags == ()


def test_one_plain_request_is_sent_that_names_its_sender_and_nothing_secret(site: Site) -> None:
    site.put("/a", html())
    fetched(site.url("/a#part"), private=True)
    ((method, path, headers),) = site.asked
    assert (method, path) == ("GET", "/a")
    assert headers["user-agent"].startswith("retold/")
    assert headers["host"] == site.url("/").split("/")[2]
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_redirects_are_followed_and_flagged_where_they_lead_to_another_host(site: Site) -> None:
    site.put("/old", status=301, Location="/new")
    site.put("/new", status=302, Location=site.url("/ferry", host="localhost"))
    site.put("/ferry", html())
    version = fetched(site.url("/old"), private=True)
    assert version.url == site.url("/ferry", host="localhost")
    assert version.flags == (f"redirected to {version.url}",)


def test_the_sixth_redirect_is_not_followed(site: Site) -> None:
    site.put("/round", status=302, Location="/round")
    assert "redirected more than 5 times" in why(site.url("/round"), private=True)
    assert len(site.asked) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/", "http://user:pw@127.0.0.1/"])
def test_a_redirect_to_what_is_not_fetched_is_refused(site: Site, location: str) -> None:
    site.put("/a", status=302, Location=location)
    why(site.url("/a"), private=True)
    assert len(site.asked) == 1


def test_a_redirect_from_a_public_host_into_the_users_network_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/a", status=302, Location=site.url("/secret"))
    site.put("/secret", html())
    monkeypatch.setattr("summarize.archive.addresses.is_public", lambda _: not site.asked)  # public until asked
    assert "127.0.0.1 is not a public address" in why(site.url("/a"))
    assert [path for _, path, _ in site.asked] == ["/a"]


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",  # noqa: S104
        "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.5", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1", "::", "::1", "::127.0.0.1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001:0:7f00:1::", "none",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_told_from_one_that_is(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_a_public_address_is_public_however_it_is_written(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0",
        "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "metadata.google.internal",
        "router.local", "①②⑦.⓪.⓪.①", "127。0。0。1",
    ],
)  # fmt: skip
def test_no_way_of_writing_it_leads_to_this_machine(site: Site, host: str) -> None:
    site.put("/", html())
    port = site.url("/").split(":")[2]
    why(f"http://{host}:{port}")
    assert site.asked == []


def test_a_refused_host_is_told_with_the_option_that_permits_it(site: Site) -> None:
    assert "is not a public address, so it is not fetched (--allow-private-hosts permits it" in why(site.url("/"))


def answers(monkeypatch: pytest.MonkeyPatch, *found: list[str]) -> list[str]:
    """Name look-ups that give one list of addresses after another; which names were looked up."""
    names: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **named: Any) -> Any:  # noqa: ANN401  # as the real one
        if host[:1].isdigit():
            return real(host, port, *rest, **named)
        ips = found[min(len(names), len(found) - 1)]
        names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["93.184.215.14", "10.0.0.7"])
    assert "news.example (10.0.0.7) is not a public address" in why("http://news.example/a")


def test_the_connection_goes_to_the_address_that_was_checked_though_the_name_has_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names, reached = answers(monkeypatch, ["93.184.215.14"], ["127.0.0.1"]), []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert "nobody answers there" in why("http://news.example/a")
    assert (names, reached) == (["news.example"], [("93.184.215.14", 80)])


def test_the_name_is_what_the_server_is_asked_for_though_the_connection_is_by_address(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/a", html())
    port = site.url("/").split(":")[2].strip("/")
    names = answers(monkeypatch, ["127.0.0.1"])
    version = fetched(f"http://münchen.example:{port}/a", private=True)
    assert names == ["xn--mnchen-3ya.example"]
    assert site.asked[0][2]["host"] == f"xn--mnchen-3ya.example:{port}"
    assert version.headline == "Ferry runs aground off Lowick"


def test_a_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("/a", html())
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(site.url("/a"), private=True).headline


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/a", "only http:// and https://"),
        ("file:///etc/passwd", "only http:// and https://"),
        ("http:///a", "names no host"),
        ("http://user:geheim@example.org/", "name or password"),
        ("http://example.org:22/", "port 22 is not one of the web's"),
        ("http://example.org:99999/", "this is no URL"),
        ("http://exa mple.org/", "characters that none may have"),
        ("http://example.org/a\r\nX: y", "characters that none may have"),
        ("http://example.org\\@127.0.0.1/", "characters that none may have"),
        ("http://[::1", "this is no URL"),
        (f"http://{'a' * 300}.org/", "too long"),
        ("http://\u00df\u0301..org/", "no name that a host can have"),
        ("http://nosuchhost.invalid/", "cannot be found"),
    ],
)
def test_what_is_no_url_of_the_web_is_refused_with_the_reason(url: str, words: str) -> None:
    told = why(url)
    assert words in told
    assert "geheim" not in told
    assert "\n" not in told


def test_checking_takes_a_url_apart_without_asking_anybody() -> None:
    address = checked("http://127.0.0.1:8080/a%20b?q=ü#f", private=True)
    assert (address.host, address.port, address.ips) == ("127.0.0.1", 8080, ("127.0.0.1",))
    assert address.target == "/a%20b?q=%C3%BC"


@pytest.mark.parametrize("status", [204, 206, 404, 410, 500, 503])
def test_a_status_other_than_200_is_an_error_that_names_it(site: Site, status: int) -> None:
    site.put("/a", html() if status != 204 else b"", status=status)
    assert f"HTTP {status}" in why(site.url("/a"), private=True)


def test_a_page_that_wants_more_than_a_request_is_told_with_a_way_out(site: Site) -> None:
    site.put("/a", html(), status=403)
    assert "save the page as .html" in why(site.url("/a"), private=True)


@pytest.mark.parametrize("media", ["image/png", "application/pdf", "application/json", "video/mp4"])
def test_what_is_neither_page_nor_text_is_refused_unread(site: Site, media: str) -> None:
    site.put("/a", endless(site, b"x" * 1000), Content_Type=media)
    assert f"no page and no text, but {media}" in why(site.url("/a"), private=True)


def test_plain_text_is_an_article_as_it_stands(site: Site) -> None:
    site.put("/a.txt", "Zürich: a report.\n\nMore.".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")
    version = fetched(site.url("/a.txt"), private=True)
    assert (version.text, version.id) == ("Zürich: a report.\n\nMore.", "a")


def test_the_charset_of_the_header_is_believed_unless_the_bytes_are_utf_8(site: Site) -> None:
    page = html("Zürich’s ferry runs aground")
    for path, raw, told in (
        ("/right", page.decode().encode("cp1252"), "windows-1252"),
        ("/wrong", page, "iso-8859-1"),
        ("/unknown", page, "no-such-charset"),
        ("/trap", page, "punycode"),
    ):
        site.put(path, raw, Content_Type=f"text/html; charset={told}")
        assert fetched(site.url(path), private=True).headline == "Zürich’s ferry runs aground", path


def test_a_compressed_page_is_unpacked(site: Site) -> None:
    site.put("/a", gzip.compress(html()), Content_Encoding="gzip")
    assert fetched(site.url("/a"), private=True).headline == "Ferry runs aground off Lowick"


def test_a_page_without_an_end_is_given_up_at_the_largest_size(site: Site) -> None:
    site.put("/a", endless(site, b"<p>words " * 10_000))
    assert "longer than an article" in why(site.url("/a"), private=True)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_given_up(site: Site) -> None:
    site.put("/a", gzip.compress(b"<p>words " * 5_000_000), Content_Encoding="gzip")
    assert "longer than an article" in why(site.url("/a"), private=True)


def test_a_page_that_drips_is_given_up_when_its_time_is_over(site: Site) -> None:
    site.put("/a", endless(site, b"<p>", pause=0.001))
    clock = itertools.count(0.0, 0.5)  # every look at it takes half a second
    assert "no whole answer came within 10 s" in why(
        site.url("/a"), private=True, timeout=10, clock=lambda: next(clock)
    )


def test_an_answer_that_breaks_off_is_an_error(site: Site) -> None:
    site.pages["/a"] = Page(html(), headers={"Content-Type": "text/html"}, length=1_000_000)
    assert "the connection broke" in why(site.url("/a"), private=True)


def test_a_server_that_speaks_no_http_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def babble() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        told = why(f"http://127.0.0.1:{port}/", private=True)
        thread.join()
    assert "the connection broke" in told


def test_nobody_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "nobody answers there" in why(f"http://127.0.0.1:{port}/", private=True)


def test_a_page_without_an_article_is_an_error_that_says_so(site: Site) -> None:
    site.put("/a", b"<html><head><title>x</title></head><body></body></html>")
    assert "no article was found in this page" in why(site.url("/a"), private=True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes the certificate")
def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Site(tls=context) as site:
        site.put("/a", html())
        assert "certificate is not to be trusted" in why(site.url("/a", host="localhost"), private=True)
        assert site.asked == []


def test_an_archive_on_the_web_is_fetched_whole_and_can_be_read_from_any_place(site: Site) -> None:
    site.put("/a.zip", b"0123456789" * 10_000, Content_Type="application/zip")
    with remote.opened(site.url("/a.zip"), private=True) as stream:
        stream.seek(99_995)
        assert stream.read() == b"56789"
    assert list(remote.listed(site.url("/a.zip"))) == [site.url("/a.zip")]


def test_an_archive_on_the_web_that_is_too_large_or_private_is_refused(site: Site) -> None:
    site.put("/a.zip", endless(site, b"x" * 10_000), Content_Type="application/zip")
    with pytest.raises(InputError, match="has more than"), remote.opened(site.url("/a.zip"), private=True, most=50_000):
        pass
    with pytest.raises(InputError, match="not a public address"), remote.opened(site.url("/a.zip")):
        pass


def test_the_fingerprint_of_an_archive_on_the_web_follows_its_tag(site: Site) -> None:
    def marked(tag: str) -> str:
        site.put("/a.zip", b"x", ETag=tag)
        return remote.fingerprint(site.url("/a.zip"), private=True)

    assert marked("1") == marked("1") != marked("2")
    site.put("/a.zip", b"x")
    assert remote.fingerprint(site.url("/a.zip"), private=True) == ""
    assert remote.fingerprint(site.url("/none"), private=True) == ""


@pytest.fixture
def store() -> Iterator[Any]:
    """A store in memory, as fsspec has it."""
    import fsspec

    found = fsspec.filesystem("memory")
    for path in ("/news/b.txt", "/news/a.txt", "/news/sport/c.txt"):
        found.pipe(path, path.encode())
    yield found
    found.rm("/news", recursive=True)


@pytest.mark.usefixtures("store")
def test_a_folder_in_a_store_is_listed_in_the_same_order_each_time() -> None:
    expected = ["memory:///news/a.txt", "memory:///news/b.txt", "memory:///news/sport/c.txt"]
    assert [url.replace("memory://news", "memory:///news") for url in remote.listed("memory://news/")] == expected
    assert list(remote.listed("memory://news/a.txt")) == ["memory://news/a.txt"]


@pytest.mark.usefixtures("store")
def test_what_a_store_lists_can_be_opened() -> None:
    for url in remote.listed("memory://news/"):
        with remote.opened(url) as stream:
            assert stream.read().startswith(b"/news/")


def test_the_fingerprint_of_a_folder_in_a_store_follows_its_files(store: Any) -> None:  # noqa: ANN401  # fsspec's
    first = remote.fingerprint("memory://news/")
    assert first == remote.fingerprint("memory://news/")
    store.pipe("/news/a.txt", b"another")
    assert remote.fingerprint("memory://news/") not in {first, ""}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("memory://nosuch/a.txt", "no such file or folder"),
        ("zip://a.txt::http://127.0.0.1/a.zip", "chain of protocols"),
        ("s3://bucket/simplecache::http://127.0.0.1/", "chain of protocols"),
        ("gopher://example.org/", "nothing is known that reads gopher://"),
        ("github://a:b@c/", "nothing is known that reads github://"),
    ],
)
def test_what_no_store_has_is_refused_with_the_reason(url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        list(remote.listed(url))
    with pytest.raises(InputError, match=words), remote.opened(url):
        pass
    assert remote.fingerprint(url) == ""


def test_a_missing_driver_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(InputError, match="pip install s3fs"):
        list(remote.listed("s3://bucket/news/"))
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(InputError, match=r"pip install 'retold\[cloud\]' s3fs"):
        list(remote.listed("s3://bucket/news/"))
