"""How a call can fail. Each fault takes the call and what would answer it, and answers itself.

Those that refuse use the service's own error. `lost` is the one to fear: the call was carried out and nobody knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Reply

Answer = Callable[[], Awaitable[Reply]]
Fault = Callable[[Call, Answer], Awaitable[Reply]]

_THROTTLED = {
    "apigatewaymanagementapi": ("LimitExceededException", 429),
    "bedrock": ("ThrottlingException", 429),
    "bedrock-runtime": ("ThrottlingException", 429),
    "es": ("ThrottlingException", 429),
    "s3": ("SlowDown", 503),
    "sqs": ("RequestThrottled", 400),
}
_BROKEN = {
    "bedrock": "InternalServerException",
    "bedrock-runtime": "InternalServerException",
    "comprehend": "InternalServerException",
    "polly": "ServiceFailureException",
    "sagemaker-runtime": "InternalFailure",
    "s3": "InternalError",
    "secretsmanager": "InternalServiceError",
}
_EXPIRED = {"s3": "ExpiredToken", "sqs": "ExpiredToken"}


class Reset(Exception):
    """The connection is reset here."""


async def throttled(call: Call, _: Answer) -> Reply:
    """Refuse for too many calls."""
    code, status = _THROTTLED.get(call.service, ("ThrottlingException", 400))
    raise Refusal(code, "Rate exceeded", status)


async def broken(call: Call, _: Answer) -> Reply:
    """Answer 500, nothing done."""
    raise Refusal(_BROKEN.get(call.service, "InternalServerError"), "Internal server error", 500)


async def unavailable(call: Call, _: Answer) -> Reply:
    """Answer 503, nothing done."""
    code = "ServiceUnavailable" if call.service in {"sagemaker-runtime", "s3"} else "ServiceUnavailableException"
    raise Refusal(code, "Service unavailable", 503)


async def expired(call: Call, _: Answer) -> Reply:
    """Refuse credentials as expired."""
    code = _EXPIRED.get(call.service, "ExpiredTokenException")
    raise Refusal(code, "The security token included in the request is expired", 403)


async def denied(call: Call, _: Answer) -> Reply:
    """Refuse for want of a permission, for as long as nobody changes a policy."""
    code = {"apigatewaymanagementapi": "ForbiddenException", "s3": "AccessDenied"}.get(call.service)
    raise Refusal(code or "AccessDeniedException", "User is not authorized to perform this operation", 403)


async def reset(_: Call, __: Answer) -> Reply:
    """Reset the connection instead of answering, nothing done."""
    raise Reset


async def lost(_: Call, answer: Answer) -> Reply:
    """Carry out the call and reset the connection before a byte of the answer is out."""
    await answer()
    raise Reset


def cut(after: int, *, clean: bool = False) -> Fault:
    """Send *after* pieces of the body and half of the next, then reset the connection, or (*clean*) end the body.

    A body that is no stream says its length, so an end before that is never clean.
    """

    async def fault(_: Call, answer: Answer) -> Reply:
        reply = await answer()
        resets = not clean or isinstance(reply.body, bytes)
        return replace(reply, body=_shortened(_pieces(reply.body), after, resets=resets))

    return fault


def stalled(after: int, until: asyncio.Event) -> Fault:
    """Send *after* pieces of the body, and the others once *until* is set; `Call.left` tells who didn't wait."""

    async def halted(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        sent = 0
        async for piece in pieces:
            if sent == after:
                await until.wait()
            yield piece
            sent += 1

    return _on_the_body(halted)


def dripped(size: int = 1) -> Fault:
    """Send the body *size* bytes at a time."""

    async def cut_up(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            for start in range(0, len(piece), size):
                yield piece[start : start + size]
                await asyncio.sleep(0)

    return _on_the_body(cut_up)


async def _shortened(pieces: AsyncIterator[bytes], after: int, *, resets: bool) -> AsyncIterator[bytes]:
    sent = 0
    async for piece in pieces:
        if sent == after:
            yield piece[: len(piece) // 2]
            break
        yield piece
        sent += 1
    if resets:
        raise Reset


def _on_the_body(change: Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]) -> Fault:
    async def fault(_: Call, answer: Answer) -> Reply:
        reply = await answer()
        return replace(reply, body=change(_pieces(reply.body)))

    return fault


async def _pieces(body: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    async for piece in body:
        yield piece


FAILURES: Mapping[str, Fault] = {
    "throttled": throttled,
    "broken": broken,
    "unavailable": unavailable,
    "expired": expired,
    "reset": reset,
    "lost": lost,
    "half an answer, then reset": cut(0),
    "half an answer, as if whole": cut(0, clean=True),
    "one piece and a half, then reset": cut(1),
    "one piece and a half, as if whole": cut(1, clean=True),
}
"""Every way in which one call of a turn can fail that a later one may get over."""
