# What of Pulumi's AWS SDK is used, for mypy: its own `__init__` leads it through three thousand modules.
# What is not here is an error of mypy's, and needs one name more.

from pulumi_aws import apigateway as apigateway
from pulumi_aws import apigatewayv2 as apigatewayv2
from pulumi_aws import appautoscaling as appautoscaling
from pulumi_aws import bedrock as bedrock
from pulumi_aws import budgets as budgets
from pulumi_aws import cloudfront as cloudfront
from pulumi_aws import cloudwatch as cloudwatch
from pulumi_aws import cognito as cognito
from pulumi_aws import dynamodb as dynamodb
from pulumi_aws import ec2 as ec2
from pulumi_aws import ecs as ecs
from pulumi_aws import iam as iam
from pulumi_aws import kms as kms
from pulumi_aws import lambda_ as lambda_
from pulumi_aws import opensearch as opensearch
from pulumi_aws import route53 as route53
from pulumi_aws import s3 as s3
from pulumi_aws import sagemaker as sagemaker
from pulumi_aws import secretsmanager as secretsmanager
from pulumi_aws import sns as sns
from pulumi_aws import sqs as sqs
from pulumi_aws import vpc as vpc
from pulumi_aws import wafv2 as wafv2
from pulumi_aws import xray as xray
from pulumi_aws._inputs import ProviderDefaultTagsArgs as ProviderDefaultTagsArgs
from pulumi_aws.get_availability_zones import get_availability_zones as get_availability_zones
from pulumi_aws.get_caller_identity import get_caller_identity as get_caller_identity
from pulumi_aws.provider import Provider as Provider
