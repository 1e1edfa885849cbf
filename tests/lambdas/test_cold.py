"""What a function loads before its first event: no more than its role needs, for every library is waited for."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from runtime.settings import ROLES, environment

VALUES = {
    "connections_table": "connections",
    "turns_table": "turns",
    "erased_table": "erased",
    "memory_table": "memory",
    "search_endpoint": "https://search.example",
    "turn_queue_url": "https://sqs.us-east-1.amazonaws.com/123456789012/turns.fifo",
    "background_queue_url": "https://sqs.us-east-1.amazonaws.com/123456789012/background.fifo",
    "guardrail_id": "gr0000000001",
    "guardrail_version": "1",
    "model_id": "us.amazon.nova-micro-v1:0",
    "issuer": "https://pool.example",
    "jwks_url": "https://pool.example/jwks.json",
    "clients": "page",
}
NOBODY_NEEDS = {"boto3", "grpc", "numpy", "pulumi", "sqlite3"}
AT_THE_DOOR = {"cryptography", "jwt", "opensearchpy", "runtime.extraction", "runtime.recall", "runtime.worker"}
NOT_BY = {
    "authorizer": {"aiobotocore", "aiohttp", "botocore", "opensearchpy", "runtime.bootstrap"},
    "connect": {*AT_THE_DOOR, "runtime.admission.sending"},
    "turn": AT_THE_DOOR,
    "worker": {"jwt", "runtime.lambdas.frames"},
    "dead_letters": {"jwt", "opensearchpy", "runtime.adapters.aws.bedrock"},
    "drift": {"jwt", "opensearchpy", "runtime.bootstrap.assembly"},
    "index": {"jwt", "runtime.bootstrap.assembly"},
}


def loaded(role: str) -> set[str]:
    """Return the names of what is loaded in a process of *role* that is ready for its first event."""
    known = {one.name for one in fields(ROLES[role])}
    told = environment(role, **{name: value for name, value in VALUES.items() if name in known})
    surroundings = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
    started = subprocess.run(
        [sys.executable, "-c", f"import sys, runtime.lambdas.{role}\nprint(*sys.modules)"],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], **surroundings, **told, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return set(started.stdout.split())


@pytest.mark.real
@pytest.mark.parametrize("role", ROLES)
def test_a_function_loads_nothing_that_its_role_does_not_need(role: str) -> None:
    unneeded = NOBODY_NEEDS | NOT_BY.get(role, set())

    assert not loaded(role) & unneeded
