"""How what the program registers is made in moto, one thing after the other.

The program runs against the recording engine, where ids and ARNs are made up; whatever moto calls otherwise takes its
place in all that is registered later.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

from tests.components import cloud
from tests.components.engine import Created, Inputs
from tests.parts.endpoint import Endpoint
from tests.parts.given import client
from tests.parts.wire.call import model

Answer = Mapping[str, Any]
Called = Mapping[str, str]
"""Texts that stand for a made-up id, each with the one to put there."""
Kind = Callable[["Seeding", Inputs, Created], Awaitable[Called]]


@dataclass
class Seeding:
    """The account that is being made: *code* is what its functions run, *called* what has another name by now.

    *kinds* is what makes each type of thing that is wanted, by its token.
    """

    emulator: Endpoint
    stack: AsyncExitStack
    kinds: Mapping[str, Kind]
    code: Inputs
    called: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Any] = field(default_factory=dict)

    async def make(self, created: Created) -> None:
        """Make what was registered, if it is of a kind that conversations need."""
        if created.token in self.kinds:
            text = json.dumps(created.inputs, default=lambda _: None)
            for old, new in self.called.items():
                text = text.replace(old, new)
            self.called |= await self.kinds[created.token](self, json.loads(text), created)

    async def ask(self, service: str, operation: str, inputs: Inputs, **more: object) -> Answer:
        """Ask *service* with those of *inputs* that *operation* knows by the same name, and *more*."""
        shape = model(service).operation_model(operation).input_shape
        given = _known(inputs, shape)
        if service not in self.clients:
            self.clients[service] = await self.stack.enter_async_context(client(service, self.emulator))
        answer: Answer = await getattr(self.clients[service], xform_name(operation))(**{**given, **more})
        return answer


def id_of(created: Created) -> str:
    """Return the id that the recording engine made up for *created*."""
    return cloud.made(created.token, created.name, created.inputs)[0]


def made_up(created: Created) -> Inputs:
    """Return the properties that the recording engine made up for *created*."""
    return cloud.made(created.token, created.name, created.inputs)[1]


def _known(value: Any, shape: Shape | None) -> Any:  # noqa: ANN401 - JSON
    """Return what of *value* is in *shape*, by the names that it has there."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        names = {name.lower(): name for name in shape.members}
        known = {names[key.lower()]: one for key, one in value.items() if key.lower() in names}
        return {name: _known(one, shape.members[name]) for name, one in known.items()}
    return [_known(one, shape.member) for one in value] if isinstance(shape, ListShape) else value
