"""What sees a turn through: messages, the user's row, the turn's row in the ledger."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from runtime.conversation.turn import Heard, State, Turn

TEXT_SECONDS = 24 * 3600.0
"""How long the ledger keeps what a turn says, from its admission."""

ID_SECONDS = 30 * 24 * 3600.0
"""How long the ledger keeps a turn's id, so that it is not answered again."""


class Message(Struct, frozen=True):
    """What a queue carries: ids and numbers, nothing a person said.

    Messages of one *group* are delivered in order, one at a time; a *deduplication* id that was seen in the last five
    minutes is dropped, even if its message is long deleted.
    """

    group: str
    deduplication: str
    body: str


class Delivery(Struct, frozen=True):
    """A message in somebody's hands; *receives* counts from 1."""

    message: Message
    receives: int


class Account(Struct, frozen=True):
    """A user's own row: rate, open turns and erasure, written only if nobody wrote it since (*version*).

    *open* maps the ids of turns not yet ended to the instant of their admission. *tokens* is what is left of the
    bucket of sends, counted at *refilled*. *used_at*, *used_since_notice* and *used_since_break* bound one stretch of
    use. *erasing*: nothing new is let in; *erasure* counts erasures; *exported* is the instant of the last export.
    *listens* and *listens_today* are what is left of the buckets of invitations to speak, counted at *listened*.
    """

    user: str
    version: int = 0
    open: dict[str, float] = field(default_factory=dict)
    tokens: float = 20.0
    refilled: float = 0.0
    used_at: float = 0.0
    used_since_notice: float = 0.0
    used_since_break: float = 0.0
    erasing: bool = False
    erasure: int = 0
    exported: float = 0.0
    listens: float = 6.0
    listens_today: float = 200.0
    listened: float = 0.0


class Erasure(Struct, frozen=True):
    """The last erasure of somebody: all that stays of them once it is over, under a pseudonym.

    *epoch* is the erasure epoch of their account from then on. *manifest* counts what there was by store; *told* are
    the connections that wait for the end. *verified*: a second pass found nothing. *backups_until* is the instant at
    which the last backup that may hold something is gone.
    """

    epoch: int
    begun: float
    ended: float | None = None
    manifest: dict[str, int] = field(default_factory=dict)
    verified: bool = False
    told: tuple[str, ...] = ()
    backups_until: float | None = None


class Entry(Struct, frozen=True):
    """A turn's row in the ledger: the turn, how far its answer is, and who is to hear it.

    *frames* are the durable frames already written, byte for byte; the last of an ended turn is its end. *epoch*
    counts leases; nobody holds one after *leased_until*. *stop* and *connection* are what signals change.
    *timeline* maps milliseconds of played audio to code points of the reply: ((ms, chars), ...). *heard* is how many
    code points of the reply are remembered as said; None: the exchange is not remembered at all.
    """

    turn: Turn
    state: State = State.QUEUED
    epoch: int = 0
    leased_until: float = 0.0
    connection: str = ""
    frames: tuple[bytes, ...] = ()
    stop: Heard | None = None
    timeline: tuple[tuple[int, int], ...] = ()
    heard: int | None = None
    ended: float | None = None

    def with_turn(self, **changes: object) -> Entry:
        """Return the row with fields of its turn changed."""
        return replace(self, turn=replace(self.turn, **changes))
