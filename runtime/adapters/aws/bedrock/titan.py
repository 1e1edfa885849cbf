"""Titan's text embeddings: one text a request, so many at once as the quota allows, each vector of length 1."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from runtime.adapters.aws.errors import translated
from runtime.errors import Misconfigured, Refused, Unavailable, cause_of

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

_PART: Final = "the embedding model"
_LONGEST: Final = 2_000
_ROUNDING: Final = 1e-3


class _Answer(msgspec.Struct):
    embedding: list[float]


class TitanEmbeddings:
    """The model *model* in *dimension* numbers; the first 2,000 characters of a text count.

    Recall does without an embedder that fails, so a model that may not be asked is a refusal like any other.
    """

    def __init__(self, client: BedrockRuntimeClient, model: str, *, dimension: int = 256, at_once: int = 16) -> None:
        self._client, self._model, self._dimension = client, model, dimension
        self._places = asyncio.Semaphore(at_once)
        self.name = f"{model}/{dimension}"

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Ask about all of *texts* at once."""
        try:
            async with asyncio.TaskGroup() as asking:
                tasks = [asking.create_task(self._one(text)) for text in texts]
        except BaseExceptionGroup as group:
            raise _passed_on(cause_of(group)) from None
        return [task.result() for task in tasks]

    async def _one(self, text: str) -> Sequence[float]:
        asked = {"inputText": text[:_LONGEST] or " ", "dimensions": self._dimension, "normalize": True}
        async with self._places:
            with translated(_PART):
                response = await self._client.invoke_model(
                    modelId=self._model, contentType="application/json", body=msgspec.json.encode(asked)
                )
                async with response["body"] as body:
                    return self._vector(await body.read())

    def _vector(self, body: bytes) -> Sequence[float]:
        try:
            numbers = msgspec.json.decode(body, type=_Answer).embedding
        except msgspec.DecodeError as error:
            raise Unavailable(f"{_PART} sent half an answer") from error
        if len(numbers) != self._dimension or not math.isclose(math.hypot(*numbers), 1.0, abs_tol=_ROUNDING):
            raise Refused(f"{_PART} gives no unit vectors of {self._dimension} numbers")
        return array("f", numbers)


def _passed_on(failure: BaseException) -> BaseException:
    return Refused(str(failure)) if isinstance(failure, Misconfigured) else failure
