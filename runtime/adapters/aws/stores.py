"""The cloud's stores on DynamoDB together: which table is whose, for processes that hold some of them or all."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from runtime.adapters.aws import tables
from runtime.adapters.aws.accounts import DynamoAccounts
from runtime.adapters.aws.erasures import DynamoErasures
from runtime.adapters.aws.leases import DynamoLeases
from runtime.adapters.aws.ledger import DynamoLedger
from runtime.adapters.aws.recent import DynamoRecent
from runtime.adapters.aws.sightings import Sightings
from runtime.adapters.aws.signals import DynamoSignals
from runtime.adapters.aws.table import Table
from runtime.adapters.aws.traces import ACCOUNT_AMONG, TURNS_AMONG, DynamoTraces
from runtime.identity import pseudonym
from runtime.ports import Clock
from runtime.resilience import Retries

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


class Rows(Struct, frozen=True):
    """What is in the tables of turns and of who was erased."""

    accounts: DynamoAccounts
    ledger: DynamoLedger
    leases: DynamoLeases
    signals: DynamoSignals
    erasures: DynamoErasures
    traces: Mapping[str, DynamoTraces]


class Hot(Struct, frozen=True):
    """What is in the table of recent exchanges."""

    recent: DynamoRecent
    traces: Mapping[str, DynamoTraces]


class Opener(Struct, frozen=True):
    """Opens stores on one client: all in the time of *clock*, retries spread by *dice*."""

    client: DynamoDBClient
    clock: Clock
    dice: random.Random

    def rows(self, turns: str, erased: str, naming: Callable[[str], str] = pseudonym) -> Rows:
        """Open the tables *turns* and *erased*; *naming* makes the pseudonyms of who was erased."""
        table = self._table(turns, "the ledger")
        sightings = Sightings(table)
        erasures = DynamoErasures(self._table(erased, "the list of erasures"), self.clock, naming)
        return Rows(
            accounts=DynamoAccounts(table, erasures),
            ledger=DynamoLedger(table, self.clock),
            leases=DynamoLeases(table, self.clock, sightings),
            signals=DynamoSignals(table, self.clock, sightings),
            erasures=erasures,
            traces={
                "turns": DynamoTraces(table, tables.TURNS, TURNS_AMONG),
                "account": DynamoTraces(table, tables.TURNS, ACCOUNT_AMONG),
            },
        )

    def hot(self, memory: str, keep: float) -> Hot:
        """Open the table *memory*, whose exchanges are kept for *keep* seconds."""
        table = self._table(memory, "the hot memory")
        return Hot(DynamoRecent(table, self.clock, keep), {"recent": DynamoTraces(table, tables.MEMORY)})

    def _table(self, name: str, part: str) -> Table:
        return Table(self.client, name, part, Retries(self.dice))
