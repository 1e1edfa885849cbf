"""What the laws ask of a program that was deployed: its policies' statements, and what reaches what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.components.engine import Created, Engine, Inputs

_DOCUMENTS = ("policy", "assumeRolePolicy", "policyDocument", "accessPolicies")

# What AWS lets nobody name a resource for (its service authorization reference says so).
UNNAMEABLE = frozenset(
    {
        "comprehend:DetectPiiEntities",
        "comprehend:DetectToxicContent",
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)


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
    """Yield each statement of each policy that the program registers."""
    for one in program.registered:
        for key in _DOCUMENTS:
            if isinstance(document := one.inputs.get(key), str):
                yield from (Statement(one, said) for said in _listed(json.loads(document)["Statement"]))


def granted(program: Engine) -> dict[str, set[str]]:
    """Return what each role may do, by the role's name in AWS."""
    found: dict[str, set[str]] = {}
    for statement in statements(program):
        if statement.of.token == "aws:iam/rolePolicy:RolePolicy":
            found.setdefault(statement.of.inputs["role"], set()).update(statement.actions)
    return found


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [value]
