"""What types can't see: values that AWS's own Terraform provider refuses, asked of the real one without an account.

Pulumi's provider wraps it. The one here is a major version older (5.100, Pulumi's 7.51 has 6.x), so what it doesn't
know yet is left out, and named. It sees enums, patterns, lengths, ranges, ARNs, JSON and what excludes what; it does
not see what only the service checks (whether a name is taken, a quota, a permission), nor values that are known after
a deployment, in whose place stand those of `cloud`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bridge.terraform import Terraform
from tests.components.engine import Created

Json = dict[str, Any]

PLUGINS = Path("/opt/tf-plugins")
_AWS = "registry.terraform.io/hashicorp/aws"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Where Pulumi's name for a type or a property is not the provider's.
_TYPES = {
    "aws:cloudwatch/eventRule:EventRule": "aws_cloudwatch_event_rule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws_vpc_security_group_egress_rule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
}
_PROPERTIES = {
    "aws_lambda_function": {"name": "function_name", "code": "filename"},
    "aws_lambda_permission": {"function": "function_name"},
    "aws_cloudwatch_metric_alarm": {"name": "alarm_name"},
    "aws_cloudwatch_event_target": {"targetId": "target_id"},
    "aws_sns_topic_subscription": {"topic": "topic_arn"},
}


@dataclass
class Asked:
    """A configuration for the provider; *newer* are the inputs that this one does not know."""

    resources: dict[str, Json] = field(default_factory=dict)
    newer: set[str] = field(default_factory=set)


class Provider:
    """The real provider, in a folder of its own."""

    def __init__(self, terraform: Terraform) -> None:
        """Start it once, to be told what it knows."""
        self._terraform = terraform
        self._write({})
        assert terraform.run("init", f"-plugin-dir={PLUGINS}").returncode == 0
        said = json.loads(terraform.run("providers", "schema", "-json").stdout)
        self._schemas: Json = said["provider_schemas"][_AWS]["resource_schemas"]

    def refusals(self, programs: Mapping[str, Iterable[Created]]) -> tuple[list[str], set[str]]:
        """Return what the provider refuses of what *programs* registered, and what it does not know yet."""
        asked = Asked()
        for program, registered in programs.items():
            for created in registered:
                self._add(created, f"{program}-{created.name}", asked)
        self._write(asked.resources)
        said = json.loads(self._terraform.run("validate", "-json").stdout)
        errors = [one for one in said["diagnostics"] if one["severity"] == "error"]
        return [f"{one.get('address')}: {one['summary']} {one['detail']}" for one in errors], asked.newer

    def _add(self, created: Created, name: str, asked: Asked) -> None:
        if not created.token.startswith("aws:"):
            return
        kind = self._kind(created.token)
        if kind not in self._schemas:
            asked.newer.add(kind)
            return
        renamed = _PROPERTIES.get(kind, {})
        inputs = {renamed.get(key, key): value for key, value in _older(kind, created.inputs).items()}
        arguments = _block(self._schemas[kind]["block"], inputs, kind, asked.newer)
        asked.resources.setdefault(kind, {})[re.sub(r"\W", "_", name)] = arguments

    def _kind(self, token: str) -> str:
        _, module, name = token.split(":")
        service, words = module.split("/")[0], _snake(name)
        known = [_TYPES.get(token, ""), f"aws_{service}_{words}", f"aws_{words}"]
        return next((kind for kind in known if kind in self._schemas), known[1])

    def _write(self, resources: Mapping[str, Json]) -> None:
        document = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": {"region": "us-east-1"}},
            **({"resource": resources} if resources else {}),
        }
        (self._terraform.folder / "main.tf.json").write_text(json.dumps(document))


def _block(schema: Json, inputs: Json, where: str, newer: set[str]) -> Json:
    """Return *inputs* in the shape that *schema* asks for; what it does not know goes to *newer*."""
    blocks: Json = schema.get("block_types", {})
    names = _names([*schema.get("attributes", {}), *blocks])
    arguments: Json = {}
    for key, value in inputs.items():
        name = key if key in names.values() else names.get(key)
        if name is None:
            newer.add(f"{where}.{key}")
        elif name in blocks:
            items = value if isinstance(value, list) else [value]
            arguments[name] = [_block(blocks[name]["block"], item, f"{where}.{name}", newer) for item in items]
        else:
            arguments[name] = _argument(schema["attributes"][name].get("type"), value)
    return arguments


def _argument(kind: Any, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return *value* as what it is in Terraform, in which `${` would begin an expression."""
    if hasattr(value, "path"):
        return value.path
    if isinstance(kind, list) and kind[0] in {"list", "set"} and not isinstance(value, list):
        value = [value]
    return json.loads(json.dumps(value).replace("${", "$${"))


def _names(known: Iterable[str]) -> dict[str, str]:
    """Return the provider's names by Pulumi's: in one word, and in the plural where there may be several."""
    found: dict[str, str] = {}
    for name in known:
        first, *rest = name.split("_")
        word = first + "".join(part.capitalize() for part in rest)
        for spelled in (word, f"{word}s", f"{word}es", f"{word[:-1]}ies"):
            found.setdefault(spelled, name)
    return found


def _older(kind: str, inputs: Json) -> Json:
    """Return *inputs* as the older provider has them, where it says the same in other words."""
    if kind == "aws_dynamodb_table" and "globalSecondaryIndexes" in inputs:
        indexes = [_older_index(index) for index in inputs["globalSecondaryIndexes"]]
        return {**inputs, "globalSecondaryIndexes": indexes}
    return inputs


def _older_index(index: Json) -> Json:
    keys = {key["keyType"].lower() + "Key": key["attributeName"] for key in index["keySchemas"]}
    return {**{key: value for key, value in index.items() if key != "keySchemas"}, **keys}


def _snake(name: str) -> str:
    return _WORD.sub("_", name).lower()
