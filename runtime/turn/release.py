"""The durable frames of one answer: numbered without a gap, going on where an earlier holder of the turn left off."""

from __future__ import annotations

from runtime.protocol import server
from runtime.turn.ending import noticed, released
from runtime.turn.parts import Outlet
from runtime.turn.timings import Timings


class Release:
    """What is out of an answer, and the way for more of it."""

    def __init__(self, turn: str, outlet: Outlet, timings: Timings) -> None:
        """Go on after the frames that the outlet has."""
        self._turn, self._outlet, self._timings = turn, outlet, timings
        self.texts = list(released(outlet.frames))
        self._kinds = set(noticed(outlet.frames))

    @property
    def said(self) -> str:
        """Return all text that is out."""
        return "".join(self.texts)

    async def text(self, delta: str) -> None:
        """Let the next chunk out."""
        seq = len(self._outlet.frames)
        frame = server.Text(turn=self._turn, seq=seq, chunk=len(self.texts), delta=delta)
        self.texts.append(delta)
        self._timings.moment("first_text")
        await self._outlet.release(frame)

    async def notice(self, kind: server.NoticeKind, text: str) -> None:
        """Tell the person something about this turn, each *kind* once."""
        if kind in self._kinds:
            return
        self._kinds.add(kind)
        await self._outlet.release(server.Notice(turn=self._turn, seq=len(self._outlet.frames), kind=kind, text=text))
