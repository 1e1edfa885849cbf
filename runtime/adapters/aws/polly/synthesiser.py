"""Speaks by Polly: the body is read as it comes, and when each word is spoken is asked beside it.

Only a passing failure silences a voice and lets the text go on, so whatever Polly refuses is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.polly import marks
from runtime.conversation import Marks, Pcm
from runtime.errors import Failure, Unavailable

if TYPE_CHECKING:
    from types_aiobotocore_polly import PollyClient

_PART: Final = "the voice"
_LONGEST: Final = 3_000
_READ: Final = 16_384
_SAMPLE: Final = 2
_UNMARKED: Final = "generative"


class PollySynthesiser:
    """The voice *voice* of *engine*, asked *at_once* things at once, with a *lexicon* of pronunciations if any."""

    def __init__(self, client: PollyClient, *, voice: str, engine: str, lexicon: str = "", at_once: int = 8) -> None:
        self._client, self._engine = client, engine
        self._places = asyncio.Semaphore(at_once)
        self._asked: dict[str, Any] = {"VoiceId": voice, "Engine": engine, "TextType": "text"}
        self._asked |= {"LexiconNames": [lexicon]} if lexicon else {}

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Yield the audio, and the marks as soon as they are there; without them words are placed by their length.

        The marks have a task of their own: a `TaskGroup` around a `yield` would cancel whoever listens.
        """
        if not text.strip():
            return
        marking = asyncio.create_task(self._marks(text))
        told = False
        try:
            async with aclosing(self._audio(text)) as pieces:
                async for piece in pieces:
                    yield Pcm(piece)
                    if marking.done() and not told:
                        told = True
                        for found in marking.result():
                            yield found
            for found in () if told else await marking:
                yield found
        except Failure as failure:
            raise Unavailable(f"{_PART} does not answer") from failure
        finally:
            marking.cancel()
            await asyncio.wait([marking])

    async def _audio(self, text: str) -> AsyncGenerator[bytes, None]:
        """Yield whole samples."""
        rest = b""
        for part in _parts(text):
            async with aclosing(self._body(part, OutputFormat="pcm", SampleRate="16000")) as body:
                async for received in body:
                    samples = rest + received
                    whole = len(samples) - len(samples) % _SAMPLE
                    rest = samples[whole:]
                    if whole:
                        yield samples[:whole]

    async def _marks(self, text: str) -> tuple[Marks, ...]:
        """Return the marks of *text*; none where the engine, the length or a failure leaves none."""
        if self._engine == _UNMARKED or len(text) > _LONGEST:
            return ()
        try:
            async with aclosing(self._body(text, OutputFormat="json", SpeechMarkTypes=["word"])) as body:
                return (marks.read(b"".join([lines async for lines in body]), text),)
        except Failure:
            return ()

    async def _body(self, text: str, **output: Any) -> AsyncGenerator[bytes, None]:  # noqa: ANN401 - Polly's fields.
        async with self._places:
            with translated(_PART):
                response = await self._client.synthesize_speech(Text=text, **self._asked, **output)
                async with response["AudioStream"] as body:
                    while received := await body.read(_READ):
                        yield received


def _parts(text: str) -> Iterator[str]:
    """Cut *text* into what one request may hold, at a space where there is one."""
    while text:
        cut = len(text) if len(text) <= _LONGEST else text.rfind(" ", 0, _LONGEST) + 1 or _LONGEST
        yield text[:cut]
        text = text[cut:]
