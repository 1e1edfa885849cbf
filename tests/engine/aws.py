"""A stand-in for `pulumi-resource-aws`: Pulumi's provider protocol in front of the real Terraform AWS provider.

What Terraform core does between its two calls of a provider (the proposed state, what counts as changed) is `shape`'s;
what Pulumi's bridge adds (names, ids, secrets, assets) is here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from bridge.document import Json, parse
from bridge.kinds import DEFAULTS, Unlike
from bridge.schema import Props
from tests.engine import aws_types, half_done
from tests.engine.kind import Kind, state_of
from tests.engine.plugin import Plugin, Refused
from tests.engine.provider import Provider
from tests.engine.serving import serve
from tests.engine.values import opened, sealed, secret_keys

T = TypeVar("T")
_OF_THE_ENGINE = frozenset({"version", "pluginDownloadURL"})
_UNKNOWN = grpc.StatusCode.UNKNOWN


def told(method: Callable[[Any, Any, Any], T]) -> Callable[[Any, Any, Any], T]:
    """Let *method* answer refusals in their own words, not with a traceback."""

    def telling(self: Any, request: Any, context: Any) -> T:  # noqa: ANN401 - gRPC's
        try:
            return method(self, request, context)
        except (Refused, Unlike, LookupError) as refused:
            context.abort(_UNKNOWN, str(refused.args[0]))
            raise

    return telling


class Aws(Provider):
    """The provider as Pulumi's engine asks it."""

    version = "7.51.1"

    def __init__(self, plugin: Plugin, region: str) -> None:
        self._plugin, self._region = plugin, region

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        given = self._settings(request.news)
        strange = self._plugin.settings.pulumi.strangers(given)
        failures = [
            provider_pb2.CheckFailure(property=key, reason="the provider has no such setting") for key in strange
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @told
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        given = self._settings(request.args)
        self._region = str(given.get("region") or self._region)
        # Buckets of an emulator on the loopback have no host names of their own.
        loopback: Props = {"s3UsePathStyle": True} if "AWS_ENDPOINT_URL" in os.environ else {}
        configuration = self._plugin.settings.configuration({"region": self._region, **loopback, **given})
        self._plugin.call("Configure", terraform_version="1.11.4", config=configuration)
        return super().Configure(request, context)

    @told
    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        name, given = aws_types.source(request.tok, self._plugin.sources), opened(request.args)
        shape = self._plugin.sources[name]
        configuration = shape.configuration({key: value for key, value in given.items() if key != "region"})
        self._plugin.call("ValidateDataSourceConfig", type_name=name, config=configuration)
        found = state_of(self._plugin.call("ReadDataSource", type_name=name, config=configuration).state)
        answer = {"region": self._region, **shape.properties(found)}
        return provider_pb2.InvokeResponse(**{"return": sealed(answer)})

    @told
    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        inputs, secrets = opened(request.news), secret_keys(request.news)
        if _token(request.urn) in aws_types.NEWER:
            return provider_pb2.CheckResponse(inputs=request.news)
        kind = self._kind(request.urn)
        key = aws_types.name_key(kind.type_name, kind.shape)
        if key is not None:
            inputs = aws_types.named(key, request.urn, request.randomSeed, inputs, opened(request.olds))
        failures = [provider_pb2.CheckFailure(reason=why) for why in kind.refusals(inputs)]
        return provider_pb2.CheckResponse(inputs=sealed(inputs, secrets), failures=failures)

    @told
    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        inputs = opened(request.news)
        if _token(request.urn) in aws_types.NEWER:
            before = opened(request.old_inputs or request.olds)
            return _difference(frozenset(key for key in inputs if inputs[key] != before.get(key)), frozenset())
        kind = self._kind(request.urn)
        prior, private = kind.prior(opened(request.olds))
        planned = kind.plan(prior, private, inputs)
        names = kind.shape.changed(prior, planned.state)
        changed, replaced = (frozenset(map(kind.shape.key, found)) for found in (names, planned.replaced & names))
        shown = frozenset(key for key in changed if key in inputs or key in replaced) or changed
        own = aws_types.name_key(kind.type_name, kind.shape)
        fixed = own is not None and own in inputs and DEFAULTS not in inputs and own not in replaced
        return _difference(shown, replaced, delete_first=fixed)

    @told
    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        inputs, secrets = opened(request.properties), secret_keys(request.properties)
        if _token(request.urn) in aws_types.NEWER:
            return provider_pb2.CreateResponse(id="" if request.preview else request.urn, properties=request.properties)
        kind = self._kind(request.urn)
        planned = kind.plan(None, b"", inputs)
        if request.preview:
            return provider_pb2.CreateResponse(properties=self._shown(kind, planned.state, inputs, secrets))
        try:
            state, private = kind.apply(None, planned)
        except Refused as refused:
            if not isinstance(refused.state, dict) or not refused.state.get("id"):
                raise
            found = self._shown(kind, refused.state, inputs, secrets, refused.private)
            half_done.abort(context, str(refused), str(refused.state["id"]), found, request.properties)
        made = aws_types.identity(kind.type_name, state)
        return provider_pb2.CreateResponse(id=made, properties=self._shown(kind, state, inputs, secrets, private))

    @told
    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        inputs, secrets = opened(request.news), secret_keys(request.news)
        if _token(request.urn) in aws_types.NEWER:
            return provider_pb2.UpdateResponse(properties=request.news)
        kind = self._kind(request.urn)
        prior, private = kind.prior(opened(request.olds))
        planned = kind.plan(prior, private, inputs)
        state = planned.state
        if not request.preview:
            state, private = kind.apply(prior, planned)
        return provider_pb2.UpdateResponse(properties=self._shown(kind, state, inputs, secrets, private))

    @told
    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        if _token(request.urn) not in aws_types.NEWER:
            kind = self._kind(request.urn)
            kind.delete(*kind.prior(opened(request.properties)))
        return empty_pb2.Empty()

    @told
    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        outputs, inputs = opened(request.properties), opened(request.inputs)
        if _token(request.urn) in aws_types.NEWER:
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        kind = self._kind(request.urn)
        prior, private = kind.prior(outputs) if outputs else kind.imported(request.id)
        state, private = kind.read(prior, private)
        if state is None:
            return provider_pb2.ReadResponse()
        secrets = secret_keys(request.properties) | secret_keys(request.inputs)
        if not outputs:
            found = kind.shape.properties(state)
            inputs = {one.key: found[one.key] for one in kind.shape.pulumi.fields if one.settable and one.key in found}
        return provider_pb2.ReadResponse(
            id=aws_types.identity(kind.type_name, state),
            properties=self._shown(kind, state, inputs, secrets, private),
            inputs=sealed(inputs, secrets),
        )

    def _kind(self, urn: str) -> Kind:
        return Kind(self._plugin, aws_types.resource(_token(urn), self._plugin.resources), self._region)

    def _settings(self, struct: Any) -> Props:  # noqa: ANN401 - gRPC's
        given = {key: value for key, value in opened(struct).items() if key not in _OF_THE_ENGINE}
        return {key: _document(value) for key, value in given.items()}

    def _shown(self, kind: Kind, state: Props, inputs: Props, secrets: frozenset[str], private: bytes = b"") -> Any:  # noqa: ANN401 - gRPC's
        return sealed(kind.outputs(state, inputs, private), secrets | kind.secrets())


def _difference(
    changed: frozenset[str], replaced: frozenset[str], *, delete_first: bool = False
) -> provider_pb2.DiffResponse:
    kinds = provider_pb2.PropertyDiff
    detailed = {
        key: provider_pb2.PropertyDiff(kind=kinds.UPDATE_REPLACE if key in replaced else kinds.UPDATE)
        for key in changed
    }
    answers = provider_pb2.DiffResponse
    return provider_pb2.DiffResponse(
        changes=answers.DIFF_SOME if changed else answers.DIFF_NONE,
        diffs=sorted(changed),
        replaces=sorted(replaced),
        hasDetailedDiff=bool(changed),
        detailedDiff=detailed,
        deleteBeforeReplace=bool(replaced) and delete_first,
    )


def _token(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _document(value: Json) -> Json:
    """Return the setting *value*: all but texts come as JSON in a text."""
    return parse(value.encode(), "a provider's setting") if isinstance(value, str) and value[:1] in "[{" else value


if __name__ == "__main__":
    _plugin = Plugin(Path(os.environ["TF_AWS_PROVIDER"]))
    _aws = Aws(_plugin, os.environ.get("AWS_REGION", "us-east-1"))
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(_aws, server), _plugin.end)
