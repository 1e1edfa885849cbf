"""The words of the domain: turns, what was said, what is remembered, and what may be shown.

Values only: frozen, without behaviour beyond their own arithmetic, known to every other module. Instants are Unix
seconds (float, UTC); durations say their unit in their name; only the wire speaks RFC 3339. They are structs and no
dataclasses, whose methods each new process would first write and compile: a millisecond for every class.
"""

from runtime.conversation.delivery import ID_SECONDS, TEXT_SECONDS, Account, Delivery, Entry, Erasure, Message
from runtime.conversation.memory import Exchange, Memory, Recalled, Said, memory_id, tokens
from runtime.conversation.turn import (
    TURN_SECONDS,
    Heard,
    Invitation,
    Marks,
    Passage,
    Pcm,
    Prompt,
    State,
    Turn,
    Usage,
    Verdict,
)

__all__ = [
    "ID_SECONDS",
    "TEXT_SECONDS",
    "TURN_SECONDS",
    "Account",
    "Delivery",
    "Entry",
    "Erasure",
    "Exchange",
    "Heard",
    "Invitation",
    "Marks",
    "Memory",
    "Message",
    "Passage",
    "Pcm",
    "Prompt",
    "Recalled",
    "Said",
    "State",
    "Turn",
    "Usage",
    "Verdict",
    "memory_id",
    "tokens",
]
