"""A model on Bedrock, streamed by Converse.

The guardrail is none of Converse's here: that would hold the whole answer back, or let unsafe text out. Each chunk is
judged by itself (`adapters/aws/guardrail`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.bedrock.reply import Reply
from runtime.adapters.aws.bedrock.request import request
from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.event_stream import events, tail
from runtime.conversation import Prompt, Usage

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

_PART: Final = "the language model"


class BedrockModel:
    """The model or inference profile *model*; deadlines are `resilience`'s."""

    def __init__(self, client: BedrockRuntimeClient, model: str) -> None:
        self._client, self._model = client, model

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Ask, and pass on what comes."""
        with translated(_PART):
            response = await self._client.converse_stream(**request(self._model, prompt))
        reply = Reply(prompt)
        async with aclosing(events(response["stream"], _PART)) as coming:
            async for event in coming:
                for piece in reply.take(event):
                    yield piece
                if reply.whole:
                    break
            for piece in reply.end():
                yield piece
            for event in [] if reply.full else await tail(coming):
                reply.note(event)
        yield reply.usage()
