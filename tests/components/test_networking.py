"""Where things run: in a network that is there and has a way out, or in a small one of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pytest

from components import egress
from components.networking import Existing, Networking, Small, subnets
from components.refusal import Misconfigured
from tests.components.engine import Engine

THERE = Existing(vpc_id="vpc-1", subnet_ids=["subnet-1", "subnet-2"], security_group_ids=["sg-1"])
SMALL = Small(cidr="10.80.0.0/24", zones=["us-east-1a", "us-east-1b"])
TABLES = "aws:ec2/getRouteTables:getRouteTables"
ROUTES = "aws:ec2/getRouteTable:getRouteTable"


def test_in_a_network_that_is_there_only_the_group_of_what_calls_is_made(engine: Engine) -> None:
    engine.run(lambda: Networking("companion", THERE))

    assert [one.token.rpartition(":")[2] for one in engine.registered] == [
        "Networking",
        "SecurityGroup",
        "SecurityGroupEgressRule",
    ]


def test_what_runs_there_joins_the_groups_that_are_there(engine: Engine) -> None:
    groups = engine.value(lambda: Networking("companion", THERE).security_group_ids)

    assert groups == ["companion-clients", "sg-1"]


def test_what_calls_goes_out_by_https_and_lets_nobody_in(engine: Engine) -> None:
    engine.run(lambda: Networking("companion", THERE))

    out = engine.only("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").inputs
    assert (out["ipProtocol"], out["fromPort"], out["toPort"]) == ("tcp", 443, 443)
    assert engine.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []


def test_a_small_network_has_a_public_subnet_in_each_zone_and_nothing_that_costs(engine: Engine) -> None:
    made = engine.run(lambda: Networking("companion-dev", SMALL))

    blocks = [one.inputs["cidrBlock"] for one in engine.created("aws:ec2/subnet:Subnet")]
    assert made.public
    assert blocks == ["10.80.0.0/25", "10.80.0.128/25"]
    assert engine.created("aws:ec2/natGateway:NatGateway") == []


def test_the_default_group_of_a_small_network_lets_nothing_through(engine: Engine) -> None:
    engine.run(lambda: Networking("companion-dev", SMALL))

    rules = engine.only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    assert (rules["ingress"], rules["egress"]) == ([], [])


@pytest.mark.parametrize(("count", "last"), [(1, "10.80.0.0/24"), (2, "10.80.0.128/25"), (3, "10.80.0.128/26")])
def test_subnets_of_equal_size_share_a_network(count: int, last: str) -> None:
    assert subnets("10.80.0.0/24", count)[-1] == last


@pytest.mark.parametrize(
    ("route", "out"),
    [
        ({"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}, True),
        ({"cidr_block": "0.0.0.0/0", "transit_gateway_id": "tgw-1"}, True),
        ({"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}, False),
        ({"cidr_block": "10.0.0.0/8", "nat_gateway_id": "nat-1"}, False),
    ],
)
def test_a_way_out_leads_everywhere_from_what_has_no_public_address(route: dict[str, str], *, out: bool) -> None:
    assert egress.has_way_out([route]) is out


def test_subnets_without_a_way_out_are_refused_by_name(engine: Engine) -> None:
    engine.answers[ROUTES] = {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]}

    with pytest.raises(Misconfigured, match="subnet-1, subnet-2"):
        engine.run(lambda: egress.need("vpc-1", ["subnet-1", "subnet-2"], asked=pulumi.InvokeOptions()))


def test_fewer_subnets_than_zones_of_the_domain_are_refused(engine: Engine, tmp_path: Path) -> None:
    state = json.loads(Path("tests/components/network.tfstate").read_text())
    del state["outputs"]["private_subnet_ids"]["value"][1:]
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))

    with pytest.raises(Misconfigured, match="1 subnets of Terraform's, and searchZones: 3"):
        engine.deploy("prod", alarmEmail="you@example.org", terraformState=f"file:{tmp_path}/terraform.tfstate")


def test_the_production_stack_is_refused_in_a_network_without_a_way_out(engine: Engine) -> None:
    engine.answers[ROUTES] = {"routes": []}

    with pytest.raises(Misconfigured, match="without a way out"):
        engine.deploy("prod", alarmEmail="you@example.org", terraformState="file:tests/components/network.tfstate")
    assert [one.token for one in engine.registered if one.token.startswith("aws:")] == []
