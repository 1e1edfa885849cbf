"""The proof: what Terraform made, exported in Pulumi's form and converted, is what Terraform calls unchanged."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bridge.__main__ import main
from tests.bridge import deployed, provider
from tests.bridge.terraform import Terraform
from tests.parts import moto

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
# What the emulator answers otherwise than it was told, and so would be a change of an import.
MISREAD = {
    "resource": {
        "aws_ecs_service": {
            "worker": {
                "lifecycle": {
                    "ignore_changes": [
                        *("availability_zone_rebalancing", "deployment_maximum_percent"),
                        *("deployment_minimum_healthy_percent", "desired_count"),
                        *("task_definition", "wait_for_steady_state"),
                    ]
                }
            }
        }
    }
}
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
    served = moto.start(tmp_path_factory.mktemp("moto"))
    served.answers("/moto-api/")
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
    make(prepared(folder, emulated), emulated)
    state = json.loads((folder / "terraform.tfstate").read_bytes())
    (here / "export.json").write_bytes(deployed.export(configuration, state, known))
    whole = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": known}}}
    (here / "schema.json").write_text(json.dumps(whole))
    return here


def make(folder: Path, url: str, attempts: int = 3) -> None:
    """Make all that is in *folder*, in an emulator that is empty.

    A call whose answer the emulator owed is sent again by AWS's SDK, and then what it made is there already: that is so
    once in many runs. What came of it is dropped, and all is made anew.
    """
    ran = terraform(folder, "apply", "-auto-approve", "-parallelism=30")
    if ran.returncode == 0:
        return
    assert attempts > 1, ran.stderr
    with urlopen(Request(f"{url}/moto-api/reset", method="POST")):
        (folder / "terraform.tfstate").unlink(missing_ok=True)
    make(folder, url, attempts - 1)


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
    (twin / "misread_override.tf.json").write_text(json.dumps(MISREAD))

    planned = terraform(twin, "plan")

    count, changed = sum(map(len, TYPES["resource"].values())), planned.stdout.count("will be updated in-place")
    assert planned.stdout.count("The value is unchanged.") == changed == SECRETIVE, planned.stdout + planned.stderr
    assert f"Plan: {count} to import, 0 to add, {changed} to change, 0 to destroy." in planned.stdout
