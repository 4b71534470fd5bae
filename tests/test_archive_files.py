"""Every kind of archive gives the same articles, in an order that is the same each time; nothing in it is lost."""

from __future__ import annotations

import io
import os
import socket
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from archives import ARTICLES, KINDS, OF_FILES, OF_PAGES, PACK, jsonl, loaded, refusals, tarred, versions, walked, write
from archives import zipped as zip_of

from summarize.archive import folders, walk
from summarize.archive.columns import Columns
from summarize.archive.files import expand, open_version, version_of
from summarize.errors import InputError
from summarize.news import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Pack: TypeAlias = Callable[[Iterable[tuple[str, bytes]]], bytes]

TEXT = b"Two men died in a fire on Monday, the fire service said.\n"
PAGE = ARTICLES[1].page


def told(version: Version, kind: str) -> tuple[str | None, ...]:
    """What every format keeps of an article."""
    body = version.text[version.body_start :].strip()
    if kind in OF_PAGES and version.headline:
        body = body.removeprefix(version.headline).strip()
    return body, version.headline, version.outlet, version.published, version.url


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_of_each_kind_made_from_one_set_gives_the_same_articles(tmp_path: Path, kind: str) -> None:
    found = versions(write(kind, tmp_path))
    wanted = [(a.text, a.headline, a.outlet, a.published, a.url) for a in ARTICLES]
    assert [told(version, kind) for version in found] == wanted


@pytest.mark.parametrize("kind", OF_FILES)
def test_folder_zip_and_tar_give_equal_versions_ids_and_all(tmp_path: Path, kind: str) -> None:
    found = versions(write(kind, tmp_path))
    assert found == versions(write("folder", tmp_path / "again"))
    assert [v.id for v in found] == [a.name for a in ARTICLES]
    assert [v.label for v in found] == ["ferry", "fire", "überfall"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_walked_twice_gives_the_same_records_in_the_same_order(tmp_path: Path, kind: str) -> None:
    path = write(kind, tmp_path)
    assert walked(path) == walked(path)
    assert len({place for place, _ in walked(path)}) == (1 if kind == "json" else len(ARTICLES))  # it has one line


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_FILES])
def test_rows_and_pages_in_a_folder_are_read_as_if_they_were_given(tmp_path: Path, kind: str) -> None:
    path = write(kind, tmp_path)
    assert versions(tmp_path) == versions(path)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_FILES and kind != "parquet"])
@pytest.mark.parametrize("pack", [zip_of, tarred])
def test_rows_and_pages_in_an_archive_are_read_as_if_they_were_given(tmp_path: Path, kind: str, pack: Pack) -> None:
    path = write(kind, tmp_path)
    outer = tmp_path / f"outer.{'zip' if pack is zip_of else 'tar'}"
    outer.write_bytes(pack([("a.txt", TEXT), (path.name, path.read_bytes()), ("z.txt", TEXT)]))
    first, *found, last = versions(outer)
    assert found == versions(path)
    assert (first.id, last.id) == ("a.txt", "z.txt")


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_archive_in_a_folder_is_opened(tmp_path: Path, kind: str) -> None:
    path = write(kind, tmp_path)
    assert versions(tmp_path) == versions(path)


@pytest.mark.parametrize("inner", ["zip", "tar", "tar.gz", "parquet"])
@pytest.mark.parametrize("pack", [zip_of, tarred])
def test_an_archive_inside_an_archive_is_one_refused_record(tmp_path: Path, inner: str, pack: Pack) -> None:
    path = write(inner, tmp_path)
    outer = tmp_path / f"outer.{'zip' if pack is zip_of else 'tar'}"
    outer.write_bytes(pack([(path.name, path.read_bytes()), ("a.txt", TEXT)]))
    what = "a Parquet file" if inner == "parquet" else "an archive"
    assert refusals(outer) == {path.name: f"input: {what} inside an archive"}
    assert len(walked(outer)) == 2


@pytest.mark.parametrize("suffix", [".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".TXT", ".HTML"])
@pytest.mark.parametrize("packing", PACK)
def test_a_single_file_is_one_record_named_like_the_file(tmp_path: Path, suffix: str, packing: str) -> None:
    path = tmp_path / f"a b{suffix}{packing}"
    path.write_bytes(PACK[packing](PAGE if "htm" in suffix.lower() else TEXT))
    (version,) = versions(path)
    assert (version.id, version.label) == (path.name, "a b")
    assert "Two men died in a fire" in version.text
    assert "<" not in version.text


def test_what_is_no_article_is_a_skipped_record_with_its_reason(tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf", "README", ".DS_Store", ".git/config", "__MACOSX/a.txt", "x.tar.gz.part", "c.zip.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(TEXT)
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(tmp_path / "socket.txt"))
    assert refusals(tmp_path) == {
        "b.pdf": "skipped: another kind of file (.pdf)",
        "README": "skipped: its name has no ending that tells what it is",
        ".DS_Store": "skipped: a hidden file",
        ".git": "skipped: a hidden folder",
        "__MACOSX": "skipped: a hidden folder",
        "x.tar.gz.part": "skipped: another kind of file (.part)",
        "c.zip.gz": "skipped: another kind of file (.zip.gz)",
        "pipe.txt": "skipped: a socket, a pipe or a device",
        "socket.txt": "skipped: a socket, a pipe or a device",
    }
    assert len(walked(tmp_path)) == 10


@pytest.mark.parametrize("pack", [zip_of, tarred])
def test_a_member_that_is_no_article_is_a_skipped_record_with_its_reason(tmp_path: Path, pack: Pack) -> None:
    names = ("a.txt", "b.pdf", ".DS_Store", ".git/config", "__MACOSX/._a.txt")
    path = tmp_path / f"set.{'zip' if pack is zip_of else 'tar'}"
    path.write_bytes(pack((name, TEXT) for name in names))
    assert refusals(path) == {
        "b.pdf": "skipped: another kind of file (.pdf)",
        ".DS_Store": "skipped: a hidden file",
        ".git/config": "skipped: a hidden file",
        "__MACOSX/._a.txt": "skipped: a file that macOS keeps for itself",
    }


def test_a_link_is_a_record_and_what_it_leads_to_is_read_once_at_most(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    (folder / "sub").mkdir(parents=True)
    (folder / ".hidden.txt").write_bytes(TEXT)
    for path in (folder / "a.txt", tmp_path / "secret.txt"):
        path.write_bytes(TEXT)
    links = {
        "inside.txt": folder / "a.txt", "out.txt": tmp_path / "secret.txt", "nowhere.txt": folder / "no",
        "sub/up": folder, "loop.txt": folder / "loop.txt", "away": tmp_path, "veiled.txt": folder / ".hidden.txt",
    }  # fmt: skip
    for name, target in links.items():
        (folder / name).symlink_to(target)
    found = refusals(folder)
    assert found.pop(".hidden.txt") == "skipped: a hidden file"
    assert found == {
        "inside.txt": "skipped: a link to another file",
        "out.txt": "skipped: a link out of the folder",
        "nowhere.txt": "skipped: a link that leads nowhere",
        "loop.txt": "skipped: a link that leads nowhere",
        "sub/up": "skipped: a link to another folder",
        "away": "skipped: a link out of the folder",
        "veiled.txt": "skipped: a link to a hidden file",
    }
    assert len(walked(folder)) == 9


def test_a_folder_that_is_given_by_a_link_is_read(tmp_path: Path) -> None:
    write("folder", tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "set")
    assert versions(tmp_path / "link") == versions(tmp_path / "set")


def test_a_folder_is_read_in_the_order_of_code_points_however_many_passes_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["B.txt", "a.txt", "b/a.txt", "b.txt", "b10.txt", "b9.txt", "é.txt", "𝔞.txt", "日.txt"]
    (tmp_path / "b").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(TEXT)
    wanted = ["B.txt", "a.txt", "b/a.txt", "b.txt", "b10.txt", "b9.txt", "é.txt", "日.txt", "𝔞.txt"]
    for size in (1, 2, 3, 8, 50_000):
        monkeypatch.setattr(folders, "_PASS", size)
        assert [v.id for v in versions(tmp_path)] == wanted


def test_a_name_of_bytes_that_are_no_text_is_shown_and_its_file_is_read(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\nb\x1b.txt")).write_bytes(TEXT)
    ((place, version),) = walked(tmp_path)
    assert isinstance(version, Version)
    assert version.id == "a\\xff\\x0ab\\x1b.txt"
    assert place == f"{tmp_path}/a\\xff\\x0ab\\x1b.txt"
    assert version.id.encode()


def test_a_folder_deeper_than_any_recursion_is_read(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.txt").write_bytes(TEXT)
    for _ in range(1_200):
        (tmp_path / "d").rename(tmp_path / "e")
        (tmp_path / "d").mkdir()
        (tmp_path / "e").rename(tmp_path / "d" / "d")
    try:
        assert len(versions(tmp_path)) == 1
    finally:  # pytest's own way to clean up goes by recursion
        while (tmp_path / "d" / "d").exists():
            (tmp_path / "d" / "d").rename(tmp_path / "e")
            (tmp_path / "d").rmdir()
            (tmp_path / "e").rename(tmp_path / "d")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_may_not_be_read_is_a_failed_record(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "a.txt").chmod(0)
    assert refusals(tmp_path) == {
        "a.txt": "input: it cannot be read: Permission denied",
        "closed": "input: it cannot be read: Permission denied",
    }


def test_a_file_that_goes_while_the_folder_is_read_is_a_failed_record(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.jsonl", "d.zip"):
        (tmp_path / name).write_bytes(TEXT)
    found = walk.records(str(tmp_path))
    next(found)
    for name in ("b.txt", "c.jsonl", "d.zip"):
        (tmp_path / name).unlink()
    assert [str(what)[-25:] for _, what in loaded(found)] == ["No such file or directory"] * 3


@pytest.mark.parametrize("name", ["nosuch.zip", "a.pdf", "a\0b.txt", "x" * 5_000, "-.nosuch"])
def test_a_source_that_is_not_there_or_of_no_known_kind_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.pdf").write_bytes(TEXT)
    with pytest.raises(InputError):
        walk.records(str(tmp_path / name))


def test_the_columns_given_are_those_of_every_file_of_rows_in_a_folder(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(b'{"t": "Two men died.", "text": "no"}\n')
    noted: list[str] = []
    found = loaded(walk.records(str(tmp_path), Columns(text="t"), note=noted.append))
    assert [what.text for _, what in found if isinstance(what, Version)] == ["Two men died."] * 2
    assert len(noted) == 2


def standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes, *, pipe: bool = True) -> list[Version | InputError]:
    """What is read from standard input that holds `raw`."""

    class _Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not pipe

    stream = io.TextIOWrapper(io.BufferedReader(_Pipe(raw)))
    monkeypatch.setattr(sys, "stdin", stream)
    return [what for _, what in walked("-")]


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in {"folder", "csv", "csv.gz", "csv.zst", "tsv", "tsv.gz"}])
def test_standard_input_is_known_by_its_first_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = write(kind, tmp_path)
    found = standard_input(monkeypatch, path.read_bytes(), pipe=kind not in {"zip", "parquet"})
    assert [told(v, kind) for v in found if isinstance(v, Version)] == [told(v, kind) for v in versions(path)]
    assert len(found) == len(ARTICLES)


def test_a_zip_from_a_pipe_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    (error,) = standard_input(monkeypatch, zip_of([("a.txt", TEXT)]))
    assert "pipe" in str(error)
    assert "save it as a file" in str(error)


@pytest.mark.parametrize("packing", PACK)
def test_standard_input_that_is_no_archive_is_one_article(monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    for raw in (b"\n\n" + TEXT, b"---\nheadline: Fire\n---\n" + TEXT, PAGE):
        (version,) = standard_input(monkeypatch, PACK[packing](raw))
        assert isinstance(version, Version)
        assert (version.id, version.label) == ("stdin", "stdin")
        assert "Two men died in a fire" in version.text
        assert (version.headline is None) == (raw == b"\n\n" + TEXT)


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b"\n" * 5_000])
def test_standard_input_is_rows_if_its_first_bytes_that_are_not_blank_begin_an_object(
    monkeypatch: pytest.MonkeyPatch, lead: bytes
) -> None:
    assert len(standard_input(monkeypatch, lead + jsonl(ARTICLES))) == len(ARTICLES)


def test_an_empty_standard_input_is_one_failed_record(monkeypatch: pytest.MonkeyPatch) -> None:
    for raw in (b"", b" \n" * 100_000):
        (error,) = standard_input(monkeypatch, raw)
        assert "empty" in str(error)


def test_a_named_pipe_is_read_like_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    child = os.fork()
    if not child:
        path.write_bytes(jsonl(ARTICLES))
        os._exit(0)
    try:
        assert len(versions(path)) == len(ARTICLES)
    finally:
        os.waitpid(child, 0)


def test_a_stop_passes_through_the_walk(tmp_path: Path) -> None:
    write("jsonl", tmp_path)

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(walk.records(str(tmp_path / "set.jsonl"), note=stop))


def test_bytes_with_a_name_are_read_as_the_ending_says() -> None:
    plain = version_of(ARTICLES[0].markdown, "news.zip!sub/a.txt", name="sub/a.txt")
    marked = version_of(ARTICLES[0].markdown, "news.zip!sub/a.md", name="sub/a.md", url="https://example.org/other")
    assert (plain.headline, plain.id, plain.label) == (None, "sub/a.txt", "a")
    assert (marked.headline, marked.url) == (ARTICLES[0].headline, ARTICLES[0].url)
    assert version_of(TEXT, "x/y.txt", url="https://example.org/y").url == "https://example.org/y"
    assert version_of(TEXT, "x/y.txt").id == "y.txt"
    with pytest.raises(InputError) as error:
        version_of(b" \n", "news.zip!b.txt")
    assert error.value.where == "news.zip!b.txt"


def test_a_page_is_opened_like_any_file_and_found_in_a_folder(tmp_path: Path) -> None:
    for name in ("a.html", "b.HTM", "c.txt"):
        (tmp_path / name).write_bytes(TEXT if name == "c.txt" else PAGE)
    (tmp_path / "d.jsonl").write_bytes(jsonl(ARTICLES))
    assert [Path(name).name for name in expand([tmp_path])] == ["a.html", "b.HTM", "c.txt"]
    version = open_version(tmp_path / "a.html")
    assert (version.id, version.label, version.headline) == ("a", "a", ARTICLES[1].headline)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_of_tar_gives_long_and_foreign_names_whole(tmp_path: Path, form: int) -> None:
    deep = "/".join(["a" * 40] * (5 if form == tarfile.USTAR_FORMAT else 60))
    names = ["é日.txt", f"{deep}/b.txt", "./c.txt", "d//e.txt"]
    (tmp_path / "set.tar").write_bytes(tarred([(name, TEXT) for name in names], form))
    assert [v.id for v in versions(tmp_path / "set.tar")] == ["é日.txt", f"{deep}/b.txt", "c.txt", "d/e.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_every_usual_compression_in_a_zip_is_read(tmp_path: Path, method: int) -> None:
    text = TEXT * 3_000
    (tmp_path / "set.zip").write_bytes(zip_of([("a.txt", text), ("b.txt", TEXT)], method))
    assert [v.text.encode() for v in versions(tmp_path / "set.zip")] == [text, TEXT]


def test_a_zip_behind_other_bytes_and_one_with_a_comment_are_read(tmp_path: Path) -> None:
    raw = io.BytesIO(b"#!/bin/sh\n" * 100)
    with zipfile.ZipFile(raw, "a") as made:
        made.writestr("sub/", b"")
        made.writestr("sub/a.txt", TEXT)
        made.comment = b"c" * 60_000
    (tmp_path / "set.zip").write_bytes(raw.getvalue())
    assert [v.id for v in versions(tmp_path / "set.zip")] == ["sub/a.txt"]


def test_a_zip_in_64_bits_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as made:
        for name in ("a.txt", "b.txt", "c.txt"):
            with made.open(name, "w", force_zip64=True) as file:
                file.write(TEXT)
    monkeypatch.undo()
    assert b"PK\6\6" in (tmp_path / "set.zip").read_bytes()
    assert [v.id for v in versions(tmp_path / "set.zip")] == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_in_a_store_is_read_like_one_on_disk(tmp_path: Path, kind: str) -> None:
    fsspec = pytest.importorskip("fsspec")
    path, store = write(kind, tmp_path), fsspec.filesystem("memory")
    try:
        store.put(str(path), f"/{tmp_path.name}/{path.name}", recursive=True)
        address = f"memory://{tmp_path.name}/{path.name}"
        assert [told(v, kind) for v in versions(address)] == [told(v, kind) for v in versions(path)]
        assert [v.id for v in versions(address)] == [v.id for v in versions(path)]
    finally:
        store.rm(f"/{tmp_path.name}", recursive=True)


@pytest.mark.parametrize("address", ["https://127.0.0.1/a.zip", "nosuch://a/b.txt", "memory://none/", "http://[/"])
def test_an_address_that_cannot_be_read_is_one_failed_record(address: str) -> None:
    ((_, error),) = walked(address)
    assert isinstance(error, InputError)


def test_a_password_in_an_address_is_in_no_place_and_no_error() -> None:
    ((place, error),) = walked("https://reader:secret@127.0.0.1/a.zip?b=1")
    assert "secret" not in place + str(error)
