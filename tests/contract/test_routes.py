"""What comes in: each action of the protocol has its route, and behind it the function whose module answers it."""

from __future__ import annotations

from importlib import import_module

import pytest

from runtime.lambdas.warm import Warm
from runtime.protocol import client
from runtime.settings import ROLES
from tests.components.engine import Created, Engine
from tests.contract import deployed

ROUTE, INTEGRATION = "aws:apigatewayv2/route:Route", "aws:apigatewayv2/integration:Integration"
SERVED = {"$connect": "connect", "$disconnect": "connect", "send": "turn"}  # All else: actions.


def test_every_action_has_a_route_and_nothing_else_has(program: Engine) -> None:
    keys = {one.inputs["routeKey"] for one in program.created(ROUTE)}

    assert keys == {*client.KINDS, "$connect", "$disconnect", "$default"}


def test_every_route_leads_to_the_function_that_answers_it(program: Engine) -> None:
    for route in program.created(ROUTE):
        key = route.inputs["routeKey"]
        named = deployed.functions(program)[SERVED.get(key, "actions")]["name"]

        assert f":function:{named}/invocations" in integration(program, route).inputs["integrationUri"], key


@pytest.mark.parametrize("role", ROLES)
def test_every_function_has_a_handler(role: str) -> None:
    module = import_module(f"runtime.lambdas.{role}")

    assert isinstance(module.handler, Warm)


def integration(program: Engine, route: Created) -> Created:
    """Return what *route* leads to: an id in the tests' cloud is its resource's name."""
    _, _, found = route.inputs["target"].partition("/")
    [one] = [one for one in program.created(INTEGRATION) if one.name == found]
    return one
