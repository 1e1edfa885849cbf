"""How every function is made: a role that may do what it was granted and no more, a log that ends, a trace of calls.

A function is one of the roles of `runtime.settings`: that says its module, its environment and its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies
from components.configuration import Functions
from components.grants import grant
from runtime.settings import environment

# These services name no resource in their permissions.
_TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_OUTPUTS = ("name", "arn", "invoke_arn", "log_group", "code_sha256")
_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What all functions of a stack have in common: *prefix* begins their names, *code* is the runtime's package."""

    prefix: str
    account: str
    region: str
    code: pulumi.Archive
    settings: Functions
    key: pulumi.Input[str] | None = None

    def role_arn(self, role: str) -> str:
        """Return the ARN of the role that the function of *role* takes, whether or not it is made yet."""
        return f"arn:aws:iam::{self.account}:role/{self.named(role)}"

    def named(self, role: str) -> str:
        """Return what the function of *role* is called in AWS."""
        return f"{self.prefix}-{role.replace('_', '-')}"

    def use_key(self, *services: str) -> list[policies.Statement]:
        """Return what allows the use of our key, if there is one, by way of *services* such as `dynamodb`."""
        hosts = [f"{service}.{self.region}.amazonaws.com" for service in services]
        return [policies.use_key(self.key, *hosts)] if self.key and hosts else []


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where in the network *vpc_id* something runs; *client_group_id* is the one of its groups that is ours."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    client_group_id: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What one function does: as *role*, with *environment* (the fields of the role's settings), in *timeout* seconds.

    *memory* is in MiB, and buys processor time with it.
    """

    role: str
    environment: Mapping[str, pulumi.Input[str]]
    timeout: int
    memory: int = 512
    placement: Placement | None = None


class Function(pulumi.ComponentResource):
    """One function, of the package *code_sha256*; who owns a thing grants it to *role*."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]
    log_group: pulumi.Output[str]
    code_sha256: pulumi.Output[str]
    role: aws.iam.Role

    def __init__(
        self,
        name: str,
        platform: Platform,
        job: Job,
        *,
        role: aws.iam.Role | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.role = role or new_role(name, platform, job.role, child)
        log = log_group(name, platform, job.role, child)
        basics = _basics(name, platform, job, self.role, log, child)
        made = _function(name, platform, job, self.role, pulumi.ResourceOptions.merge(child, _after(log, basics)))
        self.name, self.arn, self.invoke_arn, self.log_group = made.name, made.arn, made.invoke_arn, log.name
        self.code_sha256 = made.code_sha256
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def admit(self, name: str, *, service: str, source: pulumi.Input[str]) -> None:
        """Let *service* call this function on behalf of *source*, an ARN."""
        aws.lambda_.Permission(
            name,
            function=self.name,
            action="lambda:InvokeFunction",
            principal=service,
            source_arn=source,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def answer(self, name: str, rule: aws.cloudwatch.EventRule) -> None:
        """Have this function called whenever *rule* holds."""
        self.admit(f"{name}-calls", service="events.amazonaws.com", source=rule.arn)
        child = pulumi.ResourceOptions(parent=self)
        aws.cloudwatch.EventTarget(f"{name}-target", rule=rule.name, arn=self.arn, opts=child)

    def repeat(self, name: str, rate: str, *, named: str, why: str, opts: pulumi.ResourceOptions) -> None:
        """Have this function called every *rate*, such as `1 hour`, by a rule *named* so that says *why*."""
        rule = aws.cloudwatch.EventRule(
            name, name=named, description=why, schedule_expression=f"rate({rate})", opts=opts
        )
        self.answer(name, rule)


def new_role(name: str, platform: Platform, role: str, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    """Make the role of a function that does not exist yet, for what has to know it before."""
    return aws.iam.Role(
        f"{name}-role",
        name=platform.named(role),
        assume_role_policy=pulumi.Output.json_dumps(policies.trust("lambda.amazonaws.com")),
        opts=opts,
    )


def log_group(name: str, platform: Platform, role: str, opts: pulumi.ResourceOptions) -> aws.cloudwatch.LogGroup:
    """Make the log of *role* before the service does, which would keep it for ever."""
    return aws.cloudwatch.LogGroup(
        f"{name}-log",
        name=f"/aws/lambda/{platform.named(role)}",
        retention_in_days=platform.settings.log_days,
        kms_key_id=platform.key,
        opts=opts,
    )


def _after(*resources: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(depends_on=list(resources))


def _basics(
    name: str,
    platform: Platform,
    job: Job,
    role: aws.iam.Role,
    log: aws.cloudwatch.LogGroup,
    opts: pulumi.ResourceOptions,
) -> aws.iam.RolePolicy:
    """Let *role* write its log and its traces, read its own environment, and be in the network that *job* is in."""
    unnamed = [*(_TRACES if platform.settings.tracing else ()), *(_INTERFACES if job.placement else ())]
    statements = [
        policies.allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(log.arn, ":*")),
        *([policies.allow(unnamed, "*")] if unnamed else []),
        *platform.use_key("lambda"),
    ]
    return grant(f"{name}-basics", role, *statements, opts=opts)


def _function(
    name: str, platform: Platform, job: Job, role: aws.iam.Role, opts: pulumi.ResourceOptions
) -> aws.lambda_.Function:
    place, settings = job.placement, platform.settings
    return aws.lambda_.Function(
        f"{name}-function",
        name=platform.named(job.role),
        role=role.arn,
        runtime=settings.lambda_runtime,
        architectures=[settings.lambda_architecture],
        handler=f"runtime.lambdas.{job.role}.handler",
        code=platform.code,
        timeout=job.timeout,
        memory_size=job.memory,
        environment=aws.lambda_.FunctionEnvironmentArgs(variables=_variables(platform, job)),
        kms_key_arn=platform.key,
        tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active" if settings.tracing else "PassThrough"),
        logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="JSON"),
        vpc_config=_placed(place) if place else None,
        opts=opts,
    )


def _placed(place: Placement) -> aws.lambda_.FunctionVpcConfigArgs:
    return aws.lambda_.FunctionVpcConfigArgs(subnet_ids=place.subnet_ids, security_group_ids=place.security_group_ids)


def _variables(platform: Platform, job: Job) -> dict[str, pulumi.Input[str]]:
    settings = platform.settings
    telling: dict[str, pulumi.Input[str]] = {"log_level": settings.log_level, "tracing": str(settings.tracing).lower()}
    return environment(job.role, **telling, **job.environment)
