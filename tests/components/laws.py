"""What the laws ask of a program that was deployed: its policies' statements, and what reaches what."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.loaders import Loader

from components import package
from tests.components.engine import Created, Engine, Inputs

_DOCUMENTS = ("policy", "assumeRolePolicy", "policyDocument", "accessPolicies")

# What the permissions of the services that the runtime calls begin with, where it is not the client's name.
_PREFIXES = {"apigatewaymanagementapi": "execute-api", "bedrock-runtime": "bedrock", "sagemaker-runtime": "sagemaker"}
SERVICES = {service: _PREFIXES.get(service, service) for service in package.SERVICES}
# Operations that are permitted by another name, or by what is done in them.
ACTIONS: dict[str, set[str]] = {
    "ChangeMessageVisibilityBatch": {"sqs:ChangeMessageVisibility"},
    "Converse": {"bedrock:InvokeModel"},
    "ConverseStream": {"bedrock:InvokeModelWithResponseStream"},
    "DeleteConnection": {"execute-api:ManageConnections"},
    "DeleteMessageBatch": {"sqs:DeleteMessage"},
    "PostToConnection": {"execute-api:ManageConnections"},
    "TransactWriteItems": set(),
}


@dataclass(frozen=True)
class Statement:
    """One statement of a policy that *of* holds."""

    of: Created
    said: Inputs

    @property
    def actions(self) -> list[str]:
        """Return what it is about."""
        return _listed(self.said["Action"])

    @property
    def resources(self) -> list[str]:
        """Return what it may be done to; none in a policy of trust."""
        return _listed(self.said.get("Resource", []))

    @property
    def principals(self) -> list[str]:
        """Return who may do it; none in a role's own policy."""
        said = self.said.get("Principal", {})
        return [one for kind in said.values() for one in _listed(kind)] if isinstance(said, dict) else [said]

    def __repr__(self) -> str:
        """Say where it stands, and what."""
        return f"{self.of.name}: {self.actions} on {self.resources}"


def statements(program: Engine) -> Iterator[Statement]:
    """Yield each statement that allows something, of each policy that the program registers."""
    for one in program.registered:
        for key in _DOCUMENTS:
            if isinstance(document := one.inputs.get(key), str):
                said = _listed(json.loads(document)["Statement"])
                yield from (Statement(one, each) for each in said if each["Effect"] == "Allow")


def by_role(program: Engine) -> Iterator[tuple[Created, list[Statement]]]:
    """Yield each policy of a role, with its statements."""
    allowed = list(statements(program))
    for policy in program.created("aws:iam/rolePolicy:RolePolicy"):
        yield policy, [one for one in allowed if one.of is policy]


def granted(program: Engine) -> dict[str, set[str]]:
    """Return what each role may do, by the role's name in AWS."""
    found: dict[str, set[str]] = {}
    for policy, allowed in by_role(program):
        found.setdefault(policy.inputs["role"], set()).update(action for one in allowed for action in one.actions)
    return found


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [value]


def called(folder: Path) -> set[str]:
    """Return what AWS's services are asked for by the code in *folder*, as policies name it.

    Methods of botocore's clients are looked for by name, which is enough: none of ours is called as one of theirs.
    """
    code = [ast.parse(path.read_text()) for path in folder.rglob("*.py")]
    names = {node.attr for tree in code for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    loaded = Loader()
    found: set[str] = set()
    for service, prefix in SERVICES.items():
        for operation in loaded.load_service_model(service, "service-2")["operations"]:
            if xform_name(operation) in names:
                found |= ACTIONS.get(operation, {f"{prefix}:{operation}"})
    return found
