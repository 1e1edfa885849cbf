"""Pulumi's engine, as far as a program can tell: it answers each registration as AWS would, and remembers it.

Built on Pulumi's own mocks. What those let through (unknown properties, wrong shapes) is looked for in `typed`, and
what a provider refuses in `terraform`.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import os
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pulumi
import yaml  # type: ignore[import-untyped] # its stubs are not worth a dependency
from pulumi.runtime import mocks, rpc, stack
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_root_resource

from tests.components import cloud

T = TypeVar("T")
Inputs = dict[str, Any]

_SECONDS = 60  # Whoever waits for itself waits for ever: that has to be said.
_HOME = Path(__file__).parents[2]


@dataclass(frozen=True)
class Created:
    """One registration: *parent* is a token, *dependencies* are names, *secrets* the inputs that Pulumi encrypts.

    *layer* is the token of the layer that it belongs to, itself or far above.
    """

    token: str
    name: str
    parent: str
    inputs: Inputs
    secrets: frozenset[str] = frozenset()
    dependencies: frozenset[str] = frozenset()
    protected: bool = False
    kept: bool = False
    provider: str = ""
    layer: str = ""

    def __repr__(self) -> str:
        """Show what it is, and under what."""
        return f"{self.token} {self.name} < {self.parent}"


class Engine:
    """What a program or a layer registered; *state* is where Terraform's states are found, by their address."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.registered: list[Created] = []
        self.outputs: Inputs = {}
        self.states: dict[str, Inputs] = {}
        self.answers: dict[str, Inputs] = {}

    def created(self, token: str) -> list[Created]:
        """Return what was registered as *token*, in order."""
        return [one for one in self.registered if one.token == token]

    def only(self, token: str) -> Created:
        """Return the one thing that was registered as *token*."""
        (one,) = self.created(token)
        return one

    def named(self, name: str) -> Created:
        """Return what was registered as *name*, which is not a component."""
        (one,) = [one for one in self.registered if one.name == name and not one.token.startswith("companion:")]
        return one

    def reached(self, created: Created) -> set[str]:
        """Return the names of all that has to be there before *created*."""
        found, new = set[str](), set(created.dependencies)
        while new:
            found |= new
            new = {name for one in self.registered if one.name in new for name in one.dependencies} - found
        return found

    def run(self, build: Callable[[], T]) -> T:
        """Return what *build* makes, once all of it is registered; outputs in what it makes can be asked by `value`."""
        return contextvars.copy_context().run(self._run, build, "dev")

    def value(self, build: Callable[[], pulumi.Output[T]]) -> T:
        """Return the value of the output that *build* makes."""
        found: list[T] = []
        self.run(lambda: build().apply(found.append))
        return found[0]

    def deploy(self, name: str, **changed: object) -> None:
        """Run the whole program as the stack *name*, with the settings of its file but for those *changed*."""
        with _told(settings(name, **changed)):
            contextvars.copy_context().run(self._run, _program, name)

    def _run(self, build: Callable[[], T], name: str) -> T:
        with _own_loop() as loop:
            return loop.run_until_complete(asyncio.wait_for(self._built(build, name), _SECONDS))

    async def _built(self, build: Callable[[], T], name: str) -> T:
        mocks.set_mocks(_Cloud(self), "companion", name, preview=False, monitor=_Monitor(self))
        made: list[T] = []
        await stack.run_pulumi_func(lambda: made.append(build()))
        root = get_root_resource()
        assert isinstance(root, stack.Stack)
        self.outputs = {key: await pulumi.Output.from_input(value).future() for key, value in root.outputs.items()}
        return made[0]


class _Cloud(mocks.Mocks):
    """AWS, as `cloud` knows it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, Inputs]:
        return cloud.made(args.typ, args.name, args.inputs)

    def call(self, args: mocks.MockCallArgs) -> Inputs:  # type: ignore[override] # Pulumi takes this, too
        answers = self._engine.answers
        return answers[args.token] if args.token in answers else cloud.asked(args.token, args.args)


class _Monitor(mocks.MockMonitor):
    """The engine's side of the wire, where parents, dependencies and options can still be seen."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(_Cloud(engine))
        self._engine = engine
        self._layers: dict[str, str] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802 - Pulumi's, untyped
        urn = self.make_urn(request.parent, request.type, request.name)
        if urn in self._layers:
            raise AssertionError(f"registered twice, which the engine refuses: {urn}")
        if request.type != "pulumi:pulumi:Stack":
            self._layers[urn] = self._layers.get(request.parent, request.type)
            self._engine.registered.append(_created(request, self._layers[urn]))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi's, untyped


def settings(name: str, **changed: object) -> dict[str, str]:
    """Return what Pulumi hands to the program as the stack *name*, as the text that it hands over."""
    project = _document("Pulumi.yaml")
    defaults = {f"companion:{key}": one["default"] for key, one in project["config"].items() if "default" in one}
    given = _document(f"Pulumi.{name}.yaml")["config"]
    merged = {**defaults, **given, **{f"companion:{key}": value for key, value in changed.items()}}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in merged.items()}


@cache
def _document(name: str) -> Inputs:
    document: Inputs = yaml.safe_load((_HOME / name).read_text())
    return document


@contextmanager
def _own_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Lend a loop, and close it with the one that Pulumi's mocks need in the thread beside it."""
    loop, beside = asyncio.new_event_loop(), ThreadPoolExecutor(1, initializer=_begin_loop)
    loop.set_default_executor(beside)
    loop.set_exception_handler(lambda *_: None)  # After a failure each output that waits says the same again.
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        beside.submit(lambda: asyncio.get_event_loop().close()).result()
        beside.shutdown()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        asyncio.set_event_loop(None)
        loop.close()


def _begin_loop() -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())


@contextmanager
def _told(given: Mapping[str, str]) -> Iterator[None]:
    """Tell the program its settings by the environment, as Pulumi does."""
    os.environ["PULUMI_CONFIG"] = json.dumps(given)
    try:
        yield
    finally:
        del os.environ["PULUMI_CONFIG"]


def _program() -> None:
    runpy.run_path(str(_HOME / "__main__.py"), run_name="__main__")


def _created(request: resource_pb2.RegisterResourceRequest, layer: str) -> Created:
    inputs: Inputs = rpc.deserialize_properties(request.object)
    return Created(
        token=request.type,
        name=request.name,
        parent=request.parent.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2],
        inputs=_plain(inputs),
        secrets=frozenset(key for key, value in inputs.items() if _is_secret(value)),
        dependencies=frozenset(_name(urn) for urn in request.dependencies),
        protected=request.protect,
        kept=request.retainOnDelete,
        provider=_name(request.provider.rpartition("::")[0]),
        layer=layer,
    )


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _is_secret(value: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return rpc.is_rpc_secret(value) or any(map(_is_secret, value.values()))
    return isinstance(value, list) and any(map(_is_secret, value))


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return *value* as it was written: without the wraps of secrets, and with whole numbers that are whole."""
    if isinstance(value, dict):
        return _plain(rpc.unwrap_rpc_secret(value)) if rpc.is_rpc_secret(value) else _entries(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _entries(value: Inputs) -> Inputs:
    return {key: _plain(item) for key, item in value.items()}
