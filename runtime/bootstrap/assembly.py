"""The wiring, once for every home: a builder for each role of a process, and all of them together for one that has all.

Each takes the ports that its role needs, and no others have to be open for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.admission.copying import Copies
from runtime.admission.correction import Corrections
from runtime.admission.desk import Actions, Desk
from runtime.admission.interrupting import Interrupting
from runtime.admission.listening import Listening
from runtime.admission.remembered import Remembered
from runtime.admission.rights import Rights
from runtime.bootstrap import answering, door
from runtime.bootstrap.ports import DoorPorts, UserPorts
from runtime.erasure import Quiet, Requests, Series
from runtime.policy import Policy
from runtime.ports import Model, Moderator, Queue, Recogniser
from runtime.protocol import client
from runtime.recall import Meaning
from runtime.turn.parts import Parts
from runtime.worker.background import Background
from runtime.worker.handlers import DeadLetters, Turns


@dataclass(frozen=True, slots=True)
class Companion:
    """All roles in one: who takes frames, who answers turns, and who works when nobody waits."""

    desk: Desk
    turns: Turns
    dead: DeadLetters
    background: Background
    rights: Rights


def companion(
    ports: UserPorts,
    turns: Queue,
    parts: Parts,
    *,
    sign_in: float | None = None,
    reader: Model | None = None,
    recogniser: Recogniser | None = None,
) -> Companion:
    """Put all roles together; *sign_in* as in `rights`; *reader* is the language model that finds facts, if any."""
    users = rights(ports, parts.moderator, parts.policy, sign_in=sign_in)
    hearing = listening(ports, recogniser) if recogniser else {}
    return Companion(
        desk=door.desk(ports, {**door.admission(ports, turns), **actions(ports, users), **hearing}),
        turns=answering.turns(ports, parts),
        dead=answering.dead_letters(ports, parts.policy),
        background=background(ports, turns, users.erasing, meaning=parts.meaning, reader=reader),
        rights=users,
    )


def actions(ports: UserPorts, rights: Rights) -> Actions:
    """Put together all that a user may ask for besides."""
    remembered = Remembered(ports.recent, ports.memories, ports.ledger)
    interrupting = Interrupting(
        ports.accounts, ports.ledger, ports.signals, ports.recent, ports.background, ports.clock
    )
    return {
        client.Resume: door.resuming(ports).resume,
        client.Interrupt: interrupting.interrupt,
        client.History: remembered.history,
        client.Memories: remembered.look,
        client.Forget: remembered.forget,
        client.Correct: rights.correct,
        client.Export: rights.export,
        client.Erase: rights.erase,
    }


def listening(ports: DoorPorts, recogniser: Recogniser) -> Actions:
    """Put together what invites a microphone."""
    return {client.Listen: Listening(ports.accounts, recogniser, ports.clock).listen}


def rights(ports: UserPorts, moderator: Moderator, rules: Policy, *, sign_in: float | None = None) -> Rights:
    """Put together correction, export and erasure; *sign_in*: the most seconds since it for the last two, None: any."""
    return Rights(
        ports.accounts,
        Corrections(ports.accounts, ports.memories, ports.recent, moderator, rules, ports.clock),
        Copies(ports.accounts, ports.recent, ports.memories, ports.ledger),
        erasing(ports),
        ports.connections,
        ports.clock,
        sign_in,
    )


def erasing(ports: UserPorts) -> Requests:
    """Put together what begins an erasure and goes on with it."""
    series = Series(
        erasures=ports.erasures,
        accounts=ports.accounts,
        quiet=Quiet(ports.accounts, ports.ledger, ports.signals, ports.clock),
        stores=ports.traces,
        medium=ports.medium,
        connections=ports.connections,
        clock=ports.clock,
        backups=ports.backups,
    )
    return Requests(series, ports.background, ports.ids)


def background(
    ports: UserPorts, turns: Queue, erasing: Requests, *, meaning: Meaning | None, reader: Model | None
) -> Background:
    """Put together what works when nobody waits."""
    return Background(
        memories=ports.memories,
        recent=ports.recent,
        accounts=ports.accounts,
        ledger=ports.ledger,
        turns=turns,
        clock=ports.clock,
        erasing=erasing,
        meaning=meaning,
        reader=reader,
    )
