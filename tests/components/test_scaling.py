"""Queues that lose nothing, and workers that take no more than they can do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.alarms import Alarms
from components.scaling import Scaling, ScalingArgs
from policies.laws import broken
from tests.components import given
from tests.components.engine import Engine
from tests.components.typed import problems

QUEUE, FEED = "aws:sqs/queue:Queue", "aws:lambda/eventSourceMapping:EventSourceMapping"
FARGATE = {"worker": "fargate", "workerImage": given.IMAGE}
ROWS = {"connections_table": "sockets", "turns_table": "turns", "erased_table": "erased"}
BACKGROUND = {**ROWS, "memory_table": "memories", "search_endpoint": "https://search.test", "model_id": "m"}
WORKER = {**BACKGROUND, "guardrail_id": "g", "guardrail_version": "1"}


def build(**changed: Any) -> Scaling:  # noqa: ANN401 - a setting's value
    platform = given.platform()
    alarms = Alarms("companion", email="", account=platform.account, key=None)
    args = ScalingArgs(
        work=given.dev(**changed).work,
        worker=WORKER,
        background=BACKGROUND,
        dead_letters={**ROWS, "memory_table": "memories"},
        placement=given.PLACEMENT,
        in_network=False,
        public=True,
    )
    return Scaling("companion", platform, args, alarms)


@pytest.fixture(params=[{}, FARGATE], ids=["lambda", "fargate"], scope="module")
def made(request: pytest.FixtureRequest) -> Engine:
    engine = Engine()
    engine.run(lambda: build(**request.param))
    return engine


def test_every_input_is_one_that_the_sdk_declares(made: Engine) -> None:
    assert [said for one in made.registered for said in problems(one)] == []


def test_no_law_is_broken(made: Engine) -> None:
    assert [said for one in made.registered for said in broken(one.token, one.inputs)] == []


def test_every_queue_keeps_the_order_of_each_user_and_users_apart(made: Engine) -> None:
    queues = [one.inputs for one in made.created(QUEUE)]

    assert len(queues) == 4
    for queue in queues:
        assert queue["name"].endswith(".fifo")
        assert (queue["deduplicationScope"], queue["fifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")


def test_what_failed_three_times_goes_to_the_dead_letters_of_its_queue_and_comes_from_there_alone(
    made: Engine,
) -> None:
    redrive = json.loads(made.named("companion-turns").inputs["redrivePolicy"])
    allowed = json.loads(made.named("companion-turns-redrive").inputs["redriveAllowPolicy"])

    assert redrive["maxReceiveCount"] == 3
    assert redrive["deadLetterTargetArn"].endswith(":companion-dev-turns-dead.fifo")
    assert [arn.rpartition(":")[2] for arn in allowed["sourceQueueArns"]] == ["companion-dev-turns.fifo"]


def test_a_queue_refuses_what_comes_unencrypted(made: Engine) -> None:
    (statement,) = given.statements(made.named("companion-turns-policy").inputs["policy"])

    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_dead_letters_and_what_waits_for_too_long_are_told(made: Engine) -> None:
    alarms = {one.name for one in made.created("aws:cloudwatch/metricAlarm:MetricAlarm")}

    assert alarms == {f"companion-{queue}-{what}" for queue in ("turns", "background") for what in ("dead", "old")}


def test_a_function_takes_one_turn_a_call_and_gives_back_what_failed(engine: Engine) -> None:
    engine.run(lambda: build(workerConcurrency=7))

    feed = engine.named("companion-worker-feed").inputs
    assert (feed["batchSize"], feed["functionResponseTypes"]) == (1, ["ReportBatchItemFailures"])
    assert feed["scalingConfig"] == {"maximumConcurrency": 7}


def test_no_function_takes_longer_than_its_message_is_nobody_elses(made: Engine) -> None:
    visibility = {one.inputs["name"]: one.inputs["visibilityTimeoutSeconds"] for one in made.created(QUEUE)}
    timeouts = {one.inputs["name"]: one.inputs["timeout"] for one in made.created("aws:lambda/function:Function")}

    for feed in made.created(FEED):
        queue = feed.inputs["eventSourceArn"].rpartition(":")[2]
        assert visibility[queue] >= timeouts[feed.inputs["functionName"]]


def test_erasures_that_were_left_are_taken_up_every_hour_by_that_rule_alone(made: Engine) -> None:
    rule, target = made.named("companion-rounds").inputs, made.named("companion-rounds-target").inputs
    allowed = made.named("companion-rounds-calls").inputs

    assert rule["scheduleExpression"] == "rate(1 hour)"
    assert target["rule"] == rule["name"]
    assert target["arn"].endswith(":function:companion-dev-background")
    assert (allowed["function"], allowed["principal"]) == ("companion-dev-background", "events.amazonaws.com")
    assert allowed["sourceArn"].endswith(f":rule/{rule['name']}")


def test_tasks_are_told_what_a_function_is_told_and_how_many_turns_to_take(engine: Engine) -> None:
    engine.run(lambda: build(**FARGATE))

    (container,) = json.loads(engine.only("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    told = {one["name"]: one["value"] for one in container["environment"]}
    assert told["HANDS"] == "100"
    assert told["TURN_QUEUE_URL"].endswith("/companion-dev-turns.fifo")
    assert container["healthCheck"]["command"][1].split()[1] == told["HEALTH_FILE"]
    assert engine.created("aws:ecs/service:Service")[0].inputs["networkConfiguration"]["assignPublicIp"] is True


def test_tasks_follow_what_waits_for_each_of_them(engine: Engine) -> None:
    engine.run(lambda: build(**FARGATE))

    tracking = engine.only("aws:appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    metrics = {one["id"]: one for one in tracking["customizedMetricSpecification"]["metrics"]}
    assert metrics["backlog"]["expression"] == "waiting / MAX([running, 1])"
    assert [key for key, one in metrics.items() if one["returnData"]] == ["backlog"]


def test_a_task_that_answers_may_protect_itself_from_scale_in(engine: Engine) -> None:
    engine.run(lambda: build(**FARGATE))

    (statement,) = given.statements(engine.named("companion-worker-protection").inputs["policy"])
    assert "ecs:UpdateTaskProtection" in statement["Action"]
    assert statement["Resource"] == ["arn:aws:ecs:us-east-1:123456789012:task/companion-dev/*"]


def test_messages_of_tasks_are_kept_by_heartbeats(engine: Engine) -> None:
    engine.run(lambda: build(**FARGATE))

    assert engine.named("companion-turns").inputs["visibilityTimeoutSeconds"] == 30
