"""Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM and many more, by streaming, without tools.

Servers differ in small ways; what one refuses is left out of the next request, once it was seen to help. One whose
answers begin with thoughts that nothing opens is known by its first answer, which shows them up to their end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from http import HTTPStatus

import aiohttp

from runtime.adapters.openai import refusal
from runtime.adapters.openai.watch import Watch
from runtime.completion import ChatCompletion, Dialect
from runtime.conversation import Prompt, Usage
from runtime.errors import NotOffered, Unavailable

_BODY = 65_536
_REFUSES_FIELDS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
_TAIL = 0.5


class OpenAiModel:
    """The model *model* at *base_url* (".../v1"); a token must come within *first*, then *between* seconds.

    *session* is opened once and shared: its pool saves each turn a connection. Tokens of thought count as tokens, and
    are not shown.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        model: str,
        key: str | None = None,
        *,
        first: float = 8.0,
        between: float = 8.0,
    ) -> None:
        """Keep where to ask."""
        self._session, self._model = session, model
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        self._headers |= {"Authorization": f"Bearer {key.strip()}"} if key else {}
        self._first, self._between = first, between
        self._dialect = Dialect()
        self._begun = False

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Ask, and pass on what comes."""
        due = asyncio.get_running_loop().time() + self._first
        with refusal.translated():
            async with asyncio.timeout_at(due):
                response = await self._ask(prompt)
        begun = self._begun
        completion = ChatCompletion(prompt, begun=begun)
        try:
            with Watch(response, due) as watch:
                async with aclosing(self._read(response, completion, watch)) as pieces:
                    async for piece in pieces:
                        yield piece
                yield completion.usage()
                watch.expect(_TAIL)
                await _drain(response)
        finally:
            response.close()
            if completion.begun != begun:  # Others may have learnt it meanwhile.
                self._begun = completion.begun

    async def _read(
        self, response: aiohttp.ClientResponse, completion: ChatCompletion, watch: Watch
    ) -> AsyncGenerator[str, None]:
        while not completion.done:
            received = await self._receive(response, completion, watch)
            tokens, finished = completion.tokens, completion.finished
            for piece in completion.feed(received):
                watch.rest()
                yield piece
            if completion.finished and not finished:
                watch.expect(_TAIL)
            elif completion.tokens > tokens and not finished:
                watch.expect(self._between)
                yield ""
        for piece in completion.end():
            yield piece

    async def _receive(self, response: aiohttp.ClientResponse, completion: ChatCompletion, watch: Watch) -> bytes:
        """Return the next bytes, none at the end of the stream."""
        try:
            with refusal.translated():
                return await response.content.readany()
        except Unavailable:
            if completion.finished:
                return b""
            if watch.late:
                raise Unavailable("the model's server sent no token in time") from None
            raise

    async def _ask(self, prompt: Prompt) -> aiohttp.ClientResponse:
        """Return the answer to a request that the server takes."""
        dialect: Dialect | None = self._dialect
        failure: Exception = refusal.of(400)
        while dialect:
            response = await self._post(prompt, dialect)
            if response.status == HTTPStatus.OK:
                self._dialect = dialect
                return _streaming(response)
            failure = refusal.of(response.status, response.headers)
            async with response:
                body = await response.content.read(_BODY)
            dialect = dialect.simpler(body, shaped=bool(prompt.schema)) if response.status in _REFUSES_FIELDS else None
        raise failure

    async def _post(self, prompt: Prompt, dialect: Dialect) -> aiohttp.ClientResponse:
        return await self._session.post(
            self._url,
            data=dialect.request(prompt, model=self._model),
            headers=self._headers | {"Content-Type": "application/json"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None),
        )


def _streaming(response: aiohttp.ClientResponse) -> aiohttp.ClientResponse:
    """Return *response* unless it is certainly no stream of events; labels are left out by many servers."""
    if response.content_type in {"text/html", "application/json"}:
        response.close()
        raise NotOffered(
            "The language model's address answers with something else than a stream of chat completions; check "
            "OPENAI_BASE_URL, which mostly ends in /v1."
        )
    return response


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read what is left of the body, so that the connection can serve the next turn; if there is much, it can not."""
    with suppress(Unavailable), refusal.translated():
        left = _BODY
        while left > 0 and (received := await response.content.readany()):
            left -= len(received)
