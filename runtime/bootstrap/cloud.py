"""The cloud's home, one role at a time: each opens no more than its settings name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import asdict

from runtime.bootstrap.opening import Cloud
from runtime.settings import cloud as told
from runtime.settings import read

if TYPE_CHECKING:
    from runtime.adapters.aws.connections import ApiGatewayConnections
    from runtime.adapters.aws.queue import SqsQueue
    from runtime.adapters.aws.search import OpenSearchMemories
    from runtime.adapters.aws.search.domain import Domain
    from runtime.adapters.aws.stores import Hot, Rows
    from runtime.admission.desk import Actions
    from runtime.bootstrap.ports import DoorPorts, TurnPorts, UserPorts
    from runtime.conversation import Delivery
    from runtime.policy import Policy
    from runtime.ports import Clock, Ids

S = TypeVar("S", bound=told.Role)
T = TypeVar("T")

_TurnSettings = told.Worker | told.DeadLetters | told.Actions | told.Background
_UserSettings = told.Actions | told.Background
_SIGN_IN = 600.0  # Seconds: an export or an erasure needs a sign-in that is no older.
_DAY = 86_400.0


class Door(Struct, frozen=True):
    """What takes frames: those whose actions are served here, answered over their connection."""

    actions: Actions
    connections: ApiGatewayConnections
    clock: Clock
    ids: Ids


class Letters(Struct, frozen=True):
    """What takes messages, of whichever queue."""

    handle: Callable[[Delivery], Awaitable[None]]


class Work(Letters, frozen=True):
    """What takes the messages of *queue*."""

    queue: SqsQueue


class Background(Work, frozen=True):
    """What works when nobody waits, and at its time *resumes* the erasures that were left."""

    resumes: Callable[[], Awaitable[None]]


@asynccontextmanager
async def opened(role: str, environ: Mapping[str, str], opens: Callable[[Cloud, S], Awaitable[T]]) -> AsyncIterator[T]:
    """Read the settings of *role* and open it for the length of the block, closed in reverse."""
    settings: S = read(told.ROLES[role], environ)  # type: ignore[assignment]
    async with AsyncExitStack() as stack:
        yield await opens(Cloud(stack, role, environ), settings)


async def connections(cloud: Cloud, settings: told.Connect) -> ApiGatewayConnections:
    """Open what notes connections."""
    return await cloud.connections(settings)


async def admission(cloud: Cloud, settings: told.Admission) -> Door:
    """Open what lets turns in; the policy, which says what people must be told, is read before the first one comes."""
    from runtime import policy
    from runtime.bootstrap import door

    policy.load()
    ports = _door(cloud, await cloud.rows(settings))
    served = door.admission(ports, await cloud.queue(settings.turn_queue_url))
    return Door(served, await cloud.connections(settings), cloud.clock, cloud.ids)


async def actions(cloud: Cloud, settings: told.Actions) -> Door:
    """Open what answers every other action."""
    from runtime import policy
    from runtime.bootstrap import assembly, minds

    rules = policy.load()
    ports, _ = await _users(cloud, settings, rules)
    rights = assembly.rights(ports, await minds.moderator(cloud, settings, rules), rules, sign_in=_SIGN_IN)
    listening = assembly.listening(ports, await minds.recogniser(cloud, settings))
    served = {**assembly.actions(ports, rights), **listening}
    return Door(served, await cloud.connections(settings), cloud.clock, cloud.ids)


async def answers(cloud: Cloud, settings: told.Worker) -> Work:
    """Open what answers turns."""
    from runtime import policy
    from runtime.bootstrap import answering, minds
    from runtime.recall import Meaning
    from runtime.turn.parts import Parts

    rules = policy.load()
    hot = await cloud.hot(settings, rules)
    memories = _memories(cloud, await cloud.search(settings), rules)
    parts = Parts(
        model=await minds.model(cloud, settings),
        moderator=await minds.moderator(cloud, settings, rules),
        synthesiser=await minds.synthesiser(cloud, settings),
        memories=memories,
        recent=hot.recent,
        policy=rules,
        meaning=Meaning(await minds.embedder(cloud, settings), memories.vectors),
    )
    ports = await _turns(cloud, settings, await cloud.rows(settings), hot)
    return Work(answering.turns(ports, parts).handle, await cloud.queue(settings.turn_queue_url))


async def background(cloud: Cloud, settings: told.Background) -> Background:
    """Open what works when nobody waits."""
    from runtime import policy
    from runtime.bootstrap import assembly, minds
    from runtime.recall import Meaning

    rules = policy.load()
    ports, memories = await _users(cloud, settings, rules)
    erasing = assembly.erasing(ports)
    work = assembly.background(
        ports,
        await cloud.queue(settings.turn_queue_url),
        erasing,
        meaning=Meaning(await minds.embedder(cloud, settings), memories.vectors),
        reader=await minds.model(cloud, settings),
    )
    return Background(work.handle, await cloud.queue(settings.background_queue_url), erasing.begin_round)


async def dead_letters(cloud: Cloud, settings: told.DeadLetters) -> Letters:
    """Open what sees to messages that came back too often."""
    from runtime import policy
    from runtime.bootstrap import answering

    rules = policy.load()
    ports = await _turns(cloud, settings, await cloud.rows(settings), await cloud.hot(settings, rules))
    return Letters(answering.dead_letters(ports, rules).handle)


async def drift(cloud: Cloud, settings: told.Drift) -> Callable[[], Awaitable[None]]:
    """Open what compares the guardrail with the policy."""
    from runtime import policy
    from runtime.adapters.aws.guardrail import Drift

    client = await cloud.clients.open("bedrock")
    named = settings.guardrail_id, settings.guardrail_version
    return Drift(client, *named, policy=policy.load(), metrics=cloud.metrics).check


async def index(cloud: Cloud, settings: told.Index) -> Callable[[], Awaitable[None]]:
    """Open what makes the index of long-term memories, says who may use it, and deletes from it what has expired."""
    from runtime.adapters.aws.search.rights import Rights

    domain = await cloud.search(settings)
    rights = Rights(settings.search_index, settings.search_readers, settings.search_writers)

    async def upkeep() -> None:
        await domain.ensure()
        await rights.tell(domain.client)
        await domain.sweep(cloud.clock.now())

    return upkeep


def _door(cloud: Cloud, rows: Rows) -> DoorPorts:
    from runtime.bootstrap.ports import DoorPorts

    return DoorPorts(
        clock=cloud.clock,
        ids=cloud.ids,
        accounts=rows.accounts,
        ledger=rows.ledger,
        leases=rows.leases,
        signals=rows.signals,
    )


async def _turns(cloud: Cloud, settings: _TurnSettings, rows: Rows, hot: Hot) -> TurnPorts:
    from runtime.bootstrap.ports import TurnPorts

    return TurnPorts(
        **asdict(_door(cloud, rows)),
        connections=await cloud.connections(settings),
        metrics=cloud.metrics,
        recent=hot.recent,
        background=await cloud.queue(settings.background_queue_url),
        tracer=cloud.tracer(settings),
    )


async def _users(cloud: Cloud, settings: _UserSettings, rules: Policy) -> tuple[UserPorts, OpenSearchMemories]:
    from runtime.adapters.aws.search import OpenSearchMedium, OpenSearchTraces
    from runtime.bootstrap.ports import UserPorts

    rows, hot, search = await cloud.rows(settings), await cloud.hot(settings, rules), await cloud.search(settings)
    memories = _memories(cloud, search, rules)
    found = {"memories": OpenSearchTraces(search.client, search.index.name)}
    ports = UserPorts(
        **asdict(await _turns(cloud, settings, rows, hot)),
        memories=memories,
        erasures=rows.erasures,
        traces={**found, **hot.traces, **rows.traces},  # The account last: as long as it says so, nothing new begins.
        medium=OpenSearchMedium(search.client, search.index.name),
        backups=settings.backup_days * _DAY,
    )
    return ports, memories


def _memories(cloud: Cloud, search: Domain, rules: Policy) -> OpenSearchMemories:
    from runtime.adapters.aws.search import OpenSearchMemories

    days = {"said": rules.retention.said_days, "fact": rules.retention.fact_days}
    keep = {kind: lasting * _DAY for kind, lasting in days.items() if lasting}
    return OpenSearchMemories(search.client, search.index, cloud.clock, keep)
