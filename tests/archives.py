"""One set of articles, written as every kind of archive that is read."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from summarize.archive import walk
from summarize.archive.records import Record
from summarize.errors import InputError
from summarize.news import Version


@dataclass(frozen=True, slots=True)
class Told:
    """An article before it is put into an archive; `name` is its file's, in archives of files, else its id.

    Archives of rows carry the `story`, the others do not.
    """

    name: str
    headline: str
    outlet: str
    published: str
    url: str
    text: str
    story: str = ""

    @property
    def markdown(self) -> bytes:
        """As a Markdown file with front matter."""
        known = {k: v for k, v in asdict(self).items() if v and k not in {"name", "text", "story"}}
        lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in known.items())
        return f"---\n{lines}---\n\n{self.text}\n".encode()

    @property
    def page(self) -> bytes:
        """As a web page."""
        e = html.escape
        paragraphs = "".join(f"<p>{e(p)}</p>\n" for p in self.text.split("\n\n"))
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{e(self.headline)}</title>'
            f'<meta property="og:title" content="{e(self.headline)}">'
            f'<meta property="og:site_name" content="{e(self.outlet)}">'
            f'<meta property="article:published_time" content="{self.published}">'
            f'<link rel="canonical" href="{self.url}"></head><body><nav><a href="/">Home</a></nav>'
            f"<article><h1>{e(self.headline)}</h1>\n{paragraphs}</article></body></html>"
        ).encode()


ARTICLES = tuple(
    Told(
        f"{name}.md",
        headline,
        outlet,
        "2024-08-20",
        f"https://{outlet.split()[-1].lower()}.example.org/{name}",
        "\n\n".join(paragraphs),
    )
    for name, headline, outlet, paragraphs in (
        (
            "ferry",
            "Ferry runs aground off Lowick: “nobody was hurt”",
            "The Daily Example",
            (
                "A ferry with 212 people on board ran aground off Lowick on Tuesday morning, the coastguard said.",
                "The captain told the coastguard that a squall had pushed the ship on to sand, and “nobody was hurt”.",
                "The harbour café served £5 breakfasts to the passengers while they waited for buses to the town.",
            ),
        ),
        (
            "ngp/fire",
            "Fire in the harbour",
            "Northern Gazette",
            (
                "Two men died in a fire at a warehouse by the river late on Monday, the fire service said.",
                "Forty firefighters fought the flames for six hours, and a school nearby stayed closed on Tuesday.",
                "The owner of the warehouse said that the alarm had been tested in March, “and it worked”.",
            ),
        ),
        (
            "ngp/überfall",
            "Bank in Zürich robbed",
            "Swiss Courier",
            (
                "Three masked people robbed a bank in Zürich on Monday and fled with an unknown sum, police said.",
                "The bank had opened ten minutes before; two customers and one clerk were inside, and none was hurt.",
                "Police asked anybody who had seen a grey van near the lake between nine and ten to call them.",
            ),
        ),
    )
)


def _zst(raw: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(raw)


PACK: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda raw: gzip.compress(raw, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": _zst,
}
OF_FILES = ("folder", "zip", "tar", "tar.gz", "tgz", "tar.bz2", "tar.xz", "tar.zst")
OF_ROWS = ("jsonl", "jsonl.gz", "ndjson.zst", "json", "csv", "csv.gz", "csv.zst", "tsv", "tsv.gz", "parquet")
OF_PAGES = ("warc", "warc.gz")
KINDS = (*OF_FILES, *OF_ROWS, *OF_PAGES)


def write(kind: str, folder: Path, articles: Sequence[Told] = ARTICLES) -> Path:
    """The articles as an archive of this kind, one of KINDS, in `folder`."""
    files = {a.name: a.markdown for a in articles}
    path = folder / ("set" if kind == "folder" else f"set.{kind}")
    if kind == "folder":
        for name, raw in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(raw)
        return path
    base, dot, packing = kind.replace("tgz", "tar.gz").partition(".")
    make: dict[str, Callable[[], bytes]] = {
        "zip": lambda: zipped(files.items()),
        "tar": lambda: tarred(files.items()),
        "csv": lambda: _separated(articles, ","),
        "tsv": lambda: _separated(articles, "\t"),
        "json": lambda: json.dumps([_row(a) for a in articles], ensure_ascii=False).encode(),
        "parquet": lambda: _parquet(articles),
        "warc": lambda: _warc(articles, packed=packing == "gz"),
    }
    raw = make.get(base, lambda: jsonl(articles))()
    path.write_bytes(raw if base == "warc" else PACK[dot + packing](raw))
    return path


def zipped(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these files, in this order."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as made:
        for name, data in files:
            made.writestr(zipfile.ZipInfo(name), data, method)
    return raw.getvalue()


def tarred(files: Iterable[tuple[str, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of these files, in this order."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=form) as made:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return raw.getvalue()


def jsonl(articles: Sequence[Told]) -> bytes:
    """One object on each line."""
    return "".join(json.dumps(_row(a), ensure_ascii=False) + "\n" for a in articles).encode()


def _row(article: Told) -> dict[str, str]:
    return {("id" if key == "name" else key): value for key, value in asdict(article).items()}


def _separated(articles: Sequence[Told], by: str) -> bytes:
    raw = io.StringIO(newline="")
    made = csv.DictWriter(raw, list(_row(articles[0])), delimiter=by)
    made.writeheader()
    made.writerows(_row(a) for a in articles)
    return raw.getvalue().encode()


def _parquet(articles: Sequence[Told]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    raw = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([_row(a) for a in articles]), raw)
    return raw.getvalue()


def _warc(articles: Sequence[Told], *, packed: bool) -> bytes:
    made = []
    for number, article in enumerate(articles):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + article.page
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {article.url}\r\n"
            f"WARC-Date: 2024-08-21T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:0-{number}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode()
        record = head + http + b"\r\n\r\n"
        made.append(PACK[".gz"](record) if packed else record)
    return b"".join(made)


def loaded(records: Iterable[Record]) -> list[tuple[str, Version | InputError]]:
    """Each record's place, and its version or why there is none; loaded one by one, as they are drawn."""
    found: list[tuple[str, Version | InputError]] = []
    for record in records:
        try:
            found.append((record.place, record.load()))
        except InputError as error:
            found.append((record.place, error))
    return found


def walked(source: Path | str) -> list[tuple[str, Version | InputError]]:
    """What is in a source."""
    return loaded(walk.records(str(source)))


def versions(source: Path | str) -> list[Version]:
    """The versions in a source, all of whose records are articles."""
    found = [what for _, what in walked(source)]
    assert not [str(what) for what in found if isinstance(what, InputError)]
    return [what for what in found if isinstance(what, Version)]


def refusals(source: Path | str) -> dict[str, str]:
    """Place → status and reason, of the records that are no versions; the source's own name is left out."""
    there = str(source)
    return {
        place.removeprefix(there).lstrip("!/"): f"{what.status}: {what.what}"
        for place, what in walked(source)
        if isinstance(what, InputError)
    }
