"""One call of an AWS service as it comes in, and what may be answered."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

ACCOUNT, REGION = "123456789012", "us-east-1"
Document = dict[str, Any]
_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")


@dataclass(frozen=True)
class Asked:
    """A call: *path* as it was written, *operation* for services that name it in a header."""

    service: str
    operation: str
    method: str
    path: str
    query: Mapping[str, list[str]]
    data: bytes

    @cached_property
    def body(self) -> Document:
        """The JSON that was sent, or nothing."""
        return dict(json.loads(self.data)) if self.data[:1] == b"{" else {}

    @cached_property
    def parts(self) -> list[str]:
        """The steps of the path, as they were meant."""
        return [unquote(step) for step in self.path.strip("/").split("/")]


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def asked(environ: Mapping[str, Any]) -> Asked:
    """Read the call of a WSGI *environ*; whoever answers it otherwise finds its body at the beginning again."""
    signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return Asked(
        service=signed[1] if signed else "",
        operation=environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2],
        method=environ["REQUEST_METHOD"],
        path=str(environ.get("REQUEST_URI") or environ.get("PATH_INFO", "")).partition("?")[0],
        query=parse_qs(environ.get("QUERY_STRING", "")),
        data=environ["wsgi.input"].read(length) if length else b"",
    )


def told(document: Document | None, status: int = 200) -> Answer:
    """Answer with JSON."""
    data = b"" if document is None else json.dumps(document).encode()
    return Answer(status, data, {"Content-Type": "application/json"})


def missing(what: str, kind: str = "ResourceNotFoundException") -> Answer:
    """Answer that *what* is not there."""
    body = json.dumps({"message": what, "Message": what, "__type": kind, "Type": "User"}).encode()
    return Answer(404, body, {"Content-Type": "application/json", "x-amzn-ErrorType": kind})


def now() -> str:
    """Return the time, as most services write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fresh(length: int) -> str:
    """Return an id that nothing else has."""
    return uuid.uuid4().hex[:length]


class Kept:
    """What was made by calls that are answered here; *tags* are of everything, by ARN."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], Document] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.said: dict[tuple[str, str], Document] = {}

    def clear(self) -> None:
        """Forget everything."""
        for one in (self.made, self.tags, self.said):
            one.clear()

    def all(self, kind: str) -> Iterator[Document]:
        """Yield what was made of *kind*."""
        return (one for (found, _), one in self.made.items() if found == kind)


KEPT = Kept()
