"""What each role in the cloud is told: the only contract between what is deployed and its deployment.

A role is a dataclass made of parts, and its fields are its environment: `environment` writes it at `pulumi preview`,
`read` reads it in the process. A part says what one thing needs to be reached; who holds a part may reach that thing.
The Region and the credentials come from the process's own surroundings (Lambda and Fargate set them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TypeVar

from runtime.errors import Misconfigured
from runtime.settings.parts import (
    Answers,
    BackgroundQueue,
    Backups,
    Hot,
    Judging,
    Listening,
    Meaning,
    Rows,
    Safety,
    Search,
    Sockets,
    Speaking,
    Telling,
    Tokens,
    TurnQueue,
)
from runtime.settings.reading import is_needed, need, variable

__all__ = [
    "ROLES",
    "Actions",
    "Admission",
    "Answers",
    "Authorizer",
    "Background",
    "BackgroundQueue",
    "Backups",
    "Connect",
    "DeadLetters",
    "Drift",
    "Hot",
    "Index",
    "Judging",
    "Listening",
    "Meaning",
    "Role",
    "Rows",
    "Safety",
    "Search",
    "Sockets",
    "Speaking",
    "Telling",
    "Tokens",
    "TurnQueue",
    "Worker",
    "environment",
]

V = TypeVar("V")

_HANDS = 1_000


class Authorizer(Telling, Tokens):
    """Says who opens a connection."""


class Connect(Telling, Sockets):
    """Notes connections that open and close."""


class Admission(Telling, Sockets, Rows, TurnQueue):
    """Lets turns in: the `turn` function."""


class Actions(Telling, Sockets, Rows, Backups, Hot, Search, BackgroundQueue, Judging, Listening):
    """Answers every other action of the protocol."""


class Worker(Telling, Sockets, Rows, Hot, Search, Meaning, TurnQueue, BackgroundQueue, Judging, Answers, Speaking):
    """Answers turns: as a function, or as a process with *hands* turns at once that keeps *health_file* fresh."""

    hands: int = 100
    health_file: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        need(1 <= self.hands <= _HANDS, "HANDS", self.hands, "1 to 1000 turns at once are sensible", "HANDS=100")


class Background(Telling, Sockets, Rows, Backups, Hot, Search, Meaning, TurnQueue, BackgroundQueue, Answers):
    """Remembers, learns and erases."""


class DeadLetters(Telling, Sockets, Rows, Hot, BackgroundQueue):
    """Ends the turns that failed three times, and tells their users."""


class Drift(Telling, Safety):
    """Looks whether the guardrail is what the policy says."""


class Index(Telling, Search):
    """Makes the index of long-term memories, and lets the roles of these ARNs read it, or read and write it."""

    search_readers: tuple[str, ...] = ()
    search_writers: tuple[str, ...] = ()


Role = Authorizer | Connect | Admission | Actions | Worker | Background | DeadLetters | Drift | Index

ROLES: Mapping[str, type[Role]] = {
    "authorizer": Authorizer,
    "connect": Connect,
    "turn": Admission,
    "actions": Actions,
    "worker": Worker,
    "background": Background,
    "dead_letters": DeadLetters,
    "drift": Drift,
    "index": Index,
}


def environment(role: str, **values: V) -> dict[str, V]:
    """Return the environment of *role*; raise `Misconfigured` if *values* lack or exceed what it reads.

    A value is the text of its variable, or what becomes that (an output of Pulumi's).
    """
    known = fields(ROLES[role])
    needed, names = {one.name for one in known if is_needed(one)}, {one.name for one in known}
    missing, unknown = sorted(needed - set(values)), sorted(set(values) - names)
    if missing or unknown:
        got = f"no {', '.join(missing)}" if missing else f"unknown {', '.join(unknown)}"
        raise Misconfigured(
            f"got: for the role {role} {got}; why not: its process reads {', '.join(sorted(names))}; "
            "instead: give it all that has no default, and nothing else"
        )
    return {variable(name): value for name, value in values.items()}
