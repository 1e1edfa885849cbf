"""Who is told, by what, and who may tell."""

from __future__ import annotations

import json

import pulumi
import pytest

from components.alarms import Alarms, Metric
from tests.components.cloud import ACCOUNT
from tests.components.engine import Engine
from tests.components.given import KEY

ALARM, SUBSCRIPTION = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:sns/topicSubscription:TopicSubscription"


def _alarms(email: str = "you@example.org", key: str | None = None) -> Alarms:
    return Alarms("companion", email=email, account=ACCOUNT, key=key)


def _slow(statistic: str) -> Metric:
    return Metric(namespace="Companion", name="turn", statistic=statistic, dimensions={"function": "worker"})


def test_an_address_is_asked_whether_it_wants_to_be_told(engine: Engine) -> None:
    engine.run(_alarms)

    asked = engine.only(SUBSCRIPTION).inputs
    assert (asked["protocol"], asked["endpoint"]) == ("email", "you@example.org")


def test_without_an_address_there_is_the_topic_alone(engine: Engine) -> None:
    engine.run(lambda: _alarms(email=""))

    assert engine.created(SUBSCRIPTION) == []


def test_only_services_of_this_account_may_tell(engine: Engine) -> None:
    engine.run(lambda: _alarms(key=KEY))

    (statement,) = json.loads(engine.only("aws:sns/topicPolicy:TopicPolicy").inputs["policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert engine.only("aws:sns/topic:Topic").inputs["kmsMasterKeyId"] == KEY


@pytest.mark.parametrize(("statistic", "key"), [("Sum", "statistic"), ("p95", "extendedStatistic")])
def test_an_alarm_says_why_and_tells_the_topic_when_it_begins_and_ends(
    engine: Engine, statistic: str, key: str
) -> None:
    engine.run(lambda: _alarms().above("slow", "Turns are slow.", _slow(statistic), limit=2.5, opts=_opts()))

    alarm = engine.only(ALARM).inputs
    assert (alarm[key], alarm["threshold"], alarm["alarmDescription"]) == (statistic, 2.5, "Turns are slow.")
    assert alarm["alarmActions"] == alarm["okActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:companion-alarms"]


def _opts() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions()
