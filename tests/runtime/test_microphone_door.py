"""Whom the microphone's path lets in: who was invited, as long as that holds, and no other site's page."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from tests.runtime.streaming import audio, hearing
from tests.runtime.talking import Clockwork

pytestmark = pytest.mark.real
END = audio(b"")


@pytest.mark.parametrize("query", ["", "X-Amz-Signature=0", "language-code=en-US&sample-rate=16000"])
async def test_without_an_invitation_nobody_is_heard(query: str) -> None:
    async with hearing() as stand:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with stand.ear(query=query or "a=b"):
                pass

    assert refused.value.status == 403


async def test_an_invitation_ends_but_a_stream_that_has_begun_goes_on() -> None:
    clock = Clockwork()
    async with hearing(clock=clock) as stand:
        url = (await stand.recogniser.invite("ana", "en-US")).url.partition("?")[2]
        async with stand.ear(query=url) as ear:
            clock.later = timedelta(minutes=5).total_seconds()
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await stand.ear(query=url).__aenter__()
            await ear.socket.send_bytes(audio(b"so"))
            await ear.socket.send_bytes(END)

            assert (await ear.end()).words == "so"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "http://evil.test"}, 403), ({"Origin": "null"}, 403), ({"Host": "evil.test"}, 421)],
)
async def test_another_sites_page_is_not_heard(headers: dict[str, str], status: int) -> None:
    async with hearing() as stand:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with stand.ear(**headers):
                pass

    assert refused.value.status == status


async def test_the_servers_own_page_is_heard() -> None:
    async with hearing() as stand, stand.ear(Origin=stand.address) as ear:
        await ear.socket.send_bytes(audio(b"so"))
        await ear.socket.send_bytes(END)

        assert (await ear.end()).words == "so"
