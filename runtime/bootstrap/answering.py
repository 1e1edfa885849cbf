"""The wiring of what answers turns, or ends them: with this alone, nothing is loaded that reads facts out of them."""

from __future__ import annotations

from runtime.bootstrap.ports import TurnPorts
from runtime.policy import Policy
from runtime.turn.parts import Parts
from runtime.worker.finishing import Finishing
from runtime.worker.handlers import DeadLetters, Turns
from runtime.worker.settle import Settlement
from runtime.worker.turns import Answering


def turns(ports: TurnPorts, parts: Parts) -> Turns:
    """Put together what answers turns with *parts*."""
    return Turns(Answering(parts, ports.signals, _finishing(ports, parts.policy), ports.clock), ports.ids)


def dead_letters(ports: TurnPorts, rules: Policy) -> DeadLetters:
    """Put together what sees to messages that came back too often."""
    return DeadLetters(_finishing(ports, rules))


def _finishing(ports: TurnPorts, rules: Policy) -> Finishing:
    return Finishing(
        policy=rules,
        leases=ports.leases,
        connections=ports.connections,
        settlement=Settlement(ports.recent, ports.accounts, ports.background),
        metrics=ports.metrics,
        clock=ports.clock,
        tracer=ports.tracer,
    )
