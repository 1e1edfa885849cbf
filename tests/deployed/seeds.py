"""What the program registers, made in moto by the same names: no engine and no provider, so in seconds.

What no conversation touches (alarms, the network, the page) is not made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack

from tests.components.engine import Created, Inputs
from tests.deployed import hosts
from tests.deployed.seeding import Called, Kind, Seeding, id_of, made_up
from tests.parts.endpoint import Endpoint
from tests.parts.given import client


async def seed(registered: Iterable[Created], emulator: Endpoint, package: bytes) -> None:
    """Make in *emulator* what was *registered*; its functions run *package*."""
    async with AsyncExitStack() as stack, client("s3", emulator) as s3:
        await s3.create_bucket(Bucket="packages")
        await s3.put_object(Bucket="packages", Key="package", Body=package)
        seeding = Seeding(emulator, stack, {**_KINDS, **hosts.KINDS}, {"S3Bucket": "packages", "S3Key": "package"})
        for created in registered:
            await seeding.make(created)


async def _role(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    trust = inputs["assumeRolePolicy"]
    await seeding.ask("iam", "CreateRole", {}, RoleName=inputs["name"], AssumeRolePolicyDocument=trust)
    return {}


async def _role_policy(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    named = {"RoleName": inputs["role"], "PolicyName": created.name, "PolicyDocument": inputs["policy"]}
    await seeding.ask("iam", "PutRolePolicy", {}, **named)
    return {}


async def _table(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    keys = [{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}]
    keys += [{"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"}] if "rangeKey" in inputs else []
    kinds = [{"AttributeName": one["name"], "AttributeType": one["type"]} for one in inputs["attributes"]]
    indices = [_index(one) for one in inputs.get("globalSecondaryIndexes", [])]
    more = {"GlobalSecondaryIndexes": indices} if indices else {}
    named = {"TableName": inputs["name"], "KeySchema": keys, "AttributeDefinitions": kinds}
    await seeding.ask("dynamodb", "CreateTable", {"billingMode": inputs["billingMode"]}, **named, **more)
    return {}


def _index(told: Inputs) -> Inputs:
    keys = [{"AttributeName": one["attributeName"], "KeyType": one["keyType"]} for one in told["keySchemas"]]
    return {"IndexName": told["name"], "KeySchema": keys, "Projection": {"ProjectionType": told["projectionType"]}}


async def _queue(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    told = {
        "FifoQueue": inputs["fifoQueue"],
        "DeduplicationScope": inputs["deduplicationScope"],
        "FifoThroughputLimit": inputs["fifoThroughputLimit"],
        "VisibilityTimeout": inputs["visibilityTimeoutSeconds"],
        "MessageRetentionPeriod": inputs["messageRetentionSeconds"],
        "ReceiveMessageWaitTimeSeconds": inputs["receiveWaitTimeSeconds"],
        **({"RedrivePolicy": inputs["redrivePolicy"]} if "redrivePolicy" in inputs else {}),
    }
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in told.items()}
    await seeding.ask("sqs", "CreateQueue", {}, QueueName=inputs["name"], Attributes=texts)
    return {}


async def _queue_policy(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    policy = {"Policy": inputs["policy"]}
    await seeding.ask("sqs", "SetQueueAttributes", {}, QueueUrl=inputs["queueUrl"], Attributes=policy)
    return {}


async def _secret(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("secretsmanager", "CreateSecret", inputs)
    return {made_up(created)["arn"]: made["ARN"]}


async def _secret_version(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("secretsmanager", "PutSecretValue", inputs)
    return {}


async def _pool(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    emails = {"usernameAttributes": inputs["usernameAttributes"]}
    made = await seeding.ask("cognito-idp", "CreateUserPool", emails, PoolName=inputs["name"])
    return {id_of(created): made["UserPool"]["Id"]}


async def _pool_client(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask(
        "cognito-idp", "CreateUserPoolClient", {"userPoolId": inputs["userPoolId"]}, ClientName=inputs["name"]
    )
    return {id_of(created): made["UserPoolClient"]["ClientId"]}


async def _function(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    told = {name: one for name, one in inputs.items() if name != "code"}
    await seeding.ask("lambda", "CreateFunction", told, FunctionName=inputs["name"], Code=seeding.code)
    return {}


async def _permission(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    named = {"FunctionName": inputs["function"], "StatementId": created.name}
    await seeding.ask("lambda", "AddPermission", inputs, **named)
    return {}


async def _feed(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("lambda", "CreateEventSourceMapping", inputs)
    return {}


async def _rule(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("events", "PutRule", inputs)
    return {made_up(created)["arn"]: made["RuleArn"]}


async def _target(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    await seeding.ask("events", "PutTargets", inputs, Targets=[{"Id": created.name, "Arn": inputs["arn"]}])
    return {}


async def _api(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("apigatewayv2", "CreateApi", inputs)
    return {id_of(created): made["ApiId"]}


async def _integration(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("apigatewayv2", "CreateIntegration", inputs)
    return {f"integrations/{id_of(created)}": f"integrations/{made['IntegrationId']}"}


async def _authorizer(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("apigatewayv2", "CreateAuthorizer", inputs, IdentitySource=[])
    places = ('"authorizerId": "{}"', "authorizers/{}")
    return {place.format(id_of(created)): place.format(made["AuthorizerId"]) for place in places}


async def _route(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("apigatewayv2", "CreateRoute", inputs)
    return {}


async def _stage(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("apigatewayv2", "CreateStage", {"apiId": inputs["apiId"]}, StageName=inputs["name"])
    return {}


async def _key(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("apigateway", "CreateApiKey", inputs, enabled=True)
    return {f'"keyId": "{id_of(created)}"': f'"keyId": "{made["id"]}"'}


async def _plan(seeding: Seeding, inputs: Inputs, created: Created) -> Called:
    made = await seeding.ask("apigateway", "CreateUsagePlan", inputs)
    return {f'"usagePlanId": "{id_of(created)}"': f'"usagePlanId": "{made["id"]}"'}


async def _plan_key(seeding: Seeding, inputs: Inputs, _: Created) -> Called:
    await seeding.ask("apigateway", "CreateUsagePlanKey", inputs)
    return {}


_KINDS: Mapping[str, Kind] = {
    "aws:apigateway/apiKey:ApiKey": _key,
    "aws:apigateway/usagePlan:UsagePlan": _plan,
    "aws:apigateway/usagePlanKey:UsagePlanKey": _plan_key,
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/authorizer:Authorizer": _authorizer,
    "aws:apigatewayv2/integration:Integration": _integration,
    "aws:apigatewayv2/route:Route": _route,
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:cloudwatch/eventRule:EventRule": _rule,
    "aws:cloudwatch/eventTarget:EventTarget": _target,
    "aws:cognito/userPool:UserPool": _pool,
    "aws:cognito/userPoolClient:UserPoolClient": _pool_client,
    "aws:dynamodb/table:Table": _table,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:lambda/eventSourceMapping:EventSourceMapping": _feed,
    "aws:lambda/function:Function": _function,
    "aws:lambda/permission:Permission": _permission,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
}
