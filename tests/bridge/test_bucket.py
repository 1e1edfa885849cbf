"""A state in a bucket: what Terraform's own s3 backend makes of our locks and writes, and we of its."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge import state
from bridge.__main__ import main
from bridge.bucket import Place, Stored, stored
from bridge.refused import Held, Refused
from tests.bridge import given
from tests.bridge.terraform import Terraform, finish, read_until
from tests.parts.moto import Moto

pytestmark = pytest.mark.real

PLACE = Place("states", "stacks/companion.tfstate")
BACKEND = """
terraform {{
  backend "s3" {{
    bucket                      = "states"
    key                         = "stacks/companion.tfstate"
    region                      = "us-east-1"
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_s3_checksum            = true
    access_key                  = "test"
    secret_key                  = "test"
    endpoints                   = {{ s3 = "{url}" }}
  }}
}}
"""
READER = """
data "terraform_remote_state" "stack" {{
  backend = "s3"
  config = {{
    bucket                      = "states"
    key                         = "stacks/companion.tfstate"
    region                      = "us-east-1"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    access_key                  = "test"
    secret_key                  = "test"
    endpoints                   = {{ s3 = "{url}" }}
  }}
}}
output "all" {{ value = data.terraform_remote_state.stack.outputs }}
"""
PROMPTING = 'output "now" { value = timestamp() }\n'


@pytest.fixture
def client(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - made at run time
    """Return a client of a store with one empty bucket, which the command finds by its environment."""
    for name, value in moto.environ.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="states")
    return client


def write(folder: Path, outputs: Mapping[str, Any], *options: str) -> int:
    """Run the command on an export of *outputs*."""
    (folder / "export.json").write_bytes(given.export(outputs))
    return main(["outputs", "--stack-export", str(folder / "export.json"), "--to", str(PLACE), *options])


def keys(client: Any) -> set[str]:  # noqa: ANN401 - as the fixture
    """Name the objects in the bucket."""
    return {one["Key"] for one in client.list_objects_v2(Bucket="states").get("Contents", ())}


def test_terraform_reads_from_the_bucket_what_we_wrote_there(client: Any, moto: Moto, terraform: Terraform) -> None:  # noqa: ANN401
    assert write(terraform.folder.parent, given.EVERY_KIND) == 0
    written = state.read(Stored(client, PLACE).read())
    terraform.configure(READER.format(url=moto.url))

    terraform.apply()

    (values, _, _) = terraform.outputs()["all"]
    assert values == {name: output.value for name, output in written.outputs.items()}
    assert terraform.run("plan", "-detailed-exitcode").returncode == 0


def test_writing_twice_is_writing_once_and_a_change_keeps_lineage_and_backup(client: Any, tmp_path: Path) -> None:  # noqa: ANN401
    assert write(tmp_path, {"url": "a"}) == write(tmp_path, {"url": "a"}) == 0
    first = Stored(client, PLACE).read()
    assert write(tmp_path, {"url": "b"}) == 0

    second = Stored(client, PLACE).read()

    assert (state.read(first).serial, state.read(second).serial) == (1, 2)
    assert state.read(first).lineage == state.read(second).lineage
    assert client.get_object(Bucket="states", Key=f"{PLACE.key}.backup")["Body"].read() == first
    assert keys(client) == {PLACE.key, f"{PLACE.key}.backup"}


def test_a_write_that_passed_the_lock_by_is_not_lost(client: Any) -> None:  # noqa: ANN401
    with stored(client, PLACE) as mine:
        mine.read()
        client.put_object(Bucket="states", Key=PLACE.key, Body=b"theirs")
        with pytest.raises(Refused, match="somebody wrote since it was read"):
            mine.replace(b"ours")

    assert Stored(client, PLACE).read() == b"theirs"


def test_a_held_lock_names_its_holder_and_who_waits_gets_it(client: Any) -> None:  # noqa: ANN401
    with stored(client, PLACE):
        with pytest.raises(
            Held, match=r"locked by \S+@\S+ since 20\S+Z .*\n.*\n.*--lock-timeout.*aws s3 rm s3://states"
        ):
            stored(client, PLACE).__enter__()
        let_go = client.delete_object

        def wait(_: float) -> object:
            return let_go(Bucket="states", Key=f"{PLACE.key}.tflock")

        with stored(client, PLACE, timeout=60, wait=wait) as waited:
            waited.read()
            waited.replace(b"new")

    assert keys(client) == {PLACE.key}


def test_terraform_waits_for_our_lock_and_names_us(client: Any, moto: Moto, terraform: Terraform) -> None:  # noqa: ANN401
    terraform.configure(BACKEND.format(url=moto.url) + PROMPTING)

    with stored(client, PLACE):
        refused = terraform.run("apply", "-auto-approve")

    assert refused.returncode != 0
    assert "python -m bridge outputs" in refused.stderr
    assert terraform.run("apply", "-auto-approve").returncode == 0


@pytest.mark.usefixtures("client")
def test_we_do_not_write_while_terraform_holds_the_lock(
    moto: Moto,
    terraform: Terraform,
    capsys: pytest.CaptureFixture[str],
) -> None:
    terraform.configure(BACKEND.format(url=moto.url) + PROMPTING)
    applying = terraform.begin("apply")
    read_until(applying, "Enter a value:")

    assert write(terraform.folder.parent, {"url": "a"}) == 3

    assert "OperationTypeApply" in capsys.readouterr().err
    finish(applying, "no\n")
    assert write(terraform.folder.parent, {"url": "a"}) == 0


def test_our_note_is_one_that_terraform_can_read(client: Any) -> None:  # noqa: ANN401
    with stored(client, PLACE):
        left = json.loads(client.get_object(Bucket="states", Key=f"{PLACE.key}.tflock")["Body"].read())

    assert set(left) == {"ID", "Operation", "Info", "Who", "Version", "Created", "Path"}
    assert left["Path"] == "states/stacks/companion.tfstate"


def test_a_bucket_that_is_not_there_is_said_with_what_to_see_to(
    client: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client.delete_bucket(Bucket="states")

    assert write(tmp_path, {"url": "a"}) == 1

    said = capsys.readouterr().err
    assert said.startswith("got:     s3://states/stacks/companion.tfstate, and the answer: ")
    assert "The specified bucket does not exist" in said
