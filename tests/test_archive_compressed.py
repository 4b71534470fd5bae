"""Compressed data: everything good is given out, then what is wrong is said; memory is bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
import zlib
from typing import TYPE_CHECKING, BinaryIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from summarize.archive.compressed import FREE, plain
from summarize.archive.members import PACKINGS
from summarize.archive.rows import records
from summarize.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
LINES = b"".join(b'{"text": "Two men died on %d Mondays.", "id": %d}\n' % (n * n, n) for n in range(400))


def unpacked(packed: bytes, suffix: str) -> tuple[bytes, str]:
    """What can be had of `packed`, and the error behind it."""
    stream, found = plain(io.BytesIO(packed), suffix, f"a{suffix}"), []
    try:
        while part := stream.read(1_000):
            found.append(part)
    except InputError as error:
        return b"".join(found), str(error)
    return b"".join(found), ""


def drained(stream: BinaryIO) -> tuple[int, str]:
    """How many bytes can be had, none of them kept, and the error behind them."""
    size = 0
    try:
        while part := stream.read(65_536):
            size += len(part)
    except InputError as error:
        return size, str(error)
    return size, ""


def read(stream: BinaryIO) -> tuple[list[str], list[str]]:
    """The ids of the articles in JSON Lines, and what is wrong with the other records."""
    good, bad = [], []
    for record in records("jsonl", stream, "a.jsonl"):
        try:
            good.append(record.load().id)
        except InputError as error:
            bad.append(str(error))
    return good, bad


@pytest.mark.parametrize("suffix", PACKINGS)
@given(parts=st.lists(st.binary(max_size=3_000), min_size=1, max_size=3))
def test_what_was_packed_comes_out_be_it_in_one_member_or_in_several(suffix: str, parts: list[bytes]) -> None:
    assert unpacked(b"".join(map(PACK[suffix], parts)), suffix) == (b"".join(parts), "")


@pytest.mark.parametrize("suffix", PACKINGS)
def test_reading_in_any_way_gives_the_same_bytes(suffix: str) -> None:
    def stream() -> BinaryIO:
        return plain(io.BytesIO(PACK[suffix](LINES)), suffix.upper(), "a")

    assert stream().read() == LINES
    short = stream()
    assert b"".join(iter(lambda: short.read1(7), b"")) == LINES  # type: ignore[attr-defined]
    assert io.BufferedReader(stream()).read() == LINES  # type: ignore[type-var]
    assert stream().read(0) == b""


@given(at=st.integers(0, len(gzip.compress(LINES, mtime=0)) - 1))
def test_a_gzip_cut_off_anywhere_keeps_all_whole_lines_and_says_that_it_is_cut_off(at: int) -> None:
    packed = gzip.compress(LINES, mtime=0)[:at]
    there = zlib.decompressobj(31).decompress(packed)
    good, bad = read(plain(io.BytesIO(packed), ".gz", "a.jsonl.gz"))
    whole = there.count(b"\n")
    assert good[:whole] == [str(n) for n in range(whole)]
    assert len(good) + len(bad) == whole + (not there.endswith(b"\n") and there != b"") + 1
    assert bad[-1] == "a.jsonl.gz: the archive is cut off here"


@pytest.mark.parametrize("suffix", PACKINGS)
def test_whatever_is_cut_off_gives_a_beginning_and_then_says_so(suffix: str) -> None:
    packed = PACK[suffix](LINES)
    for at in range(0, len(packed), 7):
        found, error = unpacked(packed[:at], suffix)
        assert LINES.startswith(found)
        assert "the archive is cut off here" in error


@pytest.mark.parametrize("suffix", PACKINGS)
def test_a_damaged_byte_never_passes_unseen_and_never_raises_anything_else(suffix: str) -> None:
    packed = PACK[suffix](LINES)
    for at in range(20, len(packed), 11):
        found, error = unpacked(packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :], suffix)
        assert error.startswith(f"a{suffix}: ")
        assert len(found) <= 2 * len(LINES)


def test_a_wrong_checksum_of_a_gzip_is_said_after_all_that_is_in_it() -> None:
    packed = bytearray(gzip.compress(LINES, mtime=0))
    packed[-6] ^= 1
    found, error = unpacked(bytes(packed), ".gz")
    assert (found, "the compressed data is damaged" in error) == (LINES, True)


def test_the_error_stays_once_it_was_raised() -> None:
    stream = plain(io.BytesIO(gzip.compress(LINES)[:-9]), ".gz", "a")
    stream.read()
    for read_on in (stream.read, stream.read1):  # type: ignore[attr-defined]
        for size in (-1, 1):
            with pytest.raises(InputError, match="cut off"):
                read_on(size)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_zeros_behind_the_data_are_padding(suffix: str) -> None:
    assert unpacked(PACK[suffix](LINES) + bytes(512), suffix) == (LINES, "")


@pytest.mark.parametrize("suffix", PACKINGS)
def test_what_is_no_compressed_data_is_damaged_and_nothing_is_cut_off(suffix: str) -> None:
    assert unpacked(b"", suffix) == (b"", f"a{suffix}: the archive is cut off here")
    found, error = unpacked(b"Two men died in Lisbon on Tuesday.", suffix)
    assert (found, "the compressed data is damaged" in error) == (b"", True)


@pytest.mark.parametrize("suffix", PACKINGS)
def test_a_bomb_is_refused_in_little_memory(suffix: str) -> None:
    zeros = bytes(1 << 20)
    if suffix == ".gz":
        packer = zlib.compressobj(9, wbits=31)
        packed = b"".join([*(packer.compress(zeros) for _ in range(200)), packer.flush()])
    else:
        packed = PACK[suffix](zeros * 200)
    stream = plain(io.BytesIO(packed), suffix, "bomb")
    tracemalloc.start()
    size, error = drained(stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error == "bomb: this unpacks to more than 500 times its size"
    assert abs(size - FREE) < 16 << 20
    assert peak < 64 << 20


def test_a_window_larger_than_the_limit_is_refused() -> None:
    window = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=window).compressobj()
    error = unpacked(packer.compress(LINES) + packer.flush(), ".zst")[1]
    assert "takes more than 128 MB of memory" in error


def test_a_source_that_fails_is_said_to() -> None:
    class Failing(io.RawIOBase):
        def read(self, _size: int = -1, /) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(InputError, match="a: this cannot be read further: the disk is gone"):
        plain(Failing(), ".gz", "a").read()  # type: ignore[arg-type]


def test_an_unknown_suffix_and_a_missing_extra_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"\.rar .*\.gz, \.zst"):
        plain(io.BytesIO(), ".rar", "a.rar")
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(InputError, match=r"pip install 'retold\[zstd\]'"):
        plain(io.BytesIO(), ".zst", "a.zst")
