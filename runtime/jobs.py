"""What queue messages say: ids and numbers, nothing a person said."""

from __future__ import annotations

import msgspec

from runtime.conversation import Message


class TurnJob(msgspec.Struct, frozen=True, tag="turn"):
    """Answer a turn."""

    user: str
    turn: str
    attempt: int

    def message(self) -> Message:
        """Return the message: a user's turns in order, each attempt once."""
        return Message(self.user, f"{self.turn}:{self.attempt}", _encode(self))


class RememberJob(msgspec.Struct, frozen=True, tag="remember"):
    """Write an exchange into the long-term memory; *heard* tells one length of the reply from a later, shorter one.

    *erasure* is the user's erasure epoch at the time: a job from before an erasure is dropped.
    """

    user: str
    turn: str
    at: float
    heard: int
    erasure: int

    def message(self) -> Message:
        """Return the message: a user's memories in order, each exchange and length once."""
        return Message(self.user, f"{self.turn}:{self.heard}", _encode(self))


class ReplayJob(msgspec.Struct, frozen=True, tag="replay"):
    """Send failed turns to the worker again, at most *limit* of them."""

    id: str
    limit: int

    def message(self) -> Message:
        """Return the message: an operator's wishes in order."""
        return Message("operator", self.id, _encode(self))


class EraseJob(msgspec.Struct, frozen=True, tag="erase"):
    """Go on with the erasure of a user, from wherever it stands: as often as it is sent, it is one erasure."""

    id: str
    user: str

    def message(self) -> Message:
        """Return the message: behind what is being remembered of the user, and each time anew."""
        return Message(self.user, self.id, _encode(self))


class HoldJob(msgspec.Struct, frozen=True, tag="hold"):
    """Hold users' rows against the list of the erased: of the round *id* the page *number*, behind the user *after*."""

    id: str
    number: int = 0
    after: str = ""

    def message(self) -> Message:
        """Return the message: a round in order, each page once."""
        return Message("erasures", f"{self.id}:{self.number}", _encode(self))

    def next(self, after: str) -> HoldJob:
        """Return the job of the page behind the user *after*."""
        return HoldJob(self.id, self.number + 1, after)


AnyJob = TurnJob | RememberJob | ReplayJob | EraseJob | HoldJob

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyJob] = msgspec.json.Decoder(AnyJob)


def read(message: Message) -> AnyJob:
    """Return what *message* asks for; raise `msgspec.DecodeError` for what none of ours says."""
    return _decoder.decode(message.body)


def _encode(job: AnyJob) -> str:
    return _encoder.encode(job).decode()
