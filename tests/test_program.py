"""The laws of the whole program: what holds of everything that `__main__.py` registers, whatever the stack."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from policies.laws import NAMELESS, broken
from runtime.settings import ROLES, read
from tests.components.deployed import PROGRAMS, STACKS, WAYS, deployed
from tests.components.engine import Engine
from tests.components.laws import SERVICES, by_role, called, granted, statements
from tests.components.typed import problems

LAYERS = ("Networking", "Identity", "Memory", "Moderation", "Inference", "Voice", "Scaling", "Edge", "Observability")
REFERENCE = {"companion_memory", "companion-vectors", "companion-safety", "companion-ws", "companion-turn"}

ROOT = Path(__file__).parents[1]
ADAPTERS, OPERATIONS = ROOT / "runtime" / "adapters" / "aws", ROOT / "docs" / "operations.md"

FUNCTION, LOG, QUEUE = "aws:lambda/function:Function", "aws:cloudwatch/logGroup:LogGroup", "aws:sqs/queue:Queue"
TABLE, SECRET = "aws:dynamodb/table:Table", "aws:secretsmanager/secret:Secret"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
# What has its name within something else that has one.
NAMED_WITHIN = {"aws:appautoscaling/policy:Policy", "aws:apigatewayv2/stage:Stage"}
NAMED = ("name", "domainName", "bucket", "policyName", "domain")
# What a key of ours encrypts, and how a statement says by way of which services it may be used.
KEYED, VIA = {"dynamodb", "secretsmanager", "sqs"}, "kms:ViaService"
# Where a key of ours stands, if there is one.
ENCRYPTED = {
    TABLE: "serverSideEncryption",
    SECRET: "kmsKeyId",
    LOG: "kmsKeyId",
    FUNCTION: "kmsKeyArn",
    "aws:sns/topic:Topic": "kmsMasterKeyId",
}


@pytest.fixture(params=PROGRAMS, ids="-".join, scope="module")
def program(request: pytest.FixtureRequest) -> Engine:
    return deployed(*request.param)


def test_every_layer_is_there_once(program: Engine) -> None:
    there = Counter(one.token for one in program.registered if one.parent == "pulumi:pulumi:Stack")

    assert {layer: there[f"companion:index:{layer}"] for layer in LAYERS} == dict.fromkeys(LAYERS, 1)


def test_everything_is_made_by_the_one_provider_with_its_tags(program: Engine) -> None:
    provider = program.only("pulumi:providers:aws")

    assert {one.provider for one in program.registered if one.token.startswith("aws:")} == {provider.name}
    assert "defaultTags" in provider.inputs


def test_every_output_says_something(program: Engine) -> None:
    assert [title for title, value in program.outputs.items() if not value] == []
    assert program.outputs["pageUrl"] == "https://d111111abcdef8.cloudfront.net/"
    assert program.outputs["socketUrl"] == "wss://d111111abcdef8.cloudfront.net/ws"


def test_everything_stands_under_a_layer(program: Engine) -> None:
    loose = [one for one in program.registered if one.token.startswith("aws:") and "companion" not in one.parent]

    assert loose == []


def test_every_input_is_one_that_the_sdk_declares(program: Engine) -> None:
    assert [said for one in program.registered for said in problems(one)] == []


def test_names_of_two_stacks_never_meet(program: Engine) -> None:
    prefix = program.outputs["prefix"]
    ours = [one for one in program.registered if one.token not in NAMED_WITHIN]
    named = [(one.name, one.inputs[key]) for one in ours for key in NAMED if key in one.inputs]
    strange = [(name, said) for name, said in named if prefix not in said and prefix.replace("-", "_") not in said]

    assert strange == []


def test_every_statement_names_what_it_is_about(program: Engine) -> None:
    loose = [one for one in statements(program) if "*" in one.resources and not NAMELESS.issuperset(one.actions)]

    assert [one for one in loose if one.of.token != "aws:kms/key:Key"] == []


def test_no_law_of_the_policy_pack_is_broken(program: Engine) -> None:
    assert [(one, said) for one in program.registered for said in broken(one.token, one.inputs)] == []


def test_no_statement_allows_all_that_a_service_does(program: Engine) -> None:
    wide = [one for one in statements(program) if any(action.endswith(":*") for action in one.actions)]

    assert {one.of.token for one in wide} <= {"aws:kms/key:Key"}


def test_nobody_is_let_in_whoever_they_are(program: Engine) -> None:
    assert [one for one in statements(program) if "*" in one.principals] == []
    assert [
        one.name for one in program.created("aws:lambda/permission:Permission") if "sourceArn" not in one.inputs
    ] == []
    assert program.created("aws:lambda/functionUrl:FunctionUrl") == []


def test_no_group_lets_the_world_in(program: Engine) -> None:
    rules = program.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    groups = program.created("aws:ec2/securityGroup:SecurityGroup")

    assert [one for one in rules if "cidrIpv4" in one.inputs or "cidrIpv6" in one.inputs] == []
    assert [one for one in groups if "ingress" in one.inputs] == []


def test_a_domain_outside_the_network_is_open_to_known_roles_alone(program: Engine) -> None:
    for domain in program.created("aws:opensearch/domain:Domain"):
        assert domain.inputs["advancedSecurityOptions"]["enabled"]
        assert not domain.inputs["advancedSecurityOptions"].get("anonymousAuthEnabled")


def test_every_bucket_blocks_public_access(program: Engine) -> None:
    blocked = {one.inputs["bucket"] for one in program.created(BLOCK) if {one.inputs[key] for key in BLOCKS} == {True}}

    assert blocked == {one.inputs.get("bucket", one.name) for one in program.created("aws:s3/bucket:Bucket")}


def test_every_log_ends(program: Engine) -> None:
    assert [one for one in program.created(LOG) if not one.inputs.get("retentionInDays")] == []


def test_every_function_has_a_log_that_we_made(program: Engine) -> None:
    logs = {one.inputs["name"] for one in program.created(LOG)}

    assert {f"/aws/lambda/{one.inputs['name']}" for one in program.created(FUNCTION)} <= logs


def test_every_alarm_is_told_to_somebody(program: Engine) -> None:
    alarms = program.created("aws:cloudwatch/metricAlarm:MetricAlarm")

    assert alarms
    assert [one for one in alarms if not one.inputs.get("alarmActions")] == []


def test_every_alarm_has_a_row_for_who_is_on_call(program: Engine) -> None:
    table = OPERATIONS.read_text().partition("| alarm |")[2].partition("\n\n")[0]

    explained = [
        f"companion*-{name}" for row in table.splitlines() for name in re.findall("`(.+?)`", row.split("|")[1])
    ]
    named = {one.inputs["name"] for one in program.created("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert {name for name in named if not any(fnmatchcase(name, row) for row in explained)} == set()


def test_every_queue_has_dead_letters(program: Engine) -> None:
    queues = program.created(QUEUE)
    dead = {
        json.loads(one.inputs["redrivePolicy"])["deadLetterTargetArn"]
        for one in queues
        if "redrivePolicy" in one.inputs
    }

    alone = {one.inputs["name"] for one in queues if "redrivePolicy" not in one.inputs}
    assert alone == {arn.rpartition(":")[2] for arn in dead}


def test_a_message_is_hidden_as_long_as_its_function_may_take(program: Engine) -> None:
    hidden = {one.inputs["name"]: one.inputs["visibilityTimeoutSeconds"] for one in program.created(QUEUE)}
    timeouts = {one.inputs["name"]: one.inputs["timeout"] for one in program.created(FUNCTION)}

    for source in program.created("aws:lambda/eventSourceMapping:EventSourceMapping"):
        queue = source.inputs["eventSourceArn"].rpartition(":")[2]
        assert hidden[queue] >= timeouts[source.inputs["functionName"].rpartition(":")[2]]


def test_the_environment_of_each_function_is_what_its_role_reads(program: Engine) -> None:
    for one in program.created(FUNCTION):
        role = one.inputs["handler"].split(".")[2]
        told = one.inputs["environment"]["variables"]

        read(ROLES[role], told)
        assert {name.lower() for name in told} <= {field.name for field in fields(ROLES[role])}


def test_the_environment_of_a_task_is_what_a_worker_reads() -> None:
    for stack in STACKS:
        task = deployed(stack, "fargate").only("aws:ecs/taskDefinition:TaskDefinition")
        (container,) = json.loads(task.inputs["containerDefinitions"])

        told = {one["name"]: one["value"] for one in container["environment"]}
        read(ROLES["worker"], told)
        assert {name.lower() for name in told} <= {field.name for field in fields(ROLES["worker"])}


def test_no_environment_holds_a_secret(program: Engine) -> None:
    assert [one for one in program.created(FUNCTION) if "environment" in one.secrets] == []


def test_what_the_adapters_call_is_what_roles_may_do_and_nothing_else() -> None:
    programs = [deployed("prod", way) for way in WAYS]
    may = {action for program in programs for actions in granted(program).values() for action in actions}
    services = tuple(f"{prefix}:" for prefix in SERVICES.values())

    assert {action for action in may if action.startswith(services)} == called(ADAPTERS)


def test_who_may_use_what_our_key_encrypts_may_use_the_key_there(program: Engine) -> None:
    ours = bool(program.created("aws:kms/key:Key"))

    for policy, allowed in by_role(program):
        used = {action.partition(":")[0] for one in allowed for action in one.actions} & KEYED
        hosts = [host for one in allowed for host in one.said.get("Condition", {}).get("StringEquals", {}).get(VIA, [])]
        assert not ours or used <= {host.partition(".")[0] for host in hosts}, policy


def test_what_is_kept_is_encrypted(program: Engine) -> None:
    ours = bool(program.created("aws:kms/key:Key"))

    for token, key in ENCRYPTED.items():
        for one in program.created(token):
            assert ours == (key in one.inputs), one
    for queue in program.created(QUEUE):
        assert queue.inputs.get("kmsMasterKeyId") or queue.inputs.get("sqsManagedSseEnabled")
    for domain in program.created("aws:opensearch/domain:Domain"):
        assert domain.inputs["encryptAtRest"]["enabled"]
        assert domain.inputs["nodeToNodeEncryption"]["enabled"]


def test_development_leaves_nothing_behind_and_production_keeps_what_people_said() -> None:
    dev, prod = deployed("dev", "bedrock"), deployed("prod", "bedrock")

    assert [one.name for one in dev.registered if one.protected or one.kept] == []
    assert [one.name for one in dev.registered if one.inputs.get("deletionProtectionEnabled")] == []
    assert [one.name for one in dev.created("aws:s3/bucket:Bucket") if not one.inputs.get("forceDestroy")] == []
    assert [one.name for one in dev.created(SECRET) if one.inputs["recoveryWindowInDays"]] == []
    assert [one.name for one in prod.created(TABLE) if not one.protected] == []


def test_production_has_the_names_of_the_reference() -> None:
    named = {said for one in deployed("prod", "bedrock").registered for key, said in one.inputs.items() if key in NAMED}

    assert named >= REFERENCE
