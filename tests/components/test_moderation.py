"""What may be said: the guardrail is the policy, at the version that its hash names."""

from __future__ import annotations

import json

from msgspec.structs import replace

from components.alarms import Alarms
from components.moderation import Moderation, edits
from runtime import policy
from runtime.policy import Policy
from tests.components.cloud import ACCOUNT
from tests.components.engine import Engine, Inputs
from tests.components.given import platform, prod, role

GUARDRAIL, VERSION = "aws:bedrock/guardrail:Guardrail", "aws:bedrock/guardrailVersion:GuardrailVersion"


def _moderation(reviewed: Policy | None = None) -> Moderation:
    config = prod()
    alarms = Alarms("companion", email=config.watch.alarm_email, account=ACCOUNT, key=None)
    return Moderation("companion", platform(config), reviewed or policy.load(), alarms=alarms)


def _guardrail(engine: Engine) -> Inputs:
    engine.run(_moderation)
    return engine.only(GUARDRAIL).inputs


def test_the_guardrail_says_what_the_policy_says(engine: Engine) -> None:
    guardrail, reviewed = _guardrail(engine), policy.load()

    filters = guardrail["contentPolicyConfig"]["filtersConfigs"]
    topics = guardrail["topicPolicyConfig"]["topicsConfigs"]
    assert guardrail["name"] == "companion-safety"
    assert guardrail["blockedInputMessaging"] == "I can't help with that."
    assert {one["type"]: (one["inputStrength"], one["outputStrength"]) for one in filters} == {
        category: (strengths.input, strengths.output) for category, strengths in reviewed.filters.items()
    }
    assert [topic["name"] for topic in topics] == [topic.name for topic in reviewed.topics]


def test_the_reference_is_kept_at_least(engine: Engine) -> None:
    guardrail = _guardrail(engine)

    filters = {one["type"]: one for one in guardrail["contentPolicyConfig"]["filtersConfigs"]}
    entities = guardrail["sensitiveInformationPolicyConfig"]["piiEntitiesConfigs"]
    for category in ("SEXUAL", "VIOLENCE", "HATE"):
        assert (filters[category]["inputStrength"], filters[category]["outputStrength"]) == ("HIGH", "HIGH")
    assert {one["type"]: one["action"] for one in entities} == {
        "EMAIL": "ANONYMIZE",
        "CREDIT_DEBIT_CARD_NUMBER": "BLOCK",
    }


def test_a_policy_names_its_version_and_the_one_before_stays(engine: Engine) -> None:
    engine.run(lambda: _moderation(replace(policy.load(), hash="another")))

    version = engine.only(VERSION).inputs
    assert (version["description"], version["skipDestroy"]) == ("another", True)


def test_what_runs_uses_the_version_and_never_the_draft(engine: Engine) -> None:
    engine.run(_moderation)

    told = engine.only("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert (told["GUARDRAIL_ID"], told["GUARDRAIL_VERSION"]) == ("abcdefghij12", "1")


def test_somebody_looks_after_each_edit_and_every_hour(engine: Engine) -> None:
    engine.run(_moderation)

    edited, hourly = engine.named("companion-edited"), engine.named("companion-hourly")
    assert json.loads(edited.inputs["eventPattern"]) == edits("abcdefghij12")
    assert hourly.inputs["scheduleExpression"] == "rate(1 hour)"
    assert len(engine.created("aws:lambda/permission:Permission")) == 2


def test_drift_is_told_to_people(engine: Engine) -> None:
    engine.run(_moderation)

    alarm = engine.only("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["dimensions"] == {"FunctionName": "companion-drift"}
    assert alarm["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:companion-alarms"]


def test_who_judges_may_use_this_guardrail_and_change_none(engine: Engine) -> None:
    engine.run(lambda: _moderation().grant_judge(role()))

    granted = json.loads(engine.named("companion-worker-role-judges").inputs["policy"])["Statement"][0]
    assert granted["Action"] == ["bedrock:ApplyGuardrail"]
    assert granted["Resource"] == [f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/abcdefghij12"]
