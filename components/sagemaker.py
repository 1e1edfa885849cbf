"""A model of one's own on SageMaker: the image that serves it, its endpoint, and instances by the load."""

from __future__ import annotations

import re

import pulumi
import pulumi_aws as aws

from components import policies
from components.configuration import Answers
from components.function import Platform
from components.grants import grant
from components.refusal import Misconfigured

_VARIANT = "AllTraffic"
_LEAST = 2
_PER_INSTANCE, _IN_SECONDS, _OUT_SECONDS = 70, 300, 60
_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([a-z0-9][a-z0-9._/-]*)[:@].+")
_DATA = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.+)")
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def endpoint(name: str, platform: Platform, answers: Answers, opts: pulumi.ResourceOptions) -> aws.sagemaker.Endpoint:
    """Make the endpoint that serves *answers* with at least two instances, and let it grow."""
    role = _role(name, platform, answers, opts)
    model = aws.sagemaker.Model(
        f"{name}-served",
        execution_role_arn=role.arn,
        primary_container=aws.sagemaker.ModelPrimaryContainerArgs(
            image=answers.sagemaker_image, model_data_url=answers.sagemaker_model_data or None
        ),
        opts=opts,
    )
    configuration = aws.sagemaker.EndpointConfiguration(
        f"{name}-serving",
        kms_key_arn=platform.key,
        production_variants=[_variant(model, answers)],
        opts=opts,
    )
    made = aws.sagemaker.Endpoint(
        f"{name}-endpoint",
        name=f"{platform.prefix}-model",
        endpoint_config_name=configuration.name,
        opts=opts,
    )
    _scale(name, made, answers, opts)
    return made


def repository(image: str) -> str:
    """Return the ARN of the repository that *image* comes from; raise `Misconfigured` if ECR has none such."""
    found = _IMAGE.fullmatch(image)
    if found is None:
        raise Misconfigured.because(
            got=f"an image {image}",
            why="what runs it pulls from ECR, by the right to one repository",
            instead="push it there: 123456789012.dkr.ecr.us-east-1.amazonaws.com/companion@sha256:...",
        )
    account, region, path = found.groups()
    return f"arn:aws:ecr:{region}:{account}:repository/{path}"


def pull(image: str) -> list[policies.Statement]:
    """Return what lets somebody pull *image*."""
    return [policies.allow(_PULL, repository(image)), policies.allow(["ecr:GetAuthorizationToken"], "*")]


def _variant(model: aws.sagemaker.Model, answers: Answers) -> aws.sagemaker.EndpointConfigurationProductionVariantArgs:
    return aws.sagemaker.EndpointConfigurationProductionVariantArgs(
        variant_name=_VARIANT,
        model_name=model.name,
        initial_instance_count=_LEAST,
        instance_type=answers.sagemaker_instance,
    )


def _scale(name: str, made: aws.sagemaker.Endpoint, answers: Answers, opts: pulumi.ResourceOptions) -> None:
    """Keep 70 invocations a minute on each instance."""
    target = aws.appautoscaling.Target(
        f"{name}-instances",
        service_namespace="sagemaker",
        resource_id=pulumi.Output.format("endpoint/{0}/variant/{1}", made.name, _VARIANT),
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        min_capacity=_LEAST,
        max_capacity=answers.sagemaker_instances_max,
        opts=opts,
    )
    tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
        target_value=_PER_INSTANCE,
        scale_in_cooldown=_IN_SECONDS,
        scale_out_cooldown=_OUT_SECONDS,
        predefined_metric_specification=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
            predefined_metric_type="SageMakerVariantInvocationsPerInstance"
        ),
    )
    aws.appautoscaling.Policy(
        f"{name}-invocations",
        name="companion-invocations",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=tracking,
        opts=opts,
    )


def _role(name: str, platform: Platform, answers: Answers, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    role = aws.iam.Role(
        f"{name}-serving-role",
        name=platform.named("serving"),
        assume_role_policy=pulumi.Output.json_dumps(policies.trust("sagemaker.amazonaws.com")),
        opts=opts,
    )
    logs = f"arn:aws:logs:{platform.region}:{platform.account}:log-group:/aws/sagemaker/Endpoints/{platform.prefix}-*"
    statements = [
        *pull(answers.sagemaker_image),
        policies.allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], logs, f"{logs}:*"),
        policies.allow(["cloudwatch:PutMetricData"], "*"),
        *_read_model(answers.sagemaker_model_data),
    ]
    grant(f"{name}-serving-basics", role, *statements, opts=opts)
    return role


def _read_model(data: str) -> list[policies.Statement]:
    if not data:
        return []
    found = _DATA.fullmatch(data)
    if found is None:
        raise Misconfigured.because(
            got=f"sagemakerModelData: {data}",
            why="SageMaker reads a model from S3",
            instead="pulumi config set sagemakerModelData s3://bucket/model.tar.gz",
        )
    bucket, key = found.groups()
    return [
        policies.allow(["s3:GetObject"], f"arn:aws:s3:::{bucket}/{key}"),
        policies.allow(["s3:ListBucket"], f"arn:aws:s3:::{bucket}"),
    ]
