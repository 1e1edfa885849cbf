"""The routes of the WebSocket API: one for each action of the protocol, the two ends of a connection, and what is none.

A stage shows what was there at its deployment, so that is made anew whenever a route has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.function import Function

STAGE = "v1"

ACTIONS = (
    *("send", "interrupt", "resume", "history", "listen", "memories"),
    *("correct", "forget", "export", "erase", "ping"),
)
"""What a frame's `action` may be, in the order of the protocol's table; anything else goes to `$default`."""

Part = aws.apigatewayv2.Authorizer | aws.apigatewayv2.Integration | aws.apigatewayv2.Route

_GATEWAY = "apigateway.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Handlers:
    """The functions behind the routes."""

    authorizer: Function
    connect: Function
    turn: Function
    actions: Function

    def named(self) -> dict[str, Function]:
        """Return the functions by their roles."""
        return {"authorizer": self.authorizer, "connect": self.connect, "turn": self.turn, "actions": self.actions}

    def routes(self) -> dict[str, tuple[str, Function]]:
        """Return for each route what the integration behind it is called, and its function."""
        routes = dict.fromkeys((*ACTIONS, "$default"), ("actions", self.actions))
        ends = dict.fromkeys(("$connect", "$disconnect"), ("connect", self.connect))
        return {**routes, **ends, "send": ("send", self.turn)}


def publish(
    name: str, api: aws.apigatewayv2.Api, handlers: Handlers, opts: pulumi.ResourceOptions
) -> aws.apigatewayv2.Deployment:
    """Make the routes of *api* to *handlers*, and the deployment that a stage may show."""
    authorizer = _authorizer(name, api, handlers.authorizer, opts)
    routes = handlers.routes()
    behind = {
        title: _integration(name, title, api, function, opts) for title, function in dict(routes.values()).items()
    }
    made = []
    for key, (title, function) in routes.items():
        called = f"{name}-{key.removeprefix('$')}"
        function.admit(f"{called}-calls", service=_GATEWAY, source=_source(api, f"{STAGE}/{key}"))
        guard = authorizer if key == "$connect" else None
        made.append(_route(f"{called}-route", key, behind[title], guard, opts))
    return _deployment(name, api, [authorizer, *behind.values(), *made], opts)


def _authorizer(
    name: str, api: aws.apigatewayv2.Api, function: Function, opts: pulumi.ResourceOptions
) -> aws.apigatewayv2.Authorizer:
    """Ask *function* about each handshake: with an identity source, one without a token would get 403 and not 401."""
    authorizer = aws.apigatewayv2.Authorizer(
        f"{name}-authorizer",
        name=f"{name}-authorizer",
        api_id=api.id,
        authorizer_type="REQUEST",
        authorizer_uri=function.invoke_arn,
        opts=opts,
    )
    source = _source(api, pulumi.Output.concat("authorizers/", authorizer.id))
    function.admit(f"{name}-authorizer-calls", service=_GATEWAY, source=source)
    return authorizer


def _integration(
    name: str, title: str, api: aws.apigatewayv2.Api, function: Function, opts: pulumi.ResourceOptions
) -> aws.apigatewayv2.Integration:
    return aws.apigatewayv2.Integration(
        f"{name}-{title}-integration",
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_method="POST",
        integration_uri=function.invoke_arn,
        opts=opts,
    )


def _route(
    name: str,
    key: str,
    integration: aws.apigatewayv2.Integration,
    guard: aws.apigatewayv2.Authorizer | None,
    opts: pulumi.ResourceOptions,
) -> aws.apigatewayv2.Route:
    return aws.apigatewayv2.Route(
        name,
        api_id=integration.api_id,
        route_key=key,
        target=pulumi.Output.concat("integrations/", integration.id),
        authorization_type="CUSTOM" if guard else "NONE",
        authorizer_id=guard.id if guard else None,
        api_key_required=bool(guard),
        opts=opts,
    )


def _source(api: aws.apigatewayv2.Api, path: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(api.execution_arn, "/", path)


def _deployment(
    name: str, api: aws.apigatewayv2.Api, parts: Sequence[Part], opts: pulumi.ResourceOptions
) -> aws.apigatewayv2.Deployment:
    shown = pulumi.Output.json_dumps([_shown(part) for part in parts])
    return aws.apigatewayv2.Deployment(
        f"{name}-deployment",
        api_id=api.id,
        description="All routes as they are.",
        triggers={"routes": shown.apply(lambda text: hashlib.sha256(text.encode()).hexdigest())},
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(parts))),
    )


def _shown(part: Part) -> Mapping[str, Any]:
    """Return what of *part* has no effect until the next deployment."""
    match part:
        case aws.apigatewayv2.Route():
            return {
                "key": part.route_key,
                "target": part.target,
                "guard": part.authorizer_id,
                "lock": part.api_key_required,
            }
        case aws.apigatewayv2.Integration():
            return {"id": part.id, "uri": part.integration_uri}
        case aws.apigatewayv2.Authorizer():
            return {"id": part.id, "uri": part.authorizer_uri}
