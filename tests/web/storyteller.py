"""A language model of the tests' own, in a thread: whatever it is asked, it tells the same long story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_DAY = "On day {} the little boat sailed past another island, where nobody had ever seen a sail before. "
STORY = "Once upon a time there was a boat. " + "".join(_DAY.format(day) for day in range(2, 22))


class _Storyteller(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Tell it, in pieces of a word."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in STORY.split(" "):
            self._event({"choices": [{"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it is overridden by.
        """Say nothing."""

    def _event(self, told: object) -> None:
        self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())


@contextmanager
def telling() -> Iterator[str]:
    """Yield the address of the model for as long as the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Storyteller) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()
