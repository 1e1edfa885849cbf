"""Networks from states that the real Terraform wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from components import terraform_state
from components.refusal import Misconfigured
from components.terraform_state import State
from tests.bridge.terraform import Terraform
from tests.components.engine import Engine

NETWORK = """
output "vpc_id" { value = "vpc-1" }
output "private_subnet_ids" { value = ["subnet-1", "subnet-2"] }
output "hidden_ids" {
  value     = ["sg-1"]
  sensitive = true
}
output "none" { value = tolist([]) }
output "count" { value = 3 }
"""
SHOWN = State("file:x", {"vpc_id": "vpc-1", "count": 3, "key": 5}, frozenset({"key"}))


@pytest.fixture
def found(engine: Engine, terraform: Terraform) -> State:
    """Read what Terraform wrote in its folder."""
    terraform.configure(NETWORK)
    terraform.apply()
    return _read(engine, f"file:{terraform.folder}/terraform.tfstate")


def _read(engine: Engine, address: str) -> State:
    return engine.run(lambda: terraform_state.read(address, token="", asked=pulumi.InvokeOptions()))


@pytest.mark.real
def test_texts_and_lists_of_texts_are_read_as_terraform_has_them(found: State) -> None:
    assert (found.text("vpc_id"), found.texts("private_subnet_ids")) == ("vpc-1", ["subnet-1", "subnet-2"])


@pytest.mark.real
def test_what_terraform_hides_is_a_secret_and_nothing_else_is(found: State) -> None:
    assert found.secrets == frozenset({"hidden_ids"})


@pytest.mark.real
def test_a_state_that_cannot_be_read_itself_makes_everything_a_secret(engine: Engine, terraform: Terraform) -> None:
    terraform.configure(NETWORK)
    terraform.apply()
    state = terraform.folder / "terraform.tfstate"
    state.write_text(state.read_text().replace('"version": 4', '"version": 5'))

    found = _read(engine, f"file:{state}")

    assert (found.text("vpc_id"), found.secrets) == ("vpc-1", None)


RAW = """{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {
    "vpc_id": {"value": "vpc-1", "type": "string"},
    "hidden": {"value": "h", "type": "string", "sensitive": true}
}, "resources": []}"""
S3, CLOUD = "terraform:state:getS3Reference", "terraform:state:getRemoteReference"
OBJECT = "aws:s3/getObject:getObject"


@pytest.mark.parametrize(("body", "secrets"), [(RAW, frozenset({"hidden"})), ("<html>", None), (None, None)])
def test_a_state_in_s3_is_as_secret_as_it_says_itself(
    engine: Engine, body: str | None, secrets: frozenset[str] | None
) -> None:
    engine.answers[S3] = {"outputs": {"vpc_id": "vpc-1", "hidden": "h"}}
    engine.answers[OBJECT] = {"body": body}

    found = _read(engine, "s3://bucket/network/terraform.tfstate?region=eu-west-1")

    assert (found.text("vpc_id"), found.secrets) == ("vpc-1", secrets)


def test_of_a_state_in_terraform_cloud_everything_is_a_secret(engine: Engine) -> None:
    engine.answers[CLOUD] = {"outputs": {"vpc_id": "vpc-1"}}

    found = _read(engine, "cloud://organization/workspace")

    assert (found.text("vpc_id"), found.secrets) == ("vpc-1", None)


@pytest.mark.parametrize(
    ("secrets", "encrypted"), [(None, {"vpcId"}), (frozenset({"vpc_id"}), {"vpcId"}), (frozenset({"other"}), set())]
)
def test_a_secret_of_terraforms_is_one_of_pulumis(
    engine: Engine, secrets: frozenset[str] | None, encrypted: set[str]
) -> None:
    state = State("file:x", {}, secrets)

    engine.run(lambda: aws.ec2.Subnet("s", vpc_id=state.guarded("vpc_id", "vpc-1")))

    assert engine.only("aws:ec2/subnet:Subnet").secrets == encrypted


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: SHOWN.text("vpc"), "no output vpc in file:x"),
        (lambda: SHOWN.text("vpc"), "there are count, key, vpc_id"),
        (lambda: SHOWN.text("count"), "output count of file:x: 3"),
        (lambda: SHOWN.texts("vpc_id"), "output vpc_id of file:x: 'vpc-1'"),
        (lambda: SHOWN.text("key"), "output key of file:x: int"),
    ],
)
def test_an_output_that_cannot_serve_is_refused_by_name(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        ask()


@pytest.mark.parametrize(
    "address", ["terraform.tfstate", "s3://bucket/key", "cloud://organization", "file:", "gs://b/k"]
)
def test_an_address_that_says_of_no_state_where_it_is_is_refused(engine: Engine, address: str) -> None:
    with pytest.raises(Misconfigured, match="that says of no state where it is"):
        _read(engine, address)


def test_a_file_that_is_not_there_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no such file"):
        _read(engine, f"file:{tmp_path}/terraform.tfstate")
