"""The peer: the same answer in fifty lines of plain asyncio, as one would write them, without recall and moderation.

It is not handicapped: it cuts, synthesises ahead and frames as the product does, by the same encoder, in as few frames.
"""

from __future__ import annotations

import re
from asyncio import Queue, TaskGroup
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from bench.turn.script import Model, Synthesiser
from runtime.conversation import Marks, Prompt, Usage
from runtime.protocol import server

_END = re.compile(r"[.?!]\Z|[.?!]\s")
_GROUP = 3_200


@dataclass(frozen=True, slots=True)
class Plain:
    """Answers as a stream of frames into *send*."""

    model: Model
    synthesiser: Synthesiser
    send: Callable[[bytes], None]

    async def answer(self, turn: str, text: str) -> None:
        """Stream, cut into sentences, synthesise each ahead, send all in order."""
        sentences: Queue[tuple[str, Queue[bytes | None]] | None] = Queue()
        usage, number = Usage(), 0

        async def think(tasks: TaskGroup) -> None:
            nonlocal usage
            rest = ""
            async for piece in self.model.stream(Prompt("", (), (), text, 0.0)):
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                rest += piece
                while end := _END.search(rest):
                    sentence, rest = rest[: end.start() + 1], rest[end.start() + 1 :]
                    audio: Queue[bytes | None] = Queue()
                    tasks.create_task(self._speak(sentence, audio))
                    sentences.put_nowait((sentence, audio))
            sentences.put_nowait(None)

        async with TaskGroup() as tasks:
            tasks.create_task(think(tasks))
            while (cut := await sentences.get()) is not None:
                self.send(server.encode(server.Text(turn, number, number, cut[0])))
                await self._play(turn, number, cut[1])
                number += 1
        tokens = server.Tokens(usage.input_tokens, usage.output_tokens)
        self.send(server.encode(server.Done(turn, number, False, False, {}, tokens, [], {})))  # noqa: FBT003

    async def _speak(self, sentence: str, audio: Queue[bytes | None]) -> None:
        async for piece in self.synthesiser.speak(sentence):
            if not isinstance(piece, Marks):
                audio.put_nowait(piece.data)
        audio.put_nowait(None)

    async def _play(self, turn: str, chunk: int, audio: Queue[bytes | None]) -> None:
        part, pending = 0, bytearray()
        while (piece := await audio.get()) is not None:
            pending += piece
            if part == 0 or len(pending) >= _GROUP:
                self._frame(turn, chunk, part, pending, last=False)
                part, pending = part + 1, bytearray()
        self._frame(turn, chunk, part, pending, last=True)

    def _frame(self, turn: str, chunk: int, part: int, pcm: bytes | bytearray, *, last: bool) -> None:
        data = b64encode(pcm).decode()
        self.send(server.encode(server.Audio(turn, chunk, part, "pcm_16000", data, last)))
