"""How Terraform finds a resource that exists: its id, or, where the id alone is not enough, the parts of it.

From the "Import" section of each resource in the provider's documentation (5.100):
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bridge.document import Json
from bridge.kinds import Unlike

_PARTS: Mapping[str, str] = {
    "aws_api_gateway_usage_plan_key": "{usage_plan_id}/{key_id}",
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
    "aws_cloudwatch_event_target": "{event_bus_name}/{rule}/{target_id}",
    "aws_cloudwatch_metric_alarm": "{alarm_name}",
    "aws_cognito_user_pool_client": "{user_pool_id}/{id}",
    "aws_ecs_cluster": "{name}",
    "aws_ecs_task_definition": "{arn}",
    "aws_iam_role_policy_attachment": "{role}/{policy_arn}",
    "aws_lambda_permission": "{function_name}/{statement_id}",
    "aws_opensearch_domain": "{domain_name}",
    "aws_s3_object": "{bucket}/{key}",
    "aws_wafv2_web_acl": "{id}/{name}/{scope}",
}
_PART = re.compile(r"\{(\w+)\}")
_DESTINATIONS = ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")

NEVER = frozenset({"aws_lambda_invocation"})
"""What the provider cannot import."""

UNREAD: Mapping[str, tuple[str, ...]] = {
    "aws_ecs_service": ("task_definition", "wait_for_steady_state"),  # Read by its family, whatever it was called by.
    "aws_kms_key": ("bypass_policy_lockout_safety_check", "deletion_window_in_days"),
    "aws_lambda_function": ("filename", "publish"),
    "aws_s3_object": ("content", "force_destroy", "source"),
    "aws_sns_topic_subscription": ("confirmation_timeout_in_minutes", "endpoint_auto_confirms"),
}
"""What an import cannot read, so that it would look like a change; found by importing (tests/bridge)."""


def import_id(type_name: str, attributes: Mapping[str, Json], own: str) -> str:
    """Return what an `import` block says of a resource of *type_name* whose id is *own*. Raises `Unlike`."""
    told = {**attributes, "id": own}
    if type_name in NEVER:
        raise Unlike("the provider cannot import it; it can be handed over with the state")
    if type_name == "aws_ecs_service":
        return f"{_part(told, 'cluster').rpartition('/')[2]}/{_part(told, 'name')}"
    if type_name == "aws_lambda_permission" and told.get("qualifier"):
        return f"{_part(told, 'function_name')}:{_part(told, 'qualifier')}/{_part(told, 'statement_id')}"
    if type_name == "aws_route":
        return f"{_part(told, 'route_table_id')}_{_part(told, *_DESTINATIONS)}"
    if type_name == "aws_route_table_association":
        return f"{_part(told, 'subnet_id', 'gateway_id')}/{_part(told, 'route_table_id')}"
    return _PART.sub(lambda found: _part(told, found[1]), _PARTS.get(type_name, "{id}"))


def _part(told: Mapping[str, Json], *names: str) -> str:
    """Return the first of *names* that there is."""
    for name in names:
        value = told.get(name)
        if isinstance(value, str) and value:
            return value
    raise Unlike(f"an import wants its {' or '.join(names)}, and the export does not say it")
