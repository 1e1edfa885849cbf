"""Who is let in to speak: the own page by its cookie, everybody else by a token, for as long as it is good."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from runtime.logs import Lines
from tests.runtime.knocking import get, handshake
from tests.runtime.talking import Clockwork, talking

pytestmark = pytest.mark.real


async def test_the_page_gets_its_token_as_a_cookie_that_no_script_and_no_other_site_has(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        cookie = (await get(home, "/")).headers["Set-Cookie"]
        elsewhere = await get(home, "/main.js")

    assert cookie.startswith("companion=eyJ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Set-Cookie" not in elsewhere.headers


async def test_where_other_machines_can_open_the_page_it_gets_no_token(tmp_path: Path) -> None:
    async with talking(tmp_path, host="0.0.0.0") as home:  # noqa: S104
        page = await get(home, "/", Host="127.0.0.1")

    assert page.status == 200
    assert "Set-Cookie" not in page.headers


async def test_the_own_page_is_let_in_by_its_cookie(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        await get(home, "/")

        assert await handshake(home, "companion.v1", Origin=home.address.rstrip("/")) == 101


async def test_another_sites_page_is_not_let_in_by_the_cookie(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        await get(home, "/")
        own = home.address.split("/")[2]
        far = ("http://evil.test", "null", "", "http://[", "http://127.0.0.1", "http://127.0.0.1:1")
        near = (own, f"//{own}", f"http://a@{own}", f"http://{own}.evil.test", f"http://{own}/")

        assert {await handshake(home, "companion.v1", Origin=origin) for origin in (*far, *near)} == {401}


async def test_a_cookie_without_an_origin_lets_nobody_in(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        await get(home, "/")

        assert await handshake(home, "companion.v1") == 401


async def test_a_token_lets_in_wherever_it_is_brought_from(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        bearer = f"bearer.{home.token()}"

        assert await handshake(home, "companion.v1", bearer) == 101
        assert await handshake(home, bearer, "companion.v1", Origin="https://app.test") == 101


async def test_without_a_good_token_nobody_is_let_in(tmp_path: Path) -> None:
    bad = ("", "bearer.", "bearer.x", "bearer.eyJhbGciOiJub25lIn0.e30.", f"bearer.{'x' * 7000}")
    async with talking(tmp_path) as home:
        assert {await handshake(home, *filter(None, ("companion.v1", bearer))) for bearer in bad} == {401}


async def test_an_expired_token_lets_nobody_in(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        assert await handshake(home, "companion.v1", f"bearer.{home.token(seconds=-61)}") == 401


async def test_a_token_of_another_folder_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with talking(tmp_path) as home:
        theirs = type(home.app.key)(tmp_path / "other").token("ana", home.app.clock.now(), 60)

        assert await handshake(home, "companion.v1", f"bearer.{theirs}") == 401


async def test_who_speaks_no_version_that_we_speak_is_told_so(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        bearer = f"bearer.{home.token()}"

        assert await handshake(home, bearer) == 400
        assert await handshake(home, "companion.v2", bearer) == 400


async def test_no_token_gets_into_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = Clockwork()
    async with talking(tmp_path, clock=clock) as home:
        token = home.token()
        for offered in (
            ("companion.v1", f"bearer.{token}"),
            (f"bearer.{token}",),
            (f"bearer.{token}x", "companion.v1"),
        ):
            await handshake(home, *offered)
        clock.later = 4000
        await handshake(home, "companion.v1", f"bearer.{token}")

    written = [record.getMessage() + Lines().format(record) for record in caplog.records]
    assert any("socket.opened" in line for line in written)
    assert not any(token[:40] in line for line in written)


async def test_a_connection_whose_token_expires_is_told_so_at_its_next_frame_and_closed(tmp_path: Path) -> None:
    clock = Clockwork()
    async with talking(tmp_path, clock=clock) as home, home.client() as client:
        await client.ask("ping")
        clock.later = 3661

        error = await client.ask("ping")

        assert (error.code, error.action) == ("expired", "ping")
        assert await client.closed() is not None
