"""The roles of a process: each serves its part of the protocol with the ports it has, together they serve all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import asdict

from runtime import policy
from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.metrics import LogMetrics
from runtime.adapters.local.scripted import ScriptedModerator
from runtime.adapters.local.stores import Stores, open_stores
from runtime.admission.caller import Caller
from runtime.bootstrap import answering, assembly, door, laptop
from runtime.bootstrap.ports import DoorPorts, TurnPorts
from runtime.conversation import Delivery, State
from runtime.identity import Identity
from runtime.jobs import TurnJob
from runtime.protocol import client, server
from runtime.settings.laptop import Settings
from tests.runtime.home import ONE, Inbox
from tests.virtual_time import LoopClock

ANA = Caller(Identity("ana", expires=9e12), "socket")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = open_stores(Settings(data=tmp_path), LoopClock())
    yield opened
    opened.database.close()


def at_the_door(stores: Stores) -> DoorPorts:
    """Return the ports of a process that only lets turns in."""
    return DoorPorts(
        clock=LoopClock(),
        ids=RandomIds(),
        accounts=stores.accounts,
        ledger=stores.ledger,
        leases=stores.leases,
        signals=stores.signals,
    )


def at_the_end(stores: Stores, inbox: Inbox) -> TurnPorts:
    """Return the ports of a process that only ends turns."""
    return TurnPorts(
        **asdict(at_the_door(stores)),
        connections=inbox,
        metrics=LogMetrics(),
        recent=stores.recent,
        background=stores.background,
    )


async def asked(stores: Stores, **frame: str | int) -> server.AnyFrame:
    """Ask a desk that takes `send` only; return its answer."""
    ports = at_the_door(stores)
    desk = door.desk(ports, door.admission(ports, stores.turns))
    reply = await desk.handle(ANA, msgspec.json.encode(frame))
    return server.decode(reply.frames[0])


async def test_a_turn_is_let_in_where_neither_memory_nor_model_is_open(stores: Stores) -> None:
    accepted = await asked(stores, action="send", turn=ONE, text="Hello")

    assert isinstance(accepted, server.Accepted)
    assert await stores.turns.depth() == 1


@pytest.mark.parametrize(
    "frame", [{"action": "history"}, {"action": "export"}, {"action": "listen", "rate": 16000, "language": "en-US"}]
)
async def test_an_action_that_was_routed_elsewhere_is_a_bad_frame(stores: Stores, frame: dict[str, str | int]) -> None:
    error = await asked(stores, **frame)

    assert isinstance(error, server.Error)
    assert error.code == "bad_frame"


async def test_a_dead_turn_is_ended_where_no_model_is_open(stores: Stores) -> None:
    inbox = Inbox()
    await asked(stores, action="send", turn=ONE, text="Hello")

    dead = answering.dead_letters(at_the_end(stores, inbox), policy.load())
    await dead.handle(Delivery(TurnJob("ana", ONE, 1).message(), 1))

    row = await stores.ledger.read("ana", ONE)
    assert row
    assert row.state is State.FAILED
    assert [type(frame) for frame in inbox.frames("socket")] == [server.Error]


def test_every_action_is_served_by_one_role(stores: Stores) -> None:
    ports = laptop.ports(stores, Inbox(), LoopClock(), RandomIds())
    at_door = set(door.admission(ports, stores.turns))
    others = set(assembly.actions(ports, assembly.rights(ports, ScriptedModerator(), policy.load())))

    assert not at_door & others
    assert at_door | others == set(client.KINDS.values()) - {client.Listen, client.Ping}
