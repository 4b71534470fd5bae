"""Rows of JSONL, CSV, TSV and Parquet: each is one record, and what is wrong with one is said where it stands."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import itertools
import json
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarize.archive.columns import Columns, guessed
from summarize.archive.records import MAX_CHARS, Record
from summarize.archive.rows import Kind, records, row_version
from summarize.errors import InputError
from summarize.news import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXT = "Two men died in Lisbon on Tuesday."
ALL = '"text","headline","outlet","published","url","story","id"'


def read(
    kind: Kind, raw: bytes, columns: Columns | None = None, notes: list[str] | None = None
) -> list[tuple[str, Version | str]]:
    """Place and article, or error with its place, of each record."""
    told: list[str] = [] if notes is None else notes
    return [(r.place, loaded(r)) for r in records(kind, io.BytesIO(raw), "a", columns, told.append)]


def loaded(record: Record) -> Version | str:
    """The article, or the error; every error says where."""
    try:
        return record.load()
    except InputError as error:
        return str(error) if error.where else f"no place: {error}"


def one(kind: Kind, raw: bytes, columns: Columns | None = None) -> Version:
    """The one article."""
    ((_, version),) = read(kind, raw, columns)
    assert isinstance(version, Version), version
    return version


def texts(kind: Kind, raw: bytes, columns: Columns | None = None) -> list[str]:
    """The texts, or errors."""
    return [v.text if isinstance(v, Version) else v for _, v in read(kind, raw, columns)]


def jsonl(*rows: object) -> bytes:
    """JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def parquet(table: pa.Table, **options: object) -> bytes:
    """A Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("text headline outlet published url story id", "text headline outlet published url story id"),
        ("Body Title Source_Name Date link event_id key", "Body Title Source_Name Date link event_id key"),
        ("maintext title source_domain date_publish url", "maintext title source_domain date_publish url - -"),
        ("content publisher datePublished uuid", "content - publisher datePublished - - uuid"),
        ("article.text article.title author.url source", "article.text article.title source - - - -"),
        ("foo bar", "- - - - - - -"),
    ],
)
def test_columns_are_guessed_from_their_names(names: str, found: str) -> None:
    wanted = [None if name == "-" else name for name in found.split()] + [None] * 7
    assert list(map(guessed(names.split(), Columns()).named().get, Columns.__slots__)) == wanted[:7]


@given(st.lists(st.sampled_from("text body title source date url link story id key event Title x".split())))
def test_no_column_is_guessed_for_two_fields_and_what_was_given_stays(names: list[str]) -> None:
    columns = guessed(names, Columns(headline="title", id="body"))
    found = list(columns.named().values())
    assert len(found) == len(set(found))
    assert (columns.headline, columns.id) == ("title", "body")
    assert set(found) <= {*names, "title", "body"}


def test_what_was_guessed_is_told_once_in_one_line() -> None:
    notes: list[str] = []
    read("jsonl", b"no\n" + jsonl({"body": TEXT, "title": "x\n"}, {"text": TEXT}), notes=notes)
    assert notes == ['a: text from "body", headline from "title"; not found: outlet, published, url, story, id']
    notes.clear()
    read("csv", b"body,id\nx,1\ny,2\n", notes=notes)
    assert notes == ['a: text from "body", id from "id"; not found: headline, outlet, published, url, story']


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_is_not_there_fails_a_table_once_and_names_those_there_are(kind: Kind) -> None:
    table = {"body": ["x", "y"], "title": ["1", "2"]}
    raw = b"body,title\nx,1\ny,2\n" if kind == "csv" else parquet(pa.table(table))
    assert read(kind, raw, Columns(story="event")) == [
        ("a", "a: no column is named “event”; there are “body”, “title” (--story names the column of the story)")
    ]
    assert read(kind, raw.replace(b"body", b"blob")) == [
        ("a", "a: no column is known to hold the text; there are “blob”, “title” (name it with --text)")
    ]


def test_a_name_that_is_not_there_fails_a_json_line_by_itself() -> None:
    found = read("jsonl", jsonl({"body": TEXT, "event": None}, {"body": TEXT}, {"event": 1}), Columns(story="event"))
    assert [isinstance(v, Version) for _, v in found] == [True, False, False]
    assert "no column is named “event”; there are “body”" in str(found[1])
    assert "no column is known to hold the text" in str(found[2])


def test_a_name_with_dots_leads_into_objects_unless_a_name_has_dots() -> None:
    row = {"meta": {"deep": {"t": TEXT}}, "a.b": "X", "a": {"b": "Y"}, "text": "no"}
    version = one("jsonl", jsonl(row), Columns(text="meta.deep.t", outlet="a.b"))
    assert (version.text, version.outlet) == (TEXT, "X")


# ── a row as a version ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_gives_all_that_is_known_of_an_article() -> None:
    row = {
        "b": TEXT,
        "h": " A  fire\n",
        "o": {"name": "The Example"},
        "d": "2024-08-20",
        "u": ["u1", "u2"],
        "s": 7,
        "i": 3,
    }
    version = row_version(row, Columns("b", "h", "o", "d", "u", "s", "i"), "f/a.jsonl:17")
    assert version == Version(TEXT, "3", "The Example", "A fire", "The Example", "2024-08-20", "u1", "7")


@pytest.mark.parametrize(
    ("row", "ident"), [({"id": "x"}, "x"), ({"id": 17.0}, "17"), ({"url": "http://u"}, "http://u"), ({}, "a.jsonl:17")]
)
def test_the_id_is_that_of_the_row_else_its_url_else_its_place(row: dict[str, object], ident: str) -> None:
    version = row_version({"text": TEXT, **row}, Columns(text="text", id="id", url="url"), "x.zip!f/a.jsonl:17")
    assert (version.id, version.label) == (ident, ident)


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ("20 August", "20 August"),
        (20240820, "2024-08-20"),
        ("20240820153000", "2024-08-20T15:30:00"),
        (1724164200, "2024-08-20T14:30:00+00:00"),
        ("1724164200000", "2024-08-20T14:30:00+00:00"),
        (1724164200.5, "2024-08-20T14:30:00.500000+00:00"),
        (2024, "2024"),
        (dt.date(2024, 8, 20), "2024-08-20"),
        (dt.datetime(2024, 8, 20, 14, 30), "2024-08-20T14:30:00"),  # noqa: DTZ001  # as a table without zones has it
        (float("nan"), None),
        (10**18, "2001-09-09T01:46:40+00:00"),
        (99999999, "99999999"),
        (True, None),
        ([], None),
    ],
)
def test_a_moment_is_told_in_iso_8601_or_in_the_words_given(given_: object, told: str | None) -> None:
    assert row_version({"t": TEXT, "p": given_}, Columns(text="t", published="p"), "a:1").published == told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "the text is empty"),
        (" \n\0", "the text is empty"),
        (float("nan"), "the text is empty"),
        (3, "the text in “text” is a number"),
        ([TEXT], "the text in “text” is a list"),
        ({"a": 1}, "the text in “text” is an object"),
        ("x" * (MAX_CHARS + 1), "longer than an article"),
    ],
)
def test_what_is_no_text_is_refused_with_its_kind(text: object, reason: str) -> None:
    with pytest.raises(InputError, match=f"^a:1: .*{reason}"):
        row_version({"text": text}, Columns(text="text"), "a:1")


def test_nul_and_lone_surrogates_are_replaced_one_for_one_and_flagged() -> None:
    version = one("jsonl", b'{"text": "a\\ud800b\\u0000c \\ud83d\\ude00", "title": "\\udfff"}')
    assert (version.text, version.headline) == ("a\ufffdb\ufffdc \U0001f600", "\ufffd")
    assert version.flags == ("2 characters that are none were replaced by \ufffd",)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip))
def test_the_text_is_not_modified(text: str) -> None:
    text += "."
    if not text.lstrip("\ufeff \t\r\n").lower().startswith(("<html", "<!doctype")):
        assert texts("jsonl", jsonl({"text": text})) == [text]


def test_metadata_is_cut_and_is_never_a_reason_to_fail() -> None:
    row: dict[str, object] = {
        "text": TEXT,
        "title": "x " * 10**6,
        "source": [[{"name": [1]}]],
        "url": {"a": 1},
        "date": False,
    }
    version = one("jsonl", jsonl(row))
    assert (len(version.headline or ""), version.outlet, version.url, version.published) == (2_000, "1", None, None)


def test_a_page_in_a_text_column_is_read_as_a_page_and_its_row_knows_better() -> None:
    body = "".join(
        f"<p>{TEXT} The mayor said on day {n} that the café would be rebuilt by the river.</p>" for n in range(9)
    )
    page = f"<!DOCTYPE html><html><head><title>Fire</title></head><body><article>{body}</article></body></html>"
    version = one("jsonl", jsonl({"text": page, "outlet": "The Example", "id": "é1"}))
    assert TEXT in version.text
    assert "café" in version.text
    assert "<p>" not in version.text
    assert (version.id, version.label, version.outlet) == ("é1", "The Example", "The Example")


# ── JSON Lines ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=400))
@example(b"[" * 100_000)
@example(b'[{"text": "x"}, ')
@example(b"{\n}\n}}\n]\\")
@example(b"\xff\xfe{\x00\xd8")
@example(b'a,"b\n')
def test_no_bytes_make_any_format_raise(raw: bytes) -> None:
    for kind in ("jsonl", "csv", "tsv", "parquet"):
        read(kind, raw)


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\0" not in line and b"\n" not in line), max_size=8))
def test_every_line_of_any_bytes_that_is_not_blank_is_one_record_at_its_place(tail: list[bytes]) -> None:
    found = read("jsonl", b"\n".join([b"{}", *tail]))
    lines = enumerate([b"{}", *tail], start=1)
    assert [place for place, _ in found] == [f"a:{number}" for number, line in lines if line.strip(b" \t\r\n")]


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_marks_line_ends_and_blank_lines_are_no_part_of_json_lines(mark: bytes, end: bytes) -> None:
    raw = mark + end.join([b'{"text": "x"}', b"", b"  ", b'{"text": "y", "text": "z", "n": NaN}'])
    assert [(place, v.text) for place, v in read("jsonl", raw) if isinstance(v, Version)] == [
        ("a:1", "x"),
        ("a:4", "z"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "x" "y"}', "this is not JSON at column 14 (Expecting ',' delimiter), near “"),
        (b"nothing", "this is not JSON at column 1 (Expecting value), near “nothing”"),
        (b"[1]", "this is a list, not an object"),
        (b'"x"', "this is text, not an object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "no JSON that can be read"),
        (b'{"text": "' + b"x" * 17_000_000, "longer than an article"),
        (b'{"text": "' + b"\x01\xff" * 50 + b'"}', "this is binary data"),
    ],
)
def test_a_line_that_is_no_object_says_why_and_the_next_is_read(line: bytes, reason: str) -> None:
    first, (place, error), (_, last) = read("jsonl", b'{"text": "x"}\n' + line + b'\n{"text": "y"}')
    assert isinstance(first[1], Version)
    assert isinstance(last, Version)
    assert place == "a:2"
    assert reason in str(error)
    assert str(error).startswith("a:2: ")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
def test_another_encoding_is_decided_once_for_a_file(encoding: str) -> None:
    text = "The café’s owner said “no” — it cost the town £5 million, and that was all there was to it."
    line = f'{{"text": "{text}"}}\n' * 3
    assert texts("jsonl", line.encode(encoding)) == [text] * 3
    assert texts("csv", f'"text","n"\n"{text}","1"\n'.encode(encoding)) == [text]
    flags = {f for _, v in read("jsonl", line.encode(encoding)) if isinstance(v, Version) for f in v.flags}
    assert flags == (set() if encoding == "utf-16" else {f"encoding guessed: {encoding}"})


def test_stray_bytes_in_a_line_are_flagged_in_that_article_only() -> None:
    line = json.dumps({"text": "Ärger über Öl " * 20}, ensure_ascii=False).encode()
    good, bad = (one_[1] for one_ in read("jsonl", line + b"\n" + line.replace(b"\xc3\xbc", b"\xc3", 1)))
    assert isinstance(good, Version)
    assert isinstance(bad, Version)
    assert (good.flags, len(bad.flags)) == ((), 1)


def test_a_packed_file_without_its_ending_is_one_failed_record() -> None:
    for raw in (b"\x1f\x8b\x08" + bytes(range(256)), parquet(pa.table({"text": ["x"]}))):
        ((place, error),) = read("jsonl", raw)
        assert place == "a"
        assert "not lines of text" in str(error)


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.lists(st.integers()), max_size=3)))
def test_a_json_array_has_the_records_of_its_objects_however_it_is_laid_out(rows: list[dict[str, object]]) -> None:
    rows = [{"text": f"x{n}", "o": row} for n, row in enumerate(rows)]
    for indent, ascii_ in itertools.product((None, 2), (True, False)):
        raw = json.dumps(rows, indent=indent, ensure_ascii=ascii_).encode("utf-8", "replace")
        assert texts("jsonl", raw) == [row["text"] for row in rows]
    if rows:
        laid_out = "\n".join(json.dumps(row, indent=2) for row in rows)
        assert texts("jsonl", laid_out.encode()) == [row["text"] for row in rows]


def test_what_is_wrong_in_a_json_array_fails_by_itself_and_has_its_line() -> None:
    raw = b'[\n{"text": "x"},\n{"text": },\n3, {"text": "}]\\"y"}\n,{"text":\n "z"}\n] junk'
    found = [(place, v.text if isinstance(v, Version) else "bad") for place, v in read("jsonl", raw)]
    assert found == [("a:2", "x"), ("a:3", "bad"), ("a:4", "bad"), ("a:4", '}]"y'), ("a:5", "z"), ("a:7", "bad")]


def test_a_json_array_that_is_not_closed_says_so_at_its_end() -> None:
    assert texts("jsonl", b'[{"text": "x"}, {"te') == [
        "x",
        "a:1: the line is cut off here",
        "a: the array is not closed: the file is cut off here",
    ]


# ── CSV, TSV ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), min_size=1))
def test_what_csv_wrote_is_read_as_it_was(cells: list[str]) -> None:
    import csv

    sink = io.StringIO()
    writer = csv.writer(sink, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows([n, f"x{cell}."] for n, cell in enumerate(cells))
    assert texts("csv", sink.getvalue().encode()) == [f"x{cell}." for cell in cells]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_header_and_the_rows(separator: str) -> None:
    rows = [["id", "title", "body"], ["1", "A, b; c", f"{TEXT}; so | it, is"], ["2", "", TEXT]]
    raw = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows).encode()
    assert texts("csv", raw) == [rows[1][2], TEXT]


def test_a_row_stands_at_the_line_where_it_starts() -> None:
    raw = b'id,text\r\n\r\n1,"one\r\ntwo\r\n"\r\n2,x\r\n'
    assert [(p, v.text) for p, v in read("csv", raw) if isinstance(v, Version)] == [
        ("a:3", "one\r\ntwo\r\n"),
        ("a:6", "x"),
    ]


def test_old_line_ends_separate_rows_too() -> None:
    assert texts("csv", b"id,text\r1,x\r2,y\r") == ["x", "y"]


def test_a_row_without_its_text_fails_and_an_uneven_one_is_flagged() -> None:
    found = [v for _, v in read("csv", b"id,text,title\n1\n2,x\n3,y,t,more,and more\n4,z,t\n")]
    assert found[0] == "a:2: the row has 1 cells, the header 3: no text"
    flags = [v.flags for v in found[1:] if isinstance(v, Version)]
    assert flags == [("the row has 2 cells, the header 3",), ("the row has 5 cells, the header 3",), ()]


def test_a_name_that_stands_twice_means_its_first_column_and_is_flagged() -> None:
    version = one("csv", b"text,text,id\nx,y,1\n")
    assert (version.text, version.flags) == ("x", ("two columns are named “text”: the first is read",))


def test_a_quotation_mark_that_is_not_closed_fails_its_row_with_its_lines() -> None:
    *good, (place, error) = read("csv", b'id,text\n1,x\n2,"y\n3,z\n4,z\n')
    assert len(good) == 1
    assert (place, str(error)) == (
        "a:3",
        "a:3: a quotation mark opens a cell here and none closes it: all to line 5 was taken for one row",
    )


def test_a_quotation_mark_in_a_wrong_place_fails_its_row_rather_than_change_the_text() -> None:
    assert [v[:5] for v in texts("csv", b'id,text\n1,"No," he said\n2,He said "no"\n3,x\n')] == ["a:2: ", "He sa", "x"]


def test_the_lines_of_an_article_with_wrong_quotation_marks_are_not_taken_for_articles() -> None:
    raw = b'id,text,title\n1,"He said "no"\nYesterday, he said yes.\n2,x,\n3,y\n'
    first, second, third, last = texts("csv", raw)
    assert first.startswith("a:2: the row cannot be told into cells")
    assert second == "a:3: this may be the rest of the row at line 2"
    assert (third, last) == ("x", "y")


def test_tabs_separate_cells_whose_quotation_marks_are_just_words() -> None:
    assert texts("tsv", b'id\ttext\n1\t"No," he said.\n2\t"Yes\n') == ['"No," he said.', '"Yes']
    assert texts("tsv", b'id\ttext\n1\t"a ""tab""\tin it"\n') == ['a "tab"\tin it']


@pytest.mark.parametrize(
    "cell", [b"x" * (2 * MAX_CHARS + 1), b'"' + b"x\n" * (MAX_CHARS + 9) + b'x"', b"x" * 17_000_000]
)
def test_a_cell_longer_than_an_article_fails_and_reading_goes_on(cell: bytes) -> None:
    first, *_, last = texts("csv", b"id,text\n1," + cell + b"\n2,y\n")
    assert "a:2: this is longer than an article" in first
    assert last == "y"


def test_a_table_of_nothing_has_no_records_and_one_without_names_says_so() -> None:
    assert read("csv", b"") == read("csv", b"\n\n") == read("csv", b"id,text\n") == []
    assert texts("csv", b",,\nx,y,z\n") == [
        "a: no column is known to hold the text; there is none (name it with --text)"
    ]


# ── Parquet ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_parquet_file_gives_its_rows_with_their_numbers() -> None:
    when = dt.datetime(2024, 8, 20, 14, 30, tzinfo=dt.UTC)
    table = pa.table(
        {
            "text": pa.array([TEXT, None, "z"]).dictionary_encode(),
            "id": [1, 2, 3],
            "date": pa.array([when] * 3, pa.timestamp("ns", "Europe/Lisbon")),
            "source": [{"name": "The Example", "id": "e"}] * 3,
            "meta": [{"title": "Fire"}] * 3,
            "title": pa.array([b"A fire"] * 3, pa.binary()),
        }
    )
    found = read("parquet", parquet(table, row_group_size=2), Columns(story="meta.title", outlet="source.name"))
    assert [place for place, _ in found] == ["a:1", "a:2", "a:3"]
    assert found[1][1] == "a:2: the text is empty"
    assert found[0][1] == Version(
        TEXT, "1", "The Example", "A fire", "The Example", "2024-08-20T14:30:00+00:00", story="Fire"
    )


def test_a_parquet_stream_that_cannot_go_back_is_read_all_the_same() -> None:
    class Forward(io.BytesIO):
        def seekable(self) -> bool:
            return False

    raw = parquet(pa.table({"text": [f"x{n}" for n in range(200)]}))
    found = [record.load().text for record in records("parquet", Forward(raw), "a")]
    assert found == [f"x{n}" for n in range(200)]


def test_a_damaged_row_group_is_one_failed_record_and_the_next_group_is_read() -> None:
    words = [f"{TEXT} {n} {n * n}" for n in range(300)]
    table = pa.table({"text": words, "id": range(300)})
    raw = bytearray(parquet(table, row_group_size=100, compression="gzip", use_dictionary=False))
    at = pq.ParquetFile(io.BytesIO(bytes(raw))).metadata.row_group(1).column(0).data_page_offset
    raw[at + 60 : at + 200] = bytes(140)
    found = texts("parquet", bytes(raw))
    assert found[:100] == words[:100]
    assert found[-100:] == words[200:]
    assert "rows 101 to 200 cannot be read" in found[100]


def test_a_parquet_file_that_is_none_says_so() -> None:
    whole = parquet(pa.table({"text": ["x"]}))
    for raw in (b"", b"PAR1", whole[:-20], b"x" * 100):
        ((place, error),) = read("parquet", raw)
        assert place == "a"
        assert str(error).startswith("a: this is no Parquet file that can be read: ")


def test_without_pyarrow_the_first_record_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    found = records("parquet", io.BytesIO(), "a")
    with pytest.raises(InputError, match=r"pip install 'retold\[parquet\]'"):
        next(found)


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Endless(io.RawIOBase):
    """A stream made as it is read, without anything of it kept."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts: Iterator[bytes] = iter(parts)

    def read(self, _size: int = -1, /) -> bytes:
        """The next part, whatever was asked for."""
        return next(self._parts, b"")


@pytest.mark.parametrize(
    ("kind", "head", "part"),
    [
        ("jsonl", b"{}\n", b'{"text": "a short one"}\n' * 1_000),
        ("jsonl", b'{"text": "', b"x" * 60_000),
        ("jsonl", b'[{"text": "', b"x" * 60_000),
        ("jsonl", b"[", b'{"text": "a short one"},' * 1_000),
        ("csv", b"id,text\n", b"1,a short one\n" * 1_000),
        ("csv", b'id,text\n1,"', (b"x" * 999 + b"\n") * 60),
        ("csv", b"id,text\n1,x", (b',"' + b"x" * 995 + b'\n"') * 60),
    ],
)
def test_memory_does_not_grow_with_the_file(kind: Kind, head: bytes, part: bytes) -> None:
    def peak(times: int) -> int:
        tracemalloc.start()
        for _ in records(kind, Endless(itertools.chain([head], itertools.repeat(part, times))), "a"):  # type: ignore[arg-type]
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    count = 300 if b"x" * 99 in part else 20  # more than the longest line, or many rows
    peak(1)
    assert peak(count * 2) < peak(count) * 1.1 + 200_000


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_stream_that_breaks_gives_its_whole_lines_then_the_broken_one_then_the_reason(kind: Kind) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"text": "x"}\n{"text": "y"}\n{"te' if kind == "jsonl" else b"id,text\n1,x\n2,y\n3,z"
        raise OSError("the disk is gone")

    drawn = map(loaded, records(kind, Endless(parts()), "a"))  # type: ignore[arg-type]
    found = [v.text if isinstance(v, Version) else v for v in drawn]
    cut = "a:3: the line is cut off here" if kind == "jsonl" else "a:4: the row is cut off here"
    assert found == ["x", "y", cut, "a: this cannot be read further: the disk is gone"]
