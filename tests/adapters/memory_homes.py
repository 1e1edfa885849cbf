"""Where the suites of long-term memory run: the laptop's store, and OpenSearch called afar in a test's own time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pytest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from runtime.adapters.aws.search import Access, Index, OpenSearchMemories, OpenSearchTraces, open_client
from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.ports import Memories, Traces, Vectors
from tests.adapters.afar import Afar, elsewhere, wait
from tests.parts.endpoint import Endpoint
from tests.virtual_time import LoopClock, run

HOMES = ["local", pytest.param("aws", marks=pytest.mark.real(afar=True))]
INDEX = Index("companion-memories", engine="lucene", dimension=3, shards=2)
_FOR_EVER: Mapping[str, float] = MappingProxyType({})


class Kept(Memories, Protocol):
    """A memory with its vectors."""

    @property
    def vectors(self) -> Vectors:
        """Return the vectors of what was said."""


class Opens(Protocol):
    """Opens a memory, as another process would, on what is kept already."""

    def __call__(self, keep: Mapping[str, float] = ...) -> Kept:
        """Return a memory that keeps each kind for so many seconds."""


@dataclass(frozen=True)
class MemoryHome:
    """A place where memories are kept: *empty* opens it with nothing in it, *examples* says how quick it is.

    *phases*: what to do with examples; making one smaller takes hundreds of others. *traces*: what erasure empties.
    """

    empty: Callable[[], AbstractContextManager[Opens]]
    examples: int
    phases: Sequence[Phase]
    traces: Mapping[str, Traces]

    def holds(self, law: Callable[..., Coroutine[Any, Any, None]], *given_with: Any, examples: int) -> None:  # noqa: ANN401 - strategies of any types.
        """Try *law* with examples of *given_with*, as many as asked for on a laptop; each finds the home empty."""

        @settings(max_examples=min(examples, self.examples), phases=self.phases)
        @given(st.tuples(*given_with))
        def example(values: tuple[Any, ...]) -> None:
            with self.empty() as opens:
                run(law(opens, *values))

        example()


@contextmanager
def opened(request: pytest.FixtureRequest) -> Iterator[MemoryHome]:
    """Open the home that the fixture's parameter names."""
    if request.param == "local":
        yield MemoryHome(in_memory, 1_000, tuple(Phase), {})
        return
    with searching(request) as home:
        yield home


@contextmanager
def in_memory() -> Iterator[Opens]:
    """Open the laptop's memory, empty."""
    with closing(Database(Path(":memory:"))) as database:
        yield lambda keep=_FOR_EVER: SqliteMemories(database, LoopClock(), keep)


class _Nobody:
    """Credentials that a node without a lock takes for anybody's."""

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return ReadOnlyCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)


def access(endpoint: Endpoint) -> Access:
    """Return how the node at *endpoint* is called."""
    return Access(endpoint.url, endpoint.region, _Nobody(), seconds=60.0)


class _Searching(Afar):
    """A client of OpenSearch that lives on another loop, with the parts of its interface that are used."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:  # noqa: ANN401 - as Afar takes it.
        super().__init__(client, loop)
        self.indices = Afar(client.indices, loop)


@contextmanager
def searching(request: pytest.FixtureRequest) -> Iterator[MemoryHome]:
    """Open the cloud's memory on a node without indices."""
    endpoint: Endpoint = request.getfixturevalue("opensearch")
    with elsewhere() as loop:
        client = open_client(access(endpoint))
        far: Any = _Searching(client, loop)
        wait(loop, INDEX.ensure(client))

        @contextmanager
        def empty() -> Iterator[Opens]:
            far.call(
                "delete_by_query",
                index=INDEX.name,
                body={"query": {"match_all": {}}},
                params={"refresh": "true", "conflicts": "proceed"},
            )
            yield lambda keep=_FOR_EVER: OpenSearchMemories(far, INDEX, LoopClock(), keep, refresh="true")

        yield MemoryHome(empty, 10, [Phase.generate], {"memories": OpenSearchTraces(far, INDEX.name)})
        wait(loop, client.close())
