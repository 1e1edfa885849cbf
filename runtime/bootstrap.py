"""Puts the parts together: the only place that knows which adapter provides which port.

A home is opened for the length of a block, once a process; what it opens is closed in reverse.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from runtime import policy
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.connections import SocketConnections
from runtime.adapters.local.keys import CLIENT, ISSUER, TokenKey
from runtime.adapters.local.metrics import LogMetrics
from runtime.adapters.local.moderator import LexiconModerator
from runtime.adapters.local.offline import OfflineCompanion
from runtime.adapters.local.sentence_model import SentenceModel
from runtime.adapters.local.stores import Stores, open_stores
from runtime.adapters.openai.embeddings import OpenAiEmbeddings
from runtime.adapters.openai.model import OpenAiModel
from runtime.admission.copying import Copies
from runtime.admission.correction import Corrections
from runtime.admission.desk import Desk
from runtime.admission.remembered import Remembered
from runtime.admission.rights import Rights
from runtime.admission.turns import Turns
from runtime.erasure import Quiet, Requests, Series
from runtime.identity import Verifier
from runtime.ports import Clock, Connections, Embedder, Ids, Model
from runtime.recall import Meaning
from runtime.resilience import Patience, SteadyModel, SteadyModerator
from runtime.settings import Settings
from runtime.turn.parts import Parts
from runtime.worker.background import Background
from runtime.worker.handlers import Handlers
from runtime.worker.hands import Hands
from runtime.worker.settle import Settlement
from runtime.worker.turns import Answering


@dataclass(frozen=True, slots=True)
class App:
    """A home put together: what its edge and its worker run on."""

    settings: Settings
    stores: Stores
    desk: Desk
    handlers: Handlers
    background: Background
    rights: Rights
    connections: SocketConnections
    verifier: Verifier
    key: TokenKey
    clock: Clock
    ids: Ids

    def hands(self) -> tuple[Hands, ...]:
        """Return the hands of every queue, not yet at work."""
        return (
            Hands(self.stores.turns, self.handlers.turn, self.settings.hands),
            Hands(self.stores.dead, self.handlers.dead, 1),
            Hands(self.stores.background, self.background.handle, 1),
            Hands(self.stores.dead_background, self.handlers.lost, 1),
        )


@asynccontextmanager
async def local(settings: Settings) -> AsyncIterator[App]:
    """Open the laptop's home: no account, no network but the model's server where one is set."""
    clock, ids = SystemClock(), RandomIds()
    async with AsyncExitStack() as stack:
        stores = open_stores(settings, clock)
        stack.callback(stores.database.close)
        moderator = SteadyModerator(LexiconModerator(policy.load()), Patience())
        model = await _model(settings, stack)
        embedder = await _embedder(settings, stack)
        meaning = Meaning(embedder, stores.memories.vectors) if embedder else None
        parts = Parts(model, moderator, None, stores.memories, stores.recent, policy.load(), meaning)
        yield assemble(settings, stores, parts, clock=clock, ids=ids)


def assemble(
    settings: Settings, stores: Stores, parts: Parts, *, clock: Clock, ids: Ids, patience: float = 10.0
) -> App:
    """Put a home together on *stores*, answering with *parts*; *patience*: seconds that a slow reader is waited for."""
    connections = SocketConnections(ids, patience)
    key = TokenKey(settings.data)
    answering = Answering(
        parts=parts,
        leases=stores.leases,
        signals=stores.signals,
        connections=connections,
        settlement=Settlement(stores.recent, stores.accounts, stores.background),
        metrics=LogMetrics(),
        clock=clock,
    )
    turns = Turns(
        accounts=stores.accounts,
        ledger=stores.ledger,
        signals=stores.signals,
        recent=stores.recent,
        queue=stores.turns,
        background=stores.background,
        clock=clock,
    )
    rights = users_rights(stores, parts, connections, clock, ids)
    reader = parts.model if settings.openai_base_url else None
    return App(
        settings=settings,
        stores=stores,
        desk=Desk(turns, Remembered(stores.recent, stores.memories, stores.ledger), rights, clock, ids),
        handlers=Handlers(answering, ids),
        background=background(stores, rights.erasing, clock, parts.meaning, reader),
        rights=rights,
        connections=connections,
        verifier=Verifier(key.jwks, issuer=ISSUER, clients=frozenset({CLIENT})),
        key=key,
        clock=clock,
        ids=ids,
    )


def background(
    stores: Stores, erasing: Requests, clock: Clock, meaning: Meaning | None = None, reader: Model | None = None
) -> Background:
    """Put together what works when nobody waits."""
    return Background(
        *(stores.memories, stores.recent, stores.accounts, stores.ledger, stores.turns, clock, erasing), meaning, reader
    )


def users_rights(stores: Stores, parts: Parts, connections: Connections, clock: Clock, ids: Ids) -> Rights:
    """Put together correction, export and erasure: a laptop's tokens are its owner's, whatever their sign-in's age."""
    quiet = Quiet(stores.accounts, stores.ledger, stores.signals, clock)
    series = Series(
        erasures=stores.erasures,
        accounts=stores.accounts,
        quiet=quiet,
        stores=stores.traces,
        medium=stores.database,
        connections=connections,
        clock=clock,
    )
    copies = Copies(stores.accounts, stores.recent, stores.memories, stores.ledger)
    corrections = Corrections(stores.accounts, stores.memories, stores.recent, parts.moderator, parts.policy, clock)
    return Rights(stores.accounts, corrections, copies, Requests(series, stores.background, ids), connections, clock)


async def _model(settings: Settings, stack: AsyncExitStack) -> Model:
    if not settings.openai_base_url:
        return OfflineCompanion()
    session = await _session(settings, stack)
    model = OpenAiModel(session, settings.openai_base_url, settings.model, settings.openai_api_key or None)
    return SteadyModel(model, Patience(), random.Random())  # noqa: S311 - spreads retries, guards nothing.


async def _embedder(settings: Settings, stack: AsyncExitStack) -> Embedder | None:
    """Return what memories are found by their meaning with: a server, the model in the data folder, or nothing."""
    if settings.embeddings_model:
        own, key = settings.embeddings_base_url, settings.embeddings_api_key
        url, key = (own, key) if own else (settings.openai_base_url, key or settings.openai_api_key)
        return OpenAiEmbeddings(await _session(settings, stack), url, settings.embeddings_model, key or None)
    folder = settings.data / "model"
    return SentenceModel(folder) if folder.is_dir() else None


async def _session(settings: Settings, stack: AsyncExitStack) -> aiohttp.ClientSession:
    """Open a session for the life of the process: its pool keeps connections to a model's server warm."""
    pool = aiohttp.TCPConnector(limit=settings.hands, keepalive_timeout=300)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    return await stack.enter_async_context(aiohttp.ClientSession(connector=pool, timeout=timeout))
