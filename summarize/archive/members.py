"""A file in a folder or archive before it is read: its name, what its name says it is, its bytes.

Names are foreign: a member that climbs out of its archive ("../a.txt", "/a.txt", "C:a.txt") is refused, and what
cannot be printed in a name is shown as its number, so that a name is always one line of valid Unicode.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, NamedTuple, TypeAlias

from summarize.archive.records import MAX_BYTES, too_long
from summarize.errors import InputError, RetoldError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Reader: TypeAlias = Literal["text", "page", "jsonl", "csv", "tsv", "parquet", "warc", "zip", "tar"]

PACKINGS: Final = (".gz", ".zst", ".bz2", ".xz")
MAX_NAME: Final = 4_096  # code points of a name; the longest path of Linux
CHUNK: Final = 65_536  # bytes read at once
_SHORT = {".tgz": ".tar.gz", ".tbz": ".tar.bz2", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".tzst": ".tar.zst"}
_READERS: dict[str, Reader] = {
    ".txt": "text", ".md": "text", ".markdown": "text", ".html": "page", ".htm": "page", ".xhtml": "page",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet",
    ".warc": "warc", ".wet": "warc", ".zip": "zip", ".tar": "tar",
}  # fmt: skip
_UNPACKABLE = {"zip", "parquet"}  # read from their end, which what is packed once more does not show
_DRIVE = re.compile(r"[A-Za-z]:")


class Kind(NamedTuple):
    """What a name says of a file: who reads it, its ending, what it is packed with ("" or one of PACKINGS)."""

    reader: Reader
    suffix: str
    packing: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A file: `name` inside its archive ("sport/a.txt"), `place` with the archive's own, `size` in bytes if known.

    `opened` gives its bytes, once, before the next member is drawn. It raises InputError or OSError. `url` is where
    it was published, if that is where it was found.
    """

    name: str
    place: str
    opened: Callable[[], contextlib.AbstractContextManager[BinaryIO]]
    size: int | None = None
    url: str | None = None


class Poured(io.RawIOBase):
    """A stream to read, made from pieces of bytes; it holds one of them at a time."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """As in io.RawIOBase. Raises what making the pieces raises."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        wanted = memoryview(buffer).cast("B")
        size = min(len(wanted), len(self._left))
        wanted[:size], self._left = self._left[:size], self._left[size:]
        return size


def poured(pieces: Iterator[bytes]) -> BinaryIO:
    """A stream made from pieces of bytes."""
    return io.BufferedReader(Poured(pieces), CHUNK)


def kind_of(name: str) -> Kind | None:
    """What a file of this name is, by its ending; None where it does not say, or says what is not read."""
    found = suffix_of(name)
    found = _SHORT.get(found, found)
    packing = next((p for p in PACKINGS if found.endswith(p)), "")
    reader = _READERS.get(found.removesuffix(packing))
    if reader is None or (packing and reader in _UNPACKABLE):
        return None
    return Kind(reader, found.removesuffix(packing), packing)


def suffix_of(name: str) -> str:
    """The ending of a file's name in lower case, with that of its packing: ".txt", ".tar.gz"; "" without."""
    last = name.rpartition("/")[2].lstrip(".").lower()
    bare = next((last.removesuffix(p) for p in PACKINGS if last.endswith(p)), last)
    dot = bare.rfind(".")
    return last[dot:] if dot > 0 else last[len(bare) :]


def stem_of(name: str) -> str:
    """The last part of a name without its ending; the whole of it where nothing would be left."""
    last = name.rpartition("/")[2]
    return last[: len(last) - len(suffix_of(name))] or last


def shown(name: str) -> str:
    """`name` with what cannot be printed (controls, stray bytes, marks of direction) shown as its number."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else f"\\x{_number(c):02x}" for c in name)


def _number(char: str) -> int:
    """Of a stray byte the byte: what no encoding explains comes as a lone surrogate."""
    return ord(char) - 0xDC00 if "\udc80" <= char <= "\udcff" else ord(char)


def inside(name: str, archive: str) -> str:
    """The name of a member, from the top of its archive, as it is shown. Raises InputError for one that climbs out."""
    where = f"{archive}!{shown(name[:80])}"
    if len(name) > MAX_NAME:
        raise InputError(f"a name of {len(name):,} characters", where=f"{where}…")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if not parts:
        raise InputError("a member without a name", where=where)
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        raise InputError("the name leads out of the archive", where=where)
    return shown("/".join(parts))


def unread(name: str) -> str | None:
    """Why a member of this name is not meant to be read, if it is not."""
    if "__MACOSX" in name.split("/"):
        return "a file that macOS keeps for itself"
    if any(part.startswith(".") for part in name.split("/")):
        return "a hidden file"
    if kind_of(name) is None:
        suffix = suffix_of(name)
        return f"another kind of file ({suffix[:40]})" if suffix else "its name has no ending that tells what it is"
    return None


def capped(stream: BinaryIO, place: str) -> bytes:
    """All of a stream that is one article. Raises InputError above MAX_BYTES."""
    pieces, left = [], MAX_BYTES + 1
    while left and (piece := stream.read(min(left, CHUNK))):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise too_long(place)
    return b"".join(pieces)


def failure(error: Exception, place: str) -> InputError:
    """What a reader of foreign bytes raised, as what a record may raise."""
    told = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return InputError(f"it cannot be read: {shown(told[:200])}", where=place)


@contextlib.contextmanager
def as_input(place: str) -> Iterator[None]:
    """Turns whatever foreign bytes make a reader raise into an InputError of `place`; a stop passes."""
    try:
        yield
    except RetoldError:
        raise
    except Exception as error:
        raise failure(error, place) from error
