"""The whole outside world of a turn on one screen: what each part must keep, whoever provides it.

Adapters do not inherit from these; the type checker holds them against the ports where `bootstrap` puts them together.
Every method may raise `errors.Transient` when the part does not answer; further errors stand at the method. No query
can be built without a user, and nothing of one user may ever be visible in an answer for another.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from runtime.conversation import (
    Account,
    Delivery,
    Entry,
    Erasure,
    Exchange,
    Heard,
    Marks,
    Memory,
    Message,
    Passage,
    Pcm,
    Prompt,
    Said,
    Usage,
    Verdict,
)

T = TypeVar("T")


class Clock(Protocol):
    """The time of day; durations are measured on the event loop's own clock."""

    def now(self) -> float:
        """Return Unix seconds, UTC."""


class Ids(Protocol):
    """Where fresh names come from."""

    def new(self) -> str:
        """Return a lower-case, dashed uuid that was never returned before."""


class Model(Protocol):
    """What answers."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Yield the answer's text as it comes, in pieces of any size, and its usage once, last.

        Where `prompt.answered` is not empty, only what comes after it. An empty piece is a sign of life (thinking).
        Closing the iterator stops the work and closes the connection. Raises `Unavailable` before or between pieces.
        """


class Moderator(Protocol):
    """What decides whether a passage may be shown, spoken, stored."""

    async def judge(self, passage: Passage) -> Verdict:
        """Return the verdict on `passage.text`; `passage.before` is context, and never part of the verdict's text.

        Must never answer `allow` for want of an answer: raises `Unavailable` instead.
        """


class Synthesiser(Protocol):
    """What speaks."""

    def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Yield audio as it is made, and at most once the marks of its words, at any time."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A text's place among all meanings, of length 1; comparable with others of the same *model* alone."""

    model: str
    numbers: Sequence[float]


@dataclass(frozen=True, slots=True)
class Cue:
    """What to look for: the question as asked, its content words, and the instant it was asked at.

    *speakers* are words that may name who said it (`user` for "I"). *dates* are spans (from, before) that the question
    names; *only* is the one it is limited to. *vector* is what it means, where that is known. *about* are the
    attributes of facts that it asks for.
    """

    text: str
    words: tuple[str, ...]
    at: float
    speakers: frozenset[str] = frozenset()
    dates: tuple[tuple[float, float], ...] = ()
    only: tuple[float, float] | None = None
    vector: Vector | None = None
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that a store found, with the raw score of each leg that found it (higher is better).

    The legs: `words` (its own text), `nearby` (with those right before and after it), `around` (with two before and
    two after), `date` (it lies in `cue.only`); of a fact, which has no neighbours and is found in any span, `fact` (its
    text). Where the cue has a vector also `meaning` (how near the text's is to it) and `meaning_nearby` (with those
    right before and after it). *before* and *after* are the ids of its neighbours in the session, where those are
    candidates too.
    """

    memory: Memory
    scores: dict[str, float]
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a longer list; *cursor* asks for what comes after it, None: that was all."""

    items: tuple[T, ...]
    cursor: str | None


class Memories(Protocol):
    """The long-term memory: what was said and what follows from it, per user, ranked by `recall` and not here."""

    async def remember(self, user: str, said: Said) -> None:
        """Keep *said*, findable by its words and its neighbours' in the session; the same id replaces the text.

        One that the user put right by hand (`Memory.corrected`) stays as they put it.
        """

    async def write(self, user: str, memory: Memory) -> None:
        """Keep *memory* as it is given, under its id; without an end of its own it is kept as long as its kind is."""

    async def facts(self, user: str, subject: str = "", attribute: str = "") -> Sequence[Memory]:
        """Return the facts about *subject* with *attribute* (empty: any), oldest first, the closed ones as well."""

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        """Return the candidates for *cue*, at least the best *limit* of each leg, none of them expired.

        The newest facts of the attributes in `cue.about` are candidates too, whatever their words. Where anything said
        lies in `cue.only`, nothing else that was said is a candidate, and the newest of it are, whatever their words.
        Nothing said that has an end (`Memory.valid_until`) is a candidate: it speaks of what was put right since.
        """

    async def read(self, user: str, memory: str) -> Memory | None:
        """Return one memory that is not expired."""

    async def page(self, user: str, query: str, limit: int, cursor: str | None) -> Page[Memory]:
        """Return what is remembered: the best first where there is a *query*, else the newest first.

        Raises `BadFrame` for a *cursor* that no page of this store returned.
        """

    async def forget(self, user: str, memory: str) -> Memory | None:
        """Drop a memory and all that was said in its turns, their words in every window too; return what it was.

        A fact that other turns say as well stays with these; what a fact that goes had replaced is valid again.
        """


class Vectors(Protocol):
    """One vector for each thing that was said, beside it in the store and gone with it, found by `Memories.search`."""

    async def speakers(self, user: str) -> frozenset[str]:
        """Return who speaks in what is remembered."""

    async def lacking(self, user: str, model: str, limit: int) -> Sequence[Memory]:
        """Return at most *limit* of what was said that has no vector of *model* for its text as it is now."""

    async def keep(self, user: str, model: str, vectors: Sequence[tuple[Memory, Sequence[float]]]) -> None:
        """Keep the vector of each memory that is still there with the same text, in place of an older one."""


class Embedder(Protocol):
    """What tells how near two texts are in meaning.

    *name* says whose vectors these are: no other's may be compared with them. `Refused` and `Transient` are failures
    that recall and the background do without.
    """

    @property
    def name(self) -> str:
        """Return the model's name, the same for as long as its vectors are the same."""

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a vector of length 1 for each of *texts*, in their order, all of one dimension."""


class Recent(Protocol):
    """The hot memory: finished turns in the order of their admission, for as long as the policy keeps them."""

    async def add(self, exchange: Exchange) -> None:
        """Keep *exchange* under its user and turn; again with the same replaces it."""

    async def read(self, user: str, turn: str) -> Exchange | None:
        """Return one exchange that is not expired."""

    async def latest(self, user: str, limit: int, before: str | None = None) -> Page[Exchange]:
        """Return exchanges that are not expired, newest first; *before* is a cursor of this store.

        Raises `BadFrame` for a *before* that no page of this store returned.
        """

    async def drop(self, user: str, turn: str) -> None:
        """Forget one exchange; one that is not there is none the less dropped."""


class Accounts(Protocol):
    """One row a user, written only over the version that was read."""

    async def read(self, user: str) -> Account:
        """Return the user's row, a fresh one (version 0) where there is none, with the epoch of who was erased."""

    async def write(self, account: Account) -> bool:
        """Store *account* as version + 1 if the stored version is still `account.version`; say whether it was."""

    async def page(self, limit: int, after: str = "") -> Sequence[Account]:
        """Return rows of any users in the order of their ids: for what is done to all of them, at a start."""


class Ledger(Protocol):
    """Where a turn lives, keyed by (user, turn): texts for 24 hours, the id for 30 days."""

    async def open(self, entry: Entry) -> Entry | None:
        """Store a new row; return None, or the row that already stands there, untouched."""

    async def read(self, user: str, turn: str) -> Entry | None:
        """Return a row, its text and frames empty once their 24 hours are over."""

    async def renew(self, entry: Entry) -> bool:
        """Put *entry*, a new attempt, over a shed or failed row of an earlier one; say whether it stood there."""

    async def rewrite(self, entry: Entry) -> None:
        """Put *entry* over the row of the same turn and attempt, if that has ended: how texts leave early."""

    async def failed(self, limit: int) -> Sequence[Entry]:
        """Return failed rows of any user, oldest first: for operators only."""

    async def page(self, user: str, limit: int, cursor: str | None = None) -> Page[Entry]:
        """Return the user's rows by the ids of their turns; *cursor* is one of this store."""


class Leases(Protocol):
    """The right to answer a turn, for longer than a turn may take; every write fails once a newer lease is out."""

    async def claim(self, user: str, turn: str, attempt: int) -> Entry | None:
        """Take the turn under a new epoch and return its row, now running.

        Returns the row unchanged where it has ended, None where the row is gone or of another attempt.
        """

    async def append(self, held: Entry, frame: bytes) -> None:
        """Add a durable frame; raise `LeaseLost` if `held.epoch` is not the row's or the row has ended."""

    async def finish(self, held: Entry) -> Entry:
        """Store *held* as it is given (state, texts, frames, timeline, heard, end), nobody's lease any more.

        Returns the row as it stands now: with the signals that came too late to be watched. Raises `LeaseLost` if
        `held.epoch` is not the row's or the row has ended.
        """

    async def release(self, held: Entry) -> None:
        """Give the lease back, the turn queued again; a lease that was lost already is left as it is."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The user interrupted, having heard so much."""

    heard: Heard


@dataclass(frozen=True, slots=True)
class Attach:
    """The user's frames go to *connection* from now on; those after *after* are to be sent again."""

    connection: str
    after: int


class Signals(Protocol):
    """What reaches a running turn from outside: at once on a laptop, within 250 ms in the cloud."""

    async def stop(self, user: str, turn: str, heard: Heard) -> bool:
        """Ask for a stop; say whether there was a turn that has not ended."""

    async def attach(self, user: str, turn: str, connection: str, after: int) -> bool:
        """Point the turn's frames at *connection*; say whether somebody holds its lease and so will send them."""

    def watch(self, held: Entry) -> AsyncGenerator[Stop | Attach, None]:
        """Yield each signal once, those sent before included, until closed; raise `LeaseLost` when the lease is.

        The first stop stands; of attachments since the claim that were not yielded yet, only the last is.
        """


class Queue(Protocol):
    """A FIFO queue by groups, with SQS's semantics.

    In a group messages are delivered in order and one at a time. A message that comes back three times goes to the
    queue's dead letters instead of a fourth delivery. Deduplication ids are a group's own (two users may use one turn
    id) and remembered for five minutes, even after the message is gone. What somebody holds is invisible until their
    visibility time-out, extended while they hold it.
    """

    async def send(self, message: Message) -> None:
        """Add *message* unless its deduplication id was seen in its group in the last five minutes."""

    def take(self) -> AbstractAsyncContextManager[Delivery]:
        """Wait for a message and hold it: gone when the block ends well, offered again when it raises.

        After `Transient` it is offered again in a second, when cancelled at once, after anything else at the end of
        its visibility time-out, as after a crash.
        """

    async def depth(self) -> int:
        """Return about how many messages wait."""


class Traces(Protocol):
    """All that one store keeps of a user, in whatever form: what erasure empties, whichever port it serves."""

    async def count(self, user: str) -> int:
        """Return how many things there are."""

    async def erase(self, user: str) -> None:
        """Drop them all, with what is held in memory, a few at a time; harmless twice."""


class Medium(Protocol):
    """What the stores are written on."""

    async def scrub(self) -> None:
        """Leave no byte of anything that was deleted, in files and logs; this may take long, and others may wait."""


class Erasures(Protocol):
    """Who was erased, kept apart from all that is backed up: a restored backup is held against it."""

    async def begin(self, user: str, epoch: int, connection: str) -> Erasure:
        """Begin an erasure of at least *epoch*, or join the one that runs; *connection* (empty: nobody) is told."""

    async def read(self, user: str) -> Erasure | None:
        """Return the last erasure of *user*."""

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        """Keep how far the erasure that runs has come."""

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        """Keep the result, and no longer whose it is; return the connections to be told."""

    async def running(self) -> Sequence[str]:
        """Return the users whose erasure has not ended."""


class Connections(Protocol):
    """The open sockets, by name."""

    async def post(self, connection: str, frame: bytes) -> None:
        """Send *frame*; raise `Gone` where the connection is closed or was cut because it does not read."""


class Metrics(Protocol):
    """Numbers about turns: never a word of them."""

    def record(self, event: str, **values: float | str) -> None:
        """Count one *event* with its *values* (milliseconds, counts, names of stages)."""
