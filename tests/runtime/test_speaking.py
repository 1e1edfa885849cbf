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


async def asked(home_data: Path, voice: str) -> list[server.AnyFrame]:
    """Ask a question to be answered with *voice*; return all frames of the answer."""
    async with running(home_data, VOICE=voice) as home, home.client() as client:
        await client.turn("Hello! What can you do, and how do you remember what I tell you?", voice=True)
        return decoded(client)


def decoded(client: Client) -> list[server.AnyFrame]:
    return [server.decode(data) for data in client.received]


async def test_an_answer_is_spoken_chunk_by_chunk_behind_its_text(tmp_path: Path) -> None:
    voices.required("flite")

    frames = await asked(tmp_path, "flite")

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
    assert {"synthesise", "first_audio", "audio_held"} <= done.timings.keys()


async def test_where_nobody_can_speak_the_answer_is_text_and_says_so_first(tmp_path: Path) -> None:
    frames = await asked(tmp_path, "off")

    first = next(frame for frame in frames if isinstance(frame, server.Durable))
    assert isinstance(first, server.Notice)
    kinds = [frame.kind for frame in frames if isinstance(frame, server.Notice)]
    assert "shed_voice" in kinds
    assert not [frame for frame in frames if isinstance(frame, server.Audio)]
