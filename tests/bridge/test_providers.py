"""Providers: Regions, aliases, accounts and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.converted import Converted
from tests.bridge.stacks import DEAD, PROVIDER, converted, provider, resource, said, urn


def blocks(found: Converted) -> list[dict[str, Any]]:
    return [one.block for one in found.providers]


def of(name: str) -> dict[str, str]:
    return {"provider": f"{urn(name, PROVIDER)}::p"}


def test_a_resource_of_another_region_has_a_provider_of_its_own() -> None:
    found = converted(DEAD, resource("wall", {"name": "wall"}, outputs={"region": "eu-west-1"}))

    assert said(found, "aws_sqs_queue.wall")["provider"] == "aws.eu_west_1"
    assert blocks(found) == [
        {"region": "us-east-1", "default_tags": [{"tags": {"Stack": "dev"}}]},
        {"alias": "eu_west_1", "region": "eu-west-1", "default_tags": [{"tags": {"Stack": "dev"}}]},
    ]


def test_another_provider_is_an_alias_and_none_takes_the_name_of_another() -> None:
    west = provider("eu_west_1", region="eu-west-1", defaultTags="{}")
    wall = resource("wall", {}, **of("eu_west_1"))

    found = converted(DEAD, resource("b", {}), west, wall, resource("far", {}, outputs={"region": "eu-west-1"}))

    assert [(one.alias, one.tags) for one in found.providers] == [
        ("", {"Stack": "dev"}),
        ("eu_west_1", {}),
        ("eu_west_1_2", {"Stack": "dev"}),
    ]
    assert said(found, "aws_sqs_queue.far")["provider"] == "aws.eu_west_1_2"


def test_a_provider_without_a_region_is_where_most_of_its_resources_are() -> None:
    told = [resource(name, {}, outputs={"region": "eu-west-1"}) for name in "ab"]

    found = converted(provider(region=None), *told, resource("c", {}, outputs={"region": "eu-west-2"}))

    assert [(one.alias, one.region) for one in found.providers] == [("", "eu-west-1"), ("eu_west_2", "eu-west-2")]


def test_whose_account_it_is_stays_said() -> None:
    roles = json.dumps([{"roleArn": "arn:aws:iam::1:role/x", "durationSeconds": "1h", "tags": {"aB": "${c}"}}])
    account = {"assumeRoles": roles, "allowedAccountIds": '["1"]', "profile": "ours", "maxRetries": "3"}

    found = converted(provider(defaultTags="{}", **account), DEAD)

    assert blocks(found) == [
        {
            "region": "us-east-1",
            "assume_role": [{"role_arn": "arn:aws:iam::1:role/x", "duration": "1h", "tags": {"aB": "$${c}"}}],
            "allowed_account_ids": ["1"],
            "profile": "ours",
        }
    ]
    assert found.notes == ["provider `aws`: its maxRetries is not written"]


@pytest.mark.parametrize("told", ["[", "[]", "{}", '{"tags":[]}', None, "x"])
def test_tags_that_cannot_be_read_are_none(told: str | None) -> None:
    assert blocks(converted(provider(defaultTags=told), DEAD)) == [{"region": "us-east-1"}]


def test_a_tag_says_just_what_it_is() -> None:
    found = converted(provider(defaultTags='{"tags":{"${a}":"%{b}"}}'), DEAD)

    assert found.providers[0].tags == {"$${a}": "%%{b}"}
