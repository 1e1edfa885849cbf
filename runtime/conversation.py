"""The words of the domain: turns, what was said, what is remembered, and what may be shown.

Values only: frozen, without behaviour beyond their own arithmetic, known to every other module. Instants are Unix
seconds (float, UTC); durations say their unit in their name; only the wire speaks RFC 3339.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid5

type_of_speaker = Literal["user", "companion"]
_MEMORIES = UUID("6a1f4c1e-0f6b-5b0e-9d0a-3f2a6d0c7b11")


class State(StrEnum):
    """Where a turn stands; the last three are ends, and `SHED` alone may be tried again by the client."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SHED = "shed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a user said, as admitted: what an answer is made from.

    *text* is already screened by the policy's own patterns; *refused* says that they blocked it. *due* names the
    notices (policy.notices) that this turn has to carry.
    """

    user: str
    id: str
    text: str
    admitted: float
    deadline: float
    attempt: int = 1
    voice: bool = False
    private: bool = False
    refused: bool = False
    due: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of an answer reached the person when they interrupted it; neither set: all that was released."""

    ms: int | None = None
    chars: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A finished turn as the hot memory keeps it: what was said and what was heard of the reply."""

    user: str
    turn: str
    at: float
    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance to be remembered; *speaker* is a name, `user` or `companion`, *session* groups several.

    *source* is the turn it was said in: what has one source is forgotten together.
    """

    id: str
    session: str
    speaker: str
    at: float
    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """A long-term record: something said (`said`) or a closed statement drawn from it (`fact`).

    Of a fact: *subject* (`user` or a name), *attribute* and *value* are what it states; *source* is the turn it was
    first said in, *also* are the turns, with their instants, that said it again; *corrected* is when the user put it
    right by hand.
    """

    id: str
    text: str
    kind: Literal["said", "fact"]
    speaker: str
    at: float
    session: str = ""
    valid_from: float | None = None
    valid_until: float | None = None
    expires: float | None = None
    importance: float = 0.5
    source: str | None = None
    replaces: str | None = None
    subject: str = ""
    attribute: str = ""
    value: str = ""
    also: tuple[tuple[str, float], ...] = ()
    corrected: float | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The turns it comes from: it lives as long as one of them does."""
        first = () if self.source is None else (self.source,)
        return (*first, *(turn for turn, _ in self.also))


@dataclass(frozen=True, slots=True)
class Recalled:
    """A memory found for a question, with its combined score and the legs that found it."""

    memory: Memory
    score: float
    legs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to be judged: a user's *input*, or a chunk of *output*; *before* is what is out already of its sentence."""

    text: str
    source: Literal["input", "output"]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done with a passage: *text* is what may be shown (masked where the policy masks).

    *reason* is the policy's own word for the rule that decided; never a part of the passage.
    """

    decision: Literal["allow", "mask", "block", "crisis"]
    text: str
    reason: str = ""

    @property
    def blocked(self) -> bool:
        """Say whether the passage must not be shown, stored or answered."""
        return self.decision in {"block", "crisis"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a model is given, in the order in which it may be cached: what changes least comes first.

    *answered* is what was already released of this turn's answer: the model continues it. *now* is the instant the
    question was asked, *limit* the most output tokens. *private*: nothing of the turn will be remembered. *schema*, if
    any, is the JSON schema of the answer, for models that can be held to one.
    """

    persona: str
    recalled: tuple[Recalled, ...]
    recent: tuple[Exchange, ...]
    asked: str
    now: float
    answered: str = ""
    limit: int = 600
    private: bool = False
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer, as the model's server counted them (or as estimated where it does not)."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Pcm:
    """A piece of synthesised audio as it arrives: 16-bit little-endian mono samples at 16 kHz."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Marks:
    """When each word of a chunk is spoken: (offset in ms from the chunk's first sample, start, end in code points)."""

    words: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a queue carries: ids and numbers, nothing a person said.

    Messages of one *group* are delivered in order, one at a time; a *deduplication* id that was seen in the last five
    minutes is dropped, even if its message is long deleted.
    """

    group: str
    deduplication: str
    body: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in somebody's hands; *receives* counts from 1."""

    message: Message
    receives: int


@dataclass(frozen=True, slots=True)
class Account:
    """A user's own row: rate, open turns and erasure, written only if nobody wrote it since (*version*).

    *open* maps the ids of turns not yet ended to the instant of their admission. *tokens* is what is left of the
    bucket of sends, counted at *refilled*. *used_at*, *used_since_notice* and *used_since_break* bound one stretch of
    use. *erasing*: nothing new is let in; *erasure* counts erasures; *exported* is the instant of the last export.
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


@dataclass(frozen=True, slots=True)
class Erasure:
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


@dataclass(frozen=True, slots=True)
class Entry:
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
        return replace(self, turn=replace(self.turn, **changes))  # type: ignore[arg-type]


def memory_id(user: str, turn: str, speaker: str) -> str:
    """Name what *speaker* said in *turn* of *user*: the same each time, so that writing it twice is writing it once."""
    return str(uuid5(_MEMORIES, f"{user}\n{turn}\n{speaker}"))


def tokens(text: str) -> int:
    """Estimate the tokens of *text*: a quarter of its UTF-8 bytes, rounded up.

    OpenAI's rule of thumb for English is four characters a token; other scripts take more tokens a character, roughly
    as they take more bytes. Off by a third for code, names and digits: good for budgets, not for bills.
    """
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)
