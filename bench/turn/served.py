"""The product's server on scripted model and voice, in a process of its own.

`python -m bench.turn.served DATA FIRST EACH VOICE` (the seconds of `Pace`) prints its address; each line that it reads
is answered by its resident memory in KB, and the end of input ends it.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import sys
from pathlib import Path
from selectors import SelectSelector

from bench.turn.companion import parts
from bench.turn.script import Pace
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.stores import open_stores
from runtime.bootstrap import laptop
from runtime.server import edge, process
from runtime.settings.laptop import Settings

_PAGES = Path("/proc/self/statm")


async def serve(data: Path, pace: Pace) -> None:
    """Serve what stands in *data* until the input ends."""
    settings, clock = Settings(port=0, data=data), SystemClock()
    stores = open_stores(settings, clock)
    app = laptop.assemble(settings, stores, parts(stores, pace), clock=clock, ids=RandomIds())
    try:
        async with process.working(app), edge.listening(app) as address:
            gc.collect()
            gc.freeze()
            print(address, flush=True)
            while await asyncio.to_thread(sys.stdin.readline):
                gc.collect()
                print(resident_kb(), flush=True)
            await app.connections.close_all()
    finally:
        stores.database.close()


def resident_kb() -> int:
    """Return this process's resident memory; where the system doesn't tell, the most it ever was."""
    if _PAGES.exists():
        return int(_PAGES.read_text().split()[1]) * resource.getpagesize() // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(SelectSelector())) as runner:
        runner.run(serve(Path(sys.argv[1]), Pace(*map(float, sys.argv[2:]))))
