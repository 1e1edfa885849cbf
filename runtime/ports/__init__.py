"""The whole outside world: what each part must keep, whoever provides it; this list is its table of contents.

Adapters do not inherit from these; the type checker holds them against the ports where `bootstrap` puts them together.
Every method may raise `errors.Transient` when the part does not answer; further errors stand at the method. No query
can be built without a user, and nothing of one user may ever be visible in an answer for another.
"""

from runtime.ports.answering import Embedder, Model, Moderator, Recogniser, Synthesiser
from runtime.ports.delivering import Accounts, Attach, Leases, Ledger, Queue, Signals, Stop
from runtime.ports.erasing import Erasures, Medium, Traces
from runtime.ports.remembering import Candidate, Cue, Memories, Page, Recent, Vector, Vectors
from runtime.ports.surroundings import Clock, Connections, Ids, Metrics, Tracer

__all__ = [
    "Accounts",
    "Attach",
    "Candidate",
    "Clock",
    "Connections",
    "Cue",
    "Embedder",
    "Erasures",
    "Ids",
    "Leases",
    "Ledger",
    "Medium",
    "Memories",
    "Metrics",
    "Model",
    "Moderator",
    "Page",
    "Queue",
    "Recent",
    "Recogniser",
    "Signals",
    "Stop",
    "Synthesiser",
    "Tracer",
    "Traces",
    "Vector",
    "Vectors",
]
