"""Knocking on the laptop's port: one request, one handshake, or bytes as they are, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from tests.runtime.talking import Talking


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def get(home: Talking, path: str, **headers: str) -> Answer:
    """Ask for *path*."""
    async with home.session.get(home.address.rstrip("/") + path, headers=headers) as response:
        return Answer(response.status, response.headers, await response.read())


async def handshake(home: Talking, *offered: str, **headers: str) -> int:
    """Try to open a socket; return the status of the answer."""
    try:
        async with home.session.ws_connect(f"{home.address}ws", protocols=offered, headers=headers) as socket:
            assert socket.protocol == "companion.v1"
            return 101
    except aiohttp.WSServerHandshakeError as refused:
        return refused.status


async def raw(home: Talking, target: bytes, host: bytes = b"127.0.0.1") -> bytes:
    """Ask for *target* exactly as it is written; return the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(home.address.split(":")[2].strip("/")))
    writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer
