"""The whole program as it is deployed: for each stack, each way to answer and each way to work; each once."""

from __future__ import annotations

from functools import cache

from tests.components.engine import Engine

GIVEN = {"alarmEmail": "you@example.org", "lambdaPackage": "tests/components/package.zip"}
STACKS: dict[str, dict[str, object]] = {
    "dev": {},
    "prod": {"terraformState": "file:tests/components/network.tfstate"},
}
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/companion:1"
# What answers a turn, and what works on it.
WAYS: dict[str, dict[str, object]] = {
    "bedrock": {},
    "sagemaker": {"inference": "sagemaker", "sagemakerImage": IMAGE},
    "fargate": {"worker": "fargate", "workerImage": IMAGE},
}
PROGRAMS = [(stack, way) for stack in STACKS for way in WAYS]


@cache
def deployed(stack: str, way: str) -> Engine:
    engine = Engine()
    engine.deploy(stack, **GIVEN, **STACKS[stack], **WAYS[way])
    return engine
