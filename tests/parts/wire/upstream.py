"""Hands a call on to a real part and its answer back, as they are."""

from __future__ import annotations

import aiohttp
from aiohttp import web

from tests.parts.wire.reply import Reply

_OF_ONE_CONNECTION = {"host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect"}


async def forward(session: aiohttp.ClientSession, request: web.Request, body: bytes, url: str) -> Reply:
    """Ask what listens at *url*."""
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_CONNECTION}
    asked = session.request(
        request.method, f"{url}{request.raw_path}", headers=headers, data=body, skip_auto_headers=("Content-Type",)
    )
    async with asked as answer:
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _OF_ONE_CONNECTION}
        return Reply(answer.status, kept, await answer.read())
