"""The audio of an answer: synthesised ahead of its verdict, released only behind its text.

Two chunks are made ahead of the one being sent: enough that the ear never waits, little enough that an interrupted
answer wasted little. A synthesiser that fails silences the rest of the turn, never the text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from runtime.conversation import Marks
from runtime.errors import Transient
from runtime.ports import Synthesiser
from runtime.protocol import server
from runtime.speech import BYTES_PER_MS, Framing, Timeline, Words, prepare, spoken
from runtime.turn.timings import Timings

_AHEAD = 3  # The chunk that is being sent, and two more.
_ENOUGH_MS = 1_500.0  # A verdict and a synthesis fit in, with room.
_MS_PER_CHARACTER = 65  # Unhurried English speech; only to place an interruption in a chunk still being made.


class Track:
    """One chunk's audio between its maker and its gate."""

    def __init__(self, text: str) -> None:
        """Begin empty; *text* is what is shown."""
        self.text = text
        self.prepared = prepare(text)
        self.chunk = -1
        self.words: Words = ()
        self.permitted = False
        self.failed = False
        self.making: asyncio.Task[None] | None = None
        self._pcm = bytearray()
        self._ended = False
        self._waiting: asyncio.Future[None] | None = None

    def push(self, pcm: bytes) -> None:
        """Add a piece."""
        self._pcm += pcm
        self._wake()

    def end(self) -> None:
        """Say that nothing more comes."""
        self._ended = True
        self._wake()

    async def batch(self) -> bytes:
        """Wait for audio and return all there is, as one; nothing when the track has ended."""
        while not self._pcm and not self._ended:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        pcm, self._pcm = bytes(self._pcm), bytearray()
        return pcm

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Voice:
    """The tracks of one answer, in order."""

    def __init__(
        self,
        turn: str,
        synthesiser: Synthesiser,
        post: Callable[[server.Frame], Awaitable[None]],
        timings: Timings,
    ) -> None:
        """Begin silent; *post* sends a frame that is not durable."""
        self._turn, self._synthesiser, self._post, self._timings = turn, synthesiser, post, timings
        self._ahead = asyncio.Semaphore(_AHEAD)
        self._released: asyncio.Queue[Track | None] = asyncio.Queue()
        self._sending: tuple[Track, Framing] | None = None
        self._timeline: list[tuple[int, int]] = []
        self._ms = self._chars = 0
        self._plays_until = 0.0
        self.failed = False

    async def run(self) -> None:
        """Send what is released until `close`: the audio gate."""
        while (track := await self._released.get()) is not None:
            if not self.failed:
                await self._send(track)
            self._ahead.release()

    def synthesise(self, tasks: asyncio.TaskGroup, text: str) -> Track:
        """Begin to make the audio of a chunk that nobody may hear yet."""
        track = Track(text)
        track.making = tasks.create_task(self._make(track))
        return track

    def remake(self, tasks: asyncio.TaskGroup, track: Track, text: str) -> Track:
        """Throw a track away and make it again with the *text* that may be said."""
        if track.making is not None:
            track.making.cancel()
        again = Track(text)
        again.permitted = track.permitted
        again.making = tasks.create_task(self._make(again))
        return again

    def release(self, track: Track, chunk: int) -> None:
        """Let a track be heard: its text is out, as *chunk*."""
        track.chunk = chunk
        self._released.put_nowait(track)

    def discard(self, track: Track) -> None:
        """Stop making audio that nobody may hear."""
        if track.making is not None:
            track.making.cancel()
        if track.permitted:
            self._ahead.release()

    def close(self) -> None:
        """Say that no track will follow."""
        self._released.put_nowait(None)

    @property
    def playing(self) -> bool:
        """Say whether the ear has enough for a while: what is made meanwhile may come in larger pieces."""
        return self._plays_until - self._timings.ms() > _ENOUGH_MS

    def timeline(self) -> Timeline:
        """Say which words were heard by when, as far as audio was sent."""
        if self._sending is None:
            return tuple(self._timeline)
        track, framing = self._sending
        ms = max(framing.played // BYTES_PER_MS, _MS_PER_CHARACTER * len(track.prepared.said))
        return (*self._timeline, *self._spoken(track, ms))

    async def _make(self, track: Track) -> None:
        if not track.permitted:
            await self._ahead.acquire()
            track.permitted = True
        start = self._timings.ms()
        try:
            async with aclosing(self._synthesiser.speak(track.prepared.said)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Marks):
                        track.words = track.prepared.marked(piece.words)
                    else:
                        track.push(piece.data)
                        if self._sending is not None and not self._plays_until:
                            await asyncio.sleep(0)  # An answer's first audio goes before more of it is taken.
        except Transient:
            track.failed = True
        finally:
            self._timings.span("synthesise", start)
            track.end()

    async def _send(self, track: Track) -> None:
        framing, marked = Framing(self._turn, track.chunk), False
        self._sending = track, framing
        while pcm := await track.batch():
            self._plays_until = max(self._plays_until, self._timings.ms()) + len(pcm) / BYTES_PER_MS
            for frame in framing.push(pcm):
                await self._post(frame)
                self._timings.moment("first_audio")
            marked = marked or await self._mark(track)
        for frame in framing.end():
            await self._post(frame)
        if not marked:
            await self._mark(track)
        self.failed = track.failed
        self._sent(track, framing.played // BYTES_PER_MS)

    async def _mark(self, track: Track) -> bool:
        """Send a track's marks, if they are there; say whether they were."""
        if track.words:
            await self._post(server.Marks(turn=self._turn, chunk=track.chunk, words=list(track.words)))
        return bool(track.words)

    def _sent(self, track: Track, ms: int) -> None:
        self._timeline += self._spoken(track, ms)
        self._sending = None
        self._ms += ms
        self._chars += len(track.text)

    def _spoken(self, track: Track, ms: int) -> Timeline:
        words = track.words or track.prepared.placed(ms)
        return spoken(len(track.text), ms, words, from_ms=self._ms, from_char=self._chars)
