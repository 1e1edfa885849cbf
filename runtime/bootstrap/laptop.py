"""The laptop's home: stores in a folder, sockets and tokens of its own, and hands over its four queues."""

from __future__ import annotations

import random
import secrets
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
from runtime.adapters.local.recognition.recogniser import LocalRecogniser
from runtime.adapters.local.recognition.workers import Workers
from runtime.adapters.local.sentence_model import SentenceModel
from runtime.adapters.local.stores import Stores, open_stores
from runtime.adapters.local.voice.engines import HOW, chosen
from runtime.adapters.local.voice.synthesiser import voice
from runtime.adapters.openai.embeddings import OpenAiEmbeddings
from runtime.adapters.openai.model import OpenAiModel
from runtime.bootstrap import assembly
from runtime.bootstrap.assembly import Companion
from runtime.bootstrap.ports import UserPorts
from runtime.identity.token import Verifier
from runtime.ports import Clock, Connections, Embedder, Ids, Model, Synthesiser
from runtime.recall import Meaning
from runtime.resilience import Patience, SteadyModel, SteadyModerator, SteadySynthesiser
from runtime.settings.laptop import Settings
from runtime.turn.parts import Parts
from runtime.worker.hands import Hands

# What is remembered is in order for each user, and one's slow server is not to hold up another's. More would stand in
# the way of turns, where a model's server answers one request after the other.
_BACKGROUND_HANDS = 3
_SWITCHED_OFF = "The voice is switched off here: this answer is text only."
_VOICELESS = f"No voice is installed here: this answer is text only. {HOW}."


@dataclass(frozen=True, slots=True)
class App:
    """A home put together: what its edge and its worker run on; *voiced*: its answers can be spoken."""

    settings: Settings
    voiced: bool
    stores: Stores
    companion: Companion
    connections: SocketConnections
    verifier: Verifier
    key: TokenKey
    recogniser: LocalRecogniser
    clock: Clock
    ids: Ids

    def hands(self) -> tuple[Hands, ...]:
        """Return the hands of every queue, not yet at work."""
        return hands(self.stores, self.companion, self.settings.hands)


@asynccontextmanager
async def opened(settings: Settings, *, patient: bool = False) -> AsyncIterator[App]:
    """Open the home: no account, no network but the model's server where one is set. It is closed in reverse.

    *patient*: whatever it does can wait for a server that writes the same files; it serves nobody itself.
    """
    clock, ids = SystemClock(), RandomIds()
    async with AsyncExitStack() as stack:
        stores = open_stores(settings, clock, patient=patient)
        stack.callback(stores.database.close)
        moderator = SteadyModerator(LexiconModerator(policy.load()), Patience())
        model = await _model(settings, stack)
        embedder = await _embedder(settings, stack)
        meaning = Meaning(embedder, stores.memories.vectors) if embedder else None
        speaking = None if patient else await _synthesiser(settings, stack)
        silence = _SWITCHED_OFF if settings.voice else _VOICELESS
        parts = Parts(model, moderator, speaking, stores.memories, stores.recent, policy.load(), meaning, silence)
        app = assemble(settings, stores, parts, clock=clock, ids=ids)
        stack.push_async_callback(app.recogniser.close)
        yield app


def assemble(
    settings: Settings, stores: Stores, parts: Parts, *, clock: Clock, ids: Ids, patience: float = 10.0
) -> App:
    """Put a home together on *stores*, answering with *parts*; *patience*: seconds that a slow reader is waited for."""
    connections, key = SocketConnections(ids, patience), TokenKey(settings.data)
    reader = parts.model if settings.openai_base_url else None
    recogniser = LocalRecogniser(Workers(settings.microphones), secrets.token_bytes(), clock)
    opened = ports(stores, connections, clock, ids)
    return App(
        settings=settings,
        voiced=parts.synthesiser is not None,
        stores=stores,
        companion=assembly.companion(opened, stores.turns, parts, reader=reader, recogniser=recogniser),
        connections=connections,
        verifier=Verifier(key.jwks, issuer=ISSUER, clients=frozenset({CLIENT})),
        key=key,
        recogniser=recogniser,
        clock=clock,
        ids=ids,
    )


def companion(
    stores: Stores, parts: Parts, connections: Connections, *, clock: Clock, ids: Ids, reader: Model | None = None
) -> Companion:
    """Put all roles together on *stores*; a laptop's tokens are its owner's, whatever their sign-in's age."""
    return assembly.companion(ports(stores, connections, clock, ids), stores.turns, parts, reader=reader)


def ports(stores: Stores, connections: Connections, clock: Clock, ids: Ids) -> UserPorts:
    """Say which of the laptop's stores is which port."""
    return UserPorts(
        clock=clock,
        ids=ids,
        accounts=stores.accounts,
        ledger=stores.ledger,
        leases=stores.leases,
        signals=stores.signals,
        connections=connections,
        metrics=LogMetrics(),
        recent=stores.recent,
        background=stores.background,
        memories=stores.memories,
        erasures=stores.erasures,
        traces=stores.traces,
        medium=stores.database,
    )


def hands(stores: Stores, companion: Companion, count: int) -> tuple[Hands, ...]:
    """Return the hands of every queue, *count* of them for turns, not yet at work."""
    return (
        Hands(stores.turns, companion.turns.handle, count),
        Hands(stores.dead, companion.dead.handle, 1),
        Hands(stores.background, companion.background.handle, _BACKGROUND_HANDS),
        Hands(stores.dead_background, companion.dead.handle, 1),
    )


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


async def _synthesiser(settings: Settings, stack: AsyncExitStack) -> Synthesiser | None:
    engine = chosen(settings.voice)
    if engine is None:
        return None
    return SteadySynthesiser(await stack.enter_async_context(voice(engine)), Patience())


async def _session(settings: Settings, stack: AsyncExitStack) -> aiohttp.ClientSession:
    """Open a session for the life of the process: its pool keeps connections to a model's server warm."""
    pool = aiohttp.TCPConnector(limit=settings.hands + _BACKGROUND_HANDS, keepalive_timeout=300)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    return await stack.enter_async_context(aiohttp.ClientSession(connector=pool, timeout=timeout))
