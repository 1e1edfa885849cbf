"""How a provider tells Pulumi's engine that a resource is there, but not as it should be."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc
from pulumi.runtime.proto import errors_pb2, status_pb2


def abort(context: Any, why: str, id_: str, properties: Any, inputs: Any) -> NoReturn:  # noqa: ANN401 - gRPC's
    """End a call with *why*: the engine keeps the resource *id_*, and mends it at its next update."""
    told = {"id": id_, "properties": properties, "reasons": [why], "inputs": inputs}
    left = errors_pb2.ErrorResourceInitFailed(**told)  # type: ignore[attr-defined] # its types do not know it
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=why)
    status.details.add().Pack(left)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, why)
    raise AssertionError("an aborted call does not go on")
