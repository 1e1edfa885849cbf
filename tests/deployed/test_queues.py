"""What AWS refuses when somebody lets a queue feed a function, and emulators don't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.deployed.account import Deployed, Feed
from tests.deployed.queues import check
from tests.deployed.unacceptable import Unacceptable

FEED = Feed("turns.fifo", "worker", 1, 10, reports=True)
QUEUE = {"FifoQueue": "true", "VisibilityTimeout": "90"}
WORKER = Deployed("worker", "arn", "role", "a.handler", {}, 75, 1024, "", {})


def test_a_queue_that_waits_for_its_function_feeds_it() -> None:
    check(FEED, QUEUE, WORKER)


@pytest.mark.parametrize(
    ("feed", "function", "why"),
    [
        (FEED, replace(WORKER, seconds=91), "shows messages again"),
        (replace(FEED, size=11), WORKER, "1 to 10 messages, not 11"),
        (replace(FEED, at_once=1), WORKER, "2 to 1000 times at once, not 1"),
    ],
)
def test_what_aws_would_not_make_is_refused(feed: Feed, function: Deployed, why: str) -> None:
    with pytest.raises(Unacceptable, match=why):
        check(feed, QUEUE, function)
