"""Archives that lie elsewhere: in object stores by fsspec (s3://, gs://, …), on web servers by our own guarded fetch.

    s3://bucket/news/ ──listed──▶ s3://bucket/news/a.jsonl, … ──opened──▶ a stream
    https://example.org/a.warc.gz ──opened──▶ fetched to a temporary file ──▶ a stream

Keys are found by each store's own driver, as its other tools find them. A chain of protocols ("zip://…::http://…")
is refused: it would get round the guard.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, cast

from summarize.archive.addresses import told
from summarize.archive.fetch import Limits, answered
from summarize.archive.members import shown
from summarize.archive.records import PUBLIC
from summarize.errors import InputError, RetoldError

_WEB: Final = frozenset({"http", "https"})
_DRIVERS: Final = {  # protocols and the package that reads them; those without need none
    "s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs",
    "oss": "ossfs", "hf": "huggingface_hub", "hdfs": "pyarrow", "memory": "", "file": "",
}  # fmt: skip
_FETCH: Final = (86_400.0, 60.0)  # seconds for a whole archive, and between two bytes of it
_LOOK: Final = (30.0, 30.0)  # the same for a look at what it is
_MARKS: Final = (
    "ETag",
    "etag",
    "generation",
    "md5Hash",
    "sha256",
    "size",
    "mtime",
    "LastModified",
    "updated",
    "created",
)


@contextmanager
def opened(url: str, *, private: bool = False, most: int = PUBLIC.most) -> Iterator[BinaryIO]:
    """The bytes at `url`, which can be read from any place in them.

    Of http(s) it is fetched first, up to `most` bytes, into a temporary file that is gone afterwards; `private`
    permits hosts that are not public. Raises InputError where there is nothing, or the way to it is missing.
    """
    if _protocol(url) in _WEB:
        with tempfile.TemporaryFile() as file:
            _fetch(url, cast("BinaryIO", file), most, private=private)
            yield cast("BinaryIO", file)
        return
    system, path = _system(url)
    with _as_input(url):
        stream = system.open(path, "rb")
    with stream:
        yield cast("BinaryIO", stream)


def listed(url: str) -> Iterator[str]:
    """The URLs of all files below `url`, by the names in each folder; `url` itself where it is no folder.

    Of a web server it is always `url`. Raises InputError. One folder's names are in memory at a time.
    """
    if _protocol(url) in _WEB:
        yield url
        return
    system, path = _system(url)
    with _as_input(url):
        is_folder = url.endswith("/") or system.isdir(path)
        if not is_folder and not system.exists(path):
            raise InputError("there is no such file or folder", where=told(url))
    if not is_folder:
        yield url
        return
    number = 0
    for number, info in enumerate(_files(system, path, url), start=1):  # noqa: B007  # counted
        yield str(system.unstrip_protocol(info["name"]))
    if number == 0:
        raise InputError("there is nothing in this folder", where=told(url))


def fingerprint(url: str, *, private: bool = False) -> str:
    """A digest of what tells one state of the files at `url` from another (tags, sizes, times); "" if unknown.

    `private`: as for `opened`. Raises nothing: what cannot be had is told when it is read.
    """
    seen = hashlib.sha256()
    try:
        if _protocol(url) in _WEB:
            with answered(url, Limits(*_LOOK, private), method="HEAD") as answer:
                marks = [answer.headers.get(name, "") for name in ("etag", "last-modified", "content-length")]
            return hashlib.sha256("\n".join(marks).encode()).hexdigest() if any(marks[:2]) else ""
        system, path = _system(url)
        found = _files(system, path, url) if system.isdir(path) else iter([system.info(path)])
        for info in found:
            seen.update(f"{info['name']}\0{[str(info.get(mark, '')) for mark in _MARKS]}\n".encode("utf-8", "replace"))
    except Exception:  # noqa: BLE001  # a driver may raise anything
        return ""
    return seen.hexdigest()


def _protocol(url: str) -> str:
    return url.partition("://")[0].lower()


def _system(url: str) -> tuple[Any, str]:
    """The file system that `url` is of, and the path in it. Raises InputError where nothing reads it."""
    protocol, where = _protocol(url), told(url)
    if protocol not in _DRIVERS or "::" in url:
        known = ", ".join(f"{name}://" for name in ("https", *_DRIVERS) if name not in {"memory", "s3a", "gcs"})
        what = (
            "a chain of protocols is not read"
            if "::" in url
            else f"nothing is known that reads {shown(protocol[:20])}://"
        )
        raise InputError(what, where=where, hint=f"known are {known}")
    driver = _DRIVERS[protocol]
    try:
        import fsspec  # noqa: PLC0415  # an extra
    except ImportError as error:
        what = "reading this needs fsspec"
        raise InputError(what, where=where, hint=f"pip install 'retold[cloud]' {driver}".strip()) from error
    try:
        with _as_input(url):
            system, path = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        what = f"reading {protocol}:// needs {driver}"
        raise InputError(what, where=where, hint=f"pip install {driver}") from error
    return system, str(path)


def _files(system: Any, path: str, url: str) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401  # fsspec has no types
    """What is known of each file below a folder."""
    folders = [path]
    while folders:
        folder = folders.pop()
        with _as_input(url):
            inside = sorted(system.ls(folder, detail=True), key=lambda info: str(info["name"]))
        below = []
        for info in inside:
            name = str(info["name"]).rstrip("/")
            if name == folder.rstrip("/"):  # some stores keep an empty object for the folder itself
                continue
            if info.get("type") == "directory":
                below.append(name)
            else:
                yield info
        folders += reversed(below)


def _fetch(url: str, file: BinaryIO, most: int, *, private: bool) -> None:
    where, size = told(url), 0
    with answered(url, Limits(*_FETCH, private)) as answer:
        for piece in answer.body:
            size += len(piece)
            if size > most:
                what = f"this archive has more than {_size(most)}"
                hint = "--max-download permits more; or fetch it yourself, and give the file"
                raise InputError(what, where=where, hint=hint)
            try:
                file.write(piece)
            except OSError as error:
                raise InputError(f"the download cannot be kept: {error.strerror}", where=where) from error
    file.seek(0)


def _size(number: int) -> str:
    """A number of bytes in words."""
    return f"{number / (1 << 30):,.1f} GiB" if number >= 1 << 30 else f"{number:,} bytes"


@contextmanager
def _as_input(url: str) -> Iterator[None]:
    """What a driver raises, as InputError; that it is missing stays an ImportError."""
    where = told(url)
    try:
        yield
    except (RetoldError, ImportError):
        raise
    except FileNotFoundError as error:
        raise InputError("there is no such file or folder", where=where) from error
    except PermissionError as error:
        what = "the store refuses to show this"
        raise InputError(what, where=where, hint="give its driver a key that may read it") from error
    except Exception as error:  # each driver has its own
        words = shown(" ".join(str(error).split())[:200])
        raise InputError(f"this cannot be read: {words or type(error).__name__}", where=where) from error
