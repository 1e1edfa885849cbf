"""The way of a turn's frames out: into the ledger under the lease, then to whichever connection listens."""

from __future__ import annotations

from runtime.conversation import Entry
from runtime.errors import Gone
from runtime.ports import Connections, Leases
from runtime.protocol import server


class LedgerOutlet:
    """Writes each durable frame before it sends it; a connection that is gone ends the sending, not the turn."""

    def __init__(self, held: Entry, leases: Leases, connections: Connections) -> None:
        """Go on with the frames and the connection of the row *held*."""
        self._held, self._leases, self._connections = held, leases, connections
        self._frames = list(held.frames)
        self._stored = self._sent = len(self._frames)
        self.connection = held.connection

    @property
    def frames(self) -> tuple[bytes, ...]:
        """Return the durable frames so far."""
        return tuple(self._frames)

    async def release(self, frame: server.Durable) -> None:
        """Store *frame*, then send it.

        It counts as out from the attempt to store it: whoever cancels in between cannot know whether it is stored, and
        the end of the turn writes and sends it again.
        """
        data = server.encode(frame)
        self._frames.append(data)
        await self._leases.append(self._held, data)
        self._stored += 1
        await self._send()

    async def post(self, frame: server.Frame) -> None:
        """Send *frame*; it is not kept."""
        await self._post(server.encode(frame))

    async def attach(self, connection: str, after: int) -> None:
        """Send to *connection* from now on, beginning with the frames after *after*."""
        self.connection = connection
        self._sent = min(self._sent, after + 1)
        await self._send()

    def end(self, frame: server.Frame) -> tuple[bytes, ...]:
        """Add the turn's last frame, which the lease's end is to store; return all frames."""
        self._frames.append(server.encode(frame))
        return self.frames

    async def ended(self, connection: str) -> None:
        """Send what was not sent, now that all is stored; all of it where *connection* is another by now."""
        self._stored = len(self._frames)
        if connection == self.connection:
            await self._send()
        else:
            await self.attach(connection, -1)

    async def _send(self) -> None:
        while self._sent < self._stored:
            self._sent += 1
            await self._post(self._frames[self._sent - 1])

    async def _post(self, data: bytes) -> None:
        if not self.connection:
            return
        try:
            await self._connections.post(self.connection, data)
        except Gone:
            self.connection = ""
