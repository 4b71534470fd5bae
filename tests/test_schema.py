"""Schemas: the canonical one says all, the wire one is what strict decoders accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from summarize.errors import PromptError
from summarize.prompt import READING, SECTIONS, merged, prompt
from summarize.schema import BOUNDS, MAX_LEVELS, MAX_PROPERTIES, fault, lint, validator, wire

if TYPE_CHECKING:
    from summarize.schema import Schema


def closed(properties: dict[str, Any], **more: object) -> Schema:
    """An object schema that strict mode accepts."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def keywords(node: object) -> set[str]:
    """All keys in a schema, at any depth."""
    if isinstance(node, list):
        return set().union(*map(keywords, node))
    if isinstance(node, dict):
        return set(node).union(*map(keywords, node.values()))
    return set()


@pytest.mark.parametrize("name", SECTIONS)
def test_the_wire_schema_of_a_section_is_in_the_strict_subset(name: str) -> None:
    assert lint(wire(prompt(name).schema)) == []
    assert lint(wire(merged((name,)))) == []


def test_the_wire_schema_of_the_whole_reading_question_is_in_the_strict_subset() -> None:
    assert lint(wire(merged(READING))) == []


@pytest.mark.parametrize("name", SECTIONS)
def test_the_wire_schema_has_the_shape_of_the_canonical_one_without_bounds(name: str) -> None:
    canonical = prompt(name).schema
    removed = keywords(canonical) - keywords(wire(canonical))
    assert removed
    assert removed <= BOUNDS | {"$schema", "title", "description"}


def test_making_a_wire_schema_leaves_the_canonical_one_alone() -> None:
    canonical = closed({"a": {"type": "string", "maxLength": 3}})
    wire(canonical)
    assert canonical == closed({"a": {"type": "string", "maxLength": 3}})


def test_a_property_spelled_like_a_keyword_is_kept() -> None:
    schema = closed({"title": {"type": "string", "title": "x"}, "maximum": {"type": "integer", "maximum": 3}})
    assert wire(schema) == closed({"title": {"type": "string"}, "maximum": {"type": "integer"}})


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (closed({"a": {"type": "string", "maxLength": 3}}), "$.properties.a: maxLength"),
        (
            closed({"a": {"type": "array", "items": {"type": "integer", "minimum": 1}}}),
            "$.properties.a[items]: minimum",
        ),
        (closed({"a": {"oneOf": [{"type": "null"}]}}), "$.properties.a: oneOf"),
        (closed({"a": {"anyOf": [{"type": "null"}, {"pattern": "x"}]}}), "$.properties.a.anyOf[1]: pattern"),
        (closed({"a": {}}, additionalProperties=True), "$: additionalProperties must be false"),
        (closed({"a": {"type": "object", "properties": {}, "required": []}}), "$.properties.a: additionalProperties"),
        (closed({"a": {}, "b": {}}, required=["a"]), "$: all properties must be required"),
        (closed({"a": {}, "b": {}}, required=["b", "a"]), "in order"),
    ],
)
def test_lint_names_what_strict_mode_refuses_and_where(schema: Schema, says: str) -> None:
    assert len(lint(schema)) == 1
    assert says in lint(schema)[0]


@pytest.mark.parametrize(("count", "faults"), [(MAX_PROPERTIES, 0), (MAX_PROPERTIES + 1, 1)])
def test_lint_allows_a_hundred_properties_and_not_one_more(count: int, faults: int) -> None:
    assert len(lint(closed({f"p{i}": {"type": "string"} for i in range(count)}))) == faults


@pytest.mark.parametrize(("depth", "faults"), [(MAX_LEVELS, 0), (MAX_LEVELS + 1, 1)])
def test_lint_allows_five_levels_and_not_one_more(depth: int, faults: int) -> None:
    schema = closed({"a": {"type": "string"}})
    for _ in range(depth - 1):
        schema = closed({"a": schema})
    assert len(lint(schema)) == faults


def test_a_schema_that_is_none_is_a_prompt_error_with_its_path() -> None:
    with pytest.raises(PromptError, match=r"\$.*type"):
        validator({"properties": {"a": {"type": "nosuchtype"}}})


def test_a_fitting_answer_has_no_fault_and_another_one_its_path() -> None:
    schema = closed({"a": {"type": "array", "items": {"type": "integer"}}})
    assert fault(schema, {"a": [1, 2]}) is None
    found = fault(schema, {"a": [1, "x"]})
    assert found is not None
    assert found[0] == "$.a[1]"
    assert "'x'" in found[1]
