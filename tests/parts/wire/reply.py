"""What a service answers, written as botocore's model of the operation has it; what the model lacks is a mistake."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from botocore.model import ListShape, Shape, StructureShape
from botocore.validate import ParamValidator

from tests.parts.wire.call import Call, model, protocol
from tests.parts.wire.refusal import Refusal

EVENT_STREAM = "application/vnd.amazon.eventstream"
_FORBIDDEN = 403


@dataclass(frozen=True)
class Reply:
    """An answer: its body at once, or in pieces as they come."""

    status: int
    headers: Mapping[str, str]
    body: bytes | AsyncIterator[bytes]


class Handler(Protocol):
    """How a service answers the calls of one operation."""

    async def __call__(self, call: Call) -> Reply:
        """Return the answer to *call* or raise `Refusal`."""


class Service(Protocol):
    """Something that answers some operations."""

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        """Return the handler of each client's name and operation."""


def output(call: Call, value: Mapping[str, Any]) -> Reply:
    """Return *value* as the operation's output, each member where the model puts it."""
    operation = model(call.service).operation_model(call.operation)
    shape = operation.output_shape
    status = int(operation.http.get("responseCode", 200))
    if shape is None:
        return Reply(status, _headers(), b"")
    report = ParamValidator().validate(value, shape)
    assert not report.has_errors(), report.generate_report()
    places = {name: shape.members[name].serialization for name in value}
    headers = {place["name"]: str(value[name]) for name, place in places.items() if place.get("location") == "header"}
    payload = shape.serialization.get("payload")
    rest = {name: value[name] for name, place in places.items() if "location" not in place}
    return Reply(status, _headers(headers), value[payload] if payload else json.dumps(_named(shape, rest)).encode())


def stream(content_type: str, pieces: AsyncIterator[bytes], **headers: str) -> Reply:
    """Return *pieces* as they come."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, _headers({"Content-Type": content_type, **named}), pieces)


def refused(call: Call, refusal: Refusal) -> Reply:
    """Return *refusal* in the protocol of the service."""
    status = refusal.status or _status_of_error(call, refusal.code)
    match protocol(call.service):
        case "rest-xml":
            text = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
            return Reply(status, _headers({"Content-Type": "application/xml"}), text.encode())
        case "json":
            # These services say 400 where the others say 403, and name the error in the body.
            status = 400 if status == _FORBIDDEN else status
            said = {"__type": refusal.code, "message": refusal.message, **refusal.more}
            return Reply(status, _headers({"x-amzn-query-error": f"{refusal.code};Sender"}), json.dumps(said).encode())
        case _:
            said = {"message": refusal.message, **refusal.more}
            return Reply(status, _headers({"x-amzn-ErrorType": refusal.code}), json.dumps(said).encode())


def _headers(more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid4()), **(more or {})}


def _named(shape: Shape, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return *value* with the names that its members have on the wire."""
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        members = shape.members
        return {
            members[name].serialization.get("name", name): _named(members[name], item) for name, item in value.items()
        }
    if isinstance(shape, ListShape):
        return [_named(shape.member, item) for item in value]
    return value


def _status_of_error(call: Call, code: str) -> int:
    if not call.operation:
        return 400
    errors = model(call.service).operation_model(call.operation).error_shapes
    statuses = {shape.name: shape.metadata.get("error", {}).get("httpStatusCode", 400) for shape in errors}
    return int(statuses.get(code, 400))
