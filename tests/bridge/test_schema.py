"""Pulumi's properties as Terraform's and back: by a schema of every shape there is, and by the provider's own."""

from __future__ import annotations

from typing import Any

import pytest

from bridge import naming
from bridge.document import Number
from bridge.schema import Object, read

BLOCK: dict[str, Any] = {
    "attributes": {
        "id": {"type": "string", "optional": True, "computed": True},
        "arn": {"type": "string", "computed": True},
        "fifo_queue": {"type": "bool", "optional": True},
        "delay_seconds": {"type": "number", "optional": True},
        "subnet_id": {"type": ["set", "string"], "optional": True},
        "tags": {"type": ["map", "string"], "optional": True},
        "policy": {"type": "string", "optional": True},
        "certificate": {
            "type": ["list", ["object", {"not_after": "string", "domain": ["list", "string"]}]],
            "computed": True,
        },
    },
    "block_types": {
        "timeouts": {
            "nesting_mode": "single",
            "block": {"attributes": {"create": {"type": "string", "optional": True}}},
        },
        "ttl": {
            "nesting_mode": "list",
            "max_items": 1,
            "block": {"attributes": {"attribute_name": {"type": "string", "required": True}}},
        },
        "replica": {
            "nesting_mode": "set",
            "block": {
                "attributes": {
                    "region_name": {"type": "string", "required": True},
                    "replica_arn": {"type": "string", "computed": True},
                }
            },
        },
    },
}
PROPS: dict[str, Any] = {
    "id": "q",
    "arn": "arn:q",
    "fifoQueue": True,
    "delaySeconds": Number("5"),
    "subnetIds": ["a", "b"],
    "tags": {"Some_key": "x", "someKey": "y"},
    "policy": '{"a": [1]}',
    "certificates": [{"notAfter": "never", "domains": ["d"]}],
    "ttl": {"attributeName": "expires_at"},
    "replicas": [{"regionName": "eu-west-1", "replicaArn": "arn:r"}],
}
ATTRIBUTES: dict[str, Any] = {
    "id": "q",
    "arn": "arn:q",
    "fifo_queue": True,
    "delay_seconds": Number("5"),
    "subnet_id": ["a", "b"],
    "tags": {"Some_key": "x", "someKey": "y"},
    "policy": '{"a": [1]}',
    "certificate": [{"not_after": "never", "domain": ["d"]}],
    "timeouts": None,
    "ttl": [{"attribute_name": "expires_at"}],
    "replica": [{"region_name": "eu-west-1", "replica_arn": "arn:r"}],
}


@pytest.fixture
def shape() -> Object:
    return read("aws_of_every_shape", BLOCK)


def test_a_state_has_every_attribute_and_what_pulumi_flattened_is_a_list_again(shape: Object) -> None:
    assert shape.attributes(PROPS) == ATTRIBUTES


def test_what_a_state_has_is_shown_as_pulumi_shows_it(shape: Object) -> None:
    assert shape.properties(ATTRIBUTES) == PROPS


def test_where_nothing_is_a_state_has_null_and_no_blocks(shape: Object) -> None:
    empty = shape.attributes({})

    assert {name for name, value in empty.items() if value == []} == {"ttl", "replica"}
    assert all(value in (None, []) for value in empty.values())
    assert shape.properties(empty) == {"replicas": []}


def test_a_configuration_says_what_is_given_and_may_be_said(shape: Object) -> None:
    said = shape.configuration(PROPS)

    assert "arn" not in said
    assert "certificate" not in said
    assert said["replica"] == [{"region_name": "eu-west-1"}]
    assert said["ttl"] == [{"attribute_name": "expires_at"}]


@pytest.mark.parametrize(
    ("key", "name", "given", "written"),
    [
        ("fifoQueue", "fifo_queue", "true", True),
        ("delaySeconds", "delay_seconds", "5", Number("5")),
        ("policy", "policy", {"a": [Number("1")]}, '{"a":[1]}'),
        ("policy", "policy", Number("1.0"), "1.0"),
        ("policy", "policy", True, "true"),
        ("subnetIds", "subnet_id", "a", ["a"]),
    ],
)
def test_what_pulumi_takes_in_another_type_is_written_in_terraforms(
    shape: Object,
    key: str,
    name: str,
    given: Any,  # noqa: ANN401 - JSON
    written: Any,  # noqa: ANN401 - JSON
) -> None:
    assert shape.configuration({key: given})[name] == written


def test_what_the_schema_does_not_know_is_named_at_any_depth(shape: Object) -> None:
    strange = {**PROPS, "region": "x", "__defaults": [], "ttl": {"attributeName": "x", "enabled": True}}

    assert sorted(shape.strangers(strange)) == ["region", "ttl.enabled"]


def test_a_type_is_found_however_the_two_cut_its_words() -> None:
    twins = naming.Twins(
        ["aws_sqs_queue", "aws_appsync_graphql_api", "aws_s3_bucket", "aws_lb", "aws_vpc_security_group_ingress_rule"]
    )

    assert twins.of("aws:sqs/queue:Queue") == "aws_sqs_queue"
    assert twins.of("aws:appsync/graphQLApi:GraphQLApi") == "aws_appsync_graphql_api"
    assert twins.of("aws:s3/bucketV2:BucketV2") == "aws_s3_bucket"
    assert twins.of("aws:alb/loadBalancer:LoadBalancer") == "aws_lb"
    assert (
        twins.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == "aws_vpc_security_group_ingress_rule"
    )


@pytest.mark.parametrize("token", ["aws:sqs/thing:Thing", "random:index/id:Id", "companion:index:Edge", "aws", ""])
def test_a_type_without_a_twin_has_none(token: str) -> None:
    assert naming.Twins(["aws_sqs_queue"]).of(token) is None


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("policy", "policies"),
        ("key", "keys"),
        ("address", "addresses"),
        ("box", "boxes"),
        ("alias", "alias"),
        ("y", "ys"),
    ],
)
def test_plurals_are_pulumis(one: str, several: str) -> None:
    assert naming.plural(one) == several
