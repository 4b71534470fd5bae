"""A client that hides nothing: chat requests as bytes, responses as they came over the wire."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from exchange import Asked, Script
from fault_server import FaultServer

from summarize.prompt import Question
from summarize.schema import wire


@dataclass(frozen=True)
class Got:
    """A response as it came over the wire."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:  # noqa: ANN401  # any JSON
        """The JSON in it."""
        return json.loads(self.raw)

    @property
    def content(self) -> Any:  # noqa: ANN401  # text or null, or what a fault puts there
        """The content of its one message."""
        return self.body["choices"][0]["message"]["content"]


def body_of(question: Question, form: str = "json_schema", **more: object) -> dict[str, Any]:
    """A chat request for `question`; `form` "json_object" is llama-cpp-python's, "none" sends no schema."""
    schema = wire(question.schema)
    forms: dict[str, object] = {
        "json_schema": {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}},
        "json_object": {"type": "json_object", "schema": schema},
    }
    told = [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]
    chosen = {"response_format": forms[form]} if form in forms else {}
    return {"model": "fake-1", "messages": told, **chosen, **more}


def post(client: http.client.HTTPConnection, body: object, path: str = "/v1/chat/completions", key: str = "") -> Got:
    """What comes back for a chat request on a connection."""
    client.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {key}"} if key else {})
    answer = client.getresponse()
    return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


def get(client: http.client.HTTPConnection, path: str) -> Got:
    """What comes back for a GET."""
    client.request("GET", path)
    answer = client.getresponse()
    return Got(answer.status, dict(answer.getheaders()), answer.read())


@contextlib.contextmanager
def connection(base_url: str) -> Iterator[http.client.HTTPConnection]:
    """A connection to a server, closed in the end."""
    client = http.client.HTTPConnection(urlsplit(base_url).netloc)
    try:
        yield client
    finally:
        client.close()


def one(script: Script, body: object) -> Got:
    """The answer of a server of one script to one request."""
    with FaultServer(script) as server, connection(server.base_url) as client:
        return post(client, body)


def asked_of(body: object, number: int = 1) -> Asked:
    """A request without a server."""
    return Asked("/v1/chat/completions", {}, json.dumps(body).encode(), number=number)
