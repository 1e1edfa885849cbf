"""Any server that speaks OpenAI's embeddings: texts in, vectors out, a batch a request."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import Sequence
from typing import Final

import aiohttp
import msgspec

from runtime.adapters.openai import refusal
from runtime.errors import NotOffered

_BATCH: Final = 64
_ANSWER: Final = 64_000_000
_LONGEST: Final = 2_000


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


class OpenAiEmbeddings:
    """The embedding model *model* at *base_url* (".../v1"); each batch must be answered within *seconds*.

    *session* is opened once and shared. The first 2,000 characters of a text count: small models refuse longer ones.
    """

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, model: str, key: str | None = None, *, seconds: float = 8.0
    ) -> None:
        """Keep where to ask."""
        self._session, self._model, self._seconds = session, model, seconds
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._headers = {"Content-Type": "application/json"}
        self._headers |= {"Authorization": f"Bearer {key.strip()}"} if key else {}
        self.name = model

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Ask, one batch after the other."""
        found: list[Sequence[float]] = []
        for start in range(0, len(texts), _BATCH):
            found += await self._batch([text[:_LONGEST] for text in texts[start : start + _BATCH]])
        return found

    async def _batch(self, texts: Sequence[str]) -> list[Sequence[float]]:
        with refusal.translated():
            async with asyncio.timeout(self._seconds):
                body = await self._ask(texts)
        try:
            vectors = sorted(msgspec.json.decode(body, type=_Answer).data, key=lambda vector: vector.index)
            unit = [_unit(vector.embedding) for vector in vectors]
        except (msgspec.DecodeError, ValueError) as error:
            raise _no_embeddings() from error
        if len(unit) != len(texts) or len({len(vector) for vector in unit}) != 1:
            raise _no_embeddings()
        return unit

    async def _ask(self, texts: Sequence[str]) -> bytes:
        async with self._session.post(
            self._url,
            data=msgspec.json.encode({"model": self._model, "input": texts}),
            headers=self._headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None),
        ) as response:
            if response.status != 200:  # noqa: PLR2004 - the status of an answer.
                raise refusal.of(response.status, response.headers)
            return await response.content.read(_ANSWER)


def _unit(vector: Sequence[float]) -> Sequence[float]:
    """Return *vector* with length 1; raise `ValueError` for one without a length."""
    length = math.hypot(*vector)
    if not 0 < length < math.inf:
        raise ValueError("a vector without a length")
    return array("f", [number / length for number in vector])


def _no_embeddings() -> NotOffered:
    return NotOffered(
        "The embeddings' address answers with something else than a vector for each text; check EMBEDDINGS_BASE_URL, "
        "which mostly ends in /v1, and EMBEDDINGS_MODEL."
    )
