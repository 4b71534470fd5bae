"""Front matter: metadata of Markdown files, read as text; never a reason to misread the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from summarize.archive.files import open_version
from summarize.errors import InputError
from summarize.news import Version, lay_out

if TYPE_CHECKING:
    from pathlib import Path

BODY = "\nTwo men died in Lisbon on Tuesday.\n"


def opened(folder: Path, text: str, name: str = "a.md") -> Version:
    """The version in a file of this text."""
    (folder / name).write_text(text, "utf-8", newline="")
    return open_version(folder / name)


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ('headline: "Fire: two die"', "Fire: two die"),
        ("headline: 'Fire: two die'", "Fire: two die"),
        ("title: Two die", "Two die"),
        ("HEADLINE: Two die", "Two die"),
        ("headline: “Two” die — again", "“Two” die — again"),
        ("headline: 2024-08-20", "2024-08-20"),
        ("headline: yes", "yes"),
    ],
)
def test_a_headline_is_read_as_text_however_it_is_quoted(tmp_path: Path, line: str, headline: str) -> None:
    article = lay_out(opened(tmp_path, f"---\n{line}\n---\n{BODY}"))
    first = article.sentences[0]
    assert article.headline == headline
    assert (first.role, article.exact(first.span)) == ("headline", headline)


def test_each_name_has_its_synonyms_and_other_keys_are_left_alone(tmp_path: Path) -> None:
    for outlet, date, url in (("outlet", "published", "url"), ("publisher", "date", "link"), ("source", "date", "url")):
        block = f"---\n{outlet}: The Example\n{date}: 2024-08-20\n{url}: https://example.org/x\ntags: [a, b]\n---\n"
        version = opened(tmp_path, block + BODY)
        assert (version.outlet, version.published, version.url) == (
            "The Example",
            "2024-08-20",
            "https://example.org/x",
        )
        assert version.headline is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_body_begins_behind_the_block_and_its_offsets_count_it(tmp_path: Path, newline: str) -> None:
    text = f"---\noutlet: X\n---\n{BODY}".replace("\n", newline)
    version = opened(tmp_path, text)
    assert version.text == text
    (sentence,) = lay_out(version).sentences
    assert sentence.start == text.index("Two men")


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("headline: Fire: two: die\n", 2),
        ("headline: ok\noutlet: [unclosed\n", 4),
        ("headline: ok\n\toutlet: x\n", 3),
        ('headline: "never closed\n', 3),
        ("a: *nosuch\n", 2),
    ],
)
def test_bad_yaml_is_refused_with_its_line(tmp_path: Path, block: str, line: int) -> None:
    with pytest.raises(InputError) as error:
        opened(tmp_path, f"---\n{block}---\n{BODY}")
    assert str(error.value).startswith(f"{tmp_path / 'a.md'}, line {line}: the front matter cannot be read")


@pytest.mark.parametrize(
    "block",
    [
        "headline: !!python/object/apply:os.getcwd []\n",
        "- a\n- b\n",
        "just words\n",
        "headline: [a, b]\n",
        "headline:\n",
        "",
    ],
)
def test_what_is_no_metadata_is_left_alone_and_nothing_is_evaluated(tmp_path: Path, block: str) -> None:
    version = opened(tmp_path, f"---\n{block}---\n{BODY}")
    assert version.headline is None
    assert len(lay_out(version).sentences) == 1


def test_a_bomb_of_aliases_or_nesting_does_no_harm(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert opened(tmp_path, f"---\n{bomb}headline: Two die\n---\n{BODY}").headline == "Two die"
    with pytest.raises(InputError, match="front matter"):
        opened(tmp_path, f"---\na: {'[' * 20_000}\n---\n{BODY}")


def test_a_block_that_is_never_closed_is_text(tmp_path: Path) -> None:
    version = opened(tmp_path, f"---\nheadline: Two die\n{BODY}")
    assert (version.headline, version.body_start) == (None, 0)


def test_a_text_file_has_no_front_matter(tmp_path: Path) -> None:
    assert opened(tmp_path, f"---\nheadline: Two die\n---\n{BODY}", "a.txt").headline is None


def test_front_matter_without_an_article_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text below the front matter"):
        opened(tmp_path, "---\nheadline: Two die\n---\n\n")
