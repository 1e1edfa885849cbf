"""The laptop's stores together: which table is whose, what a new process takes over, and what is swept.

All are in one file but the list of who was erased, which stays when that file is restored from a backup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from runtime import policy
from runtime.adapters.local.accounts import SqliteAccounts
from runtime.adapters.local.database import Database
from runtime.adapters.local.erasures import SqliteErasures
from runtime.adapters.local.leases import SqliteLeases
from runtime.adapters.local.ledger import SqliteLedger
from runtime.adapters.local.memories import SqliteMemories
from runtime.adapters.local.queue import SqliteQueue
from runtime.adapters.local.recent import SqliteRecent
from runtime.adapters.local.signals import SqliteSignals
from runtime.adapters.local.traces import SqliteTraces
from runtime.conversation import TURN_SECONDS
from runtime.ports import Clock
from runtime.settings.laptop import Settings

_DAY = 86_400.0
# For a file that another process writes. A server makes everybody wait with it, for less than a voice has in store.
_SERVING_SECONDS, _PATIENT_SECONDS = 0.25, 30.0


@dataclass(frozen=True, slots=True)
class Stores:
    """The laptop's stores."""

    database: Database
    accounts: SqliteAccounts
    ledger: SqliteLedger
    leases: SqliteLeases
    signals: SqliteSignals
    recent: SqliteRecent
    memories: SqliteMemories
    turns: SqliteQueue
    dead: SqliteQueue
    background: SqliteQueue
    dead_background: SqliteQueue
    erasures: SqliteErasures
    traces: Mapping[str, SqliteTraces]

    def recover(self) -> None:
        """Take over from a process that is gone: its leases and receipts are void, what it left is due again."""
        self.leases.void(TURN_SECONDS)
        for queue in (self.turns, self.dead, self.background, self.dead_background):
            queue.recover()

    async def sweep(self, now: float) -> None:
        """Delete what has expired, and leave nothing of it in the file for long."""
        await self.ledger.sweep(now)
        await self.recent.sweep(now)
        await self.memories.sweep(now)
        await self.database.checkpoint()
        await self.database.tidy(now)


def open_stores(settings: Settings, clock: Clock, *, patient: bool = False) -> Stores:
    """Open the stores in the data folder, made where there is none; *patient*: nobody else waits for this process."""
    busy = _PATIENT_SECONDS if patient else _SERVING_SECONDS
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.data / "companion.sqlite3", durable=settings.durable)
    keep = policy.load().retention
    erasures = SqliteErasures(settings.data / "erased.sqlite3", clock, busy)
    lasting = {"said": keep.said_days * _DAY, "fact": keep.fact_days * _DAY}
    memories = SqliteMemories(database, clock, {kind: seconds for kind, seconds in lasting.items() if seconds})
    stores = Stores(
        database=database,
        accounts=SqliteAccounts(database, erasures),
        ledger=SqliteLedger(database, clock),
        leases=SqliteLeases(database, clock),
        signals=SqliteSignals(database, clock),
        recent=SqliteRecent(database, clock, keep.recent_days * _DAY),
        memories=memories,
        turns=SqliteQueue(database, clock, "turns", "dead-turns"),
        dead=SqliteQueue(database, clock, "dead-turns"),
        background=SqliteQueue(database, clock, "background", "dead-background"),
        dead_background=SqliteQueue(database, clock, "dead-background"),
        erasures=erasures,
        traces={},
    )
    stores = replace(stores, traces=_traces(database, memories, stores.recent))
    database.wait_at_most(busy)
    return stores


def _traces(database: Database, memories: SqliteMemories, recent: SqliteRecent) -> Mapping[str, SqliteTraces]:
    """Say where something of a user may be; each table of the database is in one of these."""
    return {
        "memories": SqliteTraces(database, {"memories": "user", "vectors": "user"}, memories.cool),
        "recent": SqliteTraces(database, {"recent": "user_id"}, recent.cool),
        "turns": SqliteTraces(database, {"turns": "user", "frames": "user"}),
        "queues": SqliteTraces(database, {"messages": "group", "deduplications": "group"}),
        "account": SqliteTraces(database, {"accounts": "user"}),
    }
