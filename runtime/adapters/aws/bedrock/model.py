"""A model on Bedrock, streamed by Converse: the guardrail is not Converse's, every chunk is judged by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.bedrock.request import request
from runtime.adapters.aws.errors import translated
from runtime.completion import Answer
from runtime.conversation import Prompt, Usage
from runtime.errors import Unavailable

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_bedrock_runtime.type_defs import ConverseStreamOutputTypeDef, TokenUsageTypeDef

    Events = AsyncIterator[ConverseStreamOutputTypeDef]

_TAIL: Final = 0.5


class BedrockModel:
    """The model, or the inference profile, *model*; *client* is kept open for the life of the process."""

    def __init__(self, client: BedrockRuntimeClient, model: str) -> None:
        self._client, self._model = client, model

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Ask, and pass on what comes; thoughts are empty pieces."""
        with translated():
            response = await self._client.converse_stream(**request(self._model, prompt))
        stream = response["stream"]
        try:
            async with aclosing(_events(aiter(stream))) as events:  # type: ignore[type-var]
                reply = _Reply(prompt)
                async for event in events:
                    for piece in reply.take(event):
                        yield piece
                    if reply.over:
                        break
                yield reply.end() ...
        finally:
            stream.close()
