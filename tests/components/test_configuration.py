"""What a stack is told: all of it read, and what cannot work refused before anything is made."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import pytest
import yaml  # type: ignore[import-untyped] # as in engine.py

from components import configuration
from components.configuration.checks import setting
from components.configuration.whole import Configuration
from components.refusal import Misconfigured
from tests.components.engine import settings

HOME = Path(__file__).parents[2]
GIVEN = {"alarmEmail": "you@example.org", "terraformState": "s3://bucket/key?region=us-east-1"}
TYPES = {str: "string", int: "integer", bool: "boolean", tuple[str, ...]: "array"}


def _declared() -> dict[str, str]:
    kinds = [kind for part in get_type_hints(Configuration).values() for kind in get_type_hints(part).items()]
    return {setting(name): TYPES[kind] for name, kind in kinds}


def test_every_setting_is_described_with_its_type_and_only_secrets_and_the_region_elsewhere() -> None:
    project = yaml.safe_load((HOME / "Pulumi.yaml").read_text())

    described = {name: one["type"] for name, one in project["config"].items() if one["description"]}

    assert described | {"terraformToken": "string", "region": "string"} == _declared()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_sets_only_what_there_is(stack: str) -> None:
    given = yaml.safe_load((HOME / f"Pulumi.{stack}.yaml").read_text())["config"]

    assert {key.removeprefix("companion:") for key in given if key.startswith("companion:")} <= set(_declared())


def test_names_of_a_stack_begin_with_it_unless_it_says_otherwise() -> None:
    dev = configuration.read(settings("dev"), "dev")
    prod = configuration.read(settings("prod", **GIVEN), "prod")

    assert (dev.names.prefix, prod.names.prefix) == ("companion-dev", "companion")


def test_the_production_stack_has_the_references_domain() -> None:
    search = configuration.read(settings("prod", **GIVEN), "prod").search

    assert (search.search_version, search.search_instance, search.search_volume) == (
        "OpenSearch_2.15",
        "r7g.large.search",
        200,
    )
    assert (search.search_nodes, search.search_zones, search.search_in_vpc) == (3, 3, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"searchEndpont": "x"}, "got:     searchEndpont\n.*\n.*searchEndpoint"),
        ({"searchEndpoint": "search.example.org"}, "https address"),
        ({"searchNodes": 2, "searchZones": 3}, "searchNodes: 2"),
        ({"searchInVpc": True}, "no terraformState"),
        ({"inference": "azure"}, "inference: azure"),
        ({"inference": "sagemaker"}, "no sagemakerImage"),
        ({"worker": "ec2"}, "worker: ec2"),
        ({"workerConcurrency": 1}, "workerConcurrency: 1"),
        ({"lambdaRuntime": "python3.9"}, "lambdaRuntime: python3.9"),
        ({"lambdaArchitecture": "mips"}, "one of arm64, x86_64"),
        ({"logDays": 8}, "logDays: 8"),
        ({"backupDays": "many"}, "whole number"),
        ({"firewall": "perhaps"}, "it is a switch"),
        ({"languages": "en"}, "list of texts"),
        ({"languages": []}, "no languages"),
        ({"deletionProtection": True}, "no alarmEmail"),
        ({"issuer": "https://issuer.example.org", "issuerJwksUrl": "https://issuer.example.org/k"}, "no issuerClients"),
        ({"domain": "talk.example.org"}, "no certificateArn"),
        ({"vpcCidr": "8.8.8.0/24"}, "private IPv4"),
        ({"prefix": "Companion"}, "lower-case"),
        ({"alarmEmail": "nobody"}, "it is no address"),
    ],
)
def test_what_cannot_work_is_refused_with_got_why_and_instead(changed: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured, match=said) as refusal:
        configuration.read(settings("dev", **changed), "dev")

    assert [line.split(":")[0] for line in str(refusal.value).splitlines()] == ["got", "why", "instead"]


def test_a_setting_that_is_missing_is_refused_by_name() -> None:
    given = {key: text for key, text in settings("dev").items() if key != "companion:modelId"}

    with pytest.raises(Misconfigured, match="no modelId"):
        configuration.read(given, "dev")


def test_all_that_cannot_work_is_said_at_once() -> None:
    with pytest.raises(Misconfigured) as refusal:
        configuration.read(settings("dev", worker="ec2", logDays=8, serchNodes=1), "dev")

    assert str(refusal.value).count("instead:") == 3


def test_a_token_is_not_shown() -> None:
    network = configuration.read(settings("dev", terraformToken="hush"), "dev").network

    assert "hush" not in repr(network)
