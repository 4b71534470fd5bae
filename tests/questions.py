"""Questions on plain numbered lines, and all the answers that fit them, for the tests of division."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from summarize.news import Version, lay_out
from summarize.prompt import (
    READING,
    Line,
    Question,
    gaps_question,
    inventory_question,
    part,
    reading_question,
    recheck_question,
    stance_question,
)
from summarize.text.layout import Role

Answer = dict[str, Any]
ARTICLE = lay_out(Version("A calm day\n\nNothing happened, an officer said on Monday.\n", id="one"))
LAST = 24  # the highest line number that drawn answers cite


def lines(*paragraphs: int, words: str = "So it went on.", head: bool = False) -> list[Line]:
    """Lines numbered from 1, so many in each paragraph; the first one is the headline if `head`."""
    places = [place for place, size in enumerate(paragraphs) for _ in range(size)]
    roles: list[Role] = ["headline" if head and i == 0 else "body" for i in range(len(places))]
    return [Line(i, role, words, at) for i, (role, at) in enumerate(zip(roles, places, strict=True), start=1)]


def reading(text: list[Line], *sections: str) -> Question:
    """A question on such lines."""
    return part(reading_question(ARTICLE, sections or READING), lines=text)


TEXTS = st.lists(st.integers(1, 4), min_size=1, max_size=8).map(lambda sizes: lines(*sizes, head=True))
CLAIMS = st.lists(st.text("ab c1", min_size=1, max_size=12), min_size=1, max_size=7)
NEAR = st.lists(st.integers(1, LAST), max_size=3, unique=True).map(sorted)
DOUBTED = st.lists(st.tuples(CLAIMS.map(lambda claims: claims[0]), NEAR), min_size=1, max_size=7)
GAPS = st.lists(st.tuples(st.integers(1, LAST), st.text("ab c1", min_size=1, max_size=12)), min_size=1, max_size=5)
SECTIONS = st.lists(st.sampled_from(READING), min_size=1, unique=True)
QUESTIONS: st.SearchStrategy[Question] = st.one_of(
    st.builds(lambda text, sections: reading(text, *sections), TEXTS, SECTIONS),
    st.builds(lambda text, claims: part(stance_question(ARTICLE, claims), lines=text), TEXTS, CLAIMS),
    st.builds(
        lambda text, doubted: part(recheck_question(ARTICLE, *zip(*doubted, strict=True)), lines=text), TEXTS, DOUBTED
    ),
    st.builds(lambda text, gaps: part(gaps_question(ARTICLE, gaps), lines=text), TEXTS, GAPS),
    st.builds(inventory_question, CLAIMS),
)


def valid(schema: Answer) -> st.SearchStrategy[Any]:
    """Answers that fit a schema of ours; texts from few, so that windows often say the same."""
    if "anyOf" in schema:
        return st.one_of(*map(valid, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "object":
        return st.fixed_dictionaries({name: valid(node) for name, node in schema["properties"].items()})
    if kind == "array":
        most = min(schema.get("maxItems", 6), 14)
        return st.lists(valid(schema["items"]), min_size=schema.get("minItems", 0), max_size=most)
    some = {
        "integer": st.integers(1, LAST),
        "boolean": st.booleans(),
        "null": st.none(),
        "string": st.sampled_from("aAb"),
    }
    return some["string"] | st.none() if isinstance(kind, list) else some[kind]
