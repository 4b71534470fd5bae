"""Two schemas from one file.

The *canonical* JSON Schema (Draft 2020-12) says all that an answer must satisfy, and is what answers
are validated with. The *wire* schema is derived from it for servers that decode under a schema:
OpenAI's strict subset, in which every property is required, no other is allowed, and bounds on
lengths and numbers do not exist (decoders keep enums, and leak ranges).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias, cast

from summarize.errors import PromptError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator, _JsonParameter

Schema: TypeAlias = "dict[str, object]"

BOUNDS = frozenset(
    "minLength maxLength pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf "
    "minItems maxItems uniqueItems minProperties maxProperties".split()
)
_LABELS = frozenset({"$schema", "$id", "title", "description"})
_REFUSED = frozenset("allOf not if then else oneOf dependentRequired dependentSchemas patternProperties".split())
# OpenAI's limits as first published; today's are wider, but other servers copied the first.
MAX_PROPERTIES, MAX_LEVELS = 100, 5


# By identity, as the schemas of questions are shared: writing one out takes longer than using it. The schema is
# kept beside its validator, so that no other object can come to have its id.
_COMPILED: dict[int, _Checks] = {}
_MOST_COMPILED = 256
_COMPILING = threading.Lock()


def wire(schema: Schema) -> Schema:
    """The strict subset of `schema`: the same shape without bounds and labels."""
    return cast("Schema", _without_bounds(schema, names=False))


def digest(schema: Schema) -> str:
    """SHA-256 of a schema, in hexadecimal."""
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()


def _without_bounds(node: object, *, names: bool) -> object:
    """`names`: the keys of `node` are property names, which may be spelled like a keyword."""
    if isinstance(node, list):
        return [_without_bounds(item, names=False) for item in node]
    if not isinstance(node, dict):
        return node
    dropped = frozenset() if names else BOUNDS | _LABELS
    return {
        key: _without_bounds(value, names=not names and key in {"properties", "$defs"})
        for key, value in node.items()
        if key not in dropped
    }


def lint(schema: Schema) -> list[str]:
    """What OpenAI's strict mode would refuse in `schema`, each with its JSON path; empty if nothing."""
    faults = [fault for path, node in _nodes(schema, "$") for fault in _faults(path, node)]
    objects = [(path, node) for path, node in _nodes(schema, "$") if "properties" in node]
    properties = sum(len(cast("Schema", node["properties"])) for _, node in objects)
    if properties > MAX_PROPERTIES:
        faults.append(f"$: {properties} properties, more than {MAX_PROPERTIES}")
    levels = max((path.count(".properties") + path.count("[items]") + 1 for path, _ in objects), default=1)
    if levels > MAX_LEVELS:
        faults.append(f"$: {levels} levels, more than {MAX_LEVELS}")
    return faults


def _faults(path: str, node: Schema) -> Iterator[str]:
    yield from (f"{path}: {keyword} is not in the strict subset" for keyword in node.keys() & (BOUNDS | _REFUSED))
    if "properties" in node:
        names = cast("Schema", node["properties"])
        if node.get("additionalProperties") is not False:
            yield f"{path}: additionalProperties must be false"
        if list(names) != node.get("required"):
            yield f"{path}: all properties must be required, in order"


def _nodes(node: object, path: str) -> Iterator[tuple[str, Schema]]:
    """Every subschema of `node` with its path."""
    if not isinstance(node, dict):
        return
    yield path, node
    for name, child in cast("Schema", node.get("properties", {})).items():
        yield from _nodes(child, f"{path}.properties.{name}")
    yield from _nodes(node.get("items"), f"{path}[items]")
    for i, choice in enumerate(cast("list[object]", node.get("anyOf", []))):
        yield from _nodes(choice, f"{path}.anyOf[{i}]")


def validator(schema: Mapping[str, object]) -> Validator:
    """A compiled validator for `schema`, made once for each distinct schema. Raises PromptError."""
    return _checks(schema).validator


def fault(schema: Mapping[str, object], answer: object) -> tuple[str, str] | None:
    """(JSON path, what is wrong) of the most telling violation of `schema` by `answer`; None if it fits.

    jsonschema-rs tells in microseconds what fits; what does not is explained by jsonschema, whose verdict counts.
    """
    checks = _checks(schema)
    if checks.fits(answer):
        return None
    errors = checks.validator.iter_errors(cast("_JsonParameter", answer))
    first = next(errors, None)
    if first is None:
        return None
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    best = best_match([first, *errors]) or first
    return best.json_path, best.message[:300]


@dataclass(frozen=True, slots=True)
class _Checks:
    """A schema and what was compiled of it."""

    schema: Mapping[str, object]
    validator: Validator
    fits: Callable[[object], bool]


def _checks(schema: Mapping[str, object]) -> _Checks:
    known = _COMPILED.get(id(schema))
    if known is not None:
        return known
    with _COMPILING:  # a hundred threads that start together would each take a hundred times as long
        if id(schema) not in _COMPILED:
            if len(_COMPILED) >= _MOST_COMPILED:
                _COMPILED.clear()
            _COMPILED[id(schema)] = _Checks(schema, *_compiled(json.dumps(schema, sort_keys=True)))
        return _COMPILED[id(schema)]


@cache
def _compiled(text: str) -> tuple[Validator, Callable[[object], bool]]:
    import jsonschema_rs  # noqa: PLC0415  # not at start-up
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # 0.1 s: not at start-up
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415

    schema = json.loads(text)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise PromptError(f"not a JSON Schema: {error.message[:200]}", where=error.json_path) from error
    return Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(schema).is_valid
