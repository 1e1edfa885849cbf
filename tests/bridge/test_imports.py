"""What an import is told to find a resource by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.__main__ import main
from bridge.imports import import_id
from bridge.kinds import Unlike
from tests.bridge.stacks import DEAD, OBJECT, command, converted, exported, resource


@pytest.mark.parametrize(
    ("type_name", "attributes", "told"),
    [
        ("aws_sqs_queue", {}, "own"),
        ("aws_s3_object", {"bucket": "b", "key": "a/b"}, "b/a/b"),
        ("aws_ecs_service", {"cluster": "arn:aws:ecs:r:1:cluster/c", "name": "s"}, "c/s"),
        ("aws_route", {"route_table_id": "r", "destination_cidr_block": "0.0.0.0/0"}, "r_0.0.0.0/0"),
        ("aws_route", {"route_table_id": "r", "destination_ipv6_cidr_block": "::/0"}, "r_::/0"),
        ("aws_route_table_association", {"gateway_id": "g", "subnet_id": "", "route_table_id": "r"}, "g/r"),
        ("aws_lambda_permission", {"function_name": "f", "statement_id": "s", "qualifier": "live"}, "f:live/s"),
        ("aws_lambda_permission", {"function_name": "f", "statement_id": "s", "qualifier": ""}, "f/s"),
        ("aws_opensearch_domain", {"domain_name": "d"}, "d"),
        ("aws_cloudwatch_event_target", {"event_bus_name": "bus", "rule": "r", "target_id": "t"}, "bus/r/t"),
    ],
)
def test_an_import_names_what_the_provider_asks_for(type_name: str, attributes: dict[str, Any], told: str) -> None:
    assert import_id(type_name, attributes, "own") == told


@pytest.mark.parametrize(
    ("type_name", "why"), [("aws_route", "destination_cidr_block or"), ("aws_lambda_invocation", "cannot import it")]
)
def test_what_cannot_be_found_says_why(type_name: str, why: str) -> None:
    with pytest.raises(Unlike, match=why):
        import_id(type_name, {"route_table_id": "r"}, "own")


def test_what_cannot_be_imported_is_left_out_of_the_imports_alone() -> None:
    invocation = resource("now", {}, "aws:lambda/invocation:Invocation")

    assert [one.why for one in converted(DEAD, invocation, imports=True).left] == [
        "the provider cannot import it; it can be handed over with the state"
    ]
    assert converted(DEAD, invocation).left == []


def test_an_import_says_the_id_as_it_is_and_the_report_what_it_ignores(tmp_path: Path) -> None:
    page = resource("page", {"bucket": "b", "key": "${x}"}, OBJECT)
    (tmp_path / "export.json").write_bytes(exported(page))

    assert main(command(tmp_path, "--imports")) == 0

    (block,) = json.loads((tmp_path / "twin" / "imports.tf.json").read_bytes())["import"]
    assert block == {"to": "aws_s3_object.page", "id": "b/$${x}"}
    assert "cannot read content, force_destroy, source" in (tmp_path / "twin" / "report.md").read_text()
    assert not (tmp_path / "twin" / "terraform.tfstate").exists()
