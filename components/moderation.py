"""The guardrail: made from the reviewed policy, used at the version that the policy's hash names, watched for drift.

A version never changes. Whoever edits the guardrail by hand changes a draft that nobody uses; that it was edited at all
is noticed by what CloudTrail says, and by looking every hour.
"""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components import policies
from components.alarms import Alarms, Metric
from components.function import Function, Job, Platform
from components.grants import grant
from runtime.policy import Policy

_OUTPUTS = ("guardrail_arn", "guardrail_id", "guardrail_version")
_EDITS = ("UpdateGuardrail", "DeleteGuardrail")
# These services name no resource in their permissions.
_OPINIONS = ("comprehend:DetectPiiEntities", "comprehend:DetectToxicContent")


class Moderation(pulumi.ComponentResource):
    """The guardrail and its version of this policy, and the function that looks whether they still agree."""

    guardrail_arn: pulumi.Output[str]
    guardrail_id: pulumi.Output[str]
    guardrail_version: pulumi.Output[str]
    drift: Function

    def __init__(
        self,
        name: str,
        platform: Platform,
        policy: Policy,
        *,
        alarms: Alarms,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Moderation", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        guardrail = _guardrail(name, policy, self._child)
        self.guardrail_arn, self.guardrail_id = guardrail.guardrail_arn, guardrail.guardrail_id
        self.guardrail_version = _version(name, guardrail, policy, self._child)
        self.drift = _drift(name, platform, self, self._child)
        look = policies.allow(["bedrock:GetGuardrail"], self.guardrail_arn)
        grant(f"{self.drift.role.pulumi_resource_name}-looks", self.drift.role, look, opts=self._child)
        _call_on_edits(name, self.drift, self.guardrail_id, self._child)
        _call_hourly(name, self.drift, self._child)
        self._tell(name, alarms)
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_judge(self, role: aws.iam.Role) -> None:
        """Let *role* ask for verdicts: of the guardrail, and of Comprehend as a second opinion."""
        judge = policies.allow(["bedrock:ApplyGuardrail"], self.guardrail_arn)
        opinions = policies.allow(_OPINIONS, "*")
        grant(f"{role.pulumi_resource_name}-judges", role, judge, opinions, opts=self._child)

    def _tell(self, name: str, alarms: Alarms) -> None:
        why = "The guardrail is not what the reviewed policy says, or nobody could look: see docs/operations.md."
        failed = Metric(namespace="AWS/Lambda", name="Errors", dimensions={"FunctionName": self.drift.name})
        alarms.above(f"{name}-drift", why, failed, limit=0, opts=self._child)


def _guardrail(name: str, policy: Policy, opts: pulumi.ResourceOptions) -> aws.bedrock.Guardrail:
    """Make the guardrail; it holds nothing of anybody's, so the service's own key does."""
    return aws.bedrock.Guardrail(
        f"{name}-safety",
        name=f"{name}-safety",
        description="Made from runtime/policy/policy.toml: edits here are undone, and alarm.",
        blocked_input_messaging=policy.messages.input,
        blocked_outputs_messaging=policy.messages.output,
        content_policy_config=aws.bedrock.GuardrailContentPolicyConfigArgs(filters_configs=_filters(policy)),
        sensitive_information_policy_config=aws.bedrock.GuardrailSensitiveInformationPolicyConfigArgs(
            pii_entities_configs=_entities(policy)
        ),
        topic_policy_config=aws.bedrock.GuardrailTopicPolicyConfigArgs(topics_configs=_topics(policy)),
        opts=opts,
    )


def _filters(policy: Policy) -> list[aws.bedrock.GuardrailContentPolicyConfigFiltersConfigArgs]:
    return [
        aws.bedrock.GuardrailContentPolicyConfigFiltersConfigArgs(
            type=category, input_strength=strengths.input, output_strength=strengths.output
        )
        for category, strengths in policy.filters.items()
    ]


def _entities(policy: Policy) -> list[aws.bedrock.GuardrailSensitiveInformationPolicyConfigPiiEntitiesConfigArgs]:
    return [
        aws.bedrock.GuardrailSensitiveInformationPolicyConfigPiiEntitiesConfigArgs(type=entity, action=action)
        for entity, action in policy.pii.items()
    ]


def _topics(policy: Policy) -> list[aws.bedrock.GuardrailTopicPolicyConfigTopicsConfigArgs]:
    return [
        aws.bedrock.GuardrailTopicPolicyConfigTopicsConfigArgs(
            name=topic.name, definition=topic.definition, examples=list(topic.examples), type="DENY"
        )
        for topic in policy.topics
    ]


def _version(
    name: str, guardrail: aws.bedrock.Guardrail, policy: Policy, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Make a version for each policy; the one before stays, for what still runs with it."""
    version = aws.bedrock.GuardrailVersion(
        f"{name}-safety-version",
        guardrail_arn=guardrail.guardrail_arn,
        description=policy.hash,
        skip_destroy=True,
        opts=opts,
    )
    return version.version


def _drift(name: str, platform: Platform, of: Moderation, opts: pulumi.ResourceOptions) -> Function:
    told = {"guardrail_id": of.guardrail_id, "guardrail_version": of.guardrail_version}
    return Function(f"{name}-drift", platform, Job(role="drift", environment=told, timeout=30), opts=opts)


def _call_on_edits(name: str, drift: Function, guardrail_id: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    pattern = guardrail_id.apply(lambda id: json.dumps(edits(id)))
    rule = aws.cloudwatch.EventRule(
        f"{name}-edited",
        name=f"{name}-guardrail-edited",
        description="Somebody edits the guardrail.",
        event_pattern=pattern,
        opts=opts,
    )
    drift.answer(f"{name}-edited", rule)


def _call_hourly(name: str, drift: Function, opts: pulumi.ResourceOptions) -> None:
    why = "Whether the guardrail is still what the policy says."
    drift.repeat(f"{name}-hourly", "1 hour", named=f"{name}-guardrail-hourly", why=why, opts=opts)


def edits(guardrail_id: str) -> dict[str, object]:
    """Return the pattern of the events in which CloudTrail tells that a guardrail was edited, by its id or its ARN."""
    named = [guardrail_id, {"suffix": f"guardrail/{guardrail_id}"}]
    return {
        "source": ["aws.bedrock"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["bedrock.amazonaws.com"],
            "eventName": list(_EDITS),
            "requestParameters": {"guardrailIdentifier": named},
        },
    }
