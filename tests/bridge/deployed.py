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
from bridge.stack import ARCHIVE, ASSET, SECRET, SIGNATURE
from tests.bridge import names

PROVIDER = "pulumi:providers:aws"
REGIONS = {"aws": "us-east-1", "west": "us-west-2"}
"""The providers by their names, which are also the aliases that the configuration uses."""

URN = "urn:pulumi:dev::companion::"
_REFERENCE = re.compile(r"\$\{(aws_\w+\.[\w-]+)\.")
_ATTRIBUTE = re.compile(r"\$\{(aws_\w+\.[\w-]+)\.(\w+)\}")
SECRETS = {("aws_kms_key", "enableKeyRotation"), ("aws_cloudwatch_log_group", "retentionInDays")}
"""What is secret and no text: a boolean and a number."""


def export(configuration: Mapping[str, Any], state: Mapping[str, Any], schemas: Mapping[str, Any]) -> bytes:
    """Return the export of a stack with the resources of *configuration* as *state* has them."""
    tokens = names.first(naming.Twins(schemas))
    stack = {
        "urn": f"{URN}pulumi:pulumi:Stack::companion-dev",
        "custom": False,
        "type": "pulumi:pulumi:Stack",
        "outputs": {},
    }
    made = {f"{one['type']}.{one['name']}": one["instances"][0] for one in state["resources"]}
    resources = []
    for address, said in _each(configuration):
        shape = read(address.partition(".")[0], schemas[address.partition(".")[0]]["block"])
        resources.append(_resource(address, said, _evaluated(said, made), made[address], shape, tokens))
    told = [stack, *(_provider(name, region) for name, region in REGIONS.items()), *resources]
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": told}}).encode()


def _provider(name: str, region: str) -> dict[str, Any]:
    inputs = {"region": region, "defaultTags": json.dumps({"tags": {"Project": "companion"}})}
    return {"urn": _urn(PROVIDER, name), "custom": True, "type": PROVIDER, "id": "p1", "inputs": inputs}


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
    outputs = shape.properties({field.name: made["attributes"].get(field.name) for field in shape.fields})
    keys = {field.name: field.key for field in shape.fields}
    told = shape.properties({key: value for key, value in evaluated.items() if key in keys})
    assets = _assets(said)
    told |= assets | ({"tagsAll": outputs["tagsAll"]} if "tagsAll" in outputs else {})
    outputs |= assets
    provider = str(said.get("provider", "aws")).rpartition(".")[2]
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
        "inputs": {**{key: _secret((type_name, key), value) for key, value in told.items()}, "__defaults": []},
        "outputs": {
            **{key: _secret((type_name, key), value) for key, value in outputs.items()},
            "region": REGIONS[provider],
            **({"__meta": meta} if meta else {}),
        },
        "provider": f"{_urn(PROVIDER, provider)}::p1",
        "dependencies": sorted({urn for urns in depends.values() for urn in urns}),
        "propertyDependencies": {key: urns for key, urns in depends.items() if urns},
        "protect": bool(lifecycle.get("prevent_destroy")),
        "ignoreChanges": [_ignored(path, keys) for path in lifecycle.get("ignore_changes", ())],
    }


def _ignored(path: str, keys: Mapping[str, str]) -> str:
    """Return the path as Pulumi has it: names of its own, and no lists of at most one."""
    name, rest = re.fullmatch(r"(\w+)(.*)", path).groups()  # type: ignore[union-attr]
    return keys[name] + rest.replace("[0]", "").replace('["', ".").replace('"]', "")


def _assets(said: Mapping[str, Any]) -> dict[str, Any]:
    ways = (("filename", "code", ARCHIVE), ("source", "source", ASSET))
    return {key: _asset(Path(said[name]), signature) for name, key, signature in ways if name in said}


def _asset(path: Path, signature: str) -> dict[str, Any]:
    """Return an asset or archive as Pulumi exports it: where it was, and the hash of what it holds."""
    return {SIGNATURE: signature, "hash": sha256(path.read_bytes()).hexdigest(), "path": str(path)}


def _secret(path: tuple[str, str], value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return *value* with every text in it that says hush, or with all of it if its *path* is one of secrets."""
    if path in SECRETS or (isinstance(value, str) and "hush" in value):
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}
    if isinstance(value, dict):
        return {key: _secret(path, item) for key, item in value.items()}
    return [_secret(path, item) for item in value] if isinstance(value, list) else value


def _urn_of(address: str, tokens: Mapping[str, str]) -> str:
    type_name, _, name = address.partition(".")
    return _urn(tokens[type_name], name)


def _urn(token: str, name: str) -> str:
    return f"{URN}{token}::{name}"
