"""What is said and answered: a turn, the verdicts on it, the prompt made from it, the sound of its answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from runtime.conversation.memory import Exchange, Recalled

TURN_SECONDS = 60.0
"""How long an answer may take, from admission: then what is not said yet is not said."""


class State(StrEnum):
    """Where a turn stands; the last three are ends, and `SHED` alone may be tried again by the client."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SHED = "shed"
    FAILED = "failed"


class Turn(Struct, frozen=True):
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


class Heard(Struct, frozen=True):
    """How much of an answer reached the person when they interrupted it; neither set: all that was released."""

    ms: int | None = None
    chars: int | None = None


class Passage(Struct, frozen=True):
    """Text to be judged: a user's *input*, or a chunk of *output*; *before* is what is out already of its sentence."""

    text: str
    source: Literal["input", "output"]
    before: str = ""


class Verdict(Struct, frozen=True):
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


class Prompt(Struct, frozen=True):
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


class Usage(Struct, frozen=True):
    """Tokens of one answer, as the model's server counted them (or as estimated where it does not)."""

    input_tokens: int = 0
    output_tokens: int = 0


class Pcm(Struct, frozen=True):
    """A piece of synthesised audio as it arrives: 16-bit little-endian mono samples at 16 kHz."""

    data: bytes


class Marks(Struct, frozen=True):
    """When each word of a chunk is spoken: (offset in ms from the chunk's first sample, start, end in code points)."""

    words: tuple[tuple[int, int, int], ...]


class Invitation(Struct, frozen=True):
    """Where a microphone may stream to, for 16 kHz samples, if it connects before the instant *expires*."""

    url: str
    expires: float
