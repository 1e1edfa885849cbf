"""A deployed function's process: it has what was deployed, what Lambda adds, and nothing of the machine it runs on."""

from __future__ import annotations

import base64
import hashlib
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.deployed.account import Deployed
from tests.deployed.machine import Clock, Machine
from tests.deployed.names import Names
from tests.deployed.processes import Package, deployed
from tests.lambdas.tls import certified
from tests.parts.endpoint import Endpoint

pytestmark = pytest.mark.real
HOUR = 3600.0
HANDLER = """
import os, socket, time

def told(event, context):
    return dict(os.environ)

def imports(event, context):
    found = {}
    for name in event:
        try:
            found[name] = __import__(name).__file__
        except ImportError:
            found[name] = None
    return found

def leads(event, context):
    try:
        return socket.getaddrinfo(event, 443)[0][4]
    except socket.gaierror:
        return None

def clock(event, context):
    return time.time()
"""


async def answered(folder: Path, handler: str, event: object) -> Any:  # noqa: ANN401 - JSON
    """Return what a function of one module, whose handler is *handler*, answers to *event*."""
    archive = folder / "package.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("app.py", HANDLER)
    (folder / "authority.pem").write_bytes(certified())
    digest = base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()
    one = Deployed("app", "arn", "role/app", f"app.{handler}", {"TOLD": "by the stack"}, 3, 512, digest, {})
    machine = Machine(Names(4430, folder / "authority.pem"), Clock(folder / "clock"))
    machine.clock.forward(HOUR)
    async with deployed(one, Package(archive, folder), machine, Endpoint("http://127.0.0.1:1")) as function:
        return await function.invoke(event)


async def test_its_environment_is_what_was_deployed_and_what_lambda_adds(tmp_path: Path) -> None:
    environ = await answered(tmp_path, "told", None)

    assert environ["TOLD"] == "by the stack"
    assert environ["AWS_SESSION_TOKEN"] == "role/app"
    assert environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    lambdas = {"LAMBDA_TASK_ROOT", "LC_CTYPE", "PATH", "TZ", "_HANDLER", "_X_AMZN_TRACE_ID"}
    assert {name for name in environ if not name.startswith("AWS_")} - lambdas == {"TOLD"}
    assert not {name for name in environ if "ENDPOINT" in name or "BUNDLE" in name}


async def test_it_imports_the_package_and_nothing_that_is_installed_here(tmp_path: Path) -> None:
    found = await answered(tmp_path, "imports", ["app", "pytest", "aiohttp", "botocore", "runtime", "tests"])

    assert found == {
        "app": str(tmp_path / "task" / "app.py"),
        **dict.fromkeys(("pytest", "aiohttp", "botocore", "runtime", "tests")),
    }


@pytest.mark.parametrize(
    ("name", "leads"),
    [("sqs.us-east-1.amazonaws.com", ["127.0.0.1", 4430]), ("localhost", None), ("example.org", None)],
)
async def test_the_names_of_aws_lead_here_and_others_nowhere(tmp_path: Path, name: str, leads: object) -> None:
    assert await answered(tmp_path, "leads", name) == leads


async def test_its_clock_is_ahead_by_what_the_test_says(tmp_path: Path) -> None:
    begun = time.time()

    assert HOUR <= await answered(tmp_path, "clock", None) - begun < HOUR + HOUR


async def test_a_function_that_runs_another_package_is_refused(tmp_path: Path) -> None:
    other = Deployed("app", "arn", "role/app", "app.told", {}, 3, 512, "another hash", {})
    (tmp_path / "package.zip").write_bytes(b"a package")
    machine = Machine(Names(4430, tmp_path / "authority.pem"), Clock(tmp_path / "clock"))
    package = Package(tmp_path / "package.zip", tmp_path)

    with pytest.raises(AssertionError, match="another package"):
        async with deployed(other, package, machine, Endpoint("http://127.0.0.1:1")):
            pass
