"""What each kind of call has to be allowed, and that a call which nobody allows is told of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.deployed import rights
from tests.deployed.account import Account, Deployed, Feed, Socket
from tests.deployed.rights import Place
from tests.deployed.services import Task
from tests.parts.wire import Call

ROLE = "arn:aws:iam::123456789012:role/companion-worker"
PLACE = Place("us-east-1", "123456789012", "a1b2c3d4e5", "arn:aws:es:us-east-1:123456789012:domain/companion")
TURNS = "arn:aws:dynamodb:us-east-1:123456789012:table/turns"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:turns.fifo"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-micro-v1:0"

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/companion@sha256:0"
TASKS = {"worker": Task("worker", "c", ROLE, "role/start", IMAGE, (), {}, 2048, 60, (), "/worker")}


def call(service: str, operation: str, path: str = "/", **arguments: Any) -> Call:  # noqa: ANN401 - JSON
    return Call(service, operation, arguments, path, {"X-Amz-Security-Token": ROLE}, b"", 1)


def account(*statements: dict[str, Any], queue: str = "") -> Account:
    """Return an account whose one role has *statements*, and whose queue has the policy *queue*."""
    worker = Deployed("worker", "arn", ROLE, "a.handler", {}, 75, 1024, "", {})
    socket = Socket("", "", "", {}, {}, frozenset(), frozenset())
    queues = {"turns.fifo": {"Policy": queue} if queue else {}}
    feeds = (Feed("turns.fifo", "worker", 1, 2, reports=True),)
    return Account({"worker": worker}, {}, feeds, socket, queues, {ROLE: ({"Statement": list(statements)},)})


def allow(action: str, resource: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("made", "needed"),
    [
        (call("dynamodb", "GetItem", TableName="turns"), [("dynamodb:GetItem", TURNS)]),
        (
            call("dynamodb", "Query", TableName="turns", IndexName="failed"),
            [("dynamodb:Query", f"{TURNS}/index/failed")],
        ),
        (
            call("dynamodb", "TransactWriteItems", TransactItems=[{"Put": {"TableName": "turns"}}]),
            [("dynamodb:PutItem", TURNS)],
        ),
        (
            call("dynamodb", "BatchGetItem", RequestItems={"turns": {}}),
            [("dynamodb:BatchGetItem", TURNS)],
        ),
        (call("sqs", "SendMessage", QueueUrl="https://sqs/1/turns.fifo"), [("sqs:SendMessage", QUEUE)]),
        (
            call("bedrock-runtime", "InvokeModel", modelId="amazon.titan-embed-text-v2:0"),
            [("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0")],
        ),
        (
            call("bedrock-runtime", "ApplyGuardrail", guardrailIdentifier="gr1"),
            [("bedrock:ApplyGuardrail", "arn:aws:bedrock:us-east-1:123456789012:guardrail/gr1")],
        ),
        (call("comprehend", "DetectToxicContent"), [("comprehend:DetectToxicContent", "*")]),
        (call("polly", "SynthesizeSpeech"), [("polly:SynthesizeSpeech", "*")]),
        (
            call("polly", "SynthesizeSpeech", LexiconNames=["names"]),
            [("polly:SynthesizeSpeech", "arn:aws:polly:us-east-1:123456789012:lexicon/names")],
        ),
        (
            call("sagemaker-runtime", "InvokeEndpointWithResponseStream", EndpointName="model"),
            [("sagemaker:InvokeEndpointWithResponseStream", "arn:aws:sagemaker:us-east-1:123456789012:endpoint/model")],
        ),
        (
            call("es", "POST /memories/_search", "/memories/_search?routing=ana"),
            [("es:ESHttpPost", "arn:aws:es:us-east-1:123456789012:domain/companion/memories/_search")],
        ),
        (
            call("apigatewaymanagementapi", "PostToConnection", "/v1/@connections/a=", ConnectionId="a="),
            [
                (
                    "execute-api:ManageConnections",
                    "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/v1/POST/@connections/a=",
                )
            ],
        ),
        (
            call("secretsmanager", "GetSecretValue", SecretId="arn:secret"),
            [("secretsmanager:GetSecretValue", "arn:secret")],
        ),
    ],
)
def test_a_call_needs_its_action_on_what_it_names(made: Call, needed: list[tuple[str, str]]) -> None:
    assert [(one.action, one.resource) for one in rights.asked(made, PLACE)] == needed


def test_a_profile_is_asked_with_its_model_wherever_it_may_lead() -> None:
    profile, *models = rights.asked(
        call("bedrock-runtime", "ConverseStream", modelId="us.amazon.nova-micro-v1:0"), PLACE
    )

    assert (profile.action, profile.resource) == ("bedrock:InvokeModelWithResponseStream", PROFILE)
    assert {one.context["bedrock:InferenceProfileArn"] for one in models} == {PROFILE}
    assert [one.resource.split(":")[3] for one in models] == ["us-east-1", "us-east-2", "us-west-2"]


def test_a_call_that_no_policy_allows_is_told_of_once() -> None:
    asked = [one for _ in range(2) for one in rights.asked(call("dynamodb", "GetItem", TableName="turns"), PLACE)]

    assert rights.refusals(asked, account(allow("dynamodb:*", f"{TURNS}/index/*"))) == [
        f"{ROLE} dynamodb:GetItem {TURNS}: allowed by no statement"
    ]
    assert rights.refusals(asked, account(allow("dynamodb:GetItem", TURNS))) == []


def test_a_condition_that_cannot_be_judged_is_a_refusal_that_names_it() -> None:
    asked = rights.asked(call("dynamodb", "GetItem", TableName="turns"), PLACE)
    leading = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "ana"}}

    [told] = rights.refusals(asked, account(allow("dynamodb:GetItem", TURNS, Condition=leading)))

    assert told.endswith("ForAllValues:StringEquals dynamodb:LeadingKeys")


def test_a_queue_may_deny_what_a_role_allows() -> None:
    asked = rights.asked(call("sqs", "SendMessage", QueueUrl="https://sqs/1/turns.fifo"), PLACE)
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE}
    by_tls = {**denied, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    may = allow("sqs:SendMessage", QUEUE)

    assert rights.refusals(asked, account(may, queue=json.dumps({"Statement": [by_tls]}))) == []
    assert len(rights.refusals(asked, account(may, queue=json.dumps({"Statement": [denied]})))) == 1


def test_what_lambda_does_in_a_function_s_name_is_asked_too() -> None:
    needed = {one.action for one in rights.of_lambda(account(), PLACE)}

    assert needed == {
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        *("logs:CreateLogStream", "logs:PutLogEvents"),
    }


def test_what_ecs_does_to_start_a_task_is_asked_as_the_role_that_starts_it() -> None:
    needed = {
        (one.action, one.resource, one.principal) for one in rights.of_ecs(replace(account(), tasks=TASKS), PLACE)
    }

    repository = "arn:aws:ecr:eu-west-1:123456789012:repository/a/companion"
    assert ("ecr:BatchGetImage", repository, "role/start") in needed
    assert ("ecr:GetAuthorizationToken", "*", "role/start") in needed
    assert ("ecs:UpdateTaskProtection", "arn:aws:ecs:us-east-1:123456789012:task/c/one", ROLE) in needed
    assert {action for action, _, role in needed if role == "role/start"} >= {"logs:PutLogEvents", "ecr:BatchGetImage"}


def test_a_role_that_its_service_may_not_take_is_told_of() -> None:
    by = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
    trusts = {role: {"Statement": [by]} for role in (ROLE, "role/start")}

    assert rights.untaken(replace(account(), trusts=trusts)) == []
    assert rights.untaken(replace(account(), trusts=trusts, tasks=TASKS)) == [
        f"ecs-tasks.amazonaws.com may not take {role}" for role in (ROLE, "role/start")
    ]
