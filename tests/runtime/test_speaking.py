"""A spoken answer, from the process that a person starts: by the engine of this machine, or as text that says why."""

from __future__ import annotations

import base64
from itertools import groupby
from pathlib import Path

import pytest

from runtime.protocol import server
from tests import voices
from tests.runtime.running import running
from tests.runtime.talking import Client

pytestmark = pytest.mark.real


QUESTION = "Hello! What can you do, and how do you remember what I tell you?"


async def asked(client: Client) -> list[server.AnyFrame]:
    """Ask a question to be answered aloud; return all frames of the answer."""
    client.received.clear()
    await client.turn(QUESTION, voice=True)
    return [server.decode(data) for data in client.received]


async def spoken(client: Client) -> list[server.AnyFrame]:
    """Ask until the answer is spoken to its end: on a busy machine a voice may be too late, and is then shed."""
    for _ in range(10):
        frames = await asked(client)
        if not shed(frames):
            return frames
    pytest.fail("ten answers were not spoken")


def shed(frames: list[server.AnyFrame]) -> bool:
    return "shed_voice" in [frame.kind for frame in frames if isinstance(frame, server.Notice)]


async def test_an_answer_is_spoken_chunk_by_chunk_behind_its_text(tmp_path: Path) -> None:
    voices.required("flite")

    async with running(tmp_path, VOICE="flite") as home, home.client() as client:
        frames = await spoken(client)

    texts = [frame.delta for frame in frames if isinstance(frame, server.Text)]
    audio = [frame for frame in frames if isinstance(frame, server.Audio)]
    chunks = [list(parts) for _, parts in groupby(audio, lambda frame: frame.chunk)]
    assert [parts[0].chunk for parts in chunks] == list(range(len(texts)))
    for text, parts in zip(texts, chunks, strict=True):
        assert [(frame.part, frame.last) for frame in parts] == [(n, n == len(parts) - 1) for n in range(len(parts))]
        ms = sum(len(base64.b64decode(frame.data)) for frame in parts) / 32
        assert 20 * len(text) < ms < 200 * len(text)
    assert all(len(frame.data) <= 24 * 1024 for frame in audio)
    marks = {frame.chunk: frame.words for frame in frames if isinstance(frame, server.Marks)}
    assert [texts[chunk][words[0][1]] for chunk, words in marks.items()] == [text.strip()[0] for text in texts]
    (done,) = [frame for frame in frames if isinstance(frame, server.Done)]
    assert {"synthesise", "moderate_output", "first_audio"} <= done.timings.keys()


async def test_where_nobody_can_speak_the_answer_is_text_and_says_so_first(tmp_path: Path) -> None:
    async with running(tmp_path, VOICE="off") as home, home.client() as client:
        frames = await asked(client)

    first = next(frame for frame in frames if isinstance(frame, server.Durable))
    assert isinstance(first, server.Notice)
    assert shed(frames)
    assert not [frame for frame in frames if isinstance(frame, server.Audio)]
