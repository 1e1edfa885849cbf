"""What the one SQLite file keeps for the stores in it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from runtime.adapters.local.database import Changes, Database
from runtime.adapters.local.stores import open_stores
from runtime.errors import Transient, Unavailable
from runtime.settings.laptop import Settings
from tests.virtual_time import LoopClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that is not there yet."""
    return tmp_path / "companion.db"


@pytest.fixture
def numbers(path: Path) -> Iterator[Database]:
    """Open a database with one table, and no patience."""
    database = Database(path)
    database.ensure("CREATE TABLE IF NOT EXISTS numbers (number INTEGER UNIQUE)")
    database.wait_at_most(0)
    yield database
    database.close()


def stored(database: Database) -> list[int]:
    return [row["number"] for row in database.rows("SELECT number FROM numbers ORDER BY number")]


def test_a_transaction_is_stored_as_a_whole(numbers: Database) -> None:
    with numbers.transaction():
        numbers.change("INSERT INTO numbers VALUES (1)")
        numbers.change("INSERT INTO numbers VALUES (2)")

    assert stored(numbers) == [1, 2]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
def test_of_a_transaction_that_raises_nothing_is_stored(numbers: Database, error: type[BaseException]) -> None:
    def work() -> None:
        with numbers.transaction():
            numbers.change("INSERT INTO numbers VALUES (1)")
            raise error

    with pytest.raises(error):
        work()

    assert stored(numbers) == []
    assert not numbers.connection.in_transaction


def test_what_was_stored_is_there_when_the_file_is_opened_again(path: Path, numbers: Database) -> None:
    numbers.change("INSERT INTO numbers VALUES (1)")

    with closing(Database(path)) as reopened:
        reopened.ensure("CREATE TABLE IF NOT EXISTS numbers (number INTEGER UNIQUE)")
        assert stored(reopened) == [1]


def test_a_change_says_how_many_rows_it_changed(numbers: Database) -> None:
    assert numbers.change("INSERT INTO numbers VALUES (1), (2), (3)") == 3
    assert numbers.change("DELETE FROM numbers WHERE number > ?", (1,)) == 2


def test_a_change_that_returns_rows_is_stored_when_they_are_read(path: Path, numbers: Database) -> None:
    rows = numbers.rows("INSERT INTO numbers VALUES (1), (2) RETURNING number")

    assert [row["number"] for row in rows] == [1, 2]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT COUNT(*) FROM numbers").fetchone() == (2,)


def test_a_file_that_somebody_else_writes_is_unavailable_for_now(path: Path, numbers: Database) -> None:
    with closing(Database(path)) as other, other.transaction():
        with pytest.raises(Unavailable, match="SQLITE_BUSY"):
            numbers.change("INSERT INTO numbers VALUES (1)")
        with pytest.raises(Unavailable), numbers.transaction():
            raise AssertionError

    assert numbers.change("INSERT INTO numbers VALUES (1)") == 1


def allowed(database: Database) -> int:
    """Return how many milliseconds it waits for a lock."""
    return int(database.rows("PRAGMA busy_timeout")[0][0])


def test_a_file_that_is_written_elsewhere_is_waited_for_once_and_then_no_more_until_it_is_free(
    path: Path, numbers: Database
) -> None:
    numbers.wait_at_most(0.02)
    with closing(Database(path)) as other, other.transaction():
        for _ in range(2):
            with pytest.raises(Unavailable):
                numbers.change("INSERT INTO numbers VALUES (1)")
            assert (stored(numbers), allowed(numbers)) == ([], 0)

    numbers.change("INSERT INTO numbers VALUES (1)")
    assert allowed(numbers) == 20


@pytest.mark.parametrize(("patient", "milliseconds"), [(False, 250), (True, 30_000)])
def test_a_server_waits_for_another_process_less_than_an_operator(
    tmp_path: Path,
    patient: bool,  # noqa: FBT001
    milliseconds: int,
) -> None:
    stores = open_stores(Settings(data=tmp_path), LoopClock(), patient=patient)

    assert allowed(stores.database) == milliseconds
    stores.database.close()


def test_a_disk_that_is_full_is_unavailable_for_now(numbers: Database) -> None:
    pages = numbers.rows("PRAGMA page_count")[0][0]
    numbers.connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Unavailable, match="SQLITE_FULL"), numbers.transaction() as connection:
        connection.executemany("INSERT INTO numbers VALUES (?)", ((number,) for number in range(10_000)))

    assert stored(numbers) == []
    assert numbers.change("INSERT INTO numbers VALUES (1)") == 1


def test_a_wrong_statement_is_not_worth_another_try(numbers: Database) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        numbers.rows("SELECT nothing FROM nowhere")

    assert not isinstance(raised.value, Transient)


def test_a_durable_database_waits_for_the_disk_at_each_commit(path: Path) -> None:
    for durable, synchronous in ((True, 2), (False, 1)):
        with closing(Database(path, durable=durable)) as database:
            assert database.connection.execute("PRAGMA synchronous").fetchone()[0] == synchronous


async def test_a_checkpoint_moves_the_log_into_the_file(path: Path, numbers: Database) -> None:
    numbers.change("INSERT INTO numbers VALUES (1)")
    before = path.stat().st_size

    await numbers.checkpoint()

    assert path.stat().st_size > before
    assert stored(numbers) == [1]


def test_what_is_deleted_is_overwritten(path: Path) -> None:
    with closing(Database(path)) as database:
        database.ensure("CREATE TABLE words (word TEXT)")
        database.change("INSERT INTO words VALUES ('forget-me-not')")
        database.change("DELETE FROM words")

    assert b"forget-me-not" not in path.read_bytes()


def test_who_listens_is_called_at_each_change_until_they_stop() -> None:
    changes, heard = Changes(), list[str]()

    def listener() -> None:
        heard.append("called")

    changes.listen("a", listener)
    for name in ("a", "b", "a"):
        changes.announce(name)
    changes.ignore("a", listener)
    changes.announce("a")

    assert heard == ["called", "called"]
    assert repr(changes) == "<Changes: 0 listeners>"


def test_who_stops_listening_while_being_called_disturbs_nobody() -> None:
    changes, heard = Changes(), list[str]()

    def once() -> None:
        changes.ignore("a", once)
        heard.append("once")

    changes.listen("a", once)
    changes.listen("a", lambda: heard.append("always"))
    changes.announce("a")
    changes.announce("a")

    assert heard == ["once", "always", "always"]


def test_a_table_of_an_earlier_release_gets_the_columns_that_are_new(numbers: Database) -> None:
    numbers.change("INSERT INTO numbers VALUES (1)")
    for _ in range(2):
        numbers.extend("numbers", {"number": "INTEGER", "name": "TEXT NOT NULL DEFAULT 'one'"})

    assert [tuple(row) for row in numbers.rows("SELECT number, name FROM numbers")] == [(1, "one")]


@pytest.fixture
def shuffled(path: Path) -> Iterator[Database]:
    """Open a database whose pages were split so often that one holds a word which no row has."""
    database = Database(path)
    database.ensure("CREATE TABLE words (name TEXT PRIMARY KEY, word TEXT) WITHOUT ROWID")
    dice = Random(4)
    for number in range(400):
        name, word = f"{number % 7}-{dice.random()}", "forget-me-not" if number % 3 else "evergreen"
        database.change("INSERT INTO words VALUES (?, ?)", (name, word + "." * dice.choice([50, 400, 900])))
    yield database
    database.close()


async def test_what_was_expunged_is_in_no_copy_either_once_the_file_is_tidied(path: Path, shuffled: Database) -> None:
    shuffled.change("DELETE FROM words WHERE word LIKE 'forget-me-not%'")
    await shuffled.expunge()
    copies = path.read_bytes().count(b"forget-me-not")

    await shuffled.tidy(1_790_000_000.0)

    assert copies > 0
    assert b"forget-me-not" not in path.read_bytes()
    assert b"evergreen" in path.read_bytes()


async def test_a_file_is_tidied_once_in_ten_minutes_at_most_and_only_where_something_was_expunged(
    path: Path, shuffled: Database
) -> None:
    sizes = list[int]()
    for now, expunged in ((1e9, False), (1e9, True), (1e9 + 599, True), (1e9 + 601, True)):
        shuffled.change("CREATE TABLE more (word TEXT)")
        shuffled.change("INSERT INTO more VALUES (?)", ("." * 1_000_000,))
        shuffled.change("DROP TABLE more")
        await (shuffled.expunge() if expunged else shuffled.checkpoint())
        await shuffled.tidy(now)
        sizes.append(path.stat().st_size // 1_000_000)

    assert sizes == [1, 0, 1, 0]
