"""What somebody on call sees and hears: names that the runtime and AWS really record, and alarms that say why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.alarms import Alarms
from components.observability import Observability
from components.watching import STAGES, Watched
from policies.laws import broken
from runtime import metrics
from runtime.adapters.aws.metrics import EmfMetrics
from runtime.adapters.local.clock import SystemClock
from runtime.protocol.server import Done, Tokens
from tests.components import given
from tests.components.engine import Engine
from tests.components.typed import problems

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ARN = "arn:aws:bedrock:us-east-1:123456789012:guardrail/g"
WATCHED = Watched(
    functions={"turn": "companion-turn", "worker": "companion-worker"},
    queues={"turns": "https://sqs.us-east-1.amazonaws.com/1/companion-turns.fifo"},
    dead={"turns": "https://sqs.us-east-1.amazonaws.com/1/companion-turns-dead.fifo"},
    tables={"memories": "companion_memory"},
    domain="arn:aws:es:us-east-1:123456789012:domain/companion-vectors",
    api_id="a1b2c3d4e5",
    distribution_id="E2",
    guardrail_arn=ARN,
    guardrail_version="7",
    models=("us.amazon.nova-micro-v1:0",),
    endpoint="companion-model",
    service=("companion", "companion-worker"),
)


@pytest.fixture(scope="module")
def made() -> Engine:
    config = given.prod(monthlyBudget=3000)
    platform = given.platform(config)

    def build() -> Observability:
        alarms = Alarms("companion", email="you@example.org", account=platform.account, key=None)
        return Observability("companion", platform, config.watch, WATCHED, alarms)

    engine = Engine()
    engine.run(build)
    return engine


def alarm(engine: Engine, name: str) -> dict[str, Any]:
    (found,) = [one.inputs for one in engine.created(ALARM) if one.name == name]
    return found


def widgets(engine: Engine) -> list[dict[str, Any]]:
    body = json.loads(engine.only("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    found: list[dict[str, Any]] = body["widgets"]
    return found


def lines(engine: Engine) -> Iterator[list[Any]]:
    return (line for one in widgets(engine) for line in one["properties"].get("metrics", []))


def recorded() -> set[str]:
    """Return the names that the runtime records for a turn that had every stage, and for a model that failed."""
    written: list[str] = []
    told = EmfMetrics("worker", SystemClock(), written.append)
    spans = dict.fromkeys(STAGES, (0.0, 1.0))
    tokens = Tokens(input_tokens=1, output_tokens=1)
    metrics.turn_ended(
        told, Done(turn="t", seq=0, stopped=False, blocked=False, timings=spans, usage=tokens, recalled=[], why={})
    )
    told.record("model.fallback", failure="Unavailable")
    directives = [json.loads(line)["_aws"]["CloudWatchMetrics"][0] for line in written]
    assert {(one["Namespace"], *one["Dimensions"][0]) for one in directives} == {("Companion", "function")}
    return {metric["Name"] for one in directives for metric in one["Metrics"]}


def test_every_input_is_one_that_the_sdk_declares(made: Engine) -> None:
    assert [said for one in made.registered for said in problems(one)] == []


def test_no_law_is_broken(made: Engine) -> None:
    assert [said for one in made.registered for said in broken(one.token, one.inputs)] == []


def test_what_is_watched_of_turns_is_what_the_runtime_records(made: Engine) -> None:
    shown = {(line[1], *line[2:4]) for line in lines(made) if line[0] == "Companion"}
    heard = {one.inputs["metricName"] for one in made.created(ALARM) if one.inputs["namespace"] == "Companion"}

    assert {name for name, *_ in shown} | heard <= recorded()
    assert {tuple(where) for _, *where in shown} == {("function", "worker")}


def test_the_stages_are_those_of_a_turn() -> None:
    runtime = Path(metrics.__file__).parent
    written = "".join(path.read_text() for part in ("turn", "worker") for path in (runtime / part).glob("*.py"))

    assert [stage for stage in STAGES if f'"{stage}"' not in written] == []


def test_a_first_word_that_is_late_is_told_when_it_stays_late(made: Engine) -> None:
    late = alarm(made, "companion-first-text")

    assert (late["metricName"], late["extendedStatistic"]) == ("turn.returned.first_text_ms", "p95")
    assert (late["threshold"], late["period"], late["evaluationPeriods"]) == (2_000, 300, 3)


def test_each_function_that_fails_or_is_throttled_is_told(made: Engine) -> None:
    watched = {
        (one.inputs["dimensions"]["FunctionName"], one.inputs["metricName"])
        for one in made.created(ALARM)
        if one.inputs["namespace"] == "AWS/Lambda"
    }

    assert watched == {(f"companion-{title}", name) for title in ("turn", "worker") for name in ("Errors", "Throttles")}


@pytest.mark.parametrize(
    ("name", "metric", "where"),
    [
        ("blocked", "turn.returned.blocked", {"function": "worker"}),
        ("fallback", "model.fallback", {"function": "worker"}),
        ("memories-read-throttled", "ReadThrottleEvents", {"TableName": "companion_memory"}),
        ("search-full", "ClusterIndexWritesBlocked", {"DomainName": "companion-vectors", "ClientId": "123456789012"}),
        ("socket", "IntegrationError", {"ApiId": "a1b2c3d4e5", "Stage": "v1"}),
        ("guardrail-throttled", "InvocationThrottles", {"GuardrailArn": ARN, "GuardrailVersion": "7"}),
        ("model-0-throttled", "InvocationThrottles", {"ModelId": "us.amazon.nova-micro-v1:0"}),
        ("worker-busy", "CPUUtilization", {"ClusterName": "companion", "ServiceName": "companion-worker"}),
        ("endpoint", "Invocation5XXErrors", {"EndpointName": "companion-model", "VariantName": "AllTraffic"}),
    ],
)
def test_what_fails_elsewhere_is_told_by_the_name_that_it_is_recorded_under(
    made: Engine, name: str, metric: str, where: dict[str, str]
) -> None:
    told = alarm(made, f"companion-{name}")

    assert (told["metricName"], told["dimensions"]) == (metric, where)


def test_every_alarm_says_why_and_goes_where_all_go(made: Engine) -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:companion-alarms"

    assert {tuple(one.inputs["alarmActions"]) for one in made.created(ALARM)} == {(topic,)}
    assert all(one.inputs["alarmDescription"].endswith(".") for one in made.created(ALARM))


def test_a_row_fills_the_dashboard_and_nothing_covers_anything(made: Engine) -> None:
    covered = [
        (one["x"] + column, one["y"] + row)
        for one in widgets(made)
        for column in range(one["width"])
        for row in range(one["height"])
    ]

    assert len(covered) == len(set(covered))
    assert max(x for x, _ in covered) == 23


def test_the_dashboard_shows_queues_by_their_names(made: Engine) -> None:
    names = {line[3] for line in lines(made) if line[0] == "AWS/SQS"}

    assert names == {"companion-turns.fifo", "companion-turns-dead.fifo"}


def test_the_edge_is_watched_where_it_is(made: Engine) -> None:
    assert {line[-1].get("region") for line in lines(made) if line[0] == "AWS/CloudFront"} == {"us-east-1"}


def test_a_month_that_costs_too_much_is_told_before_and_after(made: Engine) -> None:
    budget = made.only("aws:budgets/budget:Budget").inputs

    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"]) == ("3000", "USD", "MONTHLY")
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Stack$dev"]}]
    assert {(one["notificationType"], one["threshold"]) for one in budget["notifications"]} == {
        ("ACTUAL", 80),
        ("FORECASTED", 100),
    }
    assert all(one["subscriberSnsTopicArns"] for one in budget["notifications"])


def test_traces_of_what_failed_or_was_slow_are_together(made: Engine) -> None:
    kept = made.only("aws:xray/group:Group").inputs["filterExpression"]

    assert kept == ('(service("companion-turn") OR service("companion-worker")) AND (fault = true OR responsetime > 5)')
