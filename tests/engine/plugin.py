"""A Terraform provider's process, spoken to in Terraform's plug-in protocol 5; its messages are learned from itself.

The provider ends with this process, even a killed one: the keeper sees to it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import grpc
from google.protobuf import descriptor_pb2, message_factory
from google.protobuf.descriptor_pool import DescriptorPool

from bridge.document import Json
from tests.engine.shape import Shape, Shapes
from tests.engine.values import packed, unpacked
from tests.parts.keeper import kept

_ROOT = Path(__file__).parents[2]
_SERVICE = "tfplugin5.Provider"
_HANDSHAKE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Refused(Exception):
    """What the provider said against a call, and the state that it left behind if the call was half done."""

    def __init__(self, said: str, state: Json = None, private: bytes = b"") -> None:
        super().__init__(said)
        self.state, self.private = state, private


class Plugin:
    """A provider that runs."""

    def __init__(self, program: Path, log: Path | None = None) -> None:
        """Start *program*; what it says beside its answers goes to *log*."""
        with Path(log or os.devnull).open("ab") as errors:
            self._process = subprocess.Popen(
                kept(str(program)),
                cwd=_ROOT,
                env=os.environ | _HANDSHAKE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().decode().split("|")[3]
        self._channel = grpc.insecure_channel(f"unix:{address}", options=OPTIONS)
        self._methods = _methods(self._channel)
        Path(address).unlink()  # Nobody else is to connect, and who is killed removes nothing.

    def call(self, method: str, **arguments: Any) -> Any:  # noqa: ANN401 - messages that exist at run time only
        """Return the answer; values among *arguments* are packed by their names. Raises `Refused`."""
        request, ask = self._methods[method]
        told = {key: {"msgpack": packed(value)} if _is_value(key) else value for key, value in arguments.items()}
        answer = ask(request(**told))
        errors = [one for one in getattr(answer, "diagnostics", ()) if one.severity == 1]
        if errors:
            left = unpacked(answer.new_state.msgpack) if method == "ApplyResourceChange" else None
            raise Refused("; ".join(map(_said, errors)), left, getattr(answer, "private", b""))
        return answer

    @cached_property
    def resources(self) -> Mapping[str, Shape]:
        """What it can make, by Terraform's types."""
        return Shapes(self._schema.resource_schemas)

    @cached_property
    def sources(self) -> Mapping[str, Shape]:
        """What it can be asked, by Terraform's types."""
        return Shapes(self._schema.data_source_schemas)

    @cached_property
    def settings(self) -> Shape:
        """What it is configured with."""
        return Shape.of("", self._schema.provider)

    @cached_property
    def _schema(self) -> Any:  # noqa: ANN401 - as `call`
        return self.call("GetSchema")

    def end(self) -> None:
        """Kill the process."""
        self._channel.close()
        self._process.communicate()


def _is_value(argument: str) -> bool:
    return argument.endswith(("config", "state"))


def _said(diagnostic: Any) -> str:  # noqa: ANN401 - as `call`
    return f"{diagnostic.summary}: {diagnostic.detail}" if diagnostic.detail else str(diagnostic.summary)


def _methods(channel: grpc.Channel) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """Return each method's request and how to ask it, as the provider describes them."""
    pool = DescriptorPool()
    for file in reversed(_described(channel).file):  # What others need comes last.
        pool.Add(file)
    found = {}
    for method in pool.FindServiceByName(_SERVICE).methods:
        request, answer = map(message_factory.GetMessageClass, (method.input_type, method.output_type))
        path = f"/{_SERVICE}/{method.name}"
        found[method.name] = request, channel.unary_unary(path, request.SerializeToString, answer.FromString)
    return found


def _described(channel: grpc.Channel) -> descriptor_pb2.FileDescriptorSet:
    """Ask by gRPC's reflection; of its messages only the two fields are described here that are used."""
    text, message = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
    request = descriptor_pb2.DescriptorProto(name="Request")
    request.field.add(name="symbol", number=4, type=text, label=1)
    answer = descriptor_pb2.DescriptorProto(name="Answer")
    answer.field.add(name="files", number=4, type=message, label=1, type_name=".google.protobuf.FileDescriptorSet")
    pool = DescriptorPool()
    pool.AddSerializedFile(descriptor_pb2.DESCRIPTOR.serialized_pb)
    imports = ["google/protobuf/descriptor.proto"]
    pool.Add(
        descriptor_pb2.FileDescriptorProto(
            name="reflection.proto", syntax="proto3", dependency=imports, message_type=[request, answer]
        )
    )
    asked, told = (message_factory.GetMessageClass(pool.FindMessageTypeByName(name)) for name in ("Request", "Answer"))
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    ask = channel.stream_stream(path, asked.SerializeToString, told.FromString)
    (answered,) = ask(iter([asked(symbol=_SERVICE)]), wait_for_ready=True)
    whole = cast("Any", answered).files.SerializeToString()
    return descriptor_pb2.FileDescriptorSet.FromString(whole)
