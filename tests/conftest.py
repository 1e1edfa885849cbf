"""Async tests run in virtual time; those marked `real` on the clock of the wall, with real sockets and processes.

`real(afar=True)` is for suites in virtual time whose real parts are called on a loop of their own (`adapters.afar`).
"""

from __future__ import annotations

import asyncio
import inspect
import os

import pytest
from hypothesis import HealthCheck, settings

from tests import virtual_time

pytest_plugins = ["tests.parts.fixtures"]

# How long real work takes decides no test: machines are busy. CI tries the same examples each time, so that red means
# the change; elsewhere they vary.
settings.register_profile(
    "patient", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test on a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    real = pyfuncitem.get_closest_marker("real")
    run = asyncio.run if real and not real.kwargs.get("afar") else virtual_time.run
    run(pyfuncitem.obj(**arguments))
    return True
