"""`prod` under the real engine: in Terraform's network, with SageMaker and Fargate; protected, then taken down."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.engine.conftest import Standing
from tests.engine.running import ended

pytestmark = pytest.mark.real

# What still has a name though it was destroyed: a key that waits, and what ECS keeps as INACTIVE.
RETAINED = {"kms", "ecs"}
OF_ITS_OWN = ("aws:ecs/service:Service", "aws:sagemaker/endpoint:Endpoint", "aws:wafv2/webAcl:WebAcl")


def test_prod_is_made_in_the_network_that_terraform_made(prod: Standing) -> None:
    (vpc,) = prod.deployed.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
    (service,) = prod.deployed.client("ecs").describe_services(cluster="companion", services=["companion-worker"])[
        "services"
    ]
    groups = prod.deployed.client("ec2").describe_security_groups(
        GroupIds=service["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
    )

    assert prod.up.code == 0, prod.up.summary
    assert [token for token in OF_ITS_OWN if not prod.up.made(token)] == []
    assert {group["VpcId"] for group in groups["SecurityGroups"]} == {vpc["VpcId"]}


def test_a_second_update_of_prod_and_a_refresh_find_nothing_to_change(prod: Standing) -> None:
    refreshed, updated = prod.deployed.stack.refresh(), prod.deployed.stack.up()

    assert refreshed.changes == updated.changes == {}, refreshed.summary + updated.summary


def test_a_search_domain_of_its_own_is_previewed(prod: Standing) -> None:
    with prod.deployed.stack.project.configured("prod", searchEndpoint=None, searchDomainArn=None):
        told = prod.deployed.stack.preview()

    assert told.code == 0, told.summary
    assert told.made("aws:opensearch/domain:Domain")


@pytest.mark.last
def test_what_is_protected_is_not_destroyed_until_its_protection_is_lifted(prod: Standing) -> None:
    refused = prod.deployed.stack.destroy()
    prod.deployed.stack.project.configure("prod", deletionProtection=False)
    lifted, destroyed = prod.deployed.stack.up(), prod.deployed.stack.destroy()

    assert refused.code != 0
    assert lifted.code == destroyed.code == 0, lifted.summary + destroyed.summary
    assert {arn.split(":")[2] for arn in prod.deployed.left - prod.before} <= RETAINED
    assert len(json.loads(prod.deployed.stack.export())["deployment"].get("resources", [])) <= 1
    asyncio.run(ended(prod.deployed.stack.project.mark))
