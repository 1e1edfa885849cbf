"""How a chunk's audio is cut into frames."""

from __future__ import annotations

from base64 import b64encode

from runtime.protocol import server

BYTES_PER_MS = 32
_FRAME_BYTES = 18_432  # 24 KB as base64: the most that one audio frame carries.
_GROUP_BYTES = 3_200  # 100 ms: the most that is sent first, to be heard at once, and the least that is sent later.


class Framing:
    """Cuts one chunk's audio into frames: the first at once and small, later ones few and as large as has come."""

    def __init__(self, turn: str, chunk: int) -> None:
        """Begin with part 0."""
        self._turn, self._chunk = turn, chunk
        self._part = 0
        self._pending = bytearray()
        self.played = 0

    def push(self, pcm: bytes) -> list[server.Audio]:
        """Take what has come; return the frames that are complete by it."""
        self.played += len(pcm)
        self._pending += pcm
        if self._part and len(self._pending) < _GROUP_BYTES:
            return []
        return self._flush(last=False)

    def end(self) -> list[server.Audio]:
        """Return what is left; its last frame says that it is the last."""
        return self._flush(last=True)

    def _flush(self, *, last: bool) -> list[server.Audio]:
        data, self._pending = bytes(self._pending), bytearray()
        starts = [0, *range(_FRAME_BYTES if self._part else _GROUP_BYTES, len(data), _FRAME_BYTES)]
        frames = [
            server.Audio(
                turn=self._turn,
                chunk=self._chunk,
                part=self._part + number,
                format="pcm_16000",
                data=b64encode(data[start:end]).decode(),
                last=last and end is None,
            )
            for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True))
        ]
        self._part += len(frames)
        return frames
