"""What the one process that owns the laptop's database promises: to those before it, beside it and after it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.adapters.local.database import Database
from runtime.adapters.local.leases import SqliteLeases
from runtime.adapters.local.ledger import SqliteLedger
from runtime.adapters.local.queue import SqliteQueue
from runtime.adapters.local.signals import SqliteSignals
from runtime.conversation import Entry, Heard, State, Turn
from runtime.errors import LeaseLost
from tests.adapters import given
from tests.adapters.given import TURN
from tests.adapters.homes import Home, on
from tests.adapters.taking import empty, fill, hold, message, succeed
from tests.virtual_time import LoopClock

DAY = 24 * 3600.0


@pytest.fixture
def home(database: Database) -> Home:
    """Open the laptop's ports on a file."""
    return on(database)


@pytest.fixture
def queue(database: Database) -> SqliteQueue:
    """Make a queue of that file."""
    return SqliteQueue(database, LoopClock(), "turns", "dead")


async def test_at_its_start_nobody_holds_a_turn_and_what_is_open_is_due_anew(database: Database, home: Home) -> None:
    held = await given.running(home, turn="held", frames=(b"0",))
    waiting = await given.queued(home, turn="waiting")
    ended = await given.ended(home, turn="ended")
    await home.later(1000)

    SqliteLeases(database, home.clock).void(60.0)

    queued = replace(held, state=State.QUEUED, leased_until=0.0)
    due = home.clock.now() + 60
    assert await given.stored(home, turn="held") == queued.with_turn(deadline=due)
    assert await given.stored(home, turn="waiting") == waiting.with_turn(deadline=due)
    assert await given.stored(home, turn="ended") == ended


async def test_after_a_start_who_held_a_turn_writes_nothing(database: Database, home: Home) -> None:
    held = await given.running(home)

    SqliteLeases(database, home.clock).void(60.0)

    with pytest.raises(LeaseLost):
        await home.leases.append(held, b"late")
    assert (await given.stored(home)).state is State.QUEUED


async def test_at_its_start_what_was_in_flight_is_offered_again(database: Database, queue: SqliteQueue) -> None:
    await fill(queue, 1)
    async with queue.take():
        restarted = SqliteQueue(database, LoopClock(), "turns", "dead")
        assert await empty(restarted, 100)

        restarted.recover()

        assert (await succeed(restarted)).receives == 2


async def test_a_receipt_from_before_deletes_nothing(queue: SqliteQueue) -> None:
    await fill(queue, 1)
    async with queue.take():
        queue.recover()
        other = asyncio.ensure_future(hold(queue))
        await asyncio.sleep(1)

    other.cancel()
    assert (await succeed(queue)).receives == 3


async def test_a_receipt_from_before_extends_nothing(queue: SqliteQueue) -> None:
    await fill(queue, 1)
    async with queue.take():
        queue.recover()

        assert (await succeed(queue)).receives == 2
        await asyncio.sleep(100)


async def test_a_receipt_from_before_gives_nothing_back(queue: SqliteQueue) -> None:
    await fill(queue, 1)
    before = asyncio.ensure_future(hold(queue))
    await asyncio.sleep(1)
    queue.recover()
    async with queue.take() as delivery:
        before.cancel()

        assert await empty(queue)
    assert delivery.receives == 2


async def test_what_another_process_sends_is_seen_within_a_second(queue: SqliteQueue, tmp_path: Path) -> None:
    waiting = asyncio.ensure_future(succeed(queue))
    await asyncio.sleep(10.5)
    with closing(Database(tmp_path / "companion.db")) as other:
        await fill(SqliteQueue(other, LoopClock(), "turns"), 1)

    async with asyncio.timeout(1.01):
        assert (await waiting).message == message()


async def test_one_message_wakes_one_of_a_hundred(queue: SqliteQueue) -> None:
    takers = [asyncio.ensure_future(hold(queue)) for _ in range(100)]
    await asyncio.sleep(0.1)
    assert repr(queue) == "<SqliteQueue turns: 0 held, 100 waiting>"

    await fill(queue, 1)

    assert repr(queue) == "<SqliteQueue turns: 0 held, 99 waiting>"
    await asyncio.sleep(0)
    assert repr(queue) == "<SqliteQueue turns: 1 held, 99 waiting>"
    for taker in takers:
        taker.cancel()
    await asyncio.wait(takers)
    assert repr(queue) == "<SqliteQueue turns: 0 held, 0 waiting>"


async def test_a_held_message_costs_no_task(queue: SqliteQueue) -> None:
    await fill(queue, 1)
    tasks = asyncio.all_tasks()

    async with queue.take():
        assert asyncio.all_tasks() == tasks


async def test_a_purged_group_leaves_no_trace(queue: SqliteQueue) -> None:
    await fill(queue, 1, 2)
    await fill(queue, 1, group="bob")
    async with queue.take():
        queue.purge("ada")

    assert (await succeed(queue)).message.group == "bob"
    await fill(queue, 1)
    assert (await succeed(queue)).message == message()


async def test_who_is_cancelled_while_watching_leaves_nothing_behind(database: Database, home: Home) -> None:
    watch = SqliteSignals(database, home.clock).watch(await given.running(home))
    listening = asyncio.ensure_future(anext(watch))
    await asyncio.sleep(1)
    assert repr(database.changes) == "<Changes: 1 listeners>"

    listening.cancel()
    await asyncio.wait([listening])

    assert repr(database.changes) == "<Changes: 0 listeners>"


async def test_who_stops_watching_leaves_nothing_behind(database: Database, home: Home) -> None:
    watch = SqliteSignals(database, home.clock).watch(await given.running(home))
    await home.signals.stop("ada", TURN, Heard())
    await given.first(watch)
    assert repr(database.changes) == "<Changes: 1 listeners>"

    await watch.aclose()

    assert repr(database.changes) == "<Changes: 0 listeners>"


async def test_after_a_day_no_text_is_at_rest(database: Database, home: Home) -> None:
    ledger = SqliteLedger(database, home.clock)
    for turn in range(250):
        await ledger.open(Entry(Turn("ada", str(turn), "a secret", home.clock.now(), 0.0), frames=(b"a secret",)))
    await home.later(DAY)
    fresh = await given.running(home, frames=(b"fresh",))

    await ledger.sweep(home.clock.now())

    assert database.rows("SELECT COUNT(*) FROM turns WHERE text = 'a secret'")[0][0] == 0
    assert [bytes(row["frame"]) for row in database.rows("SELECT frame FROM frames")] == [b"fresh"]
    assert await given.stored(home) == fresh


async def test_after_thirty_days_no_row_is_at_rest(database: Database, home: Home) -> None:
    await given.ended(home, frames=(b"said",))
    await home.later(30 * DAY)
    await given.queued(home, turn="later")

    await SqliteLedger(database, home.clock).sweep(home.clock.now())

    assert [row["turn"] for row in database.rows("SELECT turn FROM turns")] == ["later"]
    assert database.rows("SELECT * FROM frames") == []


@pytest.mark.real
@pytest.mark.parametrize("lines", [3, 40, 400])
async def test_kill_9_keeps_all_that_was_committed(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "companion.db"

    said = killed_after(lines, path)

    with closing(Database(path)) as database:
        await verify_rows(on(database), said)
        await verify_messages(SqliteQueue(database, LoopClock(), "turns", "dead"), said)


def killed_after(lines: int, path: Path) -> list[list[str]]:
    """Return all that the writing process said whole, killed when it had said so many lines."""
    command = [sys.executable, "-m", "tests.adapters.writing", str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        return [line.split() for line in [*said, *process.stdout] if line.endswith("\n")]


async def verify_rows(home: Home, said: list[list[str]]) -> None:
    """Find each row and each frame that was said to be stored."""
    for what, turn, *number in said:
        row = await given.stored(home, turn=turn)
        if what == "frame":
            assert row.frames[int(number[0])] == f"{turn}:{number[0]}".encode()
        if what == "done":
            assert row.state is State.DONE


async def verify_messages(queue: SqliteQueue, said: list[list[str]]) -> None:
    """Find the message of each turn that was sent and not done."""
    turns = {kind: {turn for what, turn, *_ in said if what == kind} for kind in ("sent", "done")}
    queue.recover()
    offered = {(await succeed(queue)).message.body for _ in range(await queue.depth())}
    assert offered >= turns["sent"] - turns["done"]
