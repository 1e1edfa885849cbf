"""Who may ask for everything, when, and what a copy of it is cut into."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.admission.caller import Caller
from runtime.admission.copying import frames
from runtime.conversation import Exchange, Memory
from runtime.errors import Expired, NotOffered, RateLimited
from runtime.identity import Identity
from runtime.protocol import client, server
from tests.runtime.home import Home, home, turn_id
from tests.virtual_time import LoopClock, run

NOW = LoopClock().start


def signed_in(ago: float | None) -> Caller:
    """Return somebody who signed in so many seconds ago, if their token says so."""
    return Caller(Identity("ana", 9e12, signed_in=None if ago is None else NOW - ago), "ana")


async def export(here: Home) -> list[server.AnyFrame]:
    """Ask for a copy; return what came."""
    here.inbox.posted.clear()
    await here.say("ana", {"action": "export"})
    return here.inbox.frames("ana")


@pytest.mark.parametrize("ago", [None, 600.5, 86_400.0])
async def test_where_a_recent_sign_in_is_needed_an_older_one_is_refused(tmp_path: Path, ago: float | None) -> None:
    async with home(tmp_path) as here:
        rights = replace(here.companion.rights, sign_in=600.0)

        with pytest.raises(Expired, match="at most 10 minutes old: sign in again"):
            await rights.export(signed_in(ago), client.Export())
        with pytest.raises(Expired):
            await rights.erase(signed_in(ago), client.Erase(confirm="ana"))
        assert await here.stores.erasures.read("ana") is None


@pytest.mark.parametrize("ago", [0.0, 599.5])
async def test_where_a_recent_sign_in_is_needed_a_recent_one_is_enough(tmp_path: Path, ago: float) -> None:
    async with home(tmp_path) as here:
        rights = replace(here.companion.rights, sign_in=600.0)
        await rights.export(signed_in(ago), client.Export())
        await rights.erase(signed_in(ago), client.Erase(confirm="ana"))
        await asyncio.sleep(1)

    assert [type(frame) for frame in here.inbox.frames("ana")] == [server.Export, server.Erased]


async def test_after_ten_minutes_another_export_is_allowed(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await export(here)
        await asyncio.sleep(599)
        (refused,) = await export(here)
        await asyncio.sleep(1)
        (copy,) = await export(here)

    assert isinstance(refused, server.Error)
    assert (refused.code, refused.retry_after_ms) == (RateLimited.code, 1_001)
    assert isinstance(copy, server.Export)


async def test_nothing_is_exported_while_everything_is_erased(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.say("ana", {"action": "erase", "confirm": "ana"})
        (refused,) = await here.say("ana", {"action": "export"})

    assert isinstance(refused, server.Error)
    assert refused.code == NotOffered.code


async def test_a_memory_is_exported_with_all_that_is_kept_of_it_by_name(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.stores.memories.write("ana", Memory("m", "Ana likes elk", "fact", "user", NOW, also=(("t", NOW),)))
        (copy,) = await export(here)

    assert isinstance(copy, server.Export)
    lines = [msgspec.json.decode(line) for line in copy.data.splitlines()]
    (memory,) = [line for line in lines if line["record"] == "memory"]
    assert memory.keys() == {"record", *Memory.__struct_fields__}
    assert (memory["text"], memory["at"], memory["also"]) == ("Ana likes elk", server.instant(NOW), [["t", NOW]])


async def test_an_export_that_nobody_reads_any_more_ends(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        for number in range(99):
            await here.stores.recent.add(Exchange("ana", turn_id(number), NOW, "x" * 4000, "y" * 4000))
        here.inbox.gone.add("ana")

        assert await export(here) == []


@given(st.lists(st.text(min_size=1, max_size=2_000).map(lambda text: text * 40), max_size=20))
def test_whatever_the_lines_their_parts_fit_a_frame_and_make_them_again(lines: list[str]) -> None:
    async def source() -> AsyncGenerator[str, None]:
        for line in lines:
            yield line

    async def check() -> None:
        sent = [frame async for frame in frames(source())]
        parts = [server.decode(frame) for frame in sent]
        assert max(map(len, sent)) <= client.FRAME_BYTES
        assert "".join(part.data for part in parts if isinstance(part, server.Export)) == "".join(lines)
        assert [part.last for part in parts if isinstance(part, server.Export)] == [False] * (len(sent) - 1) + [True]

    run(check())
