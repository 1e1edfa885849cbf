"""A call that is sent again makes nothing again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from tests.engine.emulator.again import Again

SENT = {"REQUEST_METHOD": "POST", "HTTP_AMZ_SDK_INVOCATION_ID": "one"}


class Counting:
    """Answers each call with how many there were; the first ones with what is *first* in line."""

    def __init__(self, *first: str) -> None:
        self.calls = 0
        self._first = list(first)

    def __call__(self, _: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Count."""
        self.calls += 1
        start(self._first.pop(0) if self._first else "200 OK", [])
        return [str(self.calls).encode()]


def asked(application: Again, **environ: str) -> bytes:
    """Return what is answered."""
    return b"".join(application({**SENT, **environ}, lambda *_: None))


def test_a_call_that_is_sent_again_has_the_answer_that_it_had() -> None:
    again = Again(Counting())

    assert [asked(again), asked(again), asked(again, HTTP_AMZ_SDK_INVOCATION_ID="two")] == [b"1", b"1", b"2"]


def test_what_failed_is_tried_again() -> None:
    again = Again(Counting("500 OUCH", "400 NO"))

    assert [asked(again) for _ in range(4)] == [b"1", b"2", b"3", b"3"]


def test_what_is_read_is_read_anew() -> None:
    again = Again(Counting())

    assert [asked(again, REQUEST_METHOD="GET") for _ in range(2)] == [b"1", b"2"]


def test_who_asks_again_before_the_answer_waits_for_it() -> None:
    counting, there, go_on = Counting(), threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        there.set()
        go_on.wait()
        return counting(environ, start)

    again, heard = Again(slow), list[bytes]()
    threads = [threading.Thread(target=lambda: heard.append(asked(again))) for _ in range(2)]
    for thread in threads:
        thread.start()
        there.wait()
    go_on.set()
    for thread in threads:
        thread.join()

    assert heard == [b"1", b"1"]
