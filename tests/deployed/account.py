"""What stands in an account, as AWS's own APIs tell it: functions and tasks, what calls them, the socket, queues."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.deployed import services
from tests.deployed.services import Task
from tests.parts.endpoint import Endpoint
from tests.parts.given import client

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Deployed:
    """A function: what runs, as which *role*, with what, and who is *admitted* to call it."""

    name: str
    arn: str
    role: str
    handler: str
    environ: Mapping[str, str]
    seconds: int
    mebibytes: int
    code_sha256: str
    admitted: Document


@dataclass(frozen=True)
class Feed:
    """What takes messages of *queue* to *function*, in batches of *size* and so many *at_once*."""

    queue: str
    function: str
    size: int
    at_once: int
    reports: bool


@dataclass(frozen=True)
class Guard:
    """An authorizer: its id, and the function that it asks."""

    id: str
    function: str


@dataclass(frozen=True)
class Socket:
    """The WebSocket API at *stage*: its *routes* to functions, who guards which, and the keys that open it."""

    api: str
    stage: str
    selection: str
    routes: Mapping[str, str]
    guards: Mapping[str, Guard]
    locked: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True)
class Account:
    """All of it; *queues* by their names are their attributes, *policies* by their role's ARN what it may do.

    *rules* are the ARNs of what calls functions when something happens or time passes, each with the functions' names.
    *tasks* are by the names of their services, and *trusts* are what says, of each role's ARN, who may take it.
    """

    functions: Mapping[str, Deployed]
    rules: Mapping[str, tuple[str, ...]]
    feeds: tuple[Feed, ...]
    socket: Socket
    queues: Mapping[str, Mapping[str, str]]
    policies: Mapping[str, tuple[Document, ...]]
    trusts: Mapping[str, Document] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)


async def read(emulator: Endpoint) -> Account:
    """Return what was deployed to *emulator*."""
    return Account(
        functions=await _functions(emulator),
        rules=await _rules(emulator),
        feeds=await _feeds(emulator),
        socket=await _socket(emulator),
        queues=await _queues(emulator),
        policies=await _policies(emulator),
        trusts=await _trusts(emulator),
        tasks=await services.read(emulator),
    )


async def _functions(emulator: Endpoint) -> dict[str, Deployed]:
    async with client("lambda", emulator) as lambdas:
        found = (await lambdas.list_functions())["Functions"]
        admitted = {one["FunctionName"]: await _admitted(lambdas, one["FunctionName"]) for one in found}
    return {
        one["FunctionName"]: Deployed(
            name=one["FunctionName"],
            arn=one["FunctionArn"],
            role=one["Role"],
            handler=one["Handler"],
            environ=one.get("Environment", {}).get("Variables", {}),
            seconds=one["Timeout"],
            mebibytes=one["MemorySize"],
            code_sha256=one["CodeSha256"],
            admitted=admitted[one["FunctionName"]],
        )
        for one in found
    }


async def _admitted(lambdas: Any, name: str) -> Document:  # noqa: ANN401 - a client
    try:
        said: Document = json.loads((await lambdas.get_policy(FunctionName=name))["Policy"])
    except lambdas.exceptions.ResourceNotFoundException:
        return {"Statement": []}
    return said


async def _rules(emulator: Endpoint) -> dict[str, tuple[str, ...]]:
    async with client("events", emulator) as events:
        found = (await events.list_rules())["Rules"]
        targets = {one["Arn"]: (await events.list_targets_by_rule(Rule=one["Name"]))["Targets"] for one in found}
    called = {rule: [one["Arn"] for one in them if ":function:" in one["Arn"]] for rule, them in targets.items()}
    return {rule: tuple(arn.rpartition(":")[2] for arn in arns) for rule, arns in called.items()}


async def _feeds(emulator: Endpoint) -> tuple[Feed, ...]:
    async with client("lambda", emulator) as lambdas:
        found = (await lambdas.list_event_source_mappings())["EventSourceMappings"]
    return tuple(
        Feed(
            queue=one["EventSourceArn"].rpartition(":")[2],
            function=one["FunctionArn"].rpartition(":")[2],
            size=one["BatchSize"],
            at_once=one["ScalingConfig"]["MaximumConcurrency"],
            reports="ReportBatchItemFailures" in one.get("FunctionResponseTypes", ()),
        )
        for one in found
    )


async def _socket(emulator: Endpoint) -> Socket:
    async with client("apigatewayv2", emulator) as gateway:
        [api] = [one for one in (await gateway.get_apis())["Items"] if one["ProtocolType"] == "WEBSOCKET"]
        of = {"ApiId": api["ApiId"]}
        [stage] = (await gateway.get_stages(**of))["Items"]
        routes = (await gateway.get_routes(**of))["Items"]
        integrations = (await gateway.get_integrations(**of))["Items"]
        guarded = [one for one in routes if one.get("AuthorizationType", "NONE") != "NONE"]
        ids = {one["AuthorizerId"] for one in guarded}
        asked = {id: (await gateway.get_authorizer(**of, AuthorizerId=id))["AuthorizerUri"] for id in ids}
    behind = {f"integrations/{one['IntegrationId']}": _called(one["IntegrationUri"]) for one in integrations}
    return Socket(
        api=api["ApiId"],
        stage=stage["StageName"],
        selection=api["RouteSelectionExpression"],
        routes={one["RouteKey"]: behind[one["Target"]] for one in routes},
        guards={one["RouteKey"]: Guard(id := one["AuthorizerId"], _called(asked[id])) for one in guarded},
        locked=frozenset(one["RouteKey"] for one in routes if one["ApiKeyRequired"]),
        keys=await _keys(emulator, {"apiId": api["ApiId"], "stage": stage["StageName"]}),
    )


def _called(uri: str) -> str:
    """Return the name of the function that API Gateway calls at *uri*."""
    return uri.removesuffix("/invocations").rpartition(":")[2]


async def _keys(emulator: Endpoint, shown: Mapping[str, str]) -> frozenset[str]:
    """Return the keys of the plans that open the stage that is *shown*."""
    async with client("apigateway", emulator) as gateway:
        plans = [one["id"] for one in (await gateway.get_usage_plans())["items"] if shown in one["apiStages"]]
        keys = [key for plan in plans for key in (await gateway.get_usage_plan_keys(usagePlanId=plan))["items"]]
    return frozenset(key["value"] for key in keys)


async def _queues(emulator: Endpoint) -> dict[str, Mapping[str, str]]:
    async with client("sqs", emulator) as sqs:
        urls = (await sqs.list_queues()).get("QueueUrls", [])
        told = [await sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]) for url in urls]
    return {one["Attributes"]["QueueArn"].rpartition(":")[2]: one["Attributes"] for one in told}


async def _policies(emulator: Endpoint) -> dict[str, tuple[Document, ...]]:
    async with client("iam", emulator) as iam:
        roles = (await iam.list_roles())["Roles"]
        return {one["Arn"]: await _policies_of(iam, one["RoleName"]) for one in roles}


async def _policies_of(iam: Any, role: str) -> tuple[Document, ...]:  # noqa: ANN401 - a client
    names = (await iam.list_role_policies(RoleName=role))["PolicyNames"]
    inline = [(await iam.get_role_policy(RoleName=role, PolicyName=name))["PolicyDocument"] for name in names]
    return tuple(map(_document, inline))


async def _trusts(emulator: Endpoint) -> dict[str, Document]:
    async with client("iam", emulator) as iam:
        roles = (await iam.list_roles())["Roles"]
    return {one["Arn"]: _document(one["AssumeRolePolicyDocument"]) for one in roles}


def _document(said: str | Document) -> Document:
    document: Document = json.loads(said) if isinstance(said, str) else said
    return document
