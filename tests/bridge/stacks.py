"""Small stacks as Pulumi exports them, and what becomes of them by a schema of a few types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bridge import deployment, stack
from bridge.converted import Converted
from bridge.document import Json
from bridge.resources import convert

URN = "urn:pulumi:dev::companion::"
QUEUE, OBJECT = "aws:sqs/queue:Queue", "aws:s3/bucketObjectv2:BucketObjectv2"
PROVIDER = "pulumi:providers:aws"
ARN = "arn:aws:sqs:us-east-1:1:dead"
TEXT = {"type": "string", "optional": True}
SCHEMAS: dict[str, Any] = {
    "aws_sqs_queue": {
        "version": 1,
        "block": {
            "attributes": {
                **dict.fromkeys(("id", "name", "policy"), TEXT),
                "arn": {"type": "string", "computed": True},
                "delay_seconds": {"type": "number", "optional": True},
                "fifo_queue": {"type": "bool", "optional": True},
                "labels": {"type": ["set", "string"], "optional": True},
                "status": {"type": "string", "computed": True},
                "tags": {"type": ["map", "string"], "optional": True},
                "tags_all": {"type": ["map", "string"], "optional": True, "computed": True},
                "token_wo": {"type": "string", "optional": True, "write_only": True},
            },
            "block_types": {
                "environment": {
                    "nesting_mode": "list",
                    "max_items": 1,
                    "block": {"attributes": {"variables": {"type": ["map", "string"], "optional": True}}},
                },
                "rule": {"nesting_mode": "list", "block": {"attributes": {"label": TEXT}}},
                "grant": {"nesting_mode": "set", "block": {"attributes": {"label": TEXT}}},
            },
        },
    },
    "aws_s3_object": {"version": 0, "block": {"attributes": dict.fromkeys(("bucket", "id", "key", "source"), TEXT)}},
    "aws_lambda_invocation": {"version": 0, "block": {"attributes": {"id": TEXT}}},
}


def urn(name: str, token: str = QUEUE) -> str:
    return f"{URN}companion:index:Scaling${token}::{name}"


def resource(name: str, inputs: dict[str, Any], token: str = QUEUE, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    told = {"custom": True, "urn": urn(name, token), "type": token, "id": f"{name}-id", "inputs": inputs}
    outputs = {**inputs, **more.pop("outputs", {})}
    return {**told, "outputs": outputs, "provider": f"{urn('aws', PROVIDER)}::p", **more}


def provider(name: str = "aws", **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    told = {"region": "us-east-1", "defaultTags": '{"tags":{"Stack":"dev"}}', **inputs}
    return {"custom": True, "urn": urn(name, PROVIDER), "type": PROVIDER, "id": "p", "inputs": told, "outputs": told}


def exported(*resources: dict[str, Any], **more: Any) -> bytes:  # noqa: ANN401 - JSON
    root = {"urn": f"{URN}pulumi:pulumi:Stack::companion-dev", "custom": False, "type": "pulumi:pulumi:Stack"}
    given = {one["urn"] for one in resources}
    aws = [] if urn("aws", PROVIDER) in given else [provider()]
    return json.dumps({"version": 3, "deployment": {"resources": [root, *aws, *resources], **more}}).encode()


def converted(*resources: dict[str, Any], root: Path = Path(), imports: bool = False) -> Converted:
    return convert(deployment.read(stack.read(exported(*resources)), show_secrets=True), SCHEMAS, root, imports=imports)


def said(found: Converted, address: str) -> dict[str, Json]:
    (twin,) = [one for one in found.twins if one.address == address]
    return dict(twin.configuration)


def schema_file(folder: Path) -> Path:
    known = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": SCHEMAS}}}
    (folder / "schema.json").write_text(json.dumps(known))
    return folder / "schema.json"


def command(folder: Path, *options: str, to: str = "twin") -> list[str]:
    """Return the command that converts the export.json in *folder*."""
    told = ["resources", "--stack-export", str(folder / "export.json"), "--schema", str(schema_file(folder))]
    return [*told, "--provider-version", "5.100.0", "--to", str(folder / to), *options]


DEAD = resource("dead", {"name": "dead"}, outputs={"arn": ARN})
