"""What runs tasks of ECS and models of SageMaker, made in moto as the program registers it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.components.engine import Created, Inputs
from tests.deployed.seeding import Called, Kind, Seeding, made_up

_KNOWN_INSTANCE = "ml.m5.large"


async def _cluster(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("ecs", "CreateCluster", {}, clusterName=inputs["name"])
    return {}


async def _definition(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    containers = json.loads(inputs["containerDefinitions"])
    told = {name: one for name, one in inputs.items() if name != "containerDefinitions"}
    made = await seeding.ask("ecs", "RegisterTaskDefinition", told, containerDefinitions=containers)
    return {made_up(created)["arn"]: made["taskDefinition"]["taskDefinitionArn"]}


async def _service(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    told = {name: inputs[name] for name in ("cluster", "taskDefinition", "launchType", "desiredCount")}
    await seeding.ask("ecs", "CreateService", told, serviceName=inputs["name"])
    return {}


async def _endpoint(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    """Make an endpoint with a model behind it; which, and on what instances, no conversation sees."""
    name, role = inputs["name"], "arn:aws:iam::123456789012:role/serving"
    await seeding.ask("sagemaker", "CreateModel", {}, ModelName=name, ExecutionRoleArn=role)
    variant = {"VariantName": "only", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": _KNOWN_INSTANCE}
    await seeding.ask("sagemaker", "CreateEndpointConfig", {}, EndpointConfigName=name, ProductionVariants=[variant])
    await seeding.ask("sagemaker", "CreateEndpoint", {}, EndpointName=name, EndpointConfigName=name)
    return {}


KINDS: Mapping[str, Kind] = {
    "aws:ecs/cluster:Cluster": _cluster,
    "aws:ecs/service:Service": _service,
    "aws:ecs/taskDefinition:TaskDefinition": _definition,
    "aws:sagemaker/endpoint:Endpoint": _endpoint,
}
