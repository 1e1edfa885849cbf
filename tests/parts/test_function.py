"""A Lambda function: warm and cold starts, time-outs, errors, freezing, as the service has them."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from select import select
from typing import Any

import pytest

from tests.parts.function import Function, lambda_function
from tests.parts.runtime_api import Failed

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="awslambdaric is for Linux")]

_HANDLER = """
import os, threading
told = 0

def handler(event, context):
    global told
    told += 1
    if event.get("exit"):
        os._exit(7)
    if event.get("hang"):
        threading.Event().wait()
    if event.get("raise"):
        raise ValueError("no such turn")
    if event.get("go on"):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    print("told", told)
    left = context.get_remaining_time_in_millis()
    return {"told": told, "pid": os.getpid(), "left": left, "stage": os.environ.get("STAGE")}
"""

_RUN = """
import asyncio, sys
from tests.parts.function import lambda_function

async def main():
    async with lambda_function("app.handler", path=sys.argv[1]) as function:
        print((await function.invoke({}))["pid"], flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(_HANDLER)
    (tmp_path / "broken.py").write_text("raise ImportError('no such library')")
    return tmp_path


async def test_one_process_answers_one_event_after_the_other(path: Path) -> None:
    async with lambda_function("app.handler", {"STAGE": "prod"}, path=path) as function:
        answers = [await _told(function) for _ in range(3)]

        assert "told 3" in function.log()
    assert [answer["told"] for answer in answers] == [1, 2, 3]
    assert function.cold_starts == 1
    assert answers[0]["stage"] == "prod"
    assert 9_000 < answers[0]["left"] <= 18_000


async def test_events_at_the_same_time_get_processes_of_their_own(path: Path) -> None:
    async with lambda_function("app.handler", path=path) as function:
        answers = await asyncio.gather(_told(function), _told(function))

    assert len({answer["pid"] for answer in answers}) == 2


async def test_a_recycled_function_starts_cold(path: Path) -> None:
    async with lambda_function("app.handler", path=path) as function:
        await function.invoke({})
        await function.recycle()

        assert (await _told(function))["told"] == 1


async def test_what_the_handler_raises_reaches_the_invoker_and_the_process_stays(path: Path) -> None:
    async with lambda_function("app.handler", path=path) as function:
        with pytest.raises(Failed, match="no such turn") as failed:
            await function.invoke({"raise": True})

        assert failed.value.kind == "ValueError"
        assert (await _told(function))["told"] == 2


@pytest.mark.parametrize(
    ("event", "within", "kind"),
    [({"hang": True}, 0.5, "Sandbox.Timedout"), ({"exit": True}, 10.0, "Runtime.ExitError")],
)
async def test_a_process_that_hangs_or_ends_is_replaced(
    path: Path, event: dict[str, bool], within: float, kind: str
) -> None:
    async with lambda_function("app.handler", within=within, path=path) as function:
        with pytest.raises(Failed, match=kind):
            await function.invoke(event)

        assert (await _told(function))["told"] == 1


async def test_a_handler_that_cannot_be_imported_says_why(path: Path) -> None:
    async with lambda_function("broken.handler", path=path) as function:
        with pytest.raises(Failed, match="no such library"):
            await function.invoke({})


async def test_what_a_handler_leaves_running_is_frozen_until_the_next_event(path: Path) -> None:
    async with lambda_function("app.handler", path=path) as function:
        await function.invoke({"go on": True})
        pid = (await _told(function))["pid"]

        await _becomes(pid, "T")


async def test_what_is_frozen_dies_with_the_test_run_however_that_dies(path: Path) -> None:
    run = await asyncio.create_subprocess_exec(sys.executable, "-c", _RUN, path, stdout=PIPE)
    assert run.stdout
    process = os.pidfd_open(int(await run.stdout.readline()))

    run.kill()
    await run.communicate()

    ended, _, _ = select([process], [], [], 10)
    os.close(process)
    assert ended


async def _becomes(pid: int, state: str) -> None:
    """Wait until the process is in that state: a signal is delivered when the machine finds time for it."""
    async with asyncio.timeout(60):
        while _state(pid) != state:  # noqa: ASYNC110 - the kernel tells nobody.
            await asyncio.sleep(0.01)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def _told(function: Function) -> dict[str, Any]:
    answer = await function.invoke({})
    assert isinstance(answer, dict)
    return answer
