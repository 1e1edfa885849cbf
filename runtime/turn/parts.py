"""What an answer is made with, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from runtime.policy import Policy
from runtime.ports import Memories, Model, Moderator, Recent, Synthesiser
from runtime.protocol import server
from runtime.recall import Meaning


@dataclass(frozen=True, slots=True)
class Parts:
    """The ports of an answer and the policy that it is held to.

    No *synthesiser*: answers are text, and *voiceless* says why; no *meaning*: memories are found by their words alone.
    """

    model: Model
    moderator: Moderator
    synthesiser: Synthesiser | None
    memories: Memories
    recent: Recent
    policy: Policy
    meaning: Meaning | None = None
    voiceless: str = "There is no voice here: this answer is text only."


class Outlet(Protocol):
    """Where frames leave: durable ones are stored before they are sent."""

    @property
    def frames(self) -> tuple[bytes, ...]:
        """Return the durable frames of this turn so far."""

    async def release(self, frame: server.Durable) -> None:
        """Store *frame*, then send it."""

    async def post(self, frame: server.Frame) -> None:
        """Send *frame*; it is not kept."""
