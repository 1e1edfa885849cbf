"""Whether what runs in a subnet reaches the services outside the network: its routes say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.refusal import Misconfigured

# A way out for what has no public address. A route to an internet gateway is none for it.
_WAYS = (
    "nat_gateway_id",
    "transit_gateway_id",
    "network_interface_id",
    "instance_id",
    "vpc_endpoint_id",
    "core_network_arn",
)


def need(vpc_id: str, subnet_ids: Sequence[str], *, asked: pulumi.InvokeOptions) -> None:
    """Raise `Misconfigured`, naming them, if some of the subnets have no way out."""
    closed = [subnet for subnet in subnet_ids if not has_way_out(_routes(vpc_id, subnet, asked))]
    if closed:
        raise Misconfigured.because(
            got=f"subnets without a way out: {', '.join(closed)}",
            why="what runs there answers turns, and so calls Bedrock, Polly and API Gateway",
            instead="name subnets with a default route to a NAT gateway, or set searchInVpc false and worker lambda",
        )


def has_way_out(routes: Sequence[Mapping[str, str]]) -> bool:
    """Say whether one of *routes* leads everywhere, from what has no public address."""
    return any(route.get("cidr_block") == "0.0.0.0/0" and any(route.get(way) for way in _WAYS) for route in routes)


def _routes(vpc_id: str, subnet_id: str, asked: pulumi.InvokeOptions) -> Sequence[Mapping[str, str]]:
    """Return the routes of a subnet: of its own table, or else of the network's main one."""
    own = _tables(vpc_id, "association.subnet-id", subnet_id, asked)
    (table, *_) = own or _tables(vpc_id, "association.main", "true", asked)
    found = aws.ec2.get_route_table(route_table_id=table, opts=asked)
    return [{way: getattr(route, way) for way in ("cidr_block", *_WAYS)} for route in found.routes]


def _tables(vpc_id: str, name: str, value: str, asked: pulumi.InvokeOptions) -> Sequence[str]:
    return aws.ec2.get_route_tables(vpc_id=vpc_id, filters=[{"name": name, "values": [value]}], opts=asked).ids
