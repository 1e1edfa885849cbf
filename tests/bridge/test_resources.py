"""The proof: what Terraform made, exported in Pulumi's form and converted, is what Terraform calls unchanged."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.__main__ import main
from tests.bridge import deployed, provider
from tests.bridge.terraform import Terraform
from tests.engine import emulation

pytestmark = pytest.mark.real

PROVIDER = f"""
{provider.REQUIRED}
provider "aws" {{
  region = "us-east-1"
  default_tags {{
    tags = {{ Project = "companion" }}
  }}
}}
provider "aws" {{
  alias  = "west"
  region = "us-west-2"
  default_tags {{
    tags = {{ Project = "companion" }}
  }}
}}
"""
# Resources of which an import changes nothing but that Terraform now calls a value sensitive: no import can tell it.
SECRETIVE = 4
TYPES: dict[str, Any] = json.loads((Path(__file__).parent / "types.tf.json").read_bytes())


def types(package: Path) -> dict[str, Any]:
    """Return the configuration with a *package* for its function."""
    with zipfile.ZipFile(package, "w") as into:
        into.writestr(zipfile.ZipInfo("handler.py"), "")
    whole: dict[str, Any] = json.loads(json.dumps(TYPES).replace("${path.module}/package.zip", str(package)))
    return whole


def emulator(url: str) -> dict[str, Any]:
    """Return what points the providers at the emulator, whatever else their blocks say."""
    told = {"endpoints": [dict.fromkeys(provider.SERVICES, url)], "access_key": "x", "secret_key": "x"}
    return {"provider": {"aws": [told, {"alias": "west", **told}]}}


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return Terraform("terraform", folder).run(*arguments)


def prepared(folder: Path, url: str) -> Path:
    """Point the configuration in *folder* at the emulator."""
    (folder / "emulator_override.tf.json").write_text(json.dumps(emulator(url)))
    ran = terraform(folder, "init", f"-plugin-dir={provider.plugins()}")
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start an emulator that nobody resets: what stands in it takes minutes to make."""
    served = emulation.start(tmp_path_factory.mktemp("emulator"))
    yield served.url
    served.end()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, emulated: str, known: dict[str, Any]) -> Path:
    """Make every type in the emulator, and return the folder with the export."""
    here = tmp_path_factory.mktemp("stack")
    folder = here / "made"
    folder.mkdir()
    configuration = types(here / "package.zip")
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    (folder / "provider.tf").write_text(PROVIDER)
    ran = terraform(prepared(folder, emulated), "apply", "-auto-approve", "-parallelism=30")
    assert ran.returncode == 0, ran.stderr
    state = json.loads((folder / "terraform.tfstate").read_bytes())
    (here / "export.json").write_bytes(deployed.export(configuration, state, known))
    whole = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": known}}}
    (here / "schema.json").write_text(json.dumps(whole))
    return here


def convert(here: Path, to: Path, *options: str) -> Path:
    """Convert the export *here*, and return the folder that was written."""
    told = ["--stack-export", str(here / "export.json"), "--schema", str(here / "schema.json")]
    told += ["--provider-version", provider.VERSION, "--to", str(to / "twin"), "--show-secrets"]
    assert main(["resources", *told, *options]) == 0
    return to / "twin"


def test_terraform_calls_what_was_converted_unchanged(exported: Path, emulated: str, tmp_path: Path) -> None:
    twin = prepared(convert(exported, tmp_path), emulated)

    planned = terraform(twin, "plan", "-detailed-exitcode")

    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "hush" not in "".join(path.read_text() for path in twin.glob("*.tf.json")) + (twin / "report.md").read_text()


def test_terraform_imports_all_and_changes_nothing(exported: Path, emulated: str, tmp_path: Path) -> None:
    twin = prepared(convert(exported, tmp_path, "--imports"), emulated)

    planned = terraform(twin, "plan")

    count, changed = sum(map(len, TYPES["resource"].values())), planned.stdout.count("will be updated in-place")
    assert planned.stdout.count("The value is unchanged.") == changed == SECRETIVE, planned.stdout + planned.stderr
    assert f"Plan: {count} to import, 0 to add, {changed} to change, 0 to destroy." in planned.stdout
