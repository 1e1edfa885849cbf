"""Where what needs a network runs: in the one that Terraform made, or in a small one of our own.

Ours has public subnets alone, since a way out of private ones costs by the hour: what runs there has a public address
and lets nobody in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pulumi
import pulumi_aws as aws

from components.function import Placement


@dataclass(frozen=True, kw_only=True)
class Existing:
    """A network that is there: its private subnets, and the groups that what runs there joins beside ours."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_ids: pulumi.Input[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Small:
    """A network to be made of the addresses *cidr*, with a subnet in each of *zones*."""

    cidr: str
    zones: Sequence[str]


class Networking(pulumi.ComponentResource):
    """The network: *placement* is where in it functions and tasks run, *public* whether tasks need an address there."""

    vpc_id: pulumi.Output[str]
    subnet_ids: pulumi.Output[Sequence[str]]
    security_group_ids: pulumi.Output[Sequence[str]]
    client_group_id: pulumi.Output[str]
    public: bool
    placement: Placement

    def __init__(self, name: str, network: Existing | Small, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("companion:index:Networking", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.public = isinstance(network, Small)
        there = _made(name, network, child) if isinstance(network, Small) else network
        self.vpc_id = pulumi.Output.from_input(there.vpc_id)
        self.subnet_ids = pulumi.Output.from_input(there.subnet_ids)
        self.client_group_id = _clients(name, self.vpc_id, child)
        theirs = pulumi.Output.from_input(there.security_group_ids)
        self.security_group_ids = pulumi.Output.all(ours=self.client_group_id, theirs=theirs).apply(_together)
        self.placement = Placement(
            vpc_id=self.vpc_id,
            subnet_ids=self.subnet_ids,
            security_group_ids=self.security_group_ids,
            client_group_id=self.client_group_id,
        )
        self.register_outputs(vars(self.placement))


def subnets(cidr: str, count: int) -> list[str]:
    """Return *count* subnets of equal size within *cidr*."""
    network = ip_network(cidr)
    return [str(subnet) for subnet in network.subnets(prefixlen_diff=(count - 1).bit_length())][:count]


def _together(groups: Mapping[str, Any]) -> list[str]:
    return [groups["ours"], *groups["theirs"]]


def _made(name: str, small: Small, opts: pulumi.ResourceOptions) -> Existing:
    vpc = aws.ec2.Vpc(
        f"{name}-vpc",
        cidr_block=small.cidr,
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags={"Name": name},
        opts=opts,
    )
    aws.ec2.DefaultSecurityGroup(f"{name}-nobody", vpc_id=vpc.id, ingress=[], egress=[], opts=opts)
    table = _way_out(name, vpc.id, opts)
    blocks = zip(small.zones, subnets(small.cidr, len(small.zones)), strict=True)
    ids = [_subnet(f"{name}-{zone}", vpc.id, (zone, block), table, opts) for zone, block in blocks]
    return Existing(vpc_id=vpc.id, subnet_ids=pulumi.Output.all(*ids), security_group_ids=[])


def _way_out(name: str, vpc_id: pulumi.Input[str], opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    gateway = aws.ec2.InternetGateway(f"{name}-gateway", vpc_id=vpc_id, opts=opts)
    table = aws.ec2.RouteTable(f"{name}-routes", vpc_id=vpc_id, opts=opts)
    aws.ec2.Route(
        f"{name}-out",
        route_table_id=table.id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=gateway.id,
        opts=opts,
    )
    return table.id


def _subnet(
    name: str, vpc_id: pulumi.Input[str], place: tuple[str, str], table: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    zone, block = place
    subnet = aws.ec2.Subnet(f"{name}-subnet", vpc_id=vpc_id, availability_zone=zone, cidr_block=block, opts=opts)
    aws.ec2.RouteTableAssociation(f"{name}-routed", subnet_id=subnet.id, route_table_id=table, opts=opts)
    return subnet.id


def _clients(name: str, vpc_id: pulumi.Input[str], opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Make the group of what calls services: nobody comes in, and HTTPS alone goes out."""
    group = aws.ec2.SecurityGroup(
        f"{name}-clients",
        name=f"{name}-clients",
        description="What answers turns and remembers: it calls, and is not called.",
        vpc_id=vpc_id,
        opts=opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-clients-out",
        security_group_id=group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=opts,
    )
    return group.id
