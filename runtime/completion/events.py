"""Server-sent events out of bytes that split anywhere: only whole lines are decoded, so no character is ever torn.

Lines end in LF or CRLF; one that is an object is an event by itself (JSON lines). A line longer than any honest one
means that the server is broken, and ends the stream.
"""

from __future__ import annotations

from collections.abc import Iterator

from runtime.errors import Unavailable

_LINE = 262_144


class Events:
    """The data of each event, in order, as the bytes arrive."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, received: bytes) -> Iterator[bytes]:
        """Yield the data of the events that end in *received*; raise `Unavailable` for a line that never ends."""
        *lines, self._rest = (self._rest + received).split(b"\n")
        if max(map(len, (self._rest, *lines))) > _LINE:
            raise Unavailable("the model's server sent a line without end")
        for line in lines:
            data = self._line(line.removesuffix(b"\r"))
            if data:
                yield data

    def _line(self, line: bytes) -> bytes:
        """Take one line; return the data of the event that it ends, if it ends one."""
        if not line:
            data, self._data = b"\n".join(self._data), []
            return data
        if line.startswith(b"{"):
            return line
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" "))
        elif field == b"error":
            raise Unavailable("the model's server broke off with an error of its own")
        return b""
