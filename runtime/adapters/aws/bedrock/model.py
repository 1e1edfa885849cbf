"""A model on Bedrock, streamed by Converse.

The guardrail is none of Converse's here: that would hold the whole answer back, or let unsafe text out. Each chunk is
judged by itself (`adapters/aws/guardrail`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.bedrock.reply import Reply
from runtime.adapters.aws.bedrock.request import request
from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.event_stream import events
from runtime.conversation import Prompt, Usage
from runtime.errors import Failure

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_bedrock_runtime.type_defs import ConverseStreamOutputTypeDef

_PART: Final = "the language model"
_TAIL: Final = 0.5


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
            if not reply.full:
                await _read_on(coming, reply)
        yield reply.usage()


async def _read_on(coming: AsyncGenerator[ConverseStreamOutputTypeDef, None], reply: Reply) -> None:
    """Read what is left after the text: the usage, and the end that frees the connection for the next turn."""
    with suppress(Failure, TimeoutError):
        async with asyncio.timeout(_TAIL):
            async for event in coming:
                for _ in reply.take(event):
                    pass
