"""The wiring of the way in: with this alone, turns are let in before anything that answers them is loaded."""

from __future__ import annotations

from runtime.admission.desk import Actions, Desk
from runtime.admission.resuming import Resuming
from runtime.admission.sending import Sending
from runtime.bootstrap.ports import DoorPorts
from runtime.ports import Queue
from runtime.protocol import client


def desk(ports: DoorPorts, served: Actions) -> Desk:
    """Put together the way in to the actions that are *served* here."""
    return Desk(served, ports.clock, ports.ids)


def admission(ports: DoorPorts, turns: Queue) -> Actions:
    """Put together what lets turns in."""
    return {client.Send: Sending(ports.accounts, ports.ledger, turns, ports.clock, resuming(ports)).send}


def resuming(ports: DoorPorts) -> Resuming:
    """Put together what finds turns again."""
    return Resuming(ports.accounts, ports.ledger, ports.signals, ports.clock)
