"""What layers are tested with: a platform, a role, and settings of both stacks."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components import configuration
from components.configuration import Configuration
from components.function import Placement, Platform
from tests.components.cloud import ACCOUNT, REGION
from tests.components.engine import Inputs, settings

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/companion@sha256:{'0' * 64}"
PLACEMENT = Placement(
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
    security_group_ids=["sg-1"],
    client_group_id="sg-1",
)
_PROD = {"alarmEmail": "you@example.org", "terraformState": "s3://bucket/key?region=us-east-1"}


def dev(**changed: object) -> Configuration:
    return configuration.read(settings("dev", **changed), "dev")


def prod(**changed: object) -> Configuration:
    return configuration.read(settings("prod", **_PROD, **changed), "prod")


def platform(told: Configuration | None = None, key: str | None = None) -> Platform:
    config = told or dev()
    return Platform(
        prefix=config.names.prefix,
        account=ACCOUNT,
        region=REGION,
        code=pulumi.FileArchive("package.zip"),
        settings=config.functions,
        key=key,
    )


def role(name: str = "companion-worker") -> aws.iam.Role:
    return aws.iam.Role(f"{name}-role", name=name, assume_role_policy="{}")


def statements(policy: str) -> list[Inputs]:
    found: list[Inputs] = json.loads(policy)["Statement"]
    return found
