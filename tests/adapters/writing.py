"""A process that works through turns and says what it committed, line by line, until it is killed."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from runtime.adapters.local.database import Database
from runtime.conversation import Message, State
from tests.adapters import given
from tests.adapters.homes import Home, on


def say(*words: object) -> None:
    """Tell the parent what is stored from now on."""
    print(*words, flush=True)  # noqa: T201 - the parent reads it.


async def answer(home: Home, turn: str) -> None:
    """Take one turn from admission to its end."""
    queue = home.queue("turns", "dead")
    await given.queued(home, turn=turn)
    say("opened", turn)
    await queue.send(Message("ada", turn, turn))
    say("sent", turn)
    async with queue.take():
        held = await given.again(home, turn=turn)
        for number in range(5):
            held = replace(held, frames=(*held.frames, f"{turn}:{number}".encode()))
            await home.leases.append(held, held.frames[-1])
            say("frame", turn, number)
        await home.leases.finish(replace(held, state=State.DONE, ended=home.clock.now()))
        say("done", turn)


async def main(path: Path) -> None:
    """Answer turns for ever."""
    with closing(Database(path)) as database:
        for turn in count():
            await answer(on(database), str(turn))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
