"""How Terraform finds a resource that exists: its id, or, where the id alone is not enough, the parts of it.

From the "Import" section of each resource in the provider's documentation (5.100):
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
"""

from __future__ import annotations

from collections.abc import Mapping

from bridge.document import Json

_PARTS: Mapping[str, str] = {
    "aws_apigatewayv2_authorizer": "{api_id}/{id}",
    "aws_apigatewayv2_deployment": "{api_id}/{id}",
    "aws_apigatewayv2_integration": "{api_id}/{id}",
    "aws_apigatewayv2_route": "{api_id}/{id}",
    "aws_apigatewayv2_stage": "{api_id}/{name}",
    "aws_appautoscaling_policy": "{service_namespace}/{resource_id}/{scalable_dimension}/{name}",
    "aws_appautoscaling_target": "{service_namespace}/{resource_id}/{scalable_dimension}",
    "aws_bedrock_guardrail": "{guardrail_id},{version}",
    "aws_bedrock_guardrail_version": "{guardrail_arn},{version}",
    "aws_budgets_budget": "{account_id}:{name}",
    "aws_cloudwatch_event_target": "{rule}/{target_id}",
    "aws_cloudwatch_metric_alarm": "{alarm_name}",
    "aws_cognito_user_pool_client": "{user_pool_id}/{id}",
    "aws_ecs_cluster": "{name}",
    "aws_ecs_task_definition": "{arn}",
    "aws_api_gateway_usage_plan_key": "{usage_plan_id}/{key_id}",
    "aws_iam_role_policy_attachment": "{role}/{policy_arn}",
    "aws_lambda_permission": "{function_name}/{statement_id}",
    "aws_route": "{route_table_id}_{destination_cidr_block}",
    "aws_route_table_association": "{subnet_id}/{route_table_id}",
    "aws_s3_object": "{bucket}/{key}",
    "aws_secretsmanager_secret_version": "{secret_id}|{version_id}",
    "aws_wafv2_web_acl": "{id}/{name}/{scope}",
}

UNREAD: Mapping[str, tuple[str, ...]] = {
    "aws_ecs_service": (
        *("deployment_maximum_percent", "deployment_minimum_healthy_percent", "task_definition"),
        "wait_for_steady_state",
    ),
    "aws_kms_key": ("bypass_policy_lockout_safety_check", "deletion_window_in_days"),
    "aws_lambda_function": ("filename", "publish"),
    "aws_s3_object": ("content", "force_destroy", "source"),
    "aws_sns_topic_subscription": ("confirmation_timeout_in_minutes", "endpoint_auto_confirms"),
}
"""What an import cannot read, so that it would look like a change; found by importing (tests/bridge)."""


def import_id(type_name: str, attributes: Mapping[str, Json], own: str) -> str:
    """Return what an `import` block says of a resource of *type_name* whose id is *own*."""
    if type_name == "aws_ecs_service":
        return f"{str(attributes['cluster']).rpartition('/')[2]}/{attributes['name']}"
    return _PARTS.get(type_name, "{id}").format_map({**attributes, "id": own})
