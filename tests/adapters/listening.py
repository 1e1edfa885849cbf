"""How the tests of model adapters ask, and listen to what comes."""

from __future__ import annotations

import pytest

from runtime.conversation import Prompt, Usage
from runtime.errors import Failure
from runtime.ports import Model
from tests.adapters.chat_server import chunk

SECRET = "the badger sings at midnight"
HALF = chunk(role="assistant") + chunk(content="Half ") + chunk(content="a ")


def prompt(**changes: object) -> Prompt:
    return Prompt("be kind", (), (), SECRET, 1_763_733_900.0, **changes)  # type: ignore[arg-type]


async def answer(model: Model, **changes: object) -> tuple[str, Usage]:
    items = [item async for item in model.stream(prompt(**changes))]
    assert isinstance(items[-1], Usage)
    return "".join(item for item in items[:-1] if isinstance(item, str)), items[-1]


async def failure(model: Model) -> tuple[str, Failure]:
    """Return what came before the failure, and the failure, which must not tell what was said."""
    said: list[str] = []
    with pytest.raises(Failure, match=rf"^(?!.*{SECRET})") as caught:
        await _collect(model, said)
    return "".join(said), caught.value


async def _collect(model: Model, said: list[str]) -> None:
    async for item in model.stream(prompt()):
        said.append(str(item))  # noqa: PERF401 - a comprehension would lose what came before the failure.
