"""What `pulumi stack export` says of `dev`, handed over to the real Terraform: its outputs, and its resources."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bridge.__main__ import main
from tests.bridge import provider
from tests.bridge.terraform import READER, Terraform
from tests.engine.conftest import Risen

pytestmark = pytest.mark.real


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    """Return the real Terraform in a folder of its own."""
    program = shutil.which("terraform")
    assert program is not None  # The stack could not have been made without its provider.
    (tmp_path / "terraform").mkdir()
    return Terraform(program, tmp_path / "terraform")


@pytest.fixture
def exported(dev: Risen, tmp_path: Path) -> Path:
    """Export the stack, with its secrets."""
    path = tmp_path / "export.json"
    path.write_bytes(dev.deployed.stack.export("--show-secrets"))
    return path


def test_a_terraform_program_reads_the_stacks_outputs(dev: Risen, terraform: Terraform, exported: Path) -> None:
    state = terraform.folder.parent / "terraform.tfstate"
    assert main(["outputs", "--stack-export", str(exported), "--to", str(state), "--show-secrets"]) == 0

    terraform.configure(READER)
    terraform.apply()

    read, _, _ = terraform.outputs()["all"]
    assert read == dev.deployed.stack.outputs


def test_terraform_takes_the_resources_over_unchanged(dev: Risen, exported: Path, tmp_path: Path) -> None:
    schemas = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": provider.schemas()}}}
    (tmp_path / "schema.json").write_text(json.dumps(schemas))
    told = ["--stack-export", str(exported), "--schema", str(tmp_path / "schema.json")]
    told += ["--provider-version", provider.VERSION, "--program", str(dev.deployed.stack.project.folder)]
    assert main(["resources", *told, "--to", str(tmp_path / "twin"), "--show-secrets"]) == 0

    planned = dev.deployed.terraform(tmp_path / "twin", "plan", "-detailed-exitcode")

    assert planned.returncode == 0, planned.stdout + planned.stderr
