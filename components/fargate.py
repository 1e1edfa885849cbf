"""The worker as tasks on Fargate: many turns at once in each, as many tasks as the backlog asks for.

A task that answers turns protects itself from scale-in (the agent in the task takes that), so a smaller number of tasks
ends idle ones first, and the rest when they are done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies, sagemaker
from components.configuration import Work
from components.function import Placement, Platform
from components.grants import grant
from runtime.settings import environment

_Metric = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict

_CPU, _MEMORY = "1024", "2048"
_STOP_SECONDS = 60
_HEALTHY = "/tmp/healthy"  # noqa: S108 - in the task's own file system.
_BACKLOG = 5.0
"""Turns waiting for each task that more tasks are started for: about what one begins in a second."""


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """What the tasks run: *work* says how many, *told* what the worker's settings are, *queue* is its own."""

    work: Work
    told: Mapping[str, pulumi.Input[str]]
    queue: aws.sqs.Queue
    placement: Placement
    public: bool


class Worker(pulumi.ComponentResource):
    """The service; who owns a thing grants it to *role*."""

    cluster: pulumi.Output[str]
    service: pulumi.Output[str]
    log_group: pulumi.Output[str]
    role: aws.iam.Role

    def __init__(
        self, name: str, platform: Platform, tasks: Tasks, *, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Worker", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        cluster = _cluster(name, platform, child)
        log = _log(name, platform, child)
        self.role = _task_role(name, platform, cluster, child)
        task = _task(name, platform, tasks, _Parts(log, self.role, _puller(name, platform, tasks, log, child)), child)
        service = _service(name, platform, cluster, task, tasks, child)
        _scale(name, cluster, service, tasks, child)
        self.cluster, self.service, self.log_group = cluster.name, service.name, log.name
        self.register_outputs({"cluster": self.cluster, "service": self.service, "log_group": self.log_group})


@dataclass(frozen=True)
class _Parts:
    log: aws.cloudwatch.LogGroup
    role: aws.iam.Role
    puller: aws.iam.Role


def _cluster(name: str, platform: Platform, opts: pulumi.ResourceOptions) -> aws.ecs.Cluster:
    insights = aws.ecs.ClusterSettingArgs(name="containerInsights", value="enabled")
    return aws.ecs.Cluster(f"{name}-cluster", name=platform.prefix, settings=[insights], opts=opts)


def _log(name: str, platform: Platform, opts: pulumi.ResourceOptions) -> aws.cloudwatch.LogGroup:
    return aws.cloudwatch.LogGroup(
        f"{name}-log",
        name=f"/companion/{platform.named('worker')}",
        retention_in_days=platform.settings.log_days,
        kms_key_id=platform.key,
        opts=opts,
    )


def _task_role(name: str, platform: Platform, cluster: aws.ecs.Cluster, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    role = _role(f"{name}-role", platform.named("worker"), opts)
    tasks = pulumi.Output.format("arn:aws:ecs:{0}:{1}:task/{2}/*", platform.region, platform.account, cluster.name)
    protect = policies.allow(["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"], tasks)
    grant(f"{name}-protection", role, protect, opts=opts)
    return role


def _puller(
    name: str, platform: Platform, tasks: Tasks, log: aws.cloudwatch.LogGroup, opts: pulumi.ResourceOptions
) -> aws.iam.Role:
    """Make the role by which ECS starts a task: it pulls the image and opens the log."""
    role = _role(f"{name}-start-role", platform.named("worker-start"), opts)
    logs = policies.allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(log.arn, ":*"))
    grant(f"{name}-start", role, *sagemaker.pull(tasks.work.worker_image), logs, opts=opts)
    return role


def _role(name: str, called: str, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    trust = pulumi.Output.json_dumps(policies.trust("ecs-tasks.amazonaws.com"))
    return aws.iam.Role(name, name=called, assume_role_policy=trust, opts=opts)


def _task(
    name: str, platform: Platform, tasks: Tasks, parts: _Parts, opts: pulumi.ResourceOptions
) -> aws.ecs.TaskDefinition:
    architecture = {"arm64": "ARM64", "x86_64": "X86_64"}[platform.settings.lambda_architecture]
    return aws.ecs.TaskDefinition(
        f"{name}-task",
        family=platform.named("worker"),
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=_CPU,
        memory=_MEMORY,
        runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
            cpu_architecture=architecture, operating_system_family="LINUX"
        ),
        task_role_arn=parts.role.arn,
        execution_role_arn=parts.puller.arn,
        container_definitions=pulumi.Output.json_dumps([_container(platform, tasks, parts.log)]),
        opts=opts,
    )


def _container(platform: Platform, tasks: Tasks, log: aws.cloudwatch.LogGroup) -> dict[str, object]:
    told: dict[str, pulumi.Input[str]] = {
        **tasks.told,
        "hands": str(tasks.work.worker_hands),
        "health_file": _HEALTHY,
        "log_level": platform.settings.log_level,
    }
    log_options = {"awslogs-group": log.name, "awslogs-region": platform.region, "awslogs-stream-prefix": "worker"}
    fresh = f"find {_HEALTHY} -mmin -1 | grep -q ."
    return {
        "name": "worker",
        "image": tasks.work.worker_image,
        "essential": True,
        "readonlyRootFilesystem": False,
        "stopTimeout": _STOP_SECONDS,
        "environment": [{"name": key, "value": value} for key, value in environment("worker", **told).items()],
        "healthCheck": {"command": ["CMD-SHELL", fresh], "interval": 15, "timeout": 5, "retries": 2, "startPeriod": 30},
        "logConfiguration": {"logDriver": "awslogs", "options": log_options},
    }


def _service(
    name: str,
    platform: Platform,
    cluster: aws.ecs.Cluster,
    task: aws.ecs.TaskDefinition,
    tasks: Tasks,
    opts: pulumi.ResourceOptions,
) -> aws.ecs.Service:
    return aws.ecs.Service(
        f"{name}-service",
        name=platform.named("worker"),
        cluster=cluster.arn,
        task_definition=task.arn,
        launch_type="FARGATE",
        desired_count=tasks.work.worker_tasks_min,
        deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
        network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
            subnets=tasks.placement.subnet_ids,
            security_groups=tasks.placement.security_group_ids,
            assign_public_ip=tasks.public,
        ),
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        # The number of tasks is the scaling policy's from then on.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=["desiredCount"])),
    )


def _scale(
    name: str, cluster: aws.ecs.Cluster, service: aws.ecs.Service, tasks: Tasks, opts: pulumi.ResourceOptions
) -> None:
    """Keep the backlog of each running task where one second clears it."""
    target = aws.appautoscaling.Target(
        f"{name}-tasks",
        service_namespace="ecs",
        resource_id=pulumi.Output.format("service/{0}/{1}", cluster.name, service.name),
        scalable_dimension="ecs:service:DesiredCount",
        min_capacity=tasks.work.worker_tasks_min,
        max_capacity=tasks.work.worker_tasks_max,
        opts=opts,
    )
    aws.appautoscaling.Policy(
        f"{name}-backlog",
        name=pulumi.Output.concat(service.name, "-backlog"),
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=_tracking(cluster, service, tasks.queue),
        opts=opts,
    )


def _tracking(
    cluster: aws.ecs.Cluster, service: aws.ecs.Service, queue: aws.sqs.Queue
) -> aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgsDict:
    """Divide what waits by who works; as plain values, whose classes have names of a hundred letters."""
    waiting = _metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum", {"QueueName": queue.name})
    where = {"ClusterName": cluster.name, "ServiceName": service.name}
    running = _metric("running", "ECS/ContainerInsights", "RunningTaskCount", "Average", where)
    each: _Metric = {
        "id": "backlog",
        "expression": "waiting / MAX([running, 1])",
        "label": "turns waiting for each task",
        "return_data": True,
    }
    return {
        "target_value": _BACKLOG,
        "scale_in_cooldown": 300,
        "scale_out_cooldown": 30,
        "customized_metric_specification": {"metrics": [waiting, running, each]},
    }


def _metric(key: str, namespace: str, called: str, stat: str, where: Mapping[str, pulumi.Input[str]]) -> _Metric:
    return {
        "id": key,
        "metric_stat": {
            "metric": {
                "namespace": namespace,
                "metric_name": called,
                "dimensions": [{"name": name, "value": value} for name, value in where.items()],
            },
            "stat": stat,
        },
        "return_data": False,
    }
