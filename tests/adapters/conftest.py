"""Each suite of a port runs once per home (`homes.HOMES`): in virtual time, wherever its parts are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache, partial
from pathlib import Path

import pytest

from runtime.adapters.local.database import Database
from tests.adapters.afar import Afar, afar
from tests.adapters.dynamodb import Cloud, made
from tests.adapters.homes import HOMES, Home
from tests.parts.endpoint import Endpoint
from tests.parts.moto import Moto

type_of_opener = Callable[[], AbstractContextManager[Home]]


@pytest.fixture(params=["local", pytest.param("aws", marks=pytest.mark.real(afar=True))])
def opens(request: pytest.FixtureRequest) -> type_of_opener:
    """Return what opens a home that is empty."""
    return partial(HOMES[request.param], request)


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """Return how many examples of a law a home gets: where each call goes over a socket, fewer."""
    return 30 if request.node.callspec.params["opens"] == "local" else 5


@pytest.fixture
def home(opens: type_of_opener) -> Iterator[Home]:
    """Open an empty home."""
    with opens() as opened:
        yield opened


@pytest.fixture(scope="session")
def clients() -> Iterator[Callable[[str, Endpoint], Afar]]:
    """Return what opens a client for all tests, to be called in virtual time: opening one takes longer than a test."""
    with ExitStack() as stack:
        yield cache(lambda service, endpoint: stack.enter_context(afar(service, endpoint.arguments)))


@pytest.fixture
def dynamodb(clients: Callable[[str, Endpoint], Afar], moto: Moto) -> Afar:
    """Return a client of moto's server."""
    return clients("dynamodb", moto)


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """Open the cloud's stores, empty: for what only they promise."""
    return made(request)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open an empty database in a file: for what only the laptop's adapters promise."""
    database = Database(tmp_path / "companion.db")
    yield database
    database.close()
