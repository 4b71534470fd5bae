"""A server that answers with the embedded engine's own JSON leads to the same result, by library and command line."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from command import retold
from exchange import Answer, Asked, completion, error
from fault_server import FaultServer, Script, good

from summarize import library
from summarize.engines.lexicon import Lexicon
from summarize.engines.openai import OpenAI
from summarize.news import Version

if TYPE_CHECKING:
    from pathlib import Path

    from summarize.comparison.model import Comparison, Difference

KEY = "sk-very-secret-key-0123456789"
OUTLET = "The Daily Example"
TEXTS = (
    f"Two die in fire\n\n{OUTLET} reports that two men died in Lisbon on Tuesday. “It is over,” the mayor said.\n",
    "Three die in fire\n\nThree men died in Lisbon on Tuesday, police said. See https://example.org/fire now.\n",
)
GAPS = (  # a subhead's number is in no claim of the Lexicon's
    "Two die in fire\n\nTwo men died in Lisbon on Tuesday.\n\n12 dead in all\n\nThe mayor said it is over.\n",
    TEXTS[1],
)
MAY = Counter(gaps=2, again=2)  # what is asked of two versions only where there is reason to


def compare_over_http(versions: list[Version], *, unblind: bool = False) -> tuple[Comparison, list[Asked]]:
    """The comparison, and the requests it took: the server's model is the Lexicon."""
    with FaultServer() as server, closing(OpenAI("fake-1", server.base_url, KEY)) as engine:
        return library.compare(versions, engine=engine, unblind=unblind), server.asked


def versions() -> list[Version]:
    """Two made-up tellings of one story, the first with its outlet known."""
    return [Version(TEXTS[0], id="a", outlet=OUTLET), Version(TEXTS[1], id="b", outlet="Another Example")]


def sections(found: Comparison) -> list[list[str]]:
    """The sections of each request, in turn."""
    return [request["sections"] for request in cast("list[dict[str, list[str]]]", found.provenance["requests"])]


def told(found: Comparison) -> list[Difference]:
    """The differences that the Lexicon does not abstain from, without numbering."""
    return [replace(d, id="") for d in found.differences if d.kind not in Lexicon.abstains]


@pytest.mark.parametrize("story", ["fixture", "made up", "gaps"])
def test_the_way_over_http_changes_nothing(story_files: tuple[Path, Path], story: str) -> None:
    given = {
        "fixture": [Version(path.read_text("utf-8"), id=path.stem) for path in story_files],
        "made up": versions(),
        "gaps": [Version(text, id=name) for text, name in zip(GAPS, "ab", strict=True)],
    }[story]
    direct = library.compare(given)
    there, asked = compare_over_http(given)
    assert (there.story, there.readings, there.rows) == (direct.story, direct.readings, direct.rows)
    assert (there.anchors, there.uncovered, there.ungrounded) == (direct.anchors, direct.uncovered, direct.ungrounded)
    assert told(direct)
    assert told(there) == told(direct)
    steps = Counter(a.step for a in asked)
    assert steps - MAY == Counter(reading=2, inventory=1, stance=2)
    assert steps["gaps"] == (story == "gaps")
    assert steps["again"] > 0
    assert sections(there) == sections(direct)


def test_the_order_of_the_versions_changes_no_question() -> None:
    _, forth = compare_over_http(versions())
    _, back = compare_over_http(versions()[::-1])
    assert sorted(a.raw for a in forth) == sorted(a.raw for a in back)


def test_no_question_shows_two_articles() -> None:
    _, asked = compare_over_http(versions())
    articles = [a.user[a.user.index("<article-") :] for a in asked if "<article-" in a.user]
    assert len(articles) == sum(a.step != "inventory" for a in asked) >= 4
    assert all(("It is over" in article) != ("police said" in article) for article in articles)


@pytest.mark.parametrize(
    "name", [OUTLET, "Daily Example", "Another Example", "https://example.org", "example.org/fire"]
)
def test_outlet_and_links_never_reach_the_server_unless_unblinded(name: str) -> None:
    _, asked = compare_over_http(versions())
    assert asked
    assert not [a for a in asked if name in a.raw.decode() or name in str(a.body)]


@pytest.mark.parametrize("name", [OUTLET, "https://example.org/fire"])
def test_unblind_shows_what_stands_in_the_text(name: str) -> None:
    _, asked = compare_over_http(versions(), unblind=True)
    assert [a for a in asked if name in str(a.body)]


def says(content: str | None, finish: str = "stop", refusal: str | None = None) -> Script:
    """A server whose one message is `content`."""
    return lambda asked: completion(asked, content, finish, refusal=refusal)


def refuses(status: int, code: str, message: str = "scripted failure") -> Script:
    """A server that refuses as OpenAI's do."""
    return lambda _: error(status, message, type=code, code=code)


def read(tmp_path: Path, script: Script) -> tuple[int, str, list[Asked]]:
    """Exit code and error line of the command line against a server of one script."""
    (tmp_path / "a.txt").write_text(TEXTS[0], "utf-8")
    with FaultServer(script) as server:
        whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
        ran = retold("summarize", "--json", "a.txt", *whom, cwd=tmp_path, env={"RETOLD_API_KEY": KEY})
    assert ran.out == ""
    return ran.code, ran.error(), server.asked


@pytest.mark.parametrize(
    ("script", "code", "says", "requests"),
    [
        (refuses(401, "invalid_api_key", f"Incorrect API key provided: {KEY}"), 6, "refused the key", 1),
        (refuses(429, "insufficient_quota"), 7, "nothing left to spend", 1),
        (refuses(404, "model_not_found"), 10, "does not know the model", 1),
        (refuses(400, "invalid_request_error"), 5, "refused the request", 1),
        (lambda _: Answer(200, b"<html></html>", "text/html"), 8, "no chat completion", 1),
        (says("not JSON"), 8, "line 1 column 1", 3),
        (says('{"summary": 1}'), 8, "did not keep to the form", 3),
        (says("{}", finish="length"), 8, "cut off", 5),
        (says(None, refusal="I\ncannot\x1b[31m."), 8, "declined", 1),
    ],
)
def test_a_failing_server_is_one_line_an_exit_code_and_so_many_requests(
    tmp_path: Path, script: Script, code: int, says: str, requests: int
) -> None:
    got, line, asked = read(tmp_path, script)
    assert got == code
    assert says in line
    assert KEY not in line
    assert "\x1b" not in line
    assert len(asked) == requests
    assert {request.headers["authorization"] for request in asked} == {f"Bearer {KEY}"}


def test_the_command_line_reads_over_http_what_it_reads_without_but_for_the_reliability(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS[0], "utf-8")
    with FaultServer(good) as server:
        whom = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite")
        there = retold("summarize", "--json", "a.txt", *whom, cwd=tmp_path).json()
    here = retold("summarize", "--json", "a.txt", cwd=tmp_path).json()
    assert there["versions"] == here["versions"]
    assert json.dumps(there["readings"]) == json.dumps(here["readings"]).replace('"weak"', '"unmeasured"')
