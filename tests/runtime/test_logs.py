"""What a line of the log says, and what it keeps to itself whoever logs it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from runtime import logs

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl"


def line(name: str, message: str, *args: object, **more: object) -> str:
    """Return what is written of a record."""
    record = logging.makeLogRecord({"name": name, "levelname": "INFO", "msg": message, "args": args, **more})
    return logs.Lines().format(record).partition(" INFO ")[2]


def test_the_values_of_an_event_stand_behind_it() -> None:
    assert (
        line("runtime.worker.turns", "turn.lost", turn="7", epoch=2) == "runtime.worker.turns turn.lost turn=7 epoch=2"
    )


def test_metrics_are_values_too() -> None:
    written = line("companion.metrics", "turn.returned", values={"turn": "7", "total_ms": 1.5})

    assert written == "companion.metrics turn.returned turn=7 total_ms=1.5"


def test_a_value_stays_on_its_line() -> None:
    assert line("runtime.x", "y", z="a\nb") == "runtime.x y z=a\\nb"


def test_of_a_librarys_message_only_the_template_is_written() -> None:
    written = line("aiohttp.server", "Error from %s\nGET /secret", "10.0.0.1", anything="secret")

    assert written == "aiohttp.server Error from %s"


def test_of_an_exception_only_its_kind_and_place_are_written() -> None:
    with pytest.raises(ValueError, match="a secret") as raised:
        int("a secret")

    written = line("aiohttp.server", "Error", exc_info=(raised.type, raised.value, raised.tb))
    assert written.startswith("aiohttp.server Error failure=ValueError < test_of_an_exception")
    assert "secret" not in written


@pytest.mark.parametrize("said", [TOKEN, f"bearer.{TOKEN}", f"companion.v1, Bearer.{TOKEN}", f"x={TOKEN};"])
def test_a_token_is_never_written(said: str) -> None:
    written = line("runtime.x", said, value=said)

    assert "[token]" in written
    assert "eyJ" not in written


@pytest.mark.real
async def test_what_nobody_caught_is_written_by_its_place(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    logs.watch(loop)

    loop.call_soon(int, "a secret")
    await asyncio.sleep(0)

    assert [record.getMessage() for record in caplog.records] == ["loop.broken"]
    assert "secret" not in logs.Lines().format(caplog.records[0])
