"""The table of turns and the table of their durable frames, which ledger, leases and signals share.

Frames are rows of their own: appending one is a single short insert, whatever was said before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from runtime.adapters.local.database import Database, type_of_value
from runtime.conversation import ID_SECONDS, TEXT_SECONDS, Entry, Heard, State, Turn

SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    user TEXT NOT NULL,
    turn TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    text TEXT NOT NULL,
    admitted REAL NOT NULL,
    deadline REAL NOT NULL,
    voice INTEGER NOT NULL,
    private INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    leased_until REAL NOT NULL,
    connection TEXT NOT NULL,
    stop TEXT,
    timeline TEXT NOT NULL,
    heard INTEGER,
    ended REAL,
    attached INTEGER NOT NULL DEFAULT 0,
    resume_after INTEGER,
    emptied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user, turn)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_by_age ON turns (admitted);
CREATE INDEX IF NOT EXISTS turns_with_text ON turns (admitted) WHERE emptied = 0;
CREATE INDEX IF NOT EXISTS turns_failed ON turns (ended) WHERE state = 'failed';
CREATE INDEX IF NOT EXISTS turns_open ON turns (admitted) WHERE state IN ('queued', 'running');
CREATE TABLE IF NOT EXISTS frames (
    user TEXT NOT NULL,
    turn TEXT NOT NULL,
    seq INTEGER NOT NULL,
    frame BLOB NOT NULL,
    PRIMARY KEY (user, turn, seq)
) WITHOUT ROWID;
"""

_FRAMES = "SELECT frame FROM frames WHERE user = ? AND turn = ? ORDER BY seq"
_json = msgspec.json.Encoder()
_heard = msgspec.json.Decoder(Heard)
_due = msgspec.json.Decoder(tuple[str, ...])
_timeline = msgspec.json.Decoder(tuple[tuple[int, int], ...])


def columns(entry: Entry) -> dict[str, type_of_value]:
    """Return *entry* as the columns of its row: all but its frames."""
    turn = entry.turn
    return {
        "user": turn.user,
        "turn": turn.id,
        "attempt": turn.attempt,
        "text": turn.text,
        "admitted": turn.admitted,
        "deadline": turn.deadline,
        "voice": turn.voice,
        "private": turn.private,
        "refused": turn.refused,
        "due": json(turn.due),
        "state": entry.state.value,
        "epoch": entry.epoch,
        "leased_until": entry.leased_until,
        "connection": entry.connection,
        "stop": json(entry.stop) if entry.stop else None,
        "timeline": json(entry.timeline),
        "heard": entry.heard,
        "ended": entry.ended,
    }


def json(value: object) -> str:
    """Write *value* as a column keeps it."""
    return _json.encode(value).decode()


def stop_of(row: sqlite3.Row) -> Heard | None:
    """Read the column `stop`."""
    return _heard.decode(row["stop"]) if row["stop"] else None


def entry_of(database: Database, row: sqlite3.Row, now: float) -> Entry | None:
    """Return *row* with its frames: without text once its day is over, None once its id's thirty days are."""
    age = now - row["admitted"]
    if age >= ID_SECONDS:
        return None
    fresh = age < TEXT_SECONDS
    return Entry(
        turn=_turn_of(row, fresh=fresh),
        state=State(row["state"]),
        epoch=row["epoch"],
        leased_until=row["leased_until"],
        connection=row["connection"],
        frames=frames_of(database, row["user"], row["turn"]) if fresh else (),
        stop=stop_of(row),
        timeline=_timeline.decode(row["timeline"]) if fresh else (),
        heard=row["heard"],
        ended=row["ended"],
    )


def _turn_of(row: sqlite3.Row, *, fresh: bool) -> Turn:
    return Turn(
        user=row["user"],
        id=row["turn"],
        text=row["text"] if fresh else "",
        admitted=row["admitted"],
        deadline=row["deadline"],
        attempt=row["attempt"],
        voice=bool(row["voice"]),
        private=bool(row["private"]),
        refused=bool(row["refused"]),
        due=_due.decode(row["due"]),
    )


def read(database: Database, user: str, turn: str, now: float) -> Entry | None:
    """Return one row."""
    rows = database.rows("SELECT * FROM turns WHERE user = ? AND turn = ?", (user, turn))
    return entry_of(database, rows[0], now) if rows else None


def frames_of(database: Database, user: str, turn: str) -> tuple[bytes, ...]:
    """Return the frames of one turn, in their order."""
    return tuple(row["frame"] for row in database.rows(_FRAMES, (user, turn)))


def put_frames(database: Database, user: str, turn: str, frames: tuple[bytes, ...]) -> None:
    """Make *frames* what the turn has, touching only what differs; to be called in a transaction."""
    stored = frames_of(database, user, turn)
    if stored != frames[: len(stored)]:
        database.change("DELETE FROM frames WHERE user = ? AND turn = ?", (user, turn))
        stored = ()
    added: Iterable[tuple[str, str, int, bytes]] = (
        (user, turn, seq, frames[seq]) for seq in range(len(stored), len(frames))
    )
    database.connection.executemany("INSERT INTO frames (user, turn, seq, frame) VALUES (?, ?, ?, ?)", added)
