"""A role's home, really opened, whose clients are known by their service and answer nothing but a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any, cast

from botocore.credentials import ReadOnlyCredentials

from runtime.adapters.aws.clients import Clients
from runtime.bootstrap import cloud
from runtime.bootstrap.opening import Cloud
from runtime.settings import ROLES, read
from tests.contract.reach import Reach
from tests.contract.values import Operation, Sdk

OPENS: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "connect": cloud.connections,
    "turn": cloud.admission,
    "actions": cloud.actions,
    "worker": cloud.answers,
    "background": cloud.background,
    "dead_letters": cloud.dead_letters,
    "drift": cloud.drift,
    "index": cloud.index,
}
_WORDS = {
    "apigatewaymanagementapi",
    "Put",
    "Update",
    "Delete",
    "ConditionCheck",
    "PUT",
    "GET",
    "POST",
    "HEAD",
    "DELETE",
}
SECRET = Operation("secretsmanager", "get_secret_value")


class _Secrets:
    def __init__(self, asked: set[tuple[Operation, str]]) -> None:
        self._asked = asked

    async def get_secret_value(self, **request: str) -> dict[str, str]:
        self._asked.add((SECRET, request["SecretId"]))
        return {"ARN": request["SecretId"], "SecretString": "a secret"}


class _Clients(Sdk):
    def __init__(self, asked: set[tuple[Operation, str]]) -> None:
        self._asked = asked

    async def open(self, service: str, *_: object, **__: object) -> object:
        return _Secrets(self._asked) if service == "secretsmanager" else Operation(service)

    async def prepare(self, service: str) -> None:
        pass

    async def credentials(self) -> object:
        return self

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return ReadOnlyCredentials("nobody", "nothing", None)


async def asked(role: str, environ: Mapping[str, str]) -> set[tuple[Operation, str]]:
    """Return what the process of *role* asks of AWS with *environ*, each with a text that it may be asked with."""
    reach = Reach({*_WORDS, *environ.values()} - {"", "1"})
    async with AsyncExitStack() as stack:
        home = Cloud(stack, role, {**environ, "AWS_REGION": "us-east-1"})
        home.clients = cast("Clients", _Clients(reach.pairs))
        opened = await OPENS[role](home, read(ROLES[role], environ))
        reach.follow(import_module(f"runtime.lambdas.{role}").answer, opened)
    return reach.pairs
