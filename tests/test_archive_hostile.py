"""Archives made or damaged to hurt: each record before the damage is read, the rest says why, nothing is raised."""

from __future__ import annotations

import io
import itertools
import os
import random
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from archives import ARTICLES, PACK, jsonl, loaded, refusals, tarred, versions, walked, write, zipped
from hypothesis import given
from hypothesis import strategies as st

from summarize.archive import walk
from summarize.archive.members import poured
from summarize.archive.records import MAX_BYTES, MAX_CHARS, Record
from summarize.archive.tarred import members as tar_members
from summarize.archive.zipped import members as zip_members
from summarize.errors import InputError
from summarize.news import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TEXT = b"Two men died in a fire on Monday, the fire service said.\n"
NAMES = ("a.txt", "b.txt", "c.txt")
PACKERS: Mapping[str, Callable[[list[tuple[str, bytes]]], bytes]] = {"zip": zipped, "tar": tarred}
WHOLE = {name: TEXT * (n + 1) for n, name in enumerate(NAMES)}


def put(folder: Path, name: str, raw: bytes) -> Path:
    """A file of these bytes."""
    (folder / name).write_bytes(raw)
    return folder / name


def zip_with(change: Callable[[bytearray, int, int], None], which: int = 1) -> bytes:
    """A ZIP of NAMES in which `change` had its way with (bytes, where the header stands, where the entry stands)."""
    raw = bytearray(zipped(list(WHOLE.items())))
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        header = made.infolist()[which].header_offset
    entry = -1
    for _ in range(which + 1):
        entry = raw.index(b"PK\1\2", entry + 1)
    change(raw, header, entry)
    return bytes(raw)


def set_at(form: str, at_header: int | None, at_entry: int | None, value: int) -> Callable[[bytearray, int, int], None]:
    """A change of one number in the header, the entry, or both."""

    def change(raw: bytearray, header: int, entry: int) -> None:
        for base, at in ((header, at_header), (entry, at_entry)):
            if at is not None:
                struct.pack_into(form, raw, base + at, value)

    return change


def tar_of(*infos: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    """A tar of headers as they are given; (name, bytes) stands for a file."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as made:
        for one in infos:
            if isinstance(one, tarfile.TarInfo):
                made.addfile(one)
            else:
                info = tarfile.TarInfo(one[0])
                info.size = len(one[1])
                made.addfile(info, io.BytesIO(one[1]))
    return raw.getvalue()


def header(name: str, kind: bytes, size: int = 0) -> bytes:
    """One block that begins a member."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def checksum(block: bytearray) -> int:
    """What the header of a tar says that its bytes add up to, with blanks for this number itself."""
    return sum(block[:148]) + 8 * 32 + sum(block[156:])


def pax(*lines: bytes) -> bytes:
    """An extended header with these lines."""
    text = b"".join(lines)
    return header("x", tarfile.XHDTYPE, len(text)) + text + bytes(-len(text) % 512)


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "C:a.txt", "c:/a.txt", "..", "//h/a.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused_and_the_others_are_read(
    tmp_path: Path, kind: str, name: str
) -> None:
    path = put(tmp_path, f"set.{kind}", PACKERS[kind]([("a.txt", TEXT), (name, TEXT), ("b.txt", TEXT)]))
    assert list(refusals(path).values()) == ["input: the name leads out of the archive"]
    assert [v.id for _, v in walked(path) if isinstance(v, Version)] == ["a.txt", "b.txt"]


def test_backslashes_in_a_zip_are_the_separators_that_they_were_meant_to_be(tmp_path: Path) -> None:
    path = put(tmp_path, "set.zip", zipped([("x\\a.txt", TEXT), ("..\\b.txt", TEXT), ("\\\\host\\c.txt", TEXT)]))
    found = [what.id if isinstance(what, Version) else what.what for _, what in walked(path)]
    assert found == ["x/a.txt", *["the name leads out of the archive"] * 2]


@pytest.mark.parametrize("kind", PACKERS)
def test_nothing_is_ever_written_to_disk(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, f"set.{kind}", PACKERS[kind]([("a.txt", TEXT), ("../b.txt", TEXT), ("c.jsonl", TEXT)]))
    monkeypatch.chdir(tmp_path)
    walked(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", PACKERS)
def test_two_members_of_one_name_are_two_records(tmp_path: Path, kind: str) -> None:
    with pytest.warns(UserWarning, match="Duplicate") if kind == "zip" else pytest.MonkeyPatch.context():
        raw = PACKERS[kind]([("a.txt", TEXT), ("a.txt", TEXT * 2)])
    assert [v.text.encode() for v in versions(put(tmp_path, f"set.{kind}", raw))] == [TEXT, TEXT * 2]


@pytest.mark.parametrize("kind", PACKERS)
def test_an_empty_member_fails_and_a_folder_is_no_record(tmp_path: Path, kind: str) -> None:
    made = [("sub/", b""), ("sub/a.txt", b""), ("sub/b.txt", TEXT)]
    path = put(tmp_path, f"set.{kind}", PACKERS[kind](made))
    assert refusals(path) == {"sub/a.txt": "input: the file is empty"}
    assert len(walked(path)) == 2


@pytest.mark.parametrize("kind", PACKERS)
def test_an_archive_of_nothing_has_no_records(tmp_path: Path, kind: str) -> None:
    assert walked(put(tmp_path, f"set.{kind}", PACKERS[kind]([]))) == []


@pytest.mark.parametrize("kind", [*PACKERS, "tar.gz", "warc", "jsonl", "csv", "parquet", "txt", "html", "txt.zst"])
def test_an_empty_file_and_one_of_noise_are_failed_records(tmp_path: Path, kind: str) -> None:
    for raw in (b"", random.Random(7).randbytes(20_000), bytes(3_000)):  # noqa: S311  # the same noise each time
        found = walked(put(tmp_path, f"set.{kind}", raw))
        assert all(isinstance(what, InputError) for _, what in found)
        of_nothing = {"tar": bytes(3_000), "jsonl": b"", "csv": b""}.get(kind) == raw
        assert len(found) >= (0 if of_nothing else 1)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "txt.gz", "txt"])
def test_what_is_larger_than_an_article_is_refused_in_flat_memory(tmp_path: Path, kind: str) -> None:
    base, _, packing = kind.partition(".")
    raw = bytes(30_000_000)
    raw = PACKERS[base]([("large.txt", raw), ("z.txt", TEXT)]) if base in PACKERS else raw
    put(tmp_path, f"set.{kind}", PACK[f".{packing}" if packing else ""](raw))
    del raw
    tracemalloc.start()
    found = walked(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "longer than an article" in str(found[0][1])
    assert [isinstance(what, Version) for _, what in found[1:]] == [True] * (base in PACKERS)
    assert peak < 4 * MAX_BYTES


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("said", [0, 1, len(TEXT) - 1])
def test_a_member_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path, method: int, said: int) -> None:
    raw = bytearray(zipped([("a.txt", TEXT * 100_000), ("b.txt", TEXT)], method))
    struct.pack_into("<L", raw, raw.index(b"PK\1\2") + 24, said)
    assert refusals(put(tmp_path, "set.zip", bytes(raw))) == {"a.txt": "input: the member is longer than it says"}


def test_a_member_that_says_it_is_larger_than_an_article_is_not_unpacked(tmp_path: Path) -> None:
    raw = zip_with(set_at("<L", 22, 24, MAX_BYTES + 1))
    assert "longer than an article" in refusals(put(tmp_path, "set.zip", raw))["b.txt"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (set_at("<H", 6, 8, 1), "encrypted"),
        (set_at("<H", 6, 8, 0x41), "encrypted"),
        (set_at("<H", 8, 10, 9), "Deflate64"),
        (set_at("<H", 8, 10, 14), "LZMA"),
        (set_at("<H", 8, 10, 4711), "method 4711"),
        (set_at("<L", None, 16, 17), "damaged"),
        (set_at("<L", None, 24, 3_000), "damaged"),
        (set_at("<B", 36, None, 0x77), "damaged"),
        (set_at("<B", 30, None, 0x77), "another name"),
        (set_at("<B", 0, None, 0x77), "not where"),
        (set_at("<L", None, 42, 0xFFFFFFF0), "not where"),
        (set_at("<L", None, 42, 0xFFFFFFFF), "not where"),
        (set_at("<L", None, 20, 5), "damaged"),
        (set_at("<L", None, 20, 100_000), "overlaps"),
    ],
)
def test_a_member_with_a_fault_is_one_failed_record_and_the_others_are_read(
    tmp_path: Path, change: Callable[[bytearray, int, int], None], says: str
) -> None:
    found = walked(put(tmp_path, "set.zip", zip_with(change)))
    assert [isinstance(what, Version) for _, what in found] == [True, False, True]
    assert says in str(found[1][1])
    assert found[1][0].endswith("set.zip!b.txt")


def test_members_in_one_place_and_members_within_another_are_refused(tmp_path: Path) -> None:
    inner = zipped([("b.txt", TEXT)], zipfile.ZIP_STORED)
    raw = bytearray(zipped([("a.txt", inner), ("b.txt", TEXT), ("c.txt", TEXT)], zipfile.ZIP_STORED))
    entries = [found for found in range(len(raw)) if raw.startswith(b"PK\1\2", found)][-3:]
    struct.pack_into("<L", raw, entries[1] + 42, raw.index(inner))  # b stands in a
    found = walked(put(tmp_path, "set.zip", bytes(raw)))
    assert [isinstance(what, Version) for _, what in found] == [False, True, True]
    assert "overlaps" in str(found[0][1])
    struct.pack_into("<L", raw, entries[1] + 42, struct.unpack_from("<L", raw, entries[2] + 42)[0])  # b stands on c
    found = walked(put(tmp_path, "set.zip", bytes(raw)))
    assert ["overlaps" in str(what) for _, what in found[1:]] == [False, True]  # b has another name than what is there


def test_a_zip_of_a_thousand_members_that_share_one_kernel_gives_it_once_at_most(tmp_path: Path) -> None:
    kernel = zlib.compress(b"a" * 100_000, wbits=-15)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(b"a" * 100_000), len(kernel), 100_000, 5, 0)
    entry = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        0,
        zlib.crc32(b"a" * 100_000),
        len(kernel),
        100_000,
        5,
        0,
        0,
        0,
        0,
        0,
        0,
    )
    body, table = local + b"a.txt" + kernel, (entry + b"a.txt") * 1_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1_000, 1_000, len(table), len(body), 0)
    found = walked(put(tmp_path, "set.zip", body + table + end))
    assert len(found) == 1_000
    assert all("overlaps" in str(what) for _, what in found)


def test_a_link_or_a_device_in_a_zip_is_skipped(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as made:
        for name, mode in (("a.txt", 0o120777), ("b.txt", 0o20666), ("c.txt", 0o100644)):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            made.writestr(info, TEXT)
    assert refusals(put(tmp_path, "set.zip", raw.getvalue())) == {
        "a.txt": "skipped: a link",
        "b.txt": "skipped: a folder, pipe or device",
    }


def test_a_zip_without_its_table_of_contents_is_one_failed_record(tmp_path: Path) -> None:
    raw = zipped(list(WHOLE.items()))
    for cut in (raw[:-30], raw[:40], raw[: raw.index(b"PK\1\2")]):
        ((place, error),) = walked(put(tmp_path, "set.zip", cut))
        assert "no table of contents" in str(error)
        assert place == str(tmp_path / "set.zip")


def test_damage_in_the_table_of_contents_leaves_the_members_before_it(tmp_path: Path) -> None:
    def break_third(raw: bytearray, _: int, entry: int) -> None:
        raw[entry] = 0

    found = walked(put(tmp_path, "set.zip", zip_with(break_third, which=2)))
    assert [isinstance(what, Version) for _, what in found] == [True, True, False]
    assert "2 of 3 members" in str(found[2][1])


def test_a_table_of_contents_that_says_another_number_of_members_is_told(tmp_path: Path) -> None:
    raw = bytearray(zipped(list(WHOLE.items())))
    struct.pack_into("<HH", raw, len(raw) - 14, 9, 9)
    found = walked(put(tmp_path, "set.zip", bytes(raw)))
    assert len(found) == 4
    assert "says 9" in str(found[3][1])


@pytest.mark.parametrize(("flag", "raw", "name"), [
    (0, "é日.txt".encode(), "é日.txt"),
    (0, "é.txt".encode("cp437"), "é.txt"),
    (0x800, b"\xff\xfe.txt", "\\xff\\xfe.txt"),
    (0, b"a\0b\x1b.txt", "a\\x00b\\x1b.txt"),
])  # fmt: skip
def test_a_name_in_any_encoding_is_shown_and_its_member_is_read(
    tmp_path: Path, flag: int, raw: bytes, name: str
) -> None:
    made = zipped([("x" * len(raw), TEXT)])
    made = made.replace(b"x" * len(raw), raw)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = made.index(mark) + at
        made = made[:start] + struct.pack("<H", flag) + made[start + 2 :]
    assert [v.id for v in versions(put(tmp_path, "set.zip", made))] == [name]


def test_links_devices_and_pipes_in_a_tar_are_skipped(tmp_path: Path) -> None:
    infos = []
    for number, kind in enumerate(
        (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    ):
        info = tarfile.TarInfo(f"{number}.txt")
        info.type, info.linkname = kind, "../../etc/passwd"
        infos.append(info)
    path = put(tmp_path, "set.tar", tar_of(*infos, ("a.txt", TEXT)))
    assert refusals(path) == {
        "0.txt": "skipped: a link",
        "1.txt": "skipped: a link to another member",
        "2.txt": "skipped: a device",
        "3.txt": "skipped: a device",
        "4.txt": "skipped: a pipe",
    }
    assert len(walked(path)) == 6


def test_a_member_of_an_unknown_type_is_skipped_and_those_behind_it_are_read(tmp_path: Path) -> None:
    raw = header("a.txt", b"V", len(TEXT)) + TEXT + bytes(-len(TEXT) % 512) + tar_of(("b.txt", TEXT))
    found = walked(put(tmp_path, "set.tar", raw))
    assert [str(what)[-22:] if isinstance(what, InputError) else what.id for _, what in found] == [
        "a member of the type V",
        "b.txt",
    ]


def test_sparse_members_are_refused_and_those_behind_them_are_read(tmp_path: Path) -> None:
    old = bytearray(header("a.txt", tarfile.GNUTYPE_SPARSE, 512))
    old[482] = 1
    old[148:156] = b"%06o\0 " % checksum(old)
    more = bytes([0] * 504 + [1] + [0] * 7) + bytes(512)
    new = pax(b"22 GNU.sparse.major=1\n", b"27 GNU.sparse.name=sub/n.t\n") + header("b.txt", b"0", 512) + bytes(512)
    path = put(tmp_path, "set.tar", bytes(old) + more + bytes(512) + new + tar_of(("c.txt", TEXT)))
    assert refusals(path) == {"a.txt": "input: a sparse file", "sub/n.t": "input: a sparse file"}
    assert len(walked(path)) == 3


@pytest.mark.parametrize(
    ("lead", "says"),
    [
        (header("x", tarfile.XHDTYPE, 2_000_000) + bytes(2_000_384), "its extended header has 2,000,000 bytes"),
        (
            header("x", tarfile.GNUTYPE_LONGNAME, 2_000_000) + bytes(2_000_384),
            "its extended header has 2,000,000 bytes",
        ),
        (pax(b"99 path=x\n"), "its extended header is damaged"),
        (pax(b"0 path=x\n"), "its extended header is damaged"),
        (pax(b"-9 path=x\n"), "its extended header is damaged"),
        (pax(b"9" * 600), "its extended header is damaged"),
        (pax(b"12 size=1e9\n"), "its extended header is damaged"),
        (pax(b"9 path=..\n"[:9] + b"\n"), "its extended header is damaged"),
        (pax(b"11 path=..\n"), "the name leads out of the archive"),
        (header("x", tarfile.GNUTYPE_LONGNAME, 9_000) + b"a" * 9_000 + bytes(216), "a name of 9,000 characters"),
    ],
)
def test_an_extended_header_that_cannot_be_used_costs_the_member_behind_it_alone(
    tmp_path: Path, lead: bytes, says: str
) -> None:
    path = put(tmp_path, "set.tar", lead + tar_of(("a.txt", TEXT), ("b.txt", TEXT)))
    found = walked(path)
    assert [isinstance(what, Version) for _, what in found] == [False, True]
    assert says in str(found[0][1])


@pytest.mark.parametrize("size", [b"12345678901234567890", b"9" * 400, b"-1"])
def test_a_size_beyond_all_bounds_ends_the_tar_and_not_the_patience(tmp_path: Path, size: bytes) -> None:
    told = b" size=" + size + b"\n"
    length = next(n for n in itertools.count(len(told)) if len(b"%d" % n) + len(told) == n)
    found = walked(
        put(tmp_path, "set.tar", tar_of(("a.txt", TEXT))[:1024] + pax(b"%d" % length + told) + tar_of(("b.txt", TEXT)))
    )
    assert isinstance(found[0][1], Version)
    assert all(isinstance(what, InputError) for _, what in found[1:])
    assert any(word in str(found[-1][1]) for word in ("cut off here", "damaged here"))


@pytest.mark.parametrize("number", [b"\x80" + b"\xff" * 11, b"\xff" * 12, b"77777777777\0", b"notoctal!!!\0"])
def test_a_header_with_a_size_that_cannot_be_ends_the_tar(tmp_path: Path, number: bytes) -> None:
    bad = bytearray(header("b.txt", b"0"))
    bad[124:136] = number
    bad[148:156] = b"%06o\0 " % checksum(bad)
    found = walked(put(tmp_path, "set.tar", tar_of(("a.txt", TEXT))[:1024] + bytes(bad) + TEXT))
    assert isinstance(found[0][1], Version)
    assert any(word in str(found[-1][1]) for word in ("cut off here", "damaged here"))
    assert "behind a.txt" in str(found[-1][1]) or "behind b.txt" in str(found[-1][1])


def test_something_behind_the_end_of_a_tar_is_told(tmp_path: Path) -> None:
    found = walked(put(tmp_path, "set.tar", tar_of(("a.txt", TEXT)) + tar_of(("b.txt", TEXT))))
    assert [isinstance(what, Version) for _, what in found] == [True, False]
    assert "behind the end" in str(found[1][1])


def test_a_tar_whose_compression_is_damaged_at_its_very_end_is_told(tmp_path: Path) -> None:
    raw = bytearray(PACK[".gz"](tarred(list(WHOLE.items()))))
    raw[-8] ^= 1  # of the checksum
    found = walked(put(tmp_path, "set.tar.gz", bytes(raw)))
    assert [isinstance(what, Version) for _, what in found] == [True, True, True, False]


def test_a_member_of_a_tar_that_is_read_too_late_fails_and_gives_no_other_bytes() -> None:
    found = [
        one for one in tar_members(io.BytesIO(tarred(list(WHOLE.items()))), "set.tar") if not isinstance(one, Record)
    ]
    for one in found:
        with one.opened() as stream, pytest.raises(InputError, match="after the members behind it"):
            stream.read()


def test_many_members_take_no_more_memory_than_where_they_start() -> None:
    number, name = 20_000, "a" * 95 + ".txt"
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0) + name.encode()
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number % 65_536, number % 65_536, len(entry) * number, 0, 0)
    raw = io.BytesIO(entry * number + end)
    tracemalloc.start()
    assert sum(1 for _ in zip_members(raw, "set.zip")) == number
    zip_peak = tracemalloc.get_traced_memory()[1]
    member = header(name, b"0")
    tar = poured(itertools.chain(itertools.repeat(member, number), [bytes(1024)]))
    tracemalloc.reset_peak()
    assert sum(1 for _ in tar_members(tar, "set.tar")) == number
    tar_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert zip_peak < 4_000_000  # eight bytes for each, and a window on the table; zipfile takes twelve million
    assert tar_peak < 1_000_000


def test_a_folder_of_many_files_takes_no_more_memory_than_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarize.archive import folders

    for number in range(3_000):
        os.link(tmp_path / "0.txt", tmp_path / f"{number}.txt") if number else put(tmp_path, "0.txt", TEXT)
    peaks = []
    for size in (50, 50_000):
        monkeypatch.setattr(folders, "_PASS", size)
        tracemalloc.start()
        assert sum(1 for _ in folders.members(str(tmp_path))) == 3_000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert 4 * peaks[0] < peaks[1]


SET = {kind: PACKERS[kind.partition(".")[0]](list(WHOLE.items())) for kind in ("zip", "tar")}
SETS = {
    **SET,
    "tar.gz": PACK[".gz"](SET["tar"]),
    "tar.zst": PACK[".zst"](SET["tar"]),
    "tar.bz2": PACK[".bz2"](SET["tar"]),
}
ROWS = {"jsonl.gz": PACK[".gz"](jsonl(ARTICLES)), "txt.gz": PACK[".gz"](TEXT * 50), "jsonl": jsonl(ARTICLES)}


def read(folder: Path, kind: str, raw: bytes) -> list[tuple[str, Version | InputError]]:
    """What is found in a file of this kind; loading may raise InputError, and nothing else may be raised."""
    return loaded(walk.records(str(put(folder, f"set.{kind}", raw))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property."""
    return tmp_path_factory.mktemp("damaged")


@given(st.data())
def test_an_archive_cut_off_at_any_byte_gives_each_whole_record_before_and_a_failed_one(
    folder: Path, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([*SETS, *ROWS]))
    raw = (SETS | ROWS)[kind]
    cut = data.draw(st.integers(0, len(raw) - 1))
    found = read(folder, kind, raw[:cut])
    good = [what for _, what in found if isinstance(what, Version)]
    if kind in SETS:
        assert all(v.text.encode() == WHOLE[v.id] for v in good)
        assert [v.id for v in good] == list(NAMES)[: len(good)]
    if kind == "tar":
        assert len(good) == sum(cut >= 1024 * n + 512 + len(text) for n, text in enumerate(WHOLE.values()))
        assert isinstance(found[-1][1], InputError) or cut >= 1024 * 3 + 512  # the end is there, with less padding
    elif kind == "zip":
        assert not good
        assert len(found) == 1
    elif kind != "jsonl":
        assert isinstance(found[-1][1], InputError)


@given(st.data())
def test_an_archive_with_any_byte_changed_raises_nothing_and_loses_no_record_before_it(
    folder: Path, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([*SETS, *ROWS]))
    raw = bytearray((SETS | ROWS)[kind])
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    found = read(folder, kind, bytes(raw))
    if kind == "tar":
        good = [what for _, what in found if isinstance(what, Version)]
        before = sum(at >= 1024 * n for n in (1, 2, 3))
        assert [v.text.encode() for v in good[:before]] == list(WHOLE.values())[:before]
        assert len(found) >= min(3, before + 1)
    elif kind == "zip":
        good = [what for _, what in found if isinstance(what, Version)]
        assert all(v.text.encode() in WHOLE.values() for v in good)  # whatever is changed, the checksum is kept
        assert found


@given(st.lists(st.binary(min_size=1, max_size=700), max_size=6), st.sampled_from(sorted(SETS | ROWS)))
def test_an_archive_with_noise_put_into_it_raises_nothing(folder: Path, noise: list[bytes], kind: str) -> None:
    raw = (SETS | ROWS)[kind]
    for number, piece in enumerate(noise):
        at = (len(raw) * (number + 1)) // 7
        raw = raw[:at] + piece + raw[at + len(piece) // 2 :]
    read(folder, kind, raw)


def test_a_folder_of_broken_archives_gives_what_is_whole_in_each(tmp_path: Path) -> None:
    for number, (kind, raw) in enumerate((SETS | ROWS).items()):
        put(tmp_path, f"{number}.{kind}", raw[: len(raw) // 2])
    write("folder", tmp_path)
    found = walked(tmp_path)
    assert sum(isinstance(what, Version) for _, what in found) >= len(ARTICLES)
    assert all(str(what) for _, what in found if isinstance(what, InputError))
    assert max(len(str(what)) for _, what in found if isinstance(what, InputError)) < MAX_CHARS
