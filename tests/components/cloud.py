"""What AWS would answer: ids, ARNs and addresses in the shapes that its services give them.

An output that is not known here gets a text made of its name, so that nothing stays empty unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pulumi import _types

from tests.components import sdk

Inputs = dict[str, Any]

ACCOUNT, REGION = "123456789012", "us-east-1"

# The ARNs that somebody takes apart; others say their service and name.
_ARNS: Mapping[str, str] = {
    "aws:dynamodb/table:Table": "dynamodb:{region}:{account}:table/{name}",
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{name}",
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:s3/bucket:Bucket": "s3:::{name}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/11111111-2222-4333-8444-555555555555",
    "aws:opensearch/domain:Domain": "es:{region}:{account}:domain/{name}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
    "aws:bedrock/guardrail:Guardrail": "bedrock:{region}:{account}:guardrail/abcdefghij12",
    "aws:sagemaker/endpoint:Endpoint": "sagemaker:{region}:{account}:endpoint/{name}",
    "aws:cloudfront/distribution:Distribution": "cloudfront::{account}:distribution/E2ABCDEFGHIJKL",
    "aws:cloudfront/function:Function": "cloudfront::{account}:function/{name}",
    "aws:wafv2/webAcl:WebAcl": "wafv2:{region}:{account}:global/webacl/{name}/11111111-2222-4333-8444-555555555555",
    "aws:ecs/cluster:Cluster": "ecs:{region}:{account}:cluster/{name}",
    "aws:ecs/service:Service": "ecs:{region}:{account}:service/{name}/{name}",
    "aws:ecs/taskDefinition:TaskDefinition": "ecs:{region}:{account}:task-definition/{name}:1",
    "aws:ecr/repository:Repository": "ecr:{region}:{account}:repository/{name}",
}
_IDS: Mapping[str, str] = {
    "aws:ec2/vpc:Vpc": "vpc-0a1b2c3d4e5f60718",
    "aws:apigatewayv2/api:Api": "a1b2c3d4e5",
    "aws:cognito/userPool:UserPool": "us-east-1_AbCdEfGhI",
    "aws:cognito/userPoolClient:UserPoolClient": "1example23456789abcdefghij",
    "aws:bedrock/guardrail:Guardrail": "abcdefghij12",
}


def _queue(name: str) -> Inputs:
    return {"url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"}


def _function(name: str) -> Inputs:
    path = f"2015-03-31/functions/arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}/invocations"
    return {"invokeArn": f"arn:aws:apigateway:{REGION}:lambda:path/{path}"}


# Outputs that are more than a name.
_MORE: Mapping[str, Callable[[str], Inputs]] = {
    "aws:sqs/queue:Queue": _queue,
    "aws:lambda/function:Function": _function,
    "aws:opensearch/domain:Domain": lambda name: {"endpoint": f"search-{name}-abc.{REGION}.es.amazonaws.com"},
    "aws:cognito/userPool:UserPool": lambda _: {"endpoint": f"cognito-idp.{REGION}.amazonaws.com/us-east-1_AbCdEfGhI"},
    "aws:bedrock/guardrail:Guardrail": lambda _: {
        "guardrailId": "abcdefghij12",
        "guardrailArn": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abcdefghij12",
        "version": "DRAFT",
    },
    "aws:bedrock/guardrailVersion:GuardrailVersion": lambda _: {"version": "1"},
    "aws:apigatewayv2/api:Api": lambda _: {
        "apiEndpoint": f"wss://a1b2c3d4e5.execute-api.{REGION}.amazonaws.com",
        "executionArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5",
    },
    "aws:cloudfront/distribution:Distribution": lambda _: {
        "domainName": "d111111abcdef8.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
    },
    "aws:s3/bucket:Bucket": lambda name: {"bucketRegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com"},
}


def made(token: str, name: str, inputs: Inputs) -> tuple[str, Inputs]:
    """Return the id of what was made as *token*, and all its properties."""
    if not token.startswith("aws:"):
        return name, inputs
    called = str(inputs.get("name") or inputs.get("domainName") or inputs.get("bucket") or name)
    known = {"name": called, "arn": _arn(token, called), **_more(token, called), **inputs}
    return _IDS.get(token, called), {**_invented(token, called), **known}


def asked(token: str, arguments: Inputs) -> Inputs:
    """Return what a look-up tells; a local state is read from its file, as the plug-in does."""
    if token == "terraform:state:getLocalReference":
        document = json.loads(Path(arguments["path"]).read_text())
        return {"outputs": {name: output["value"] for name, output in document["outputs"].items()}}
    answers: dict[str, Inputs] = {
        "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"},
        "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{REGION}{zone}" for zone in "abc"]},
        "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "x" * 64},
        "aws:ec2/getRouteTables:getRouteTables": {"ids": ["rtb-0a1b2c3d4e5f60718"]},
        "aws:ec2/getRouteTable:getRouteTable": {"routes": [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"}]},
    }
    return answers[token]


def _arn(token: str, name: str) -> str:
    service = token.partition("/")[0].removeprefix("aws:")
    tail = _ARNS.get(token, f"{service}:{{region}}:{{account}}:{{name}}")
    return "arn:aws:" + tail.format(region=REGION, account=ACCOUNT, name=name)


def _more(token: str, name: str) -> Inputs:
    return _MORE[token](name) if token in _MORE else {}


def _invented(token: str, name: str) -> Inputs:
    """Return a text for each output of *token* that is one."""
    kinds = _types.resource_types(sdk.resource(token))
    return {key: f"{name}-{key}" for key, kind in kinds.items() if kind is str}
