"""A stack and the emulator that it is in: what the tests of this folder look at, and others may talk to."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3

from tests.bridge.provider import plugins
from tests.deployed import account, processes
from tests.deployed.stack import Ground
from tests.engine import emulation, project, terraform_provider
from tests.engine.stack import Stack
from tests.parts.elasticmq import ElasticMq
from tests.parts.endpoint import Endpoint
from tests.parts.opensearch import OpenSearch

ACCOUNT = "123456789012"
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/companion@sha256:{'0' * 64}"
_PLANTED = Path(__file__).with_name("planted")
HERE: Mapping[str, object] = {
    "lambdaRuntime": f"python{sys.version_info[0]}.{sys.version_info[1]}",
    "lambdaArchitecture": {"aarch64": "arm64"}.get(platform.machine(), platform.machine()),
    "alarmEmail": "you@example.org",
    "searchEndpoint": "https://search-companion.us-east-1.es.amazonaws.com",
    "searchEngine": "lucene",  # The node that stands in for the domain has no other.
    "searchDomainArn": f"arn:aws:es:us-east-1:{ACCOUNT}:domain/companion",
}
"""What each stack is told beside its file: the functions are for this machine, and the search domain is there already.

The provider waits ten minutes for a domain, whatever it is told; its creation is previewed elsewhere.
"""


@dataclass(frozen=True)
class Deployed:
    """A *stack* in the emulator at *aws*, made in *folder*."""

    stack: Stack
    aws: Endpoint
    folder: Path

    def heard(self, hear: Callable[[str], object]) -> Deployed:
        """Return the same, with *hear* told each line that the CLI says."""
        return replace(self, stack=replace(self.stack, project=replace(self.stack.project, hear=hear)))

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients are made at run time
        """Return a client of *service*, as somebody with a console would have it."""
        return boto3.client(service, **self.aws.arguments)

    async def ground(self, elasticmq: ElasticMq, opensearch: OpenSearch, folder: Path) -> Ground:
        """Return what was deployed with the real parts beside it, for `tests.deployed` to play; it needs *folder*."""
        package = processes.find(Path(".packages"), await account.read(self.aws), folder)
        return Ground(self.aws, package, elasticmq, opensearch, str(HERE["searchDomainArn"]), folder)

    def refuse(self, call: str, times: int = 1) -> None:
        """Let the emulator refuse the next *times* calls that begin with *call*: service, method, path, operation."""
        self.aws.ask(f"/engine/refuse?call={quote(call)}&times={times}", "POST")

    def terraform(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Terraform on the configuration in *folder*, in the same emulator."""
        override = {"provider": {"aws": {"region": self.aws.region, "s3_use_path_style": True}}}
        (folder / "emulator_override.tf.json").write_text(json.dumps(override))
        begun = self._terraform(folder, "init", f"-plugin-dir={plugins()}")
        return begun if begun.returncode else self._terraform(folder, *arguments)

    def _terraform(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = self.stack.project.environ | {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
        command = ["terraform", *arguments, "-no-color"]
        return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)

    @property
    def left(self) -> frozenset[str]:
        """What is in the emulator and was tagged, as all of a stack is, or is kept by the emulator's extension."""
        pages = self.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate()
        tagged = {one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]}
        return frozenset(tagged) | set(json.loads(self.aws.ask("/engine/made"))["made"])


@contextmanager
def beginning(name: str, folder: Path, **settings: object) -> Iterator[Deployed]:
    """Lend the stack *name* with nothing in it yet, in an emulator of its own. Raises `Missing`."""
    provider = terraform_provider.found()
    (folder / "program").mkdir()
    served = emulation.start(folder)
    try:
        aws = Endpoint(served.url)
        made = project.make(folder / "program", provider, aws)
        stack = Stack(made, name)
        stack.create()
        made.configure(name, **{**HERE, **settings})
        yield Deployed(stack, aws, folder)
    finally:
        served.end()


def planted(deployed: Deployed, folder: Path) -> Stack:
    """Return a stack of the program that breaks each law, in the same emulator."""
    made = project.make(folder, terraform_provider.found(), deployed.aws, _PLANTED)
    stack = Stack(made, "dev")
    stack.create()
    return stack
