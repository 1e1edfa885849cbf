"""What the machines that walk through any order of steps open, and close: a home in a loop of its own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.adapters.homes import Home, in_memory
from tests.virtual_time import VirtualTimeLoop

T = TypeVar("T")
Opens = Callable[[], AbstractContextManager[Home]]


class Walker(RuleBasedStateMachine):
    """A machine on an empty home; its steps are no coroutines, so each runs what it awaits."""

    opens: Opens = staticmethod(in_memory)

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualTimeLoop()
        self.opened = self.opens()
        self.home = self.opened.__enter__()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run *work* to its end."""
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        self.loop.close()


def walk(machine: type[Walker], home: Opens = in_memory, *, examples: int) -> None:
    """Let *machine* walk on *home*, thirty steps for each of so many *examples*."""
    on = type(machine.__name__, (machine,), {"opens": staticmethod(home)})
    run_state_machine_as_test(on, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None))
