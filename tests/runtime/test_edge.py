"""The laptop's port as anybody can knock on it: the page, its headers, and the names it goes by."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.runtime.knocking import get, raw
from tests.runtime.talking import talking

pytestmark = pytest.mark.real
HEADERS = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"]


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
    assert config["sign_in"] == "cookie"
    assert config["model"]["name"] == "offline"
    assert config["model"]["language_model"] is False
    assert health == {"status": "ok", "waiting": 0}


async def test_where_the_page_gets_no_token_it_is_told_to_ask_for_one_of_nobody_in_particular(tmp_path: Path) -> None:
    async with talking(tmp_path, host="0.0.0.0") as home:  # noqa: S104
        config = json.loads((await get(home, "/config.json")).body)

    assert config["sign_in"] == "token"
    assert "user" not in config


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])  # noqa: S104
async def test_who_listens_everywhere_is_found_on_loopback(tmp_path: Path, host: str, shown: str) -> None:
    async with talking(tmp_path, host=host) as home:
        assert home.address.startswith(f"http://{shown}:")
        assert (await get(home, "/")).status == 200


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
