"""Traces of turns for X-Ray, as datagrams to the daemon that runs beside each function: nothing to wait for or install.

A turn is told once it is over, from the spans that its `done` carries, as a part of the invocation that answered it;
outside of a function it is a trace of its own. A datagram that nobody receives is no failure.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Any, Final

import msgspec

from runtime.ports import Clock

_HEADER: Final = b'{"format": "json", "version": 1}\n'
_NAME: Final = "companion.turn"

Spans = Mapping[str, tuple[float, float]]


class XRayTracer:
    """Tells turns to *send*; *context* is the trace header of the invocation at work (`Root=...;Parent=`)."""

    def __init__(self, send: Callable[[bytes], object], clock: Clock, context: Callable[[], str]) -> None:
        self._send, self._clock, self._context = send, clock, context

    def turn(self, turn: str, spans: Spans) -> None:
        """Tell the *spans* of a turn that ended just now."""
        told = dict(part.partition("=")[::2] for part in self._context().split(";"))
        if told.get("Sampled") == "0":
            return
        end = max((until for _, until in spans.values()), default=0.0)
        zero = self._clock.now() - end / 1e3
        within = {"trace_id": f"1-{int(zero):08x}-{turn.replace('-', '')[8:]}"}
        if "Root" in told and "Parent" in told:
            within = {"type": "subsegment", "trace_id": told["Root"], "parent_id": told["Parent"]}
        document = {**_span(_NAME, turn, zero, (0.0, end)), **within, "annotations": {"turn": turn}}
        self._send(_HEADER + msgspec.json.encode({**document, "subsegments": list(_stages(turn, zero, spans))}))


@contextmanager
def datagrams(address: str) -> Iterator[Callable[[bytes], None]]:
    """Open what sends datagrams to the daemon at *address* (`host:port`), or loses them."""
    host, _, port = address.rpartition(":")

    def send(data: bytes) -> None:
        with suppress(OSError):
            plug.sendto(data, (host, int(port)))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.settimeout(0)
        yield send


def _stages(turn: str, zero: float, spans: Spans) -> Iterator[dict[str, Any]]:
    return (_span(stage, turn, zero, span) for stage, span in spans.items() if stage != "total")


def _span(name: str, turn: str, zero: float, span: tuple[float, float]) -> dict[str, Any]:
    start, end = span
    named = blake2b(f"{turn}/{name}".encode(), digest_size=8).hexdigest()
    return {"name": name, "id": named, "start_time": zero + start / 1e3, "end_time": zero + end / 1e3}
