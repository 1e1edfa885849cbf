"""The deployed WebSocket API, played: its routes, its guard, the key that opens it, and who admits its calls."""

from __future__ import annotations

from collections.abc import Mapping

from tests.deployed.account import Account
from tests.deployed.admitting import Admitted
from tests.deployed.rights import Place
from tests.parts import gateway
from tests.parts.function import Function
from tests.parts.wire import Connections

_SELECTS = "$request.body."
_BEGINS = "$connect"


def played(told: Account, functions: Mapping[str, Function], connections: Connections, place: Place) -> gateway.Api:
    """Return the API that was deployed; fail for one that AWS would play otherwise than it is played here."""
    socket = told.socket
    assert socket.selection.startswith(_SELECTS), f"nobody here selects routes by {socket.selection}"
    assert socket.locked == {_BEGINS} == socket.guards.keys(), "nobody here guards or locks other routes"

    def admitted(function: str, source: str) -> Admitted:
        return Admitted(told.functions[function], functions[function], f"{arn}/{source}")

    arn = place.arn("execute-api", socket.api)
    guard = socket.guards[_BEGINS]
    [key] = socket.keys
    return gateway.Api(
        authorizer=admitted(guard.function, f"authorizers/{guard.id}"),
        routes={route: admitted(name, f"{socket.stage}/{route}") for route, name in socket.routes.items()},
        connections=connections,
        domain=f"{socket.api}.execute-api.{place.region}.amazonaws.com",
        arn=arn,
        selects=socket.selection.removeprefix(_SELECTS),
        key=key,
    )
