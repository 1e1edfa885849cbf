"""What Pulumi's AWS provider decides of a type beside Terraform's: which it is, its id, the name it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from bridge.document import Json
from bridge.kinds import DEFAULTS
from bridge.naming import Twins
from bridge.schema import Props
from tests.engine.shape import Shape

NEWER = frozenset({"aws:cognito/managedLoginBranding:ManagedLoginBranding"})
"""Types of the program that this Terraform provider does not know yet: nothing is made of them here."""

_COMPOSED: Mapping[str, tuple[str, ...]] = {"aws_bedrock_guardrail_version": ("guardrail_arn", "version")}
_NAMED_BY: Mapping[str, str] = {
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_lambda_function": "function_name",
    "aws_opensearch_domain": "domain_name",
    "aws_s3_bucket": "bucket",
}


def resource(token: str, known: Collection[str]) -> str:
    """Return the Terraform type of what the program makes as *token*. Raises `LookupError`."""
    return _found(token, known)


def source(token: str, known: Collection[str]) -> str:
    """Return the Terraform type of what the program asks as *token*. Raises `LookupError`."""
    module, _, name = token.rpartition(":")
    return _found(f"{module}:{name.removeprefix('get')}", known)


def identity(type_name: str, state: Props) -> str:
    """Return a resource's id; types of the newer kind have no property of that name."""
    if type_name in _COMPOSED:
        return ",".join(str(state[name]) for name in _COMPOSED[type_name])
    own = type_name.rpartition("_")[2]
    found = (state.get(name) for name in ("id", f"{own}_id", f"{own}_arn", "arn", "name"))
    return next((str(one) for one in found if one), "-")


def name_key(type_name: str, shape: Shape) -> str | None:
    """Return the property that Pulumi names a resource by; None: it has no name of its own."""
    name = _NAMED_BY.get(type_name, "name")
    known = shape.block["attributes"].get(name, {})
    return shape.key(name) if known.get("optional") else None


def named(key: str, urn: str, seed: bytes, inputs: Props, before: Props) -> Props:
    """Return *inputs* with the name of *before*, or a new one, where the program gives none."""
    if key in inputs or "namePrefix" in inputs:
        return inputs
    defaults = before.get(DEFAULTS)
    kept: Json = before.get(key) if isinstance(defaults, list) and key in defaults else None
    suffix = ".fifo" if inputs.get("fifoQueue") else ""
    fresh = f"{urn.rpartition('::')[2]}-{hashlib.sha256(seed).hexdigest()[:7]}{suffix}"
    return {**inputs, key: kept or fresh.lower(), DEFAULTS: [key]}


def older(type_name: str, inputs: Props) -> Props:
    """Return *inputs* as the older provider has them, where it says the same in other words."""
    indexes = inputs.get("globalSecondaryIndexes")
    if type_name != "aws_dynamodb_table" or not isinstance(indexes, list):
        return inputs
    return {**inputs, "globalSecondaryIndexes": [_older_index(one) for one in indexes]}


def _older_index(index: Json) -> Json:
    if not isinstance(index, dict) or not isinstance(keys := index.get("keySchemas"), list):
        return index
    said = {str(key["keyType"]).lower() + "Key": key["attributeName"] for key in keys if isinstance(key, dict)}
    return {**{key: value for key, value in index.items() if key != "keySchemas"}, **said}


def _found(token: str, known: Collection[str]) -> str:
    name = Twins(known).of(token)
    if name is None:
        raise LookupError(f"got: {token}; why not: this provider has no such type; instead: preview it by its types")
    return name
