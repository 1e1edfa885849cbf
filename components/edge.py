"""Where people come in: the page, the socket beside it, and the functions that the socket's frames go to.

CloudFront stands before both, and WAF before CloudFront if the stack pays for it. Nobody passes them by: the bucket
knows this distribution alone, and the socket's API the key that it adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import distribution
from components.configuration import Edge as Settings
from components.distribution import SOCKET_PATH, Origins
from components.firewall import firewall
from components.function import Function, Job, Placement, Platform
from components.page import Page
from components.routes import Handlers
from components.socket import Door, Socket

Told = Mapping[str, pulumi.Input[str]]

_OUTPUTS = ("page_url", "socket_url", "api_id", "distribution_id")
_MEBIBYTES = 1024


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page has to know: where people sign in (none: they paste a token) as which client, and what answers."""

    sign_in_url: pulumi.Input[str]
    client_id: pulumi.Input[str]
    model: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class EdgeArgs:
    """How people come in: what the functions are told, by their roles; *placement* is where *actions* runs."""

    settings: Settings
    authorizer: Told
    connect: Told
    turn: Told
    actions: Told
    placement: Placement | None
    shown: Shown


class Edge(pulumi.ComponentResource):
    """The page at *page_url*, the socket at *socket_url*; who owns a thing grants it to the functions' roles."""

    page_url: pulumi.Output[str]
    socket_url: pulumi.Output[str]
    api_id: pulumi.Output[str]
    distribution_id: pulumi.Output[str]
    handlers: Handlers

    def __init__(
        self, name: str, platform: Platform, args: EdgeArgs, *, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Edge", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.handlers = _handlers(name, platform, args, child)
        door = Door(limit=args.settings.connections_per_second, logs_role=args.settings.gateway_role)
        self._socket = Socket(name, platform, self.handlers, door, opts=child)
        page = Page(f"{name}-page", platform, opts=child)
        shown = _distribution(name, platform, args, self._socket, page, opts=child)
        page.admit(shown.arn)
        host = pulumi.Output.from_input(args.settings.domain or shown.domain_name)
        _name(name, args.settings, shown, child)
        page.tell(_config(args.shown))
        self.page_url = pulumi.Output.concat("https://", host, "/")
        self.socket_url = pulumi.Output.concat("wss://", host, SOCKET_PATH)
        self.api_id, self.distribution_id = self._socket.api_id, shown.id
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_post(self, role: aws.iam.Role) -> None:
        """Let *role* post to open connections, and close them."""
        self._socket.grant_post(role)


def _handlers(name: str, platform: Platform, args: EdgeArgs, opts: pulumi.ResourceOptions) -> Handlers:
    """Make the functions; who waits for *turn* and *actions* waits for a word, so they get more of a processor."""
    jobs = {
        "authorizer": Job(role="authorizer", environment=args.authorizer, timeout=10),
        "connect": Job(role="connect", environment=args.connect, timeout=10),
        "turn": Job(role="turn", environment=args.turn, timeout=10, memory=_MEBIBYTES),
        "actions": Job(
            role="actions", environment=args.actions, timeout=29, memory=_MEBIBYTES, placement=args.placement
        ),
    }
    return Handlers(**{role: Function(f"{name}-{role}", platform, job, opts=opts) for role, job in jobs.items()})


def _distribution(
    name: str, platform: Platform, args: EdgeArgs, socket: Socket, page: Page, *, opts: pulumi.ResourceOptions
) -> aws.cloudfront.Distribution:
    """Make the distribution, which waits for no function: who signs people in waits for its address."""
    connects = pulumi.Output.from_input(args.shown.sign_in_url).apply(lambda url: _connects(url, platform.region))
    return distribution.distribution(
        name,
        args.settings,
        Origins(page=page.host, socket=socket.host, key=socket.key),
        headers=distribution.headers(name, connects, opts),
        firewall=firewall(name, opts).arn if args.settings.firewall else None,
        opts=opts,
    )


def _connects(sign_in_url: str, region: str) -> list[str]:
    """Return where the page connects to besides itself: where its code becomes a token, and where it is heard."""
    return [*([sign_in_url] if sign_in_url else []), f"wss://transcribestreaming.{region}.amazonaws.com:8443"]


def _config(shown: Shown) -> pulumi.Output[dict[str, Any]]:
    return pulumi.Output.all(shown.sign_in_url, shown.client_id, shown.model).apply(
        lambda told: config(sign_in_url=told[0], client_id=told[1], model=told[2])
    )


def config(*, sign_in_url: str, client_id: str, model: str) -> dict[str, Any]:
    """Return what the page has to know, as it reads it."""
    issuer = {
        "authorize": f"{sign_in_url}/oauth2/authorize",
        "token": f"{sign_in_url}/oauth2/token",
        "client": client_id,
        "scope": "openid",
    }
    sign_in = {"sign_in": "oauth", "oauth": issuer} if sign_in_url else {"sign_in": "token"}
    named = {"name": model, "language_model": True, "connect": ""}
    return {"socket": SOCKET_PATH, **sign_in, "model": named, "voice": True}


def _name(name: str, settings: Settings, shown: aws.cloudfront.Distribution, opts: pulumi.ResourceOptions) -> None:
    """Point the page's own name at the distribution, where its zone is ours."""
    alias = aws.route53.RecordAliasArgs(
        name=shown.domain_name, zone_id=shown.hosted_zone_id, evaluate_target_health=False
    )
    for kind in ("A", "AAAA") if settings.zone_id else ():
        aws.route53.Record(
            f"{name}-name-{kind.lower()}",
            zone_id=settings.zone_id,
            name=settings.domain,
            type=kind,
            aliases=[alias],
            opts=opts,
        )
