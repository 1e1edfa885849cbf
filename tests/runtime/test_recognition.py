"""Real speech, as the engines of this machine say it and hear it; the last over the server that a person starts."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from runtime.adapters.local.recognition.engine import Engine
from runtime.adapters.local.recognition.hearing import Hearing
from runtime.protocol import server
from tests.runtime.running import running
from tests.runtime.streaming import Ear, Told, audio
from tests.spoken import SENTENCES, misheard, said

pytestmark = pytest.mark.real
PAUSE = bytes(19_200)
EACH = 2048
VOICES = ("flite:rms", "flite:slt")


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Load the engines once: it takes a while."""
    return Engine()


def heard(hearing: Hearing, sound: bytes) -> str:
    """Stream *sound* as the page does; return the final words."""
    parts = [sound[place : place + EACH] for place in range(0, len(sound), EACH)]
    utterances = [news for part in parts for news in hearing.hear(part)] + hearing.finish()
    return " ".join(word.text for news in utterances if news.final for word in news.words)


async def test_of_twenty_sentences_in_two_voices_at_most_one_word_in_eight_is_misheard(engine: Engine) -> None:
    wrong, words = 0, 0
    for voice, sentences in zip(VOICES, (SENTENCES[::2], SENTENCES[1::2]), strict=True):
        hearing = engine.hearing()
        for sentence, sound in zip(sentences, await said(sentences, voice), strict=True):
            changes, length = misheard(sentence, heard(hearing, PAUSE[:6_400] + sound + PAUSE))
            wrong, words = wrong + changes, words + length

    assert wrong / words <= 0.12, f"{wrong} of {words}"


async def test_a_sentence_is_understood_while_it_is_spoken_and_told_over_the_server_that_runs(tmp_path: Path) -> None:
    sentence = SENTENCES[6]
    (sound,) = await said([sentence], "flite:rms")
    async with running(tmp_path) as home, home.client() as client:
        listen: server.Listen = await client.ask("listen", rate=16000, language="en-US")
        told = await streamed(listen.url, PAUSE + sound + PAUSE)

        assert [result["IsPartial"] for result in told.results].count(True) >= 3
        assert misheard(sentence, told.words)[0] <= 2
        assert await home.stop() == (0, "")


async def streamed(url: str, sound: bytes) -> Told:
    """Stream *sound* to *url* up to its end."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:
        for place in range(0, len(sound), EACH):
            await socket.send_bytes(audio(sound[place : place + EACH]))
        await socket.send_bytes(audio(b""))
        return await Ear(socket).end()


async def test_noise_without_a_voice_is_not_understood(engine: Engine) -> None:
    noise = bytes(byte for number in range(64_000) for byte in ((number * 7919) % 251, (number * 31) % 3))

    assert heard(engine.hearing(), noise) == ""


async def test_nothing_of_a_stream_that_broke_off_is_heard_in_the_next(engine: Engine) -> None:
    one, two = await said(SENTENCES[15:17], "flite:rms")
    engine.hearing().hear(one[: len(one) // 2])

    assert heard(engine.hearing(), two + PAUSE) == heard(Engine().hearing(), two + PAUSE)
