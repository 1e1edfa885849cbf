"""Property maps as Pulumi's engine sends them, and values as Terraform's plug-ins do, both as the bridge's JSON.

What is not known yet is `LATER` in it: Pulumi's own text for that, which the bridge passes through as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from google.protobuf import json_format, struct_pb2

from bridge.document import Json, Number
from bridge.kinds import Opaque
from bridge.schema import Props
from bridge.stack import SECRET, SIGNATURE, UNKNOWN

LATER = Opaque(UNKNOWN)
_EXACT = 2**63


def opened(struct: struct_pb2.Struct) -> Props:
    """Return the properties in *struct*, secrets in plain."""
    return {key: _read(value) for key, value in json_format.MessageToDict(struct).items()}


def secret_keys(struct: struct_pb2.Struct) -> frozenset[str]:
    """Return the properties in *struct* that are secret or hold a secret; what tags hold, all tags do."""
    keys = {key for key, value in json_format.MessageToDict(struct).items() if _is_secret(value)}
    return frozenset(keys | ({"tagsAll"} if "tags" in keys else set()))


def sealed(props: Mapping[str, Json], secrets: Collection[str] = ()) -> struct_pb2.Struct:
    """Return *props* as the engine takes them, those of *secrets* as secrets."""
    told = {key: _seal(_write(value)) if key in secrets else _write(value) for key, value in props.items()}
    struct = struct_pb2.Struct()
    struct.update(told)
    return struct


def packed(value: Json) -> bytes:
    """Return *value* as Terraform's plug-ins take it."""
    return msgspec.msgpack.encode(_pack(value))


def unpacked(data: bytes) -> Json:
    """Return the value that a plug-in packed; nothing is null."""
    return _read(_DECODER.decode(data)) if data else None


_DECODER = msgspec.msgpack.Decoder(ext_hook=lambda _code, _data: LATER)


def _read(value: Any) -> Json:  # noqa: ANN401 - JSON of a library
    match value:
        case dict() if value.get(SIGNATURE) == SECRET:
            return _read(value["value"])
        case dict():
            return {key: _read(item) for key, item in value.items()}
        case list():
            return [_read(item) for item in value]
        case str() if value == UNKNOWN:
            return LATER
        case bool() | str() | None:
            return value
        case _:
            return Number(str(int(value)) if float(value).is_integer() else repr(value))


def _write(value: Json) -> Any:  # noqa: ANN401 - JSON of a library
    match value:
        case dict():
            return {key: _write(item) for key, item in value.items()}
        case list():
            return [_write(item) for item in value]
        case Number():
            return _number(value)
        case _:
            return value


def _pack(value: Json) -> Any:  # noqa: ANN401 - msgpack of a library
    match value:
        case dict():
            return {key: _pack(item) for key, item in value.items()}
        case list():
            return [_pack(item) for item in value]
        case Opaque():
            return msgspec.msgpack.Ext(0, b"\0")
        case Number():
            number = _number(value)
            return number if abs(number) < _EXACT else value.text
        case _:
            return value


def _number(value: Number) -> int | float:
    exact = float(value.text)
    return int(exact) if exact.is_integer() else exact


def _seal(value: Any) -> Any:  # noqa: ANN401 - JSON of a library
    return {SIGNATURE: SECRET, "value": value}


def _is_secret(value: Any) -> bool:  # noqa: ANN401 - JSON of a library
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET or any(map(_is_secret, value.values()))
    return isinstance(value, list) and any(map(_is_secret, value))
