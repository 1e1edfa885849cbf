"""A model on a SageMaker endpoint: its container's own stream, in parts that end anywhere.

Most containers speak OpenAI's chat completions; a line, or a character, goes on in the next part (`completion.Events`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final, Literal

from botocore.exceptions import ClientError

from runtime.adapters.aws.errors import code_of, translated
from runtime.adapters.aws.event_stream import events, tail
from runtime.adapters.aws.sagemaker.generation import Generation, Script
from runtime.completion import ChatCompletion, Dialect
from runtime.conversation import Prompt, Usage
from runtime.errors import Failure, Unavailable

if TYPE_CHECKING:
    from aiobotocore.eventstream import AioEventStream
    from types_aiobotocore_sagemaker_runtime import SageMakerRuntimeClient
    from types_aiobotocore_sagemaker_runtime.type_defs import ResponseStreamTypeDef

_PART: Final = "the language model"
_REFUSES_FIELDS: Final = frozenset({400, 422})
_PASSING: Final = frozenset({408, 409, 425, 429})
_SERVER_ERROR: Final = 500


class SageMakerModel:
    """The model behind *endpoint*, spoken to as `openai` or `tgi`; deadlines are `resilience`'s.

    What a container refuses is left out of the next request, and whether its answers begin with thoughts that nothing
    opens is known by its first one.
    """

    def __init__(self, client: SageMakerRuntimeClient, endpoint: str, speech: Literal["openai", "tgi"]) -> None:
        self._client, self._endpoint = client, endpoint
        self._asking: Dialect | Script = Script() if speech == "tgi" else Dialect()
        self._reply: type[ChatCompletion | Generation] = Generation if speech == "tgi" else ChatCompletion
        self._begun = False

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Ask, and pass on what comes; an empty piece is a thought, or one held back."""
        body = await self._ask(prompt)
        reply = self._reply(prompt, begun=self._begun)
        async with aclosing(events(body, _PART)) as coming, aclosing(_payload(coming)) as parts:
            async with aclosing(_read(parts, reply)) as pieces:
                async for piece in pieces:
                    yield piece
            with suppress(Failure):
                for part in [] if reply.done else await tail(parts):
                    deque(reply.feed(part), maxlen=0)
        self._begun = reply.begun
        yield reply.usage()

    async def _ask(self, prompt: Prompt) -> AioEventStream[ResponseStreamTypeDef]:
        """Return the answer to a request that the container takes."""
        asking: Dialect | Script = self._asking
        while True:
            with translated(_PART):
                try:
                    response = await self._client.invoke_endpoint_with_response_stream(
                        EndpointName=self._endpoint, ContentType="application/json", Body=asking.request(prompt)
                    )
                except ClientError as error:
                    asking = _simpler(asking, error, shaped=bool(prompt.schema))
                else:
                    self._asking = asking
                    return response["Body"]


async def _payload(coming: AsyncGenerator[ResponseStreamTypeDef, None]) -> AsyncGenerator[bytes, None]:
    async for event in coming:
        if part := event.get("PayloadPart", {}).get("Bytes"):
            yield part


async def _read(parts: AsyncGenerator[bytes, None], reply: ChatCompletion | Generation) -> AsyncGenerator[str, None]:
    """Yield the text until it is whole."""
    while not reply.finished:
        tokens, said = reply.tokens, False
        for piece in reply.feed(await anext(parts, b"")):
            said = True
            yield piece
        if reply.tokens > tokens and not said:
            yield ""
    for piece in reply.end():
        yield piece


def _simpler(asking: Dialect | Script, error: ClientError, *, shaped: bool) -> Dialect | Script:
    """Return what else to ask after *error*; raise it, or what it means, where there is nothing else."""
    if code_of(error) != "ModelError":
        raise error
    response: dict[str, object] = {**error.response}
    status = int(str(response.get("OriginalStatusCode", 0)))
    if status >= _SERVER_ERROR or status in _PASSING:
        raise Unavailable(f"{_PART} is overloaded or out of order (HTTP {status})") from error
    refusal = str(response.get("OriginalMessage", "")).encode()
    simpler = asking.simpler(refusal, shaped=shaped) if status in _REFUSES_FIELDS else None
    if simpler is None:
        raise error
    return simpler
