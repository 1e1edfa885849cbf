"""A stand-in for `pulumi-resource-terraform`: the outputs of a local state, and nothing else."""

from __future__ import annotations

from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from bridge.document import Json, parse
from bridge.schema import Props
from bridge.stack import SECRET, SIGNATURE
from tests.engine.provider import Provider
from tests.engine.serving import serve
from tests.engine.values import opened, sealed

_LOCAL = "terraform:state:getLocalReference"


class TerraformState(Provider):
    """The provider as Pulumi's engine asks it."""

    version = "6.1.0"

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        if request.tok != _LOCAL:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok} has no stand-in here")
        try:
            found = _outputs(Path(str(opened(request.args)["path"])))
        except OSError as error:
            context.abort(grpc.StatusCode.NOT_FOUND, f"reading Terraform's state: {error}")
            raise
        return provider_pb2.InvokeResponse(**{"return": sealed({"outputs": found})})


def _outputs(path: Path) -> Json:
    state = parse(path.read_bytes(), path.name)
    assert isinstance(state, dict)
    told = state["outputs"]
    assert isinstance(told, dict)
    return {name: _output(one) for name, one in told.items() if isinstance(one, dict)}


def _output(told: Props) -> Json:
    return {SIGNATURE: SECRET, "value": told["value"]} if told.get("sensitive") else told["value"]


if __name__ == "__main__":
    _provider = TerraformState()
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(_provider, server))
