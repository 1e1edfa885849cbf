"""The pack in the environment that Pulumi makes for it, its validators called as the engine calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from policies.laws import LAWS

pytestmark = pytest.mark.real

PACK = Path(__file__).parents[2] / "policies"
ASK = """
import json, runpy, sys
from pulumi_policy import PolicyResourceOptions, ResourceValidationArgs, StackValidationArgs
pack = runpy.run_path("__main__.py")
kind, props = json.loads(sys.argv[1])
options = PolicyResourceOptions(False, [], False, None, [], None, [])
args = ResourceValidationArgs(kind, props, "urn", "it", options, None)
said = {law.name: [] for law in pack["LAWS"]}
for law in pack["LAWS"]:
    pack["policy"](law).validate(args, lambda wrong, urn=None: said[law.name].append(wrong))
pack["closed_buckets"]().validate(StackValidationArgs([]), print)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the pack's own environment."""
    made = tmp_path_factory.mktemp("pack")
    uv = [find_uv_bin(), "--no-config", "--system-certs", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, made], check=True)
    target = ["--python", str(made / "bin" / "python"), "--no-deps", "--require-hashes"]
    subprocess.run([*uv, "pip", "install", *target, "--requirement", str(PACK / "requirements.txt")], check=True)
    return made / "bin" / "python"


def ask(python: Path, kind: str, props: dict[str, object]) -> dict[str, list[str]]:
    """Return what each policy of the pack says of a resource."""
    ran = subprocess.run(
        [python, "-c", ASK, json.dumps([kind, props])], cwd=PACK, capture_output=True, text=True, check=True
    )
    said: dict[str, list[str]] = json.loads(ran.stdout)
    return said


def test_the_pack_has_every_law(python: Path) -> None:
    assert set(ask(python, "aws:sqs/queue:Queue", {})) == {law.name for law in LAWS}


def test_a_policy_reports_what_breaks_its_law_and_is_silent_about_other_types(python: Path) -> None:
    said = ask(python, "aws:sqs/queue:Queue", {"name": "turns.fifo", "sqsManagedSseEnabled": True})

    assert {name: len(wrong) for name, wrong in said.items() if wrong} == {"queues-have-dead-letters": 1}
