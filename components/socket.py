"""The WebSocket API: one route for each action of the protocol, and the ends of a connection.

What opens a connection is let in twice: by the key that CloudFront adds, so that nobody passes it by, and by the
function that reads the token. The API's own address stays open, since functions post to connections there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies, routes
from components.function import Platform
from components.grants import grant
from components.routes import STAGE, Handlers

KEY_HEADER = "x-api-key"

_GATEWAY = "apigateway.amazonaws.com"
# All that a line of the log says: no header, so no token; nothing of a frame; nobody's address or id.
_LINE = {
    "at": "$context.requestTimeEpoch",
    "request": "$context.extendedRequestId",
    "connection": "$context.connectionId",
    "event": "$context.eventType",
    "route": "$context.routeKey",
    "status": "$context.status",
    "integration_status": "$context.integrationStatus",
    "integration_ms": "$context.integrationLatency",
    "error": "$context.error.responseType",
}


@dataclass(frozen=True, kw_only=True)
class Door:
    """How much comes in: *limit* requests a second; *logs_role* says whether this stack gives API Gateway its role."""

    limit: int
    logs_role: bool


class Socket(pulumi.ComponentResource):
    """The API, at *host* behind the path of its stage; who opens a connection there brings *key*."""

    api_id: pulumi.Output[str]
    host: pulumi.Output[str]
    key: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        platform: Platform,
        handlers: Handlers,
        door: Door,
        *,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Socket", name, None, opts)
        self._child = child = pulumi.ResourceOptions(parent=self)
        api = _api(name, child)
        deployment = routes.publish(name, api, handlers, child)
        logging = [_logs_role(name, child)] if door.logs_role else []
        after = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=logging))
        stage = _stage(name, api, deployment, _log(name, platform, child), door.limit, after)
        key = aws.apigateway.ApiKey(
            f"{name}-origin", name=f"{name}-origin", description="What CloudFront adds to each handshake.", opts=child
        )
        _open_with(name, key, api, stage, child)
        self.api_id, self.key, self._execution = api.id, key.value, api.execution_arn
        self.host = api.api_endpoint.apply(lambda endpoint: endpoint.removeprefix("wss://"))
        self.register_outputs({"api_id": self.api_id, "host": self.host})

    def grant_post(self, role: aws.iam.Role) -> None:
        """Let *role* post to open connections, and close them."""
        ways = [pulumi.Output.concat(self._execution, f"/{STAGE}/{way}/@connections/*") for way in ("POST", "DELETE")]
        posts = policies.allow(["execute-api:ManageConnections"], *ways)
        grant(f"{role.pulumi_resource_name}-posts", role, posts, opts=self._child)


def _api(name: str, opts: pulumi.ResourceOptions) -> aws.apigatewayv2.Api:
    return aws.apigatewayv2.Api(
        f"{name}-ws",
        name=f"{name}-ws",
        description="What people say and are answered: see runtime/protocol.",
        protocol_type="WEBSOCKET",
        route_selection_expression="$request.body.action",
        api_key_selection_expression=f"$request.header.{KEY_HEADER}",
        opts=opts,
    )


def _stage(
    name: str,
    api: aws.apigatewayv2.Api,
    deployment: aws.apigatewayv2.Deployment,
    log: aws.cloudwatch.LogGroup,
    limit: int,
    opts: pulumi.ResourceOptions,
) -> aws.apigatewayv2.Stage:
    """Show the deployment; the service's own log of executions stays off, because headers and frames are in it."""
    return aws.apigatewayv2.Stage(
        f"{name}-stage",
        name=STAGE,
        api_id=api.id,
        deployment_id=deployment.id,
        default_route_settings=aws.apigatewayv2.StageDefaultRouteSettingsArgs(
            data_trace_enabled=False,
            logging_level="OFF",
            detailed_metrics_enabled=True,
            throttling_rate_limit=limit,
            throttling_burst_limit=2 * limit,
        ),
        access_log_settings=aws.apigatewayv2.StageAccessLogSettingsArgs(
            destination_arn=log.arn, format=json.dumps(_LINE)
        ),
        opts=opts,
    )


def _log(name: str, platform: Platform, opts: pulumi.ResourceOptions) -> aws.cloudwatch.LogGroup:
    return aws.cloudwatch.LogGroup(
        f"{name}-ws-log",
        name=f"/aws/apigateway/{name}-ws",
        retention_in_days=platform.settings.log_days,
        kms_key_id=platform.key,
        opts=opts,
    )


def _logs_role(name: str, opts: pulumi.ResourceOptions) -> aws.apigateway.Account:
    """Give API Gateway the role that it writes logs by: one for the whole account in a Region, so with AWS's policy."""
    role = aws.iam.Role(
        f"{name}-gateway-role",
        name=f"{name}-gateway",
        assume_role_policy=pulumi.Output.json_dumps(policies.trust(_GATEWAY)),
        opts=opts,
    )
    may = aws.iam.RolePolicyAttachment(
        f"{name}-gateway-logs",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        opts=opts,
    )
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[may]))
    return aws.apigateway.Account(f"{name}-gateway", cloudwatch_role_arn=role.arn, opts=after)


def _open_with(
    name: str,
    key: aws.apigateway.ApiKey,
    api: aws.apigatewayv2.Api,
    stage: aws.apigatewayv2.Stage,
    opts: pulumi.ResourceOptions,
) -> None:
    """Let *key* open the stage; a plan is how the service knows which keys do."""
    plan = aws.apigateway.UsagePlan(
        f"{name}-origin-plan",
        name=f"{name}-origin",
        api_stages=[aws.apigateway.UsagePlanApiStageArgs(api_id=api.id, stage=stage.name)],
        opts=opts,
    )
    # It shows the key's value once more, and the provider does not call that a secret.
    sealed = pulumi.ResourceOptions(additional_secret_outputs=["value"])
    aws.apigateway.UsagePlanKey(
        f"{name}-origin-key",
        key_id=key.id,
        key_type="API_KEY",
        usage_plan_id=plan.id,
        opts=pulumi.ResourceOptions.merge(opts, sealed),
    )
