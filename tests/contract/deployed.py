"""The programs that the laws are about, and what is in one by the role that it is for."""

from __future__ import annotations

import json

from tests.components.deployed import deployed
from tests.components.engine import Engine, Inputs

PROGRAMS = ("bedrock", "sagemaker", "fargate")
FUNCTION, TASK = "aws:lambda/function:Function", "aws:ecs/taskDefinition:TaskDefinition"


def program(kind: str) -> Engine:
    """Return production: its worker a function that asks *kind*, or on Fargate."""
    return deployed("prod", kind)


def functions(engine: Engine) -> dict[str, Inputs]:
    """Return each function, by the role that its handler is for."""
    return {one.inputs["handler"].split(".")[2]: one.inputs for one in engine.created(FUNCTION)}


def environments(engine: Engine) -> dict[str, dict[str, str]]:
    """Return what each role's process finds in its environment, a container's among them."""
    told = {role: inputs["environment"]["variables"] for role, inputs in functions(engine).items()}
    for one in engine.created(TASK):
        [container] = json.loads(one.inputs["containerDefinitions"])
        told[container["name"]] = {entry["name"]: entry["value"] for entry in container["environment"]}
    return told
