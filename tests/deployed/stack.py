"""A deployed stack at work: its socket, its functions, what feeds them, and the services that they call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.deployed import account, names, processes, queues, rights, socket, tasks
from tests.deployed.account import Account, Deployed
from tests.deployed.admitting import EVENTS, Admitted
from tests.deployed.machine import Clock, Machine
from tests.deployed.people import Pool
from tests.deployed.processes import Package
from tests.deployed.rights import Place
from tests.deployed.services import Task
from tests.deployed.tasks import Running
from tests.parts import gateway
from tests.parts.elasticmq import ElasticMq
from tests.parts.endpoint import Endpoint
from tests.parts.events import event
from tests.parts.function import Function
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Comprehend, Connections, Converse, Guardrail, Polly, Titan, Wire, says, serving
from tests.parts.wire.reply import Service
from tests.runtime.talking import Client

_PATIENCE_S = 240.0


@dataclass(frozen=True)
class Ground:
    """Where a stack was deployed and what its functions run, the real parts beside, and a *folder* for what it needs.

    *domain* is the ARN of the search domain.
    """

    emulator: Endpoint
    package: Package
    elasticmq: ElasticMq
    opensearch: OpenSearch
    domain: str
    folder: Path


@dataclass(frozen=True)
class Stack:
    """A stack at work: people connect to its *api* at *url*; its processes go by *clock* and call *wire*."""

    url: str
    api: gateway.Api
    account: Account
    functions: Mapping[str, Function]
    tasks: Mapping[str, Running]
    wire: Wire
    clock: Clock
    pool: Pool
    session: aiohttp.ClientSession

    @asynccontextmanager
    async def client(self, token: str = "", **headers: str) -> AsyncIterator[Client]:
        """Connect with *token* as CloudFront hands it on, which adds the key that is in no *headers*."""
        [key] = self.account.socket.keys
        offered = ("companion.v1", *([f"bearer.{token}"] if token else []))
        sent = {"x-api-key": key, **headers}
        async with self.session.ws_connect(self.url, protocols=offered, headers=sent, max_msg_size=0) as opened:
            yield Client(opened, within=_PATIENCE_S)

    async def ring(self, role: str) -> None:
        """Call the function that is *role* for each rule that does, as if its time had come."""
        told = of_role(self.account, role)
        for rule in (rule for rule, called in self.account.rules.items() if told.name in called):
            await Admitted(told, self.functions[told.name], rule, EVENTS).invoke(event("scheduled"))

    def log(self) -> str:
        """Return what all functions and tasks wrote."""
        wrote: Mapping[str, Function | Running] = {**self.functions, **self.tasks}
        return "\n".join(f"· {name}\n{one.log()}" for name, one in wrote.items())


@asynccontextmanager
async def deployed(ground: Ground, *services: Service) -> AsyncIterator[Stack]:
    """Play what was deployed until the block ends; the model is among *services*, or says one thing.

    At the end it fails if a call was made that no policy allows, or if a process took more memory than it has.
    """
    told = await account.read(ground.emulator)
    connections = Connections(told.socket.stage)
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(_services(ground, told, connections, *services))
        led = await stack.enter_async_context(names.leading(wire, ground.emulator, ground.folder))
        machine = Machine(led, Clock(ground.folder / "clock"))
        functions = {
            name: await stack.enter_async_context(processes.deployed(one, ground.package, machine, ground.emulator))
            for name, one in told.functions.items()
        }
        # A deployment calls it; an emulator of AWS does not.
        await functions[of_role(told, "index").name].invoke({})
        place = _place(ground, told)
        api = socket.played(told, functions, connections, place)
        url = await stack.enter_async_context(gateway.serving(api))
        await stack.enter_async_context(_fed(ground, told, functions))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with _working(ground, told, machine) as working:
            yield Stack(url, api, told, functions, working, wire, machine.clock, _pool(ground, told), session)
        _check(wire, told, functions, place)


@asynccontextmanager
async def _working(ground: Ground, told: Account, machine: Machine) -> AsyncIterator[dict[str, Running]]:
    """Run one task of each service until the block ends."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(
                tasks.deployed(one, ground.package, machine, ground.emulator, ground.folder)
            )
            for name, one in told.tasks.items()
        }


def _services(
    ground: Ground, told: Account, connections: Connections, *services: Service
) -> AbstractAsyncContextManager[Wire]:
    """Serve what functions call: what was deployed is named as it is there."""
    upstreams: dict[str, Endpoint | str] = {
        "dynamodb": ground.emulator,
        "secretsmanager": ground.emulator,
        "sqs": ground.elasticmq,
        "es": ground.opensearch,
    }
    environ = worker(told).environ
    guardrail = Guardrail(identifier=environ["GUARDRAIL_ID"], version=environ["GUARDRAIL_VERSION"])
    spoken = services or (Converse(says("One day at sea. ", "Two days on land.")),)
    return serving(*spoken, Titan(), guardrail, Comprehend(), Polly(), connections, upstreams=upstreams)


@asynccontextmanager
async def _fed(ground: Ground, told: Account, functions: Mapping[str, Function]) -> AsyncIterator[None]:
    for feed in told.feeds:
        queues.check(feed, told.queues[feed.queue], told.functions[feed.function])
    urls = await queues.mirror(told.queues, ground.elasticmq)
    async with queues.feeding({feed: functions[feed.function] for feed in told.feeds}, urls, ground.elasticmq):
        yield


def _place(ground: Ground, told: Account) -> Place:
    owner = worker(told).role.split(":")[4]
    return Place(ground.emulator.region, owner, told.socket.api, ground.domain)


def _pool(ground: Ground, told: Account) -> Pool:
    environ = of_role(told, "authorizer").environ
    return Pool(ground.emulator, environ["ISSUER"].rpartition("/")[2], environ["CLIENTS"])


def of_role(told: Account, role: str) -> Deployed:
    """Return the function whose handler is that of *role*."""
    [found] = [one for one in told.functions.values() if one.handler.split(".")[-2] == role]
    return found


def worker(told: Account) -> Deployed | Task:
    """Return what answers turns: a task if there is one, else the function."""
    return next(iter(told.tasks.values()), None) or of_role(told, "worker")


def _check(wire: Wire, told: Account, functions: Mapping[str, Function], place: Place) -> None:
    asked = [one for call in wire.calls for one in rights.asked(call, place)]
    by_others = [*rights.of_lambda(told, place), *rights.of_ecs(told, place)]
    refused = [*rights.refusals([*asked, *by_others], told), *rights.untaken(told)]
    assert not refused, "\n".join(refused)
    for name, function in functions.items():
        assert function.peak_kib <= told.functions[name].mebibytes << 10, f"{name} took {function.peak_kib} KiB"
