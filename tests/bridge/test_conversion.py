"""What becomes of single resources: names, references, secrets, files, and what is left out and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge import deployment
from bridge.__main__ import main
from bridge.document import Json
from bridge.refused import Refused
from bridge.resources import Converted, convert
from tests.bridge import given

URN = "urn:pulumi:dev::companion::"
TEXT = {"type": "string", "optional": True}
SCHEMAS: dict[str, Any] = {
    "aws_sqs_queue": {
        "version": 1,
        "block": {
            "attributes": {
                **dict.fromkeys(("id", "name", "policy"), TEXT),
                "arn": {"type": "string", "computed": True},
                "tags": {"type": ["map", "string"], "optional": True},
            }
        },
    },
    "aws_s3_object": {"version": 0, "block": {"attributes": dict.fromkeys(("id", "key", "source"), TEXT)}},
}
ARN = "arn:aws:sqs:us-east-1:1:dead"


def urn(name: str, token: str = "aws:sqs/queue:Queue") -> str:
    return f"{URN}companion:index:Scaling${token}::{name}"


def resource(name: str, inputs: dict[str, Any], token: str = "aws:sqs/queue:Queue", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    told = {"custom": True, "urn": urn(name, token), "type": token, "id": f"{name}-id", "inputs": inputs}
    return {
        **told,
        "outputs": {**inputs, **more.pop("outputs", {})},
        "provider": f"{urn('aws', 'pulumi:providers:aws')}::p",
        **more,
    }


def provider(region: str = "us-east-1") -> dict[str, Any]:
    inputs = {"region": region, "defaultTags": '{"tags":{"Stack":"dev"}}'}
    kind = "pulumi:providers:aws"
    return {"custom": True, "urn": urn("aws", kind), "type": kind, "id": "p", "inputs": inputs, "outputs": inputs}


def exported(*resources: dict[str, Any]) -> bytes:
    stack = {"urn": f"{URN}pulumi:pulumi:Stack::companion-dev", "custom": False, "type": "pulumi:pulumi:Stack"}
    return json.dumps({"version": 3, "deployment": {"resources": [stack, provider(), *resources]}}).encode()


def converted(*resources: dict[str, Any], root: Path = Path()) -> Converted:
    return convert(deployment.read(exported(*resources), show_secrets=True), SCHEMAS, root)


def said(found: Converted, address: str) -> dict[str, Json]:
    (twin,) = [one for one in found.twins if one.address == address]
    return dict(twin.configuration)


DEAD = resource("dead", {"name": "dead"}, outputs={"arn": ARN})


def test_what_came_from_another_resource_says_so_again() -> None:
    policy = f'{{"Resource":["{ARN}","{ARN}/*"],"To":"${{user}}"}}'
    depends = {"policy": [urn("dead")]}
    turns = resource(
        "turns", {"name": "turns", "policy": policy}, propertyDependencies=depends, dependencies=[urn("dead")]
    )

    found = converted(DEAD, turns)

    arn = "${aws_sqs_queue.dead.arn}"
    assert said(found, "aws_sqs_queue.turns")["policy"] == f'{{"Resource":["{arn}","{arn}/*"],"To":"$${{user}}"}}'
    assert "depends_on" not in said(found, "aws_sqs_queue.turns")


def test_what_is_only_waited_for_is_depended_on() -> None:
    found = converted(DEAD, resource("turns", {"name": "turns"}, dependencies=[urn("dead")]))

    assert said(found, "aws_sqs_queue.turns")["depends_on"] == ["aws_sqs_queue.dead"]


def test_a_text_that_happens_to_be_a_name_elsewhere_stays_a_text() -> None:
    found = converted(
        DEAD,
        resource("turns", {"name": "turns", "policy": "dead and gone"}, propertyDependencies={"policy": [urn("dead")]}),
    )

    assert said(found, "aws_sqs_queue.turns")["policy"] == "dead and gone"


def test_two_of_one_name_are_told_apart_by_their_components() -> None:
    one = resource("turns", {"name": "a"}, parent=f"{URN}companion:index:Scaling::left")
    other = {
        **resource("turns", {"name": "b"}, parent=f"{URN}companion:index:Scaling::right"),
        "urn": f"{urn('x')}::turns",
    }

    found = converted(one, other)

    assert sorted(twin.address for twin in found.twins) == ["aws_sqs_queue.left_turns", "aws_sqs_queue.right_turns"]


def test_a_secret_is_a_sensitive_variable_and_nowhere_in_the_configuration() -> None:
    found = converted(resource("turns", {"name": "turns", "tags": {"pin": given.decrypted("hush")}}))

    assert [(one.name, one.value) for one in found.variables] == [("aws_sqs_queue_turns_tags_pin", "hush")]
    assert said(found, "aws_sqs_queue.turns")["tags"] == {"pin": "${var.aws_sqs_queue_turns_tags_pin}"}
    assert found.twins[0].sensitive == ("tags",)
    assert "hush" not in repr(found.variables)


def test_secrets_are_refused_by_name_until_they_may_be_shown() -> None:
    data = exported(resource("turns", {"name": given.decrypted("hush")}))

    with pytest.raises(Refused, match=r"turns\.name") as refused:
        deployment.read(data, show_secrets=False)

    assert "hush" not in str(refused.value)


def test_an_asset_is_a_file_named_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>")
    asset = given.signed("c44067f5952c0a294b673a41bacd8c17", hash="a" * 64, path="index.html")

    found = converted(
        resource("page", {"key": "index.html", "source": asset}, "aws:s3/bucketObjectv2:BucketObjectv2"), root=tmp_path
    )

    assert said(found, "aws_s3_object.page")["source"] == f"files/{'a' * 64}"
    assert found.twins[0].attributes["source"] == f"files/{'a' * 64}"
    assert found.files[f"files/{'a' * 64}"].data == b"<p>"


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (resource("id", {}, "random:index/randomId:RandomId"), "it is not of AWS's provider"),
        (resource("new", {}, "aws:sqs/novelty:Novelty"), "this provider has no such type"),
        (resource("odd", {"name": "odd", "novelty": True}), "this provider does not know novelty"),
        (
            resource("late", {"name": "l"}, outputs={"__meta": '{"schema_version":"2"}'}),
            "it was recorded with version 2",
        ),
        (
            resource(
                "gone",
                {"source": given.signed("c44067f5952c0a294b673a41bacd8c17", hash="b" * 64, path="gone.html")},
                "aws:s3/bucketObjectv2:BucketObjectv2",
            ),
            "gone.html is not there",
        ),
    ],
)
def test_what_has_no_twin_is_left_out_with_the_reason(left: dict[str, Any], why: str) -> None:
    found = converted(DEAD, left)

    assert [one.why.partition(" of its")[0] for one in found.left] == [why]
    assert [twin.address for twin in found.twins] == ["aws_sqs_queue.dead"]


def test_what_only_a_newer_provider_tells_is_no_reason_to_leave_a_resource_out() -> None:
    found = converted(
        resource("turns", {"name": "turns", "region": "us-east-1"}, outputs={"novelty": 1, "region": "us-east-1"})
    )

    assert found.left == []


def test_a_resource_of_another_region_has_a_provider_of_its_own() -> None:
    found = converted(DEAD, resource("wall", {"name": "wall"}, outputs={"region": "eu-west-1"}))

    assert said(found, "aws_sqs_queue.wall")["provider"] == "aws.eu_west_1"
    assert [one.block for one in found.providers] == [
        {"region": "us-east-1", "default_tags": [{"tags": {"Stack": "dev"}}]},
        {"alias": "eu_west_1", "region": "eu-west-1", "default_tags": [{"tags": {"Stack": "dev"}}]},
    ]


def test_protection_and_what_is_ignored_are_kept() -> None:
    found = converted(resource("turns", {"name": "turns"}, protect=True, ignoreChanges=["tags"]))

    assert said(found, "aws_sqs_queue.turns")["lifecycle"] == {"prevent_destroy": True, "ignore_changes": ["tags"]}


def test_a_folder_that_is_not_empty_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.json").write_bytes(exported(DEAD))
    known = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": SCHEMAS}}}
    (tmp_path / "schema.json").write_text(json.dumps(known))

    told = ["--stack-export", str(tmp_path / "export.json"), "--schema", str(tmp_path / "schema.json")]
    assert main(["resources", *told, "--to", str(tmp_path)]) == 1

    assert "which is not empty" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.json", "schema.json"]


def test_state_and_secrets_are_for_their_owner_alone_and_a_report_says_what_became(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_bytes(
        exported(
            resource("turns", {"name": given.decrypted("hush")}), resource("id", {}, "random:index/randomId:RandomId")
        )
    )
    known = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": SCHEMAS}}}
    (tmp_path / "schema.json").write_text(json.dumps(known))
    told = [
        "--stack-export",
        str(tmp_path / "export.json"),
        "--schema",
        str(tmp_path / "schema.json"),
        "--show-secrets",
    ]

    assert main(["resources", *told, "--to", str(tmp_path / "twin")]) == 0

    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "twin").iterdir()}
    assert (modes["terraform.tfstate"], modes["secrets.auto.tfvars.json"]) == (0, 0)
    report = (tmp_path / "twin" / "report.md").read_text()
    assert "`aws_sqs_queue.turns` was `turns`" in report
    assert "`id` (random:index/randomId:RandomId): it is not of AWS's provider" in report
