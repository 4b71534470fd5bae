"""A settled question: its line of JSON loses nothing, and its key hangs on what can change the answer alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from remembered import SETTLED, settled

from summarize.engines.asking import Asking
from summarize.engines.openai import OpenAI
from summarize.errors import ContextError, EngineError, LedgerError, ReplyError
from summarize.library import job_of
from summarize.news import Version, lay_out
from summarize.prompt import READING, Question, part, reading_question, repair_question, stance_question
from summarize.settings import load
from summarize.settled import Settled, fault_of, key, line, of_line

TEXT = "Fire\n\nTwo men died in Lisbon on Tuesday. The mayor spoke.\n"
VERSION = Version(TEXT, id="a", label="A", outlet="The Daily Example")
ENGINE = OpenAI("fake-1", "http://127.0.0.1:1/v1")


def asked(version: Version = VERSION, *, blind: bool = True) -> Question:
    """The reading question of a version."""
    return reading_question(lay_out(version, blind=blind))


def named(question: Question | None = None, engine: OpenAI = ENGINE) -> str:
    """A question's key."""
    return key(question or asked(), engine.identity)


def of(model: str = "fake-1", url: str = "http://127.0.0.1:1/v1", **asking: Any) -> OpenAI:  # noqa: ANN401  # Asking's
    """An engine, asked in such a way."""
    return OpenAI(model, url, asking=Asking(**asking))


@given(SETTLED)
@example(settled("k", text="half an emoji: \ud83d"))
@example(settled("k", "json", cost="0.1", text="not JSON, \u2028 and lines\r\n"))
def test_a_line_gives_back_what_it_was_made_of(one: Settled) -> None:
    text = line(one)
    assert "\n" not in text
    assert text.encode()
    assert of_line(text, "here") == one


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = st.sampled_from([
    ("format",), ("key",), ("status",), ("identity",), ("sections",), ("prompts",), ("reply",), ("seconds",), ("what",),
    ("reply", "text"), ("reply", "usage"), ("reply", "cost"), ("reply", "attempts"), ("reply", "finish"),
    ("reply", "usage", "input"),
])  # fmt: skip


@given(PLACES, JSON)
def test_whatever_stands_in_a_line_is_read_and_can_be_written_again_or_is_a_ledger_error(
    place: tuple[str, ...], value: object
) -> None:
    found = json.loads(line(settled("k", cost="0.5")))
    found["reply"]["usage"] = {}
    inside = found
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    try:
        read = of_line(json.dumps(found), "here")
    except LedgerError as error:
        assert error.where == "here"  # noqa: PT017  # either is right
    else:
        assert of_line(line(read), "here") == read


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "{}", "[" * 100_000, '{"format":"retold.comparison/1"}', "9" * 10_000]
)
def test_what_is_no_settled_question_is_a_ledger_error_that_says_where(text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        of_line(text, "FILE, line 3", "a hint")
    assert (caught.value.where, caught.value.hint) == ("FILE, line 3", "a hint")


CHANGES: dict[str, Callable[[], str]] = {
    "text": lambda: named(asked(replace(VERSION, text=TEXT.replace("Two", "Ten")))),
    "masks": lambda: named(asked(blind=False)),
    "sections": lambda: named(part(asked(), sections=READING[:3])),
    "lines": lambda: named(part(asked(), lines=asked().lines[:1])),
    "claims": lambda: named(stance_question(lay_out(VERSION), ["Two men died."])),
    "instructions": lambda: named(replace(asked(), system="Be kind.")),
    "prompts": lambda: named(replace(asked(), prompts=("tone@1",))),
    "repair": lambda: named(repair_question(asked(), "{", "no JSON")),
    "sample": lambda: named(replace(asked(), sample=1)),
    "model": lambda: named(engine=of(model="fake-2")),
    "address": lambda: named(engine=of(url="http://127.0.0.1:2/v1")),
    "temperature": lambda: named(engine=of(temperature=0.0)),
    "another temperature": lambda: named(engine=of(temperature=0.5)),
    "seed": lambda: named(engine=of(seed=1)),
    "length of the answer": lambda: named(engine=of(output=1000)),
    "a pinned rung": lambda: named(engine=of(rung="none")),
}


def test_a_key_is_another_for_each_thing_that_can_change_the_answer() -> None:
    keys = {name: change() for name, change in CHANGES.items()}
    assert len({named(), *keys.values()}) == len(keys) + 1


@pytest.mark.parametrize("version", [replace(VERSION, label="B"), replace(VERSION, id="b")], ids=["label", "file name"])
def test_a_key_hangs_on_no_name_of_the_version(version: Version) -> None:
    assert named(asked(version)) == named()


@pytest.mark.parametrize(
    "engine",
    [
        OpenAI("fake-1", "http://127.0.0.1:1/v1", "secret"),
        OpenAI("fake-1", "http://me:secret@127.0.0.1:1/v1/"),
        OpenAI("fake-1", "http://127.0.0.1:1/v1", memory={"rung": "none", "window": "4096", "most": "900"}),
        OpenAI("fake-1", "http://127.0.0.1:1/v1", asking=Asking(window=8000)),
        OpenAI("fake-1", "http://127.0.0.1:1/v1", asking=Asking(output=16_384)),
    ],
    ids=["key", "credentials", "what the server bears", "window", "the default said aloud"],
)
def test_a_key_hangs_on_nothing_that_leaves_the_answer_as_it_is(engine: OpenAI) -> None:
    assert named(engine=engine) == named()


def test_a_key_hangs_on_no_limit_of_the_run() -> None:
    limits = {"hands": "3", "rpm": "9", "tpm": "99", "timeout": "5", "repairs": "0", "samples": "3", "unblind": "yes"}
    plain = {"model": "fake-1", "base_url": "http://127.0.0.1:1/v1"}
    jobs = [job_of(load(flags, environ={}), None) for flags in (plain, {**plain, **limits})]
    assert {key(asked(), job.engine.identity) for job in jobs} == {named()}


def test_a_sample_that_is_not_the_first_has_a_key_of_its_own_and_the_first_has_the_plain_one() -> None:
    keys = {named(replace(asked(), sample=n)) for n in range(3)}
    assert len(keys) == 3
    assert named() in keys


@pytest.mark.parametrize(
    ("status", "kind"), [("context", ContextError), ("choices", ReplyError), ("content", EngineError)]
)
def test_a_fault_that_was_settled_is_an_error_of_its_kind_again(status: str, kind: type[EngineError]) -> None:
    fault = fault_of(settled("k", status), "a hint")
    assert isinstance(fault, kind)
    assert (fault.status, fault.what, fault.hint) == (status, f"{status} happened", "a hint")
