"""How every function is made: by its role, with its log, and no right that it was not granted."""

from __future__ import annotations

import json

import pytest

from components.function import Function, Job
from runtime.errors import Misconfigured
from tests.components.engine import Engine
from tests.components.given import KEY, PLACEMENT, dev, platform, prod

FUNCTION = "aws:lambda/function:Function"
TOLD = {"guardrail_id": "g", "guardrail_version": "1"}


def _drift(**changed: object) -> Function:
    return Function("companion-drift", platform(dev(**changed)), Job(role="drift", environment=TOLD, timeout=30))


def test_a_role_says_the_functions_name_its_handler_and_its_environment(engine: Engine) -> None:
    engine.run(_drift)

    made = engine.only(FUNCTION).inputs
    assert (made["name"], made["handler"]) == ("companion-dev-drift", "runtime.lambdas.drift.handler")
    assert made["environment"]["variables"] == {
        "LOG_LEVEL": "INFO",
        "TRACING": "false",
        "GUARDRAIL_ID": "g",
        "GUARDRAIL_VERSION": "1",
    }


def test_the_stack_says_what_is_packaged(engine: Engine) -> None:
    engine.run(lambda: _drift(lambdaRuntime="python3.12", lambdaArchitecture="x86_64"))

    made = engine.only(FUNCTION).inputs
    assert (made["runtime"], made["architectures"]) == ("python3.12", ["x86_64"])


def test_an_environment_that_its_process_does_not_read_is_refused_at_preview(engine: Engine) -> None:
    job = Job(role="drift", environment={**TOLD, "memory_table": "t"}, timeout=30)

    with pytest.raises(Misconfigured, match="unknown memory_table"):
        engine.run(lambda: Function("companion-drift", platform(dev()), job))


def test_the_log_is_made_before_the_function_and_ends(engine: Engine) -> None:
    engine.run(_drift)

    assert engine.only("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 7
    assert "companion-drift-log" in engine.only(FUNCTION).dependencies


def test_a_function_may_write_its_own_log_and_nothing_else(engine: Engine) -> None:
    engine.run(_drift)

    (logs,) = json.loads(engine.named("companion-drift-basics").inputs["policy"])["Statement"]
    assert logs["Resource"] == ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/companion-dev-drift:*"]
    assert engine.only(FUNCTION).inputs["tracingConfig"] == {"mode": "PassThrough"}


def test_where_turns_are_traced_a_function_may_send_its_traces(engine: Engine) -> None:
    engine.run(lambda: _drift(tracing=True))

    _, traces = json.loads(engine.named("companion-drift-basics").inputs["policy"])["Statement"]
    assert traces["Action"] == ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    assert engine.only(FUNCTION).inputs["environment"]["variables"]["TRACING"] == "true"


def test_in_a_network_a_function_may_make_its_interfaces(engine: Engine) -> None:
    job = Job(role="drift", environment=TOLD, timeout=30, placement=PLACEMENT)

    engine.run(lambda: Function("companion-drift", platform(prod(), KEY), job))

    made = engine.only(FUNCTION).inputs
    basics = json.loads(engine.named("companion-drift-basics").inputs["policy"])["Statement"][1]
    assert made["vpcConfig"]["securityGroupIds"] == ["sg-1"]
    assert "ec2:CreateNetworkInterface" in basics["Action"]
    assert made["kmsKeyArn"] == KEY


def test_a_function_may_read_its_own_environment_under_our_key(engine: Engine) -> None:
    job = Job(role="drift", environment=TOLD, timeout=30)

    engine.run(lambda: Function("companion-drift", platform(prod(), KEY), job))

    *_, key = json.loads(engine.named("companion-drift-basics").inputs["policy"])["Statement"]
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == ["lambda.us-east-1.amazonaws.com"]


def test_a_role_is_known_by_its_name_before_it_is_made() -> None:
    assert platform(dev()).role_arn("dead_letters") == "arn:aws:iam::123456789012:role/companion-dev-dead-letters"
