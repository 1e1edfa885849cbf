"""The laptop's port as anybody can knock on it: the page, its headers, and who is let in to speak."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from runtime.server.logs import Lines
from tests.runtime.talking import Clockwork, Talking, talking

pytestmark = pytest.mark.real
HEADERS = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"]


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


async def test_the_page_is_at_the_root(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        page = await get(home, "/")

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<html" in page.body


@pytest.mark.parametrize(
    ("path", "kind"), [("/main.js", "text/javascript; charset=utf-8"), ("/favicon.svg", "image/svg+xml")]
)
async def test_each_file_of_the_page_says_what_it_is(tmp_path: Path, path: str, kind: str) -> None:
    async with talking(tmp_path) as home:
        assert (await get(home, path)).headers["Content-Type"] == kind


async def test_a_file_that_the_browser_has_is_not_sent_again(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        tag = (await get(home, "/main.js")).headers["ETag"]
        again = await get(home, "/main.js", **{"If-None-Match": tag})
        other = await get(home, "/main.js", **{"If-None-Match": '"other"'})

    assert (again.status, again.body) == (304, b"")
    assert (other.status, other.headers["ETag"]) == (200, tag)


async def test_every_answer_carries_the_headers_of_a_strict_page(tmp_path: Path) -> None:
    paths = ("/", "/main.js", "/config.json", "/healthz", "/nowhere", "/ws")
    async with talking(tmp_path) as home:
        answers = [await get(home, path, Host=host) for path in paths for host in ("localhost", "evil.test")]

    for headers in (answer.headers for answer in answers):
        assert all(name in headers for name in HEADERS)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


async def test_the_page_is_told_what_it_has_to_know(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        config = json.loads((await get(home, "/config.json")).body)
        health = json.loads((await get(home, "/healthz")).body)

    assert (config["socket"], config["user"], config["voice"]) == ("/ws", "local", False)
    assert config["model"]["name"] == "offline"
    assert config["model"]["language_model"] is False
    assert health == {"status": "ok", "waiting": 0}


TARGETS = [
    *(b"/../pyproject.toml", b"/%2e%2e/pyproject.toml", b"/..%2fpyproject.toml", b"/style/../../pyproject.toml"),
    *(b"//etc/passwd", b"/main.js/../../pyproject.toml", b"/%00", b"/main.js%00.html", b"/..\\pyproject.toml"),
    *(b"http://evil.test/../pyproject.toml", b"/style", b"/style/", b"/index.html/", b"/%ff"),
]


async def test_no_path_leads_out_of_the_page(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        answers = [await raw(home, target) for target in TARGETS]

    assert {int(answer.split()[1]) for answer in answers} <= {400, 404, 421}
    assert b"[project]" not in b"".join(answers)


async def test_the_server_goes_by_its_loopback_names(tmp_path: Path) -> None:
    hosts = ("127.0.0.1", "127.0.0.1:80", "localhost:1", "LocalHost", "[::1]", "[::1]:8080")
    async with talking(tmp_path) as home:
        assert [(await get(home, "/", Host=host)).status for host in hosts] == [200] * 6


async def test_by_another_name_nothing_is_told(tmp_path: Path) -> None:
    near = ["evil.test:127", "127.0.0.1.evil.test", "localhost.", "0.0.0.0", "127.1", "[::2]", "a@localhost"]  # noqa: S104
    paths = ("/", "/config.json", "/healthz", "/ws", "/nowhere")
    async with talking(tmp_path) as home:
        answers = [await get(home, path, Host=host) for path in paths for host in near]

    for answer in answers:
        assert answer.status == 421
        assert b"ALLOWED_HOSTS" in answer.body
        assert "Set-Cookie" not in answer.headers


async def test_who_names_nobody_is_told_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(home.address.split(":")[2].strip("/")))
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert answer.split()[1] == b"421"
    assert b"Set-Cookie" not in answer


async def test_further_names_can_be_allowed(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_hosts=("Me.test",)) as home:
        assert [(await get(home, "/", Host=host)).status for host in ("me.TEST:8080", "you.test")] == [200, 421]


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
