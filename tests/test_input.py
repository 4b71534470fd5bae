"""Input: what is taken as an article, unmodified, and what is refused with a reason."""

from __future__ import annotations

import codecs
import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarize import library
from summarize.archive.decoding import decode
from summarize.archive.files import MAX_CHARS, open_version
from summarize.errors import InputError
from summarize.evidence import whole
from summarize.news import Version, lay_out

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH = "The café’s owner said “no” — it cost the town £5 million, and that was all there was to it.\n"


def opened(folder: Path, raw: bytes, name: str = "a.txt") -> Version:
    """The version in a file of these bytes."""
    (folder / name).write_bytes(raw)
    return open_version(folder / name)


def refused(folder: Path, raw: bytes, name: str = "a.txt") -> str:
    """The one line that says why a file of these bytes is no article, with the file's name in it."""
    with pytest.raises(InputError) as error:
        opened(folder, raw, name)
    line = str(error.value)
    assert name in line
    assert len(line.splitlines()) == 1
    return line


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(str.strip))
def test_utf8_is_read_letter_by_letter(text: str) -> None:
    raw = text.encode()
    if not raw.startswith(b"%PDF"):
        assert decode(raw, "x").text == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(tmp_path: Path, encoding: str, mark: bytes) -> None:
    version = opened(tmp_path, mark + ENGLISH.encode(encoding))
    assert (version.text, version.flags) == (ENGLISH, ())
    first = lay_out(version).sentences[0]
    assert (first.start, whole(lay_out(version), first).exact[:3]) == (0, "The")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_another_encoding_without_a_mark_is_guessed_right_and_flagged(tmp_path: Path, encoding: str) -> None:
    version = opened(tmp_path, ENGLISH.encode(encoding))
    assert version.text == ENGLISH
    assert version.flags == (f"encoding guessed: {encoding}",)


def test_an_article_in_another_alphabet_is_guessed_right(tmp_path: Path) -> None:
    text = "Мэр города сказал во вторник, что двое мужчин погибли в пожаре на складе у реки."
    assert opened(tmp_path, text.encode("cp1251")).text == text


def test_stray_bytes_in_utf8_stay_visible_and_are_flagged(tmp_path: Path) -> None:
    version = opened(tmp_path, (ENGLISH * 5).encode() + b"\xe2\x80 end\n")
    assert version.text == ENGLISH * 5 + "\ufffd end\n"
    assert "not quite UTF-8: 1" in version.flags[0]


def test_a_real_article_in_cp1252_keeps_every_letter(tmp_path: Path, story_files: tuple[Path, Path]) -> None:
    for path in story_files:
        text = path.read_text("utf-8").replace("two weeks", "two weeks (£5)")
        version = opened(tmp_path, text.encode("cp1252"))
        assert version.text == text
        assert version.flags == ("encoding guessed: cp1252",)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        ("\u00a0\u2028 \n".encode(), "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE + "\n ".encode("utf-16-le"), "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a PNG"),
        (b"%PDF-1.7\nhello", "a PDF"),
        (b"PK\x03\x04 word/document.xml", "DOCX"),
        (b"{\\rtf1 hello}", "an RTF"),
        (hashlib.shake_128(b"noise").digest(5_000), "binary"),
        (b"Two men died.\x00\x01\x02", "binary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_text_is_refused_by_what_it_is(tmp_path: Path, raw: bytes, says: str) -> None:
    assert says in refused(tmp_path, raw)


@pytest.mark.parametrize("name", ["nosuch.txt", "nosuch/a.txt", "a\x00b.txt", "x" * 5_000, ""])
def test_a_path_that_leads_to_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        open_version(tmp_path / name)


def test_a_folder_is_refused_as_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        open_version(tmp_path)


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="longer than an article"):
        open_version(path)


@pytest.mark.parametrize("unit", ["a", "é", "漢"])
def test_the_longest_article_is_counted_in_characters_not_bytes(tmp_path: Path, unit: str) -> None:
    assert len(opened(tmp_path, (unit * MAX_CHARS).encode()).text) == MAX_CHARS
    assert "longer" in refused(tmp_path, (unit * (MAX_CHARS + 1)).encode())


def test_line_ends_are_kept_and_offsets_count_them(tmp_path: Path) -> None:
    raw = b"Two die\r\n\r\nTwo men died.\r\nIt is sad.\r\n"
    article = lay_out(opened(tmp_path, raw))
    assert article.version.text == raw.decode()
    told = [(s.start, article.exact(s.span)) for s in article.sentences]
    assert told == [(0, "Two die"), (11, "Two men died."), (26, "It is sad.")]


def test_right_to_left_text_and_emoji_are_cut_at_code_points(tmp_path: Path) -> None:
    text = "رجلان ماتا في الحريق. ماذا حدث؟ لا أحد يعرف 🔥.\n👩‍👩‍👧 Two 🔥 died. “Yes 🙂,” she said.\n"
    article = lay_out(opened(tmp_path, text.encode()))
    cut = [article.exact(s.span) for s in article.sentences]
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert "ماذا حدث؟" in cut
    assert "“Yes 🙂,” she said." in cut
    assert any("hardly any English" in flag for flag in article.flags)


def test_a_text_that_turns_its_letters_round_is_flagged() -> None:
    assert any("direction" in flag for flag in lay_out(Version("He paid \u202e001\u202c pounds to the men.")).flags)


def test_one_version_is_not_enough_to_compare(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two versions"):
        library.compare([opened(tmp_path, b"Two men died.")])


def test_one_file_given_twice_is_compared_flagged_and_has_no_difference(story_files: tuple[Path, Path]) -> None:
    found = library.compare([story_files[0], story_files[0]])
    assert found.differences == ()
    assert len(found.shared) == len(found.rows) > 0
    assert len({a.version.id for a in found.story.articles}) == 2
    assert all("the same text as another version given" in a.flags for a in found.story.articles)
