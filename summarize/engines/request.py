"""The body of a request for a chat completion, written so that what is the same for every article is written once."""

from __future__ import annotations

import json
from functools import cache, lru_cache

from summarize.engines.asking import Asking, Rung
from summarize.prompt import Question, merged, schema_text
from summarize.schema import wire


def requested(model: str, asking: Asking, question: Question, rung: Rung, cap: dict[str, int]) -> bytes:
    """The body of a request as it is sent. No nulls: some servers answer them with a 500."""
    told = rung in {"object", "none"}
    system = f"{question.system}\n\n{schema_text(question)}" if told else question.system
    seed = None if asking.seed is None else asking.seed + question.sample  # samples are to be independent
    sampling = {"temperature": asking.temperature, "seed": seed}
    known = {name: value for name, value in sampling.items() if value is not None}
    user = json.dumps(question.user, ensure_ascii=False)
    # what is the same for all articles is written once, as it is long
    request = (
        f'{json.dumps({"model": model, **known, **cap}, ensure_ascii=False)[:-1]}, "messages": '
        f'[{{"role": "system", "content": {_quoted(system)}}}, {{"role": "user", "content": {user}}}]}}'
    )
    if not told:
        named = json.dumps("_".join(question.sections)[:64])
        strict = '"strict": true, ' if rung == "strict" else ""
        form = f'{{"name": {named}, {strict}"schema": {wire_text(question.sections)}}}'
        request = f'{request[:-1]}, "response_format": {{"type": "json_schema", "json_schema": {form}}}}}'
    elif rung == "object":
        request = f'{request[:-1]}, "response_format": {{"type": "json_object"}}}}'
    return request.encode("utf-8", "replace")


@cache
def wire_text(sections: tuple[str, ...]) -> str:
    """The wire schema of some sections, as JSON."""
    return json.dumps(wire(merged(sections)))


@lru_cache(64)
def _quoted(text: str) -> str:
    """A text as JSON."""
    return json.dumps(text, ensure_ascii=False)
