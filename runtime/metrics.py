"""What is counted of each turn: durations and numbers by stage, never a word."""

from __future__ import annotations

from runtime.ports import Metrics, Tracer
from runtime.protocol.server import Done


def turn_ended(metrics: Metrics, done: Done, tracer: Tracer | None = None) -> None:
    """Record an answered turn: each stage's length in ms, moments as ms from admission; *tracer* gets the spans."""
    if tracer is not None:
        tracer.turn(done.turn, done.timings)
    stages = {f"{stage}_ms": round(end - start, 2) for stage, (start, end) in done.timings.items()}
    metrics.record(
        "turn.returned",
        turn=done.turn,
        stopped=done.stopped,
        blocked=done.blocked,
        recalled=len(done.recalled),
        input_tokens=done.usage.input_tokens,
        output_tokens=done.usage.output_tokens,
        **stages,
    )
