"""What an operator may rely on in every stack, as plain functions: a law says what is wrong with a resource's inputs.

Names and values are Pulumi's, in camelCase. `pulumi preview` does not know what depends on things that are not made
yet: what a law reads of that kind it judges at `pulumi up`, before the resource is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Props = Mapping[str, Any]
Check = Callable[[Props], Iterator[str]]


class Resource(Protocol):
    """What a law over the whole stack sees of a resource: as Pulumi's `PolicyResource`."""

    @property
    def resource_type(self) -> str:
        """Return the type's token."""

    @property
    def urn(self) -> str:
        """Return the name in the stack."""

    @property
    def property_dependencies(self) -> Mapping[str, Sequence[Resource]]:
        """Return what each input comes from."""


@dataclass(frozen=True)
class Law:
    """A rule about resources of *types*: *check* yields, of the inputs of one, what breaks it and what to do."""

    name: str
    description: str
    types: tuple[str, ...]
    check: Check


def _dead_letters(props: Props) -> Iterator[str]:
    if "redrivePolicy" not in set(props) and "-dead" not in props.get("name", ""):
        yield "what fails is lost: give the queue a redrivePolicy, or name it *-dead if it holds what failed"


def _encrypted_queue(props: Props) -> Iterator[str]:
    if not (props.get("sqsManagedSseEnabled") or "kmsMasterKeyId" in set(props)):
        yield "messages are kept in plain text: set sqsManagedSseEnabled or kmsMasterKeyId"


def _blocked(props: Props) -> Iterator[str]:
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    off = [switch for switch in switches if props.get(switch) is not True]
    if off:
        yield f"the bucket can be opened to the public: set {', '.join(off)} to true"


def _closed_group(props: Props) -> Iterator[str]:
    for rule in props.get("ingress") or ():
        yield from _closed_rule({"type": "ingress", **rule})


def _closed_rule(props: Props) -> Iterator[str]:
    everybody = [*(props.get("cidrBlocks") or ()), *(props.get("ipv6CidrBlocks") or ())]
    everybody += [props[name] for name in ("cidrIpv4", "cidrIpv6") if name in set(props)]
    if props.get("type", "ingress") == "ingress" and {"0.0.0.0/0", "::/0"} & set(everybody):
        yield "the internet may come in: only CloudFront and API Gateway face it; name the groups or networks that may"


def _closed_url(props: Props) -> Iterator[str]:
    if props.get("authorizationType") != "AWS_IAM":
        yield "anybody may call this function: set authorizationType to AWS_IAM, or reach it through the edge"


def _named_caller(props: Props) -> Iterator[str]:
    if props.get("principal") == "*":
        yield "anybody may call this function: name the service, and what of it in sourceArn"


def _named_resources(props: Props) -> Iterator[str]:
    document = props.get("policy") or props.get("inlinePolicy") or "{}"
    for statement in _statements(document):
        actions, resources = _list(statement.get("Action")), _list(statement.get("Resource"))
        wide = [action for action in actions if "*" in action]
        unnamed = [action for action in actions if "*" in resources and action not in NAMELESS]
        if statement.get("Effect") == "Allow" and wide:
            yield f"{', '.join(wide)} allows more than anybody reads here: name each action"
        if statement.get("Effect") == "Allow" and unnamed:
            yield f"{', '.join(unnamed)} on every resource: name those that are meant"


def _retained(props: Props) -> Iterator[str]:
    if not props.get("retentionInDays"):
        yield "logs are kept for ever: set retentionInDays"


def _heard_alarm(props: Props) -> Iterator[str]:
    if not props.get("alarmActions"):
        yield "nobody hears this alarm: set alarmActions"


def _strict_domain(props: Props) -> Iterator[str]:
    wanted = {
        "encryptAtRest": (props.get("encryptAtRest") or {}).get("enabled"),
        "nodeToNodeEncryption": (props.get("nodeToNodeEncryption") or {}).get("enabled"),
        "advancedSecurityOptions": (props.get("advancedSecurityOptions") or {}).get("enabled"),
    }
    endpoint = props.get("domainEndpointOptions") or {}
    wanted["domainEndpointOptions.enforceHttps"] = endpoint.get("enforceHttps")
    off = [name for name, on in wanted.items() if not on]
    if off:
        yield f"memories could be read on the way, on the disk or by everybody: enable {', '.join(off)}"
    if not endpoint.get("tlsSecurityPolicy", "").startswith("Policy-Min-TLS-1-2"):
        yield "old TLS is accepted: set domainEndpointOptions.tlsSecurityPolicy to Policy-Min-TLS-1-2-2019-07"


def _pinned_guardrail(props: Props) -> Iterator[str]:
    variables = (props.get("environment") or {}).get("variables") or {}
    if "GUARDRAIL_ID" in set(variables) and variables.get("GUARDRAIL_VERSION") in (None, "", "DRAFT"):
        yield "a draft can be changed by a click in the console: set GUARDRAIL_VERSION to a version that was published"


def _no_secret(props: Props) -> Iterator[str]:
    variables = (props.get("environment") or {}).get("variables") or {}
    for name in variables:
        if any(word in name for word in ("PASSWORD", "API_KEY", "TOKEN")) or name.endswith("_KEY"):
            yield f"{name} would be shown in the console: keep it in Secrets Manager, and give its ARN"


_BUCKETS = frozenset({"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"})
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

NAMELESS = frozenset(
    {
        "cloudwatch:PutMetricData",
        "comprehend:DetectPiiEntities",
        "comprehend:DetectToxicContent",
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:GetAuthorizationToken",
        "polly:SynthesizeSpeech",
        "transcribe:StartStreamTranscriptionWebSocket",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""The actions for which AWS lets no resource be named, of those that are needed here.

Source: the services' tables of actions, resources and condition keys in the Service Authorization Reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/).
"""

_QUEUE, _FUNCTION = ("aws:sqs/queue:Queue",), ("aws:lambda/function:Function",)
_RULES = ("aws:ec2/securityGroupRule:SecurityGroupRule", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
_ALARMS = ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")
_POLICIES = ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy")
_GROUP, _DOMAIN = ("aws:ec2/securityGroup:SecurityGroup",), ("aws:opensearch/domain:Domain",)
_LOGS, _URL = ("aws:cloudwatch/logGroup:LogGroup",), ("aws:lambda/functionUrl:FunctionUrl",)
_CALLERS = ("aws:lambda/permission:Permission",)

LAWS = (
    Law("queues-have-dead-letters", "Every queue hands on what fails.", _QUEUE, _dead_letters),
    Law("queues-are-encrypted", "Messages are encrypted.", _QUEUE, _encrypted_queue),
    Law("buckets-block-public-access", "No bucket can be opened to the public.", (_BLOCK,), _blocked),
    Law("no-group-faces-the-internet", "No security group lets the internet in.", _GROUP, _closed_group),
    Law("no-rule-faces-the-internet", "No rule of a group lets the internet in.", _RULES, _closed_rule),
    Law("functions-have-no-open-address", "A function's own address asks for credentials.", _URL, _closed_url),
    Law("functions-name-their-callers", "Functions are called by named services.", _CALLERS, _named_caller),
    Law("policies-name-their-resources", "Statements name what they allow, and on what.", _POLICIES, _named_resources),
    Law("logs-have-retention", "No log is kept for ever.", _LOGS, _retained),
    Law("alarms-are-heard", "Every alarm tells somebody.", _ALARMS, _heard_alarm),
    Law("search-is-encrypted", "Memories are encrypted at rest and on the way.", _DOMAIN, _strict_domain),
    Law("guardrails-are-pinned", "What moderates is a published version.", _FUNCTION, _pinned_guardrail),
    Law("environments-hold-no-secret", "No secret stands in an environment.", _FUNCTION, _no_secret),
)
"""Every law about single resources."""


def open_buckets(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    """Yield (what is wrong, urn) for each bucket that nothing keeps from being opened to the public."""
    blocks = [one for one in resources if one.resource_type == _BLOCK]
    blocked = {bucket.urn for block in blocks for bucket in block.property_dependencies.get("bucket", ())}
    for one in resources:
        if one.resource_type in _BUCKETS and one.urn not in blocked:
            yield "the bucket can be opened to the public: give it a BucketPublicAccessBlock", one.urn


def broken(kind: str, props: Props) -> list[tuple[str, str]]:
    """Return (law, what is wrong) for a resource of type *kind* with the inputs *props*."""
    return [(law.name, wrong) for law in LAWS if kind in law.types for wrong in law.check(props)]


def _statements(document: str | Props) -> Sequence[Props]:
    read: Props = json.loads(document) if isinstance(document, str) else document
    statements = read.get("Statement") or ()
    return [statements] if isinstance(statements, Mapping) else statements


def _list(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()
