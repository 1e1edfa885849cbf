"""Who is told when something is wrong: one topic, and alarms that always go there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components import policies

_PLAIN = {"Sum", "Average", "Maximum", "Minimum", "SampleCount"}


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What is watched: *statistic* (such as `Sum` or `p95`) over each *period* of so many seconds."""

    namespace: str
    name: str
    statistic: str = "Sum"
    period: int = 60
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class Alarms(pulumi.ComponentResource):
    """The topic that all alarms go to."""

    topic: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        email: str,
        account: str,
        key: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Alarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(f"{name}-alarms", name=f"{name}-alarms", kms_master_key_id=key, opts=child)
        aws.sns.TopicPolicy(
            f"{name}-alarms-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(_who_may_publish(topic.arn, account)),
            opts=child,
        )
        if email:
            aws.sns.TopicSubscription(
                f"{name}-alarms-email", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )
        self.topic = topic.arn
        self.register_outputs({"topic": self.topic})

    def above(
        self, name: str, why: str, metric: Metric, *, limit: float, opts: pulumi.ResourceOptions, periods: int = 1
    ) -> None:
        """Tell, and say *why* it matters, when *metric* was above *limit* for so many *periods*."""
        plain = metric.statistic in _PLAIN
        aws.cloudwatch.MetricAlarm(
            name,
            name=name,
            alarm_description=why,
            comparison_operator="GreaterThanThreshold",
            threshold=limit,
            evaluation_periods=periods,
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic],
            ok_actions=[self.topic],
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            period=metric.period,
            statistic=metric.statistic if plain else None,
            extended_statistic=None if plain else metric.statistic,
            opts=opts,
        )


def _who_may_publish(topic: pulumi.Output[str], account: str) -> policies.Document:
    services = {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"]}
    ours = {"StringEquals": {"aws:SourceAccount": account}}
    return policies.document(policies.grant(services, ["sns:Publish"], topic, when=ours))
