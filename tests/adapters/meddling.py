"""A client in between: what the tests of DynamoDB count calls with, and have answers changed by."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from runtime.adapters.aws.stores import Opener, Rows
from tests.adapters.dynamodb import Cloud
from tests.virtual_time import LoopClock


class Meddler:
    """A client that counts what is called: *refuse* may raise instead of a call, *meddle* change its answer."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - whatever has the service's operations.
        meddle: Callable[[str, Any, Any], Any] | None = None,
        refuse: Callable[[str], None] | None = None,
    ) -> None:
        self._client, self._meddle, self._refuse = client, meddle, refuse
        self.calls: list[str] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        async def call(**arguments: Any) -> Any:  # noqa: ANN401 - as the service says.
            self.calls.append(operation)
            if self._refuse:
                self._refuse(operation)
            answer = await getattr(self._client, operation)(**arguments)
            return self._meddle(operation, arguments, answer) if self._meddle else answer

        return call


def through(client: Meddler, cloud: Cloud) -> Rows:
    """Open the rows as another process that calls through *client*."""
    opener = Opener(client, LoopClock(), random.Random(1))  # type: ignore[arg-type]
    return opener.rows(cloud.turns, cloud.erased)
