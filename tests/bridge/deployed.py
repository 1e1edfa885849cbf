"""Resources that real Terraform made in the emulator, in the form in which Pulumi exports them.

Inputs are what the configuration says, outputs what the provider made of it, dependencies what the configuration's
expressions name: as pulumi-aws has them, which wraps this very provider.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from bridge import naming
from bridge.schema import Object, read
from tests.bridge import names

URN = "urn:pulumi:dev::companion::"
_REFERENCE = re.compile(r"\$\{(aws_\w+\.[\w-]+)\.")
_ATTRIBUTE = re.compile(r"\$\{(aws_\w+\.[\w-]+)\.(\w+)\}")
_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def export(configuration: Mapping[str, Any], state: Mapping[str, Any], schemas: Mapping[str, Any]) -> bytes:
    """Return the export of a stack with the resources of *configuration* as *state* has them."""
    tokens = names.first(naming.Twins(schemas))
    stack = {
        "urn": f"{URN}pulumi:pulumi:Stack::companion-dev",
        "custom": False,
        "type": "pulumi:pulumi:Stack",
        "outputs": {},
    }
    aws = {"urn": _urn("pulumi:providers:aws", "aws"), "custom": True, "type": "pulumi:providers:aws", "id": "p1"}
    aws["inputs"] = {"region": "us-east-1", "defaultTags": json.dumps({"tags": {"Project": "companion"}})}
    made = {f"{one['type']}.{one['name']}": one["instances"][0] for one in state["resources"]}
    resources = []
    for address, said in _each(configuration):
        shape = read(address.partition(".")[0], schemas[address.partition(".")[0]]["block"])
        resources.append(_resource(address, said, _evaluated(said, made), made[address], shape, tokens))
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": [stack, aws, *resources]}}).encode()


def _each(configuration: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for type_name, named in configuration["resource"].items():
        for name, said in named.items():
            yield f"{type_name}.{name}", said


def _evaluated(value: Any, made: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return *value* with what the resources that were *made* have in the place of expressions."""
    if isinstance(value, str):
        value = value.replace("$${", "\0{")
        return _ATTRIBUTE.sub(lambda found: str(made[found[1]]["attributes"][found[2]]), value).replace("\0{", "${")
    if isinstance(value, list):
        return [_evaluated(item, made) for item in value]
    return {key: _evaluated(item, made) for key, item in value.items()} if isinstance(value, dict) else value


def _resource(
    address: str,
    said: dict[str, Any],
    evaluated: dict[str, Any],
    made: Mapping[str, Any],
    shape: Object,
    tokens: Mapping[str, str],
) -> dict[str, Any]:
    type_name, _, name = address.partition(".")
    attributes = {field.name: made["attributes"].get(field.name) for field in shape.fields}
    outputs = shape.properties(attributes)
    keys = {field.name: field.key for field in shape.fields}
    told = shape.properties({key: value for key, value in evaluated.items() if key in keys})
    if "filename" in said:
        told["code"] = outputs["code"] = _archive(Path(said["filename"]))
    meta = base64.b64decode(made["private"]).decode() if made.get("private") else ""
    depends = {
        keys[key]: [_urn_of(found, tokens) for found in _REFERENCE.findall(json.dumps(value))]
        for key, value in said.items()
        if key in keys
    }
    lifecycle = said.get("lifecycle", {})
    return {
        "urn": _urn(tokens[type_name], name),
        "custom": True,
        "type": tokens[type_name],
        "id": made["attributes"].get("id") or "-",
        "inputs": {key: _secret(key, value) for key, value in told.items()},
        "outputs": {
            **{key: _secret(key, value) for key, value in outputs.items()},
            "region": "us-east-1",
            **({"__meta": meta} if meta else {}),
        },
        "provider": f"{_urn('pulumi:providers:aws', 'aws')}::p1",
        "dependencies": sorted({urn for urns in depends.values() for urn in urns}),
        "propertyDependencies": {key: urns for key, urns in depends.items() if urns},
        "protect": bool(lifecycle.get("prevent_destroy")),
        "ignoreChanges": [keys[name] for name in lifecycle.get("ignore_changes", ())],
    }


def _archive(path: Path) -> dict[str, Any]:
    """Return an archive as Pulumi exports it: where it was, and the hash of what it holds."""
    signature = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7"}
    return {**signature, "hash": sha256(path.read_bytes()).hexdigest(), "path": str(path)}


def _secret(key: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    return {**_SECRET, "plaintext": json.dumps(value)} if key == "secretString" and value is not None else value


def _urn_of(address: str, tokens: Mapping[str, str]) -> str:
    type_name, _, name = address.partition(".")
    return _urn(tokens[type_name], name)


def _urn(token: str, name: str) -> str:
    return f"{URN}{token}::{name}"
