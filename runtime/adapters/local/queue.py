"""A FIFO queue in SQLite that keeps SQS's semantics.

Only the *head* of a group, its oldest message, is ever offered, so one at a time and in order; a trigger makes the next
one head when a head goes. A receipt is the message's id and its count of receives, good while the message is invisible.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from runtime.adapters.local.database import Database
from runtime.adapters.local.waiting import Waiting
from runtime.conversation import Delivery, Message
from runtime.errors import Transient
from runtime.ports import Clock

_DEDUPLICATED = 300.0
_RETRY = 1.0

# A message that waits is visible at 0, not at the instant it was sent: a clock that is put back hides nothing.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    "group" TEXT NOT NULL,
    deduplication TEXT NOT NULL,
    body TEXT NOT NULL,
    head INTEGER NOT NULL,
    visible_at REAL NOT NULL DEFAULT 0,
    receives INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, "group", id);
CREATE INDEX IF NOT EXISTS messages_heads ON messages (queue, id, visible_at) WHERE head = 1;
CREATE TRIGGER IF NOT EXISTS messages_next_head AFTER DELETE ON messages WHEN OLD.head = 1 BEGIN
    UPDATE messages SET head = 1 WHERE id =
        (SELECT id FROM messages WHERE queue = OLD.queue AND "group" = OLD."group" ORDER BY id LIMIT 1);
END;
CREATE TABLE IF NOT EXISTS deduplications (
    queue TEXT NOT NULL,
    "group" TEXT NOT NULL,
    deduplication TEXT NOT NULL,
    seen REAL NOT NULL,
    PRIMARY KEY (queue, "group", deduplication)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deduplications_by_age ON deduplications (seen);
"""

_FORGET = "DELETE FROM deduplications WHERE seen <= ?"

_SEE = """
INSERT INTO deduplications (queue, "group", deduplication, seen) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""

_SEND = """
INSERT INTO messages (queue, "group", deduplication, body, head)
SELECT :queue, :group, :deduplication, :body,
       NOT EXISTS (SELECT 1 FROM messages WHERE queue = :queue AND "group" = :group)
"""

_RECEIVE = """
UPDATE messages SET visible_at = ?, receives = receives + 1
WHERE id = (SELECT id FROM messages WHERE queue = ? AND head = 1 AND visible_at <= ? ORDER BY id LIMIT 1)
RETURNING id, "group", deduplication, body, receives
"""

_HOLD = "UPDATE messages SET visible_at = ? WHERE id = ? AND receives = ? AND visible_at > ?"
_DELETE = "DELETE FROM messages WHERE id = ? AND receives = ? AND visible_at > ?"
_BURY = "DELETE FROM messages WHERE id = ? AND receives = ?"
_RECOVER = "UPDATE messages SET visible_at = 0 WHERE queue = ? AND visible_at > 0"
_DEPTH = "SELECT COUNT(*) FROM messages WHERE queue = ? AND visible_at <= ?"
_OUTLOOK = """
SELECT COUNT(*) FILTER (WHERE visible_at <= ?), MIN(visible_at) FILTER (WHERE visible_at > ?)
FROM messages WHERE queue = ? AND head = 1
"""

type_of_receipt = tuple[int, int]


class SqliteQueue:
    """The queue called *name*; what came to nothing *most* times goes to the one called *dead*."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        name: str,
        dead: str | None = None,
        visibility: float = 30.0,
        most: int = 3,
    ) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._dead = dead
        self._visibility = visibility
        self._most = most
        self._held: set[type_of_receipt] = set()
        self._beat: asyncio.TimerHandle | None = None
        self._waiting = Waiting(self._outlook)
        database.ensure(_SCHEMA)
        database.changes.listen(("queue", name), self._waiting.wake)

    async def send(self, message: Message) -> None:
        now = self._clock.now()
        key = (self._name, message.group, message.deduplication)
        with self._database.transaction():
            self._database.change(_FORGET, (now - _DEDUPLICATED,))
            if self._database.change(_SEE, (*key, now)):
                self._add(self._name, message)
        self._database.changes.announce(("queue", self._name))

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Delivery]:
        while not (received := self._receive()):
            await self._waiting.turn()
        receipt, delivery = received
        self._hold(receipt)
        try:
            yield delivery
        except Transient:
            self._give_back(receipt, _RETRY)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            self._give_back(receipt, 0.0)
            raise
        else:
            self._database.change(_DELETE, (*receipt, self._clock.now()))
            self._database.changes.announce(("queue", self._name))
        finally:
            self._let_go(receipt)

    async def depth(self) -> int:
        return int(self._database.rows(_DEPTH, (self._name, self._clock.now()))[0][0])

    def recover(self) -> None:
        """Offer again what a process that is gone held; its receipts are void."""
        self._database.change(_RECOVER, (self._name,))
        self._waiting.look()

    def purge(self, group: str) -> None:
        """Drop every trace of *group*."""
        with self._database.transaction():
            self._database.change('DELETE FROM messages WHERE queue = ? AND "group" = ?', (self._name, group))
            self._database.change('DELETE FROM deduplications WHERE queue = ? AND "group" = ?', (self._name, group))

    def __repr__(self) -> str:
        return f"<SqliteQueue {self._name}: {len(self._held)} held, {self._waiting}>"

    def _add(self, queue: str, message: Message) -> None:
        row = {"group": message.group, "deduplication": message.deduplication, "body": message.body}
        self._database.change(_SEND, {"queue": queue, **row})

    def _receive(self) -> tuple[type_of_receipt, Delivery] | None:
        now = self._clock.now()
        while rows := self._database.rows(_RECEIVE, (now + self._visibility, self._name, now)):
            (row,) = rows
            receipt = (row["id"], row["receives"])
            message = Message(row["group"], row["deduplication"], row["body"])
            if self._dead is None or row["receives"] <= self._most:
                return receipt, Delivery(message, row["receives"])
            self._bury(receipt, message, self._dead)
        return None

    def _bury(self, receipt: type_of_receipt, message: Message, dead: str) -> None:
        with self._database.transaction():
            self._database.change(_BURY, receipt)
            self._add(dead, message)
        self._database.changes.announce(("queue", dead))

    def _give_back(self, receipt: type_of_receipt, delay: float) -> None:
        now = self._clock.now()
        self._database.change(_HOLD, (now + delay if delay else 0.0, *receipt, now))
        if delay:
            self._waiting.look_in(delay)
        else:
            self._database.changes.announce(("queue", self._name))

    def _hold(self, receipt: type_of_receipt) -> None:
        self._held.add(receipt)
        if self._beat is None:
            self._beat = asyncio.get_running_loop().call_later(self._visibility / 3, self._extend)

    def _let_go(self, receipt: type_of_receipt) -> None:
        self._held.discard(receipt)
        if self._beat and not self._held:
            self._beat.cancel()
            self._beat = None

    def _extend(self) -> None:
        """Extend all that is held: one timer serves them all, so that a message costs no task of its own."""
        self._beat = asyncio.get_running_loop().call_later(self._visibility / 3, self._extend)
        now = self._clock.now()
        with self._database.transaction() as connection:
            connection.executemany(_HOLD, [(now + self._visibility, *receipt, now) for receipt in self._held])

    def _outlook(self) -> tuple[int, float]:
        """Return how many messages are available now, and in how many seconds the next one may be."""
        now = self._clock.now()
        ((available, next_at),) = self._database.rows(_OUTLOOK, (now, now, self._name))
        return available, (next_at or math.inf) - now
