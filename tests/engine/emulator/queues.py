"""SQS's RedriveAllowPolicy, which moto does not keep, and GetQueueAttributes of what a queue does not have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from moto.sqs import models

_NAME = "RedriveAllowPolicy"


def patch() -> None:
    """Let queues keep who may name them as their dead letters."""
    _Queue.BASE_ATTRIBUTES.append(_NAME)
    _Queue.redrive_allow_policy = None
    _Queue.attributes = property(_attributes)
    _Backend.get_queue_attributes = _asked


_Queue: Any = models.Queue
_Backend: Any = models.SQSBackend
_all = _Queue.attributes.fget
_found = _Backend.get_queue_attributes


def _attributes(queue: Any) -> dict[str, Any]:  # noqa: ANN401 - moto has no types
    known = dict(_all(queue))
    if not known.get(_NAME):
        known.pop(_NAME, None)
    if queue.redrive_policy:
        known["RedrivePolicy"] = json.dumps(queue.redrive_policy, separators=(",", ":"))
    return known


def _asked(backend: Any, name: str, wanted: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 - as `_attributes`
    if _NAME in wanted and _NAME not in backend.get_queue(name).attributes:
        wanted = [one for one in wanted if one != _NAME]
        if not wanted:
            return {}
    return dict(_found(backend, name, wanted))
