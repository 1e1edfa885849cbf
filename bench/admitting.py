"""The function `turn` as its process runs it, with a clock around each event and around each call that it makes of AWS.

Run by `bench.admission` in processes of their own: events come in as lines, what each took goes out as one.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

from aiobotocore.httpsession import AIOHTTPSession


class Watch:
    """Counts calls, and the seconds in which at least one of them is out."""

    def __init__(self) -> None:
        self.calls = self._out = 0
        self.seconds = self._since = 0.0

    def over(self, kind: type[AIOHTTPSession]) -> None:
        """Watch whatever is sent by sessions of *kind*."""
        plain = kind.send

        async def send(session: AIOHTTPSession, request: Any) -> Any:  # noqa: ANN401 - the SDK's own.
            self._begin()
            try:
                return await plain(session, request)
            finally:
                self._end()

        kind.send = send  # type: ignore[assignment, method-assign]

    def _begin(self) -> None:
        self.calls += 1
        if not self._out:
            self._since = time.perf_counter()
        self._out += 1

    def _end(self) -> None:
        self._out -= 1
        if not self._out:
            self.seconds += time.perf_counter() - self._since


def main() -> None:
    """Answer each event that comes in; write the ms that it took of the processor and, but for calls, by the clock."""
    watch = Watch()
    watch.over(AIOHTTPSession)
    handler = import_module("runtime.lambdas.turn").handler
    for line in sys.stdin:
        event = json.loads(line)
        calls, inside, worked, began = watch.calls, watch.seconds, time.process_time(), time.perf_counter()
        handler(event, None)
        lasted, took = time.perf_counter() - began, time.process_time() - worked
        inside = watch.seconds - inside
        print(json.dumps({"cpu": took * 1e3, "own": (lasted - inside) * 1e3, "calls": watch.calls - calls}))


if __name__ == "__main__":
    main()
