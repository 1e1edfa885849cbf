"""Deployed functions, run: the package unpacked, the environment as it was deployed, and what Lambda adds to it."""

from __future__ import annotations

import base64
import hashlib
import sys
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from tests.deployed.account import Account, Deployed
from tests.deployed.machine import Machine
from tests.parts.endpoint import Endpoint
from tests.parts.function import Function, Runtime, running

_PATIENCE = 20.0
_OF_THE_CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


@dataclass(frozen=True)
class Package:
    """The archive that functions run, unpacked in *folder*."""

    archive: Path
    folder: Path

    @cached_property
    def sha256(self) -> str:
        """Return its hash, as Lambda tells it of a function's code."""
        return base64.b64encode(hashlib.sha256(self.archive.read_bytes()).digest()).decode()

    @cached_property
    def task(self) -> Path:
        """Return where its files are, beside nothing else."""
        return _unpacked(self.archive, self.folder / "task")

    @cached_property
    def client(self) -> Path:
        """Return where AWS's runtime client is, with what it imports itself and nothing else."""
        return _linked(self.folder / "client")


def find(folder: Path, told: Account, into: Path) -> Package:
    """Return the package that the functions run, which is one of the archives in *folder*; unpack it in *into*."""
    [run] = {function.code_sha256 for function in told.functions.values()}
    packages = (Package(archive, into) for archive in folder.glob("*.zip"))
    return next(one for one in packages if one.sha256 == run)


@asynccontextmanager
async def deployed(function: Deployed, package: Package, machine: Machine, at: Endpoint) -> AsyncIterator[Function]:
    """Run *function* in the Region of *at*, as its role; refuse one that runs another package."""
    assert function.code_sha256 == package.sha256, f"{function.name} runs another package than {package.archive}"
    begin = machine.command("awslambdaric", function.handler, client=package.client)
    environ = {**_set_by_lambda(function, package.task, at), **function.environ}
    runtime = Runtime(begin, environ, package.task, _PATIENCE)
    async with running(runtime, within=function.seconds) as started:
        yield started


def _set_by_lambda(function: Deployed, task: Path, at: Endpoint) -> Mapping[str, str]:
    """Return what is in any function's environment; its session's token says whose role it is."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.mebibytes),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/21/[$LATEST]0",
        "AWS_REGION": at.region,
        "AWS_DEFAULT_REGION": at.region,
        "AWS_ACCESS_KEY_ID": at.key,
        "AWS_SECRET_ACCESS_KEY": at.secret,
        "AWS_SESSION_TOKEN": function.role,
        "LAMBDA_TASK_ROOT": str(task),
    }


def _unpacked(archive: Path, into: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(into)
    return into


def _linked(into: Path) -> Path:
    into.mkdir(parents=True)
    for name in _OF_THE_CLIENT:
        found = find_spec(name)
        assert found
        assert found.origin
        origin = Path(found.origin)
        here = origin.parent if origin.stem == "__init__" else origin
        (into / here.name).symlink_to(here)
    return into
