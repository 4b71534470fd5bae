"""Results as tables: what stands in the rows, and that every form of file gives it back, whole or not at all."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import stories
from hypothesis import given
from hypothesis import strategies as st

from summarize import Version, compare
from summarize.comparison.model import Comparison
from summarize.engines.recorded import Recorded, recording
from summarize.errors import LedgerError, SettingsError
from summarize.evidence import whole
from summarize.news import lay_out
from summarize.reading import Claim, Reading, Tone
from summarize.tables import documented, rows, writers
from summarize.tables.columns import RESULTS, TABLES, Row
from summarize.tables.writers import Form, TextForm, guarded, lines, unguarded, write

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "fixtures" / "stories" / "dmz-defection"
FORMS: tuple[Form, ...] = ("jsonl", "csv", "parquet")
KINDS: dict[str, type | tuple[type, ...]] = {"text": str, "integer": int, "real": float}
VOICE: Row = ("a", "s", None, "Ana Ruiz", 1, "official", "quoted", 0.25, "1 3", 4, 9, "“It, too,”\nshe … said")
FORMULAS = ("=1+1", "+1-1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\ufeff=1", "\u200b@x",
            "＝1", "＋1", "－1+2", "＠x", "\0=1", "- a list", "=cmd|'/c calc'!A0", "+",
            "'=1", "''=1", "' =1")  # fmt: skip
HARMLESS = (
    "",
    "-5",
    "+5",
    "-1.5e3",
    "words",
    "‘I was wrong’",
    "'I was wrong', he said",
    "1 = 1",
    "a@b",
    "'",
    "''",
    "—x",
)
TEXTS = st.text(st.one_of(st.sampled_from("'=+-@＝＠ \t\r\n\0\ufeff\u200b\",;\u2028\x85\ud83d15.e…"), st.characters()))


@pytest.fixture(scope="module", params=["lexicon", "recorded", "revisions", "copies"])
def found(request: pytest.FixtureRequest) -> Comparison:
    """Comparisons of several kinds, real ones and one of made-up articles."""
    files = STORY / "long.txt", STORY / "short.txt"
    if request.param == "recorded":
        return compare(*files, engine=Recorded(recording(STORY / "recording.jsonl")))
    if request.param == "lexicon":
        return compare(*files)
    return compare(*(stories.revisions() if request.param == "revisions" else stories.copies()))


def named(table: str, row: Row) -> dict[str, Any]:
    return dict(zip((c.name for c in TABLES[table]), row, strict=True))


def each(table: str, found: Iterable[Row]) -> list[dict[str, Any]]:
    return [named(table, row) for row in found]


def test_every_row_has_a_value_of_the_declared_kind_or_none_for_each_column(found: Comparison) -> None:
    made = rows.of_comparison(found, "s1")
    assert set(made) == set(RESULTS)
    for table, several in made.items():
        for row in several:
            assert len(row) == len(TABLES[table]), table
            for column, value in zip(TABLES[table], row, strict=True):
                assert value is None or type(value) is KINDS[column.kind], (table, column.name, value)
            assert named(table, row)["story"] == "s1"


def test_a_finding_is_one_row_and_none_is_lost(found: Comparison) -> None:
    made = rows.of_comparison(found, "s1")
    many = {table: len(several) for table, several in made.items()}
    readings = found.readings.values()
    assert many["readings"] == len(found.story.articles)
    assert many["claims"] == sum(len(r.claims) for r in readings)
    assert many["wording"] == sum(len(r.wording) for r in readings)
    assert many["framing"] == sum(len(r.frames) + len(r.functions) for r in readings)
    assert many["portrayal"] == sum(len(r.portrayal) for r in readings)
    assert many["voices"] == sum(len(r.voices) for r in readings)
    assert many["positions"] == sum(len(row.positions) for row in found.rows)
    assert many["differences"] == sum(len({*d.versions, *d.lacking}) for d in found.differences) > 0


def test_words_of_one_sentence_are_the_text_from_start_to_end(found: Comparison) -> None:
    texts = {a.version.id: a.version.text for a in found.story.articles}
    single = 0
    for table, several in rows.of_comparison(found, "s1").items():
        for row in each(table, several):
            if row.get("words") is None:
                assert {row.get(name) for name in ("sentences", "start", "end")} == {None}
                continue
            assert texts[row["article"]].startswith(row["words"].split(" … ")[0], row["start"])
            if " … " not in row["words"]:
                single += 1
                assert texts[row["article"]][row["start"] : row["end"]] == row["words"]
    assert single


def test_a_version_without_words_for_a_claim_has_no_voice_either(found: Comparison) -> None:
    silent = [p for p in each("positions", rows.of_comparison(found, "s1")["positions"]) if p["words"] is None]
    assert {p["status"] for p in silent} <= {"silent", "not found"}
    assert not [p for p in silent if p["voice"] or p["speaker"] or p["certainty"]]


def test_each_side_of_a_difference_says_where_it_stands(found: Comparison) -> None:
    told = {d.id: d for d in found.differences}
    for row in each("differences", rows.of_comparison(found, "s1")["differences"]):
        difference = told[row["difference"]]
        assert row["direction"] == difference.direction.get(row["article"])
        assert [e.exact for e in difference.evidence.get(row["article"], ())] == (
            [] if row["words"] is None else row["words"].split(" … ")
        )
        assert (row["claims"] or "").split() == list(difference.claims)


def test_a_comparison_has_the_rows_of_its_readings_and_gives_the_same_twice(found: Comparison) -> None:
    made = rows.of_comparison(found, "s1")
    weak = "tone" in found.abstains
    one_by_one = [rows.of_reading(a, found.readings[a.version.id], story="s1", weak=weak) for a in found.story.articles]
    for table in one_by_one[0]:
        assert made[table] == [row for of_one in one_by_one for row in of_one[table]]
    assert rows.of_comparison(found, "s1") == made


def test_several_sentences_are_numbered_and_joined_and_the_place_is_that_of_the_first() -> None:
    article = lay_out(Version("It rained in Lowick. Nobody came. The ferry sank.", outlet="The Post"))
    proof = tuple(whole(article, article.sentences[i]) for i in (0, 2))
    claim = Claim("It rained, and the ferry sank.", "event", "author", None, "asserted", proof)
    (row,) = each("claims", rows.of_reading(article, Reading("x", claims=(claim,)), story="", weak=True)["claims"])
    assert (row["sentences"], row["start"], row["end"]) == ("1 3", 0, 20)
    assert row["words"] == "It rained in Lowick. … The ferry sank."
    assert (row["claim"], row["story"], row["outlet"], row["speaker"]) == (1, "", "The Post", None)


@pytest.mark.parametrize(("weak", "told"), [(True, "weak"), (False, "unmeasured")])
def test_a_tone_that_was_not_read_is_no_number_and_has_no_reliability(weak: bool, told: str) -> None:  # noqa: FBT001
    article = lay_out(Version("It rained in Lowick."))
    tone = Tone(-1, 2, (whole(article, article.sentences[0]),))
    (none,) = each("readings", rows.of_reading(article, Reading("x"), story="", weak=weak)["readings"])
    read = Reading("x", tone={"author": tone, "quoted": None})
    (some,) = each("readings", rows.of_reading(article, read, story="", weak=weak)["readings"])
    assert (none["tone_author"], none["intensity_author"], none["reliability"]) == (None, None, None)
    assert (some["tone_author"], some["intensity_author"], some["reliability"]) == (-1, 2, told)
    assert (some["tone_headline"], some["tone_quoted"], some["frame"], some["summary"]) == (None,) * 4
    assert (some["read_words"], some["grounded"], some["ungrounded"]) == (4, 1, 0)


def plain(text: str) -> str:
    """What is left of a text where half characters cannot be."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def voices(*texts: str) -> list[Row]:
    """Rows with these as speaker and as words."""
    return [(*VOICE[:3], text, *VOICE[4:-1], text) for text in texts]


def _lines(text: str) -> Iterator[str]:
    """The lines as a file opened with newline="" has them."""
    return iter(re.findall(r"[^\n]*\n", text))


@given(st.lists(TEXTS, max_size=4))
def test_json_lines_give_back_every_row_and_have_a_line_for_each(texts: list[str]) -> None:
    whole_text = "".join(lines("voices", voices(*texts), "jsonl"))
    assert len(whole_text.splitlines()) == len(texts)
    names = [c.name for c in TABLES["voices"]]
    for line, row in zip(whole_text.splitlines(), voices(*map(plain, texts)), strict=True):
        assert list(json.loads(line).items()) == list(zip(names, row, strict=True))


@given(st.lists(TEXTS, max_size=4))
def test_csv_gives_back_every_text_where_marks_are_taken_off(texts: list[str]) -> None:
    header, *read = list(csv.reader(_lines("".join(lines("voices", voices(*texts), "csv"))), strict=True))
    assert header == [c.name for c in TABLES["voices"]]
    for cells, text in zip(read, texts, strict=True):
        assert [unguarded(cells[3]), unguarded(cells[-1])] == [plain(text).replace("\0", "\ufffd")] * 2
        assert cells[2] == ""
        assert cells[4:11] == ["1", "official", "quoted", "0.25", "1 3", "4", "9"]


@given(TEXTS)
def test_a_mark_is_taken_off_exactly_where_it_was_set(text: str) -> None:
    text = text.replace("\0", "\ufffd")
    assert unguarded(guarded(text)) == text
    assert guarded(text) in {text, f"'{text}"}


@given(TEXTS)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = guarded(text)
    seen = cell.lstrip(" \t\r\n\x0b\x0c\u00a0\ufeff\u200b\u2028\x85")
    if seen[:1] in set("=+-@＝＋－＠") or cell[:1] in set("\t\r\n"):
        assert math.isfinite(float(cell))
        assert cell.isascii()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_is_marked(text: str) -> None:
    assert guarded(text) == "'" + text.replace("\0", "\ufffd")


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_in_csv_an_empty_text_is_told_from_what_is_not_known() -> None:
    last = list(lines("records", [(1, "", "ok", None, "a")], "csv"))[-1]
    assert last == '1,"",ok,,a\n'


def test_numbers_stay_numbers_in_csv() -> None:
    row = ("a", "s", None, "x", 1, "official", "quoted", -0.5, "1", -3, 4, "-7")
    assert list(lines("voices", [row], "csv"))[-1] == "a,s,,x,1,official,quoted,-0.5,1,-3,4,-7\n"


def test_what_is_no_finite_number_is_not_known() -> None:
    row = (*VOICE[:7], math.nan, *VOICE[8:])
    assert json.loads("".join(lines("voices", [row], "jsonl")))["share"] is None


def read_parquet(path: Path) -> Any:  # noqa: ANN401  # pyarrow has no types
    from pyarrow import parquet

    return parquet.ParquetFile(path)


def test_parquet_gives_back_every_row_with_kinds_and_descriptions(tmp_path: Path) -> None:
    wanted = voices(*FORMULAS, *HARMLESS, "half \ud83d")
    assert write("voices", wanted, tmp_path / "v.parquet", "parquet") == len(wanted)
    file = read_parquet(tmp_path / "v.parquet")
    read = file.read()
    assert [tuple(row.values()) for row in read.to_pylist()] == [*wanted[:-1], *voices("half \ufffd")]
    kinds = {"text": "string", "integer": "int64", "real": "double"}
    assert [(f.name, str(f.type)) for f in read.schema] == [(c.name, kinds[c.kind]) for c in TABLES["voices"]]
    assert [f.metadata[b"description"].decode() for f in read.schema] == [c.about for c in TABLES["voices"]]
    assert file.metadata.row_group(0).column(3).compression == "ZSTD"


def test_groups_of_rows_in_parquet_are_bounded_in_rows_and_in_words(tmp_path: Path) -> None:
    many = 2 * writers.GROUP_ROWS + 5
    write("voices", (VOICE for _ in range(many)), tmp_path / "rows.parquet", "parquet")
    write("voices", voices(*["x" * (writers.GROUP_CHARS // 4)] * 6), tmp_path / "words.parquet", "parquet")
    for name, groups in (("rows", [writers.GROUP_ROWS, writers.GROUP_ROWS, 5]), ("words", [2, 2, 2])):
        found = read_parquet(tmp_path / f"{name}.parquet").metadata
        assert [found.row_group(i).num_rows for i in range(found.num_row_groups)] == groups


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows_is_a_file_with_its_columns(tmp_path: Path, table: str, form: Form) -> None:
    path = tmp_path / f"t.{form}"
    assert write(table, [], path, form) == 0
    names = [c.name for c in TABLES[table]]
    if form == "parquet":
        assert read_parquet(path).read().schema.names == names
    else:
        assert path.read_text("utf-8") == (",".join(names) + "\n" if form == "csv" else "")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_make_the_same_bytes(tmp_path: Path, form: Form) -> None:
    paths = tmp_path / "one", tmp_path / "two"
    for path in paths:
        write("voices", voices(*FORMULAS), path, form)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def broken() -> Iterator[Row]:
    """Rows of a ledger that turns out to be damaged."""
    yield VOICE
    raise LedgerError("the file is damaged")


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_fail_on_the_way_leave_what_was_there(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "kept"
    path.write_text("kept", "utf-8")
    with pytest.raises(LedgerError, match="damaged"):
        write("voices", broken(), path, form)
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
    assert path.read_text("utf-8") == "kept"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("row", [VOICE[:-1], (*VOICE, 1), (1, *VOICE[1:]), (*VOICE[:4], "x", *VOICE[5:]),
                                 (*VOICE[:7], "0.5", *VOICE[8:]), (*VOICE[:4], 2**63, *VOICE[5:])])  # fmt: skip
def test_a_row_that_does_not_fit_its_table_is_named_and_nothing_is_written(
    tmp_path: Path, form: Form, row: Row
) -> None:
    with pytest.raises(LedgerError, match="row 2 of the table voices"):
        write("voices", [VOICE, row], tmp_path / "x", form)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux'")
@pytest.mark.parametrize("form", FORMS)
def test_a_full_device_is_an_error_that_says_so(form: Form) -> None:
    with pytest.raises(SettingsError, match=r"/dev/full: cannot write: .*is the disk full"):
        write("voices", voices(*["x" * 100_000] * 20), Path("/dev/full"), form)


_LIMITED = """
import resource, sys
from pathlib import Path
from summarize.errors import SettingsError
from summarize.tables.writers import write
if sys.argv[2] == "parquet": import pyarrow.parquet
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
rows = ((i, f"{i * i * 7919 % 999_983}-" * 20, "ok", None, None) for i in range(20_000))
try:
    write("records", rows, Path(sys.argv[1]), sys.argv[2])
except SettingsError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is POSIX'")
@pytest.mark.parametrize("form", FORMS)
def test_a_disk_with_too_little_room_leaves_no_half_file_and_what_was_there(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "kept"
    path.write_text("kept", "utf-8")
    command = [sys.executable, "-c", _LIMITED, str(path), form]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "cannot write" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
    assert path.read_text("utf-8") == "kept"


def test_a_place_that_cannot_be_written_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nosuch.*cannot write"):
        write("voices", [VOICE], tmp_path / "nosuch" / "x.csv", "csv")


def test_a_table_that_is_none_is_named_with_those_there_are() -> None:
    for form in FORMS:
        with pytest.raises(SettingsError, match=r"no table 'people'.*records, articles"):
            write("people", [], Path("x"), form)


def test_without_pyarrow_parquet_is_refused_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SettingsError, match=r"pip install 'retold\[parquet\]'"):
        write("voices", [VOICE], tmp_path / "x.parquet", "parquet")
    assert write("voices", [VOICE], tmp_path / "x.csv", "csv") == 1


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_memory_does_not_grow_with_the_rows_of_a_text_form(tmp_path: Path, form: TextForm) -> None:
    def peak(many: int) -> int:
        tracemalloc.start()
        write("voices", ((*VOICE[:-1], f"{i} " * 50) for i in range(many)), tmp_path / "x", form)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(20_000) < peak(1_000) + 100_000


def test_every_table_and_column_says_what_it_is() -> None:
    assert set(RESULTS) <= set(TABLES)
    page = documented.markdown()
    for table, columns in TABLES.items():
        section: Sequence[str] = page.split(f"\n## {table}\n")[1].split("\n## ")[0].splitlines()
        assert len({c.name for c in columns}) == len(columns)
        assert [line.split(" | ")[0] for line in section[-len(columns) :]] == [f"| `{c.name}`" for c in columns]
        assert all(c.about for c in columns)


def test_the_page_about_the_tables_is_current() -> None:
    command = [sys.executable, "-m", "summarize.tables.documented"]
    made = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout.decode()
    assert (ROOT / "docs" / "tables.md").read_text("utf-8") == made == documented.markdown(), " ".join(command[1:])
