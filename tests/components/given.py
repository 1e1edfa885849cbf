"""What layers are given in their tests: a platform, and the parts of a stack's configuration."""

from __future__ import annotations

import json
from typing import Any

import pulumi

from components import configuration
from components.configuration import Configuration
from components.function import Placement, Platform
from tests.components.cloud import ACCOUNT, REGION
from tests.components.engine import settings

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/companion@sha256:{'0' * 64}"


def config(stack: str = "dev", **changed: Any) -> Configuration:  # noqa: ANN401 - a setting's value
    """Return the configuration of *stack*, but for the settings *changed*."""
    given = {"alarmEmail": "you@example.org", "terraformState": "file:network.tfstate"} if stack == "prod" else {}
    return configuration.read(settings(stack, **{**given, **changed}), stack)


def platform(stack: str = "dev", *, key: str | None = None) -> Platform:
    """Return the platform of *stack*, whose functions run an empty package."""
    told = config(stack)
    code = pulumi.AssetArchive({"runtime": pulumi.StringAsset("")})
    return Platform(
        prefix=told.names.prefix, account=ACCOUNT, region=REGION, code=code, settings=told.functions, key=key
    )


def placement() -> Placement:
    """Return a place in a network."""
    return Placement(vpc_id="vpc-1", subnet_ids=["subnet-1"], security_group_ids=["sg-1"], client_group_id="sg-1")


def statements(policy: str) -> list[dict[str, Any]]:
    """Return the statements of a policy, as it is sent."""
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found
