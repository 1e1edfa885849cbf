"""What X-Ray is told of a turn, by the form of its segment documents."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import Any

from runtime.adapters.aws.tracing import XRayTracer, datagrams

TURN = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11"
SPANS = {"queue": (0.0, 20.0), "model": (25.0, 400.0), "total": (0.0, 500.0)}
INVOCATION = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


class Fixed:
    """A clock that stands."""

    def now(self) -> float:
        return 1_795_000_000.5


def told(context: str) -> list[dict[str, Any]]:
    """Return the documents of one turn."""
    sent: list[bytes] = []
    XRayTracer(sent.append, Fixed(), lambda: context).turn(TURN, SPANS)
    headers = [data.partition(b"\n") for data in sent]
    assert all(json.loads(header) == {"format": "json", "version": 1} for header, _, _ in headers)
    return [json.loads(document) for _, _, document in headers]


def test_a_turn_is_a_part_of_the_invocation_that_answered_it() -> None:
    (document,) = told(INVOCATION)

    assert (document["type"], document["parent_id"]) == ("subsegment", "53995c3f42cd8ad8")
    assert document["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert document["annotations"] == {"turn": TURN}


def test_each_stage_stands_where_it_was_in_time() -> None:
    (document,) = told(INVOCATION)

    assert (document["start_time"], document["end_time"]) == (1_795_000_000.0, 1_795_000_000.5)
    stages = [(each["name"], each["start_time"], each["end_time"]) for each in document["subsegments"]]
    assert stages == [
        ("queue", 1_795_000_000.0, 1_795_000_000.02),
        ("model", 1_795_000_000.025, 1_795_000_000.4),
    ]


def test_no_two_spans_have_one_name() -> None:
    (document,) = told(INVOCATION)

    ids = [document["id"], *(each["id"] for each in document["subsegments"])]
    assert len(set(ids)) == 3
    assert all(len(id) == 16 for id in ids)


def test_outside_of_a_function_a_turn_is_a_trace_of_its_own() -> None:
    (document,) = told("")

    assert document["trace_id"] == "1-6afd86c0-7a514a8e9d8e0d4d6f9f3c11"
    assert "parent_id" not in document


def test_a_turn_that_is_not_sampled_is_not_told() -> None:
    assert told(INVOCATION.replace("Sampled=1", "Sampled=0")) == []


def test_datagrams_arrive_and_nobody_waits_for_them() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(5)
        with datagrams(f"127.0.0.1:{daemon.getsockname()[1]}") as send:
            send(b"one")

            assert daemon.recv(100) == b"one"


def test_a_datagram_that_nobody_takes_is_no_failure() -> None:
    with datagrams("127.0.0.1:1") as send:
        for _ in range(3):
            send(b"x" * 100_000)
