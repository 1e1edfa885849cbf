"""What there is to be watched, as metrics: those that the runtime records, and those of the services that it stands on.

The names are AWS's, and for a turn those that the runtime's adapter for metrics writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi

from components.alarms import Metric
from components.routes import STAGE

# What a turn is timed by: the stages of the protocol's `timings`.
STAGES = (
    *("queue", "moderate_input", "recall_recent", "recall_long", "model_first", "model"),
    *("moderate_output", "synthesise", "first_text", "first_audio", "total"),
)
_WORKER = {"function": "worker"}
_MINUTES = 300

Name = pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a stack is made of, by the names that the services' metrics have for it.

    *functions*, *queues* and *dead* (URLs) and *tables* go by what they are for; *domain* is the search domain's ARN;
    *models* are Bedrock's, *endpoint* is SageMaker's, *service* a cluster and its service on Fargate (None: none is).
    """

    functions: Mapping[str, Name]
    queues: Mapping[str, Name]
    dead: Mapping[str, Name]
    tables: Mapping[str, Name]
    domain: Name
    api_id: Name
    distribution_id: Name
    guardrail_arn: Name
    guardrail_version: Name
    models: tuple[str, ...]
    endpoint: Name | None
    service: tuple[Name, Name] | None


def turn(name: str, statistic: str = "Sum") -> Metric:
    """Return a number of each answered turn, such as `first_text_ms`."""
    return runtime(f"turn.returned.{name}", statistic)


def runtime(name: str, statistic: str = "Sum") -> Metric:
    """Return what the worker records under *name*."""
    return Metric(namespace="Companion", name=name, statistic=statistic, period=_MINUTES, dimensions=_WORKER)


def function(called: Name, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of the function *called* so."""
    return _of("AWS/Lambda", name, statistic, {"FunctionName": called})


def queue(url: Name, name: str) -> Metric:
    """Return a number of the queue at *url*, at its highest."""
    called = pulumi.Output.from_input(url).apply(lambda address: address.rpartition("/")[2])
    return replace(_of("AWS/SQS", name, "Maximum", {"QueueName": called}), period=60)


def table(called: Name, name: str) -> Metric:
    """Return a number of the table *called* so."""
    return _of("AWS/DynamoDB", name, "Sum", {"TableName": called})


def search(domain: Name, name: str, statistic: str = "Maximum") -> Metric:
    """Return a number of the search domain of this ARN."""
    parts = pulumi.Output.from_input(domain).apply(lambda arn: arn.split(":"))
    called = parts.apply(lambda found: found[-1].removeprefix("domain/"))
    return _of("AWS/ES", name, statistic, {"DomainName": called, "ClientId": parts.apply(lambda found: found[4])})


def socket(api_id: Name, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of the socket's stage."""
    return _of("AWS/ApiGateway", name, statistic, {"ApiId": api_id, "Stage": STAGE})


def guardrail(watched: Watched, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of the guardrail's version that is in use."""
    where = {"GuardrailArn": watched.guardrail_arn, "GuardrailVersion": watched.guardrail_version}
    return _of("AWS/Bedrock/Guardrails", name, statistic, where)


def model(model_id: str, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of a model of Bedrock's."""
    return _of("AWS/Bedrock", name, statistic, {"ModelId": model_id})


def endpoint(called: Name, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of the SageMaker endpoint *called* so."""
    return _of("AWS/SageMaker", name, statistic, {"EndpointName": called, "VariantName": "AllTraffic"})


def tasks(service: tuple[Name, Name], name: str) -> Metric:
    """Return a number of the tasks of *service*, a cluster and a service in it."""
    cluster, called = service
    return _of("AWS/ECS", name, "Average", {"ClusterName": cluster, "ServiceName": called})


def speech(name: str) -> Metric:
    """Return a number of Polly's, which are the account's."""
    return _of("AWS/Polly", name, "Sum", {"Operation": "SynthesizeSpeech"})


def edge(distribution_id: Name, name: str, statistic: str = "Sum") -> Metric:
    """Return a number of the distribution, which stands in us-east-1 whatever the stack's Region."""
    return _of("AWS/CloudFront", name, statistic, {"DistributionId": distribution_id, "Region": "Global"})


def _of(namespace: str, name: str, statistic: str, where: Mapping[str, Name]) -> Metric:
    return Metric(namespace=namespace, name=name, statistic=statistic, period=_MINUTES, dimensions=where)
