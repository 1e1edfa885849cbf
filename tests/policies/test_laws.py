"""Each law, broken on purpose: by the smallest change of something that keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from policies.laws import LAWS, broken, open_buckets

QUEUE, FUNCTION, DOMAIN = "aws:sqs/queue:Queue", "aws:lambda/function:Function", "aws:opensearch/domain:Domain"
BUCKET, BLOCK = "aws:s3/bucket:Bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
GROUP, RULE = "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ALARM, LOGS, POLICY = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/rolePolicy:RolePolicy",
)


def policy(action: str, resource: str, effect: str = "Allow") -> dict[str, Any]:
    """Return a role's policy of one statement."""
    return {"policy": json.dumps({"Statement": [{"Effect": effect, "Action": [action], "Resource": resource}]})}


def variables(**values: str) -> dict[str, Any]:
    """Return a function with an environment."""
    return {"environment": {"variables": values}}


STRICT = {
    "encryptAtRest": {"enabled": True},
    "nodeToNodeEncryption": {"enabled": True},
    "advancedSecurityOptions": {"enabled": True},
    "domainEndpointOptions": {"enforceHttps": True, "tlsSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
}
CLOSED = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/companion_memory"

KEPT: list[tuple[str, dict[str, Any]]] = [
    (QUEUE, {"name": "turns.fifo", "redrivePolicy": "{}", "sqsManagedSseEnabled": True}),
    (QUEUE, {"name": "turns-dead.fifo", "kmsMasterKeyId": "k"}),
    (BLOCK, CLOSED),
    (GROUP, {"ingress": [{"cidrBlocks": ["10.0.0.0/16"]}], "egress": [{"cidrBlocks": ["0.0.0.0/0"]}]}),
    (RULE, {"referencedSecurityGroupId": "sg-1"}),
    ("aws:ec2/securityGroupRule:SecurityGroupRule", {"type": "egress", "cidrBlocks": ["0.0.0.0/0"]}),
    ("aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "AWS_IAM"}),
    ("aws:lambda/permission:Permission", {"principal": "apigateway.amazonaws.com"}),
    (POLICY, policy("dynamodb:Query", TABLE)),
    (POLICY, policy("comprehend:DetectPiiEntities", "*")),
    (POLICY, policy("dynamodb:*", "*", effect="Deny")),
    (LOGS, {"retentionInDays": 30}),
    (ALARM, {"alarmActions": ["arn:aws:sns:us-east-1:123456789012:alarms"]}),
    (DOMAIN, STRICT),
    (FUNCTION, variables(GUARDRAIL_ID="g", GUARDRAIL_VERSION="3", PSEUDONYM_SECRET="arn")),
    (FUNCTION, {}),
]

BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("queues-have-dead-letters", QUEUE, {"name": "turns.fifo", "sqsManagedSseEnabled": True}),
    ("queues-are-encrypted", QUEUE, {"name": "turns-dead.fifo"}),
    ("buckets-block-public-access", BLOCK, {**CLOSED, "blockPublicPolicy": False}),
    ("no-group-faces-the-internet", GROUP, {"ingress": [{"ipv6CidrBlocks": ["::/0"]}]}),
    ("no-rule-faces-the-internet", RULE, {"cidrIpv4": "0.0.0.0/0"}),
    ("functions-have-no-open-address", "aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "NONE"}),
    ("functions-name-their-callers", "aws:lambda/permission:Permission", {"principal": "*"}),
    ("policies-name-their-resources", POLICY, policy("dynamodb:Query", "*")),
    ("policies-name-their-resources", POLICY, policy("dynamodb:*", TABLE)),
    ("logs-have-retention", LOGS, {}),
    ("alarms-are-heard", ALARM, {"alarmActions": []}),
    ("search-is-encrypted", DOMAIN, {**STRICT, "encryptAtRest": {"enabled": False}}),
    ("search-is-encrypted", DOMAIN, {**STRICT, "domainEndpointOptions": {"enforceHttps": True}}),
    ("guardrails-are-pinned", FUNCTION, variables(GUARDRAIL_ID="g", GUARDRAIL_VERSION="DRAFT")),
    ("environments-hold-no-secret", FUNCTION, variables(OPENAI_API_KEY="sk")),
]


@dataclass(frozen=True)
class Made:
    """A resource of a stack."""

    resource_type: str
    urn: str
    property_dependencies: Mapping[str, Sequence[Made]] = field(default_factory=dict)


@pytest.mark.parametrize(("kind", "props"), KEPT)
def test_what_keeps_the_laws_is_let_through(kind: str, props: dict[str, Any]) -> None:
    assert broken(kind, props) == []


@pytest.mark.parametrize(("law", "kind", "props"), BROKEN)
def test_what_breaks_a_law_is_reported_with_what_to_do(law: str, kind: str, props: dict[str, Any]) -> None:
    ((name, wrong),) = broken(kind, props)

    assert name == law
    assert ": " in wrong


def test_each_law_is_broken_once_in_these_tests() -> None:
    assert {law.name for law in LAWS} == {law for law, _, _ in BROKEN}


def test_a_bucket_that_nothing_closes_is_reported_and_one_that_is_closed_is_not() -> None:
    shut, ajar = Made(BUCKET, "shut"), Made(BUCKET, "ajar")
    block = Made(BLOCK, "block", {"bucket": [shut]})

    assert [urn for _, urn in open_buckets([shut, ajar, block])] == ["ajar"]
