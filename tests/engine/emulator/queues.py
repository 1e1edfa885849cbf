"""SQS's RedriveAllowPolicy, which moto does not keep, and GetQueueAttributes of what a queue does not have.

And SetQueueAttributes leaves the policy that a queue has, where moto takes it away.
"""

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
    _Queue._set_attributes = _set
    _Backend.get_queue_attributes = _asked


_Queue: Any = models.Queue
_Backend: Any = models.SQSBackend
_all = _Queue.attributes.fget
_setting = _Queue._set_attributes
_found = _Backend.get_queue_attributes


def _attributes(queue: Any) -> dict[str, Any]:  # noqa: ANN401 - moto has no types
    known = dict(_all(queue))
    if not known.get(_NAME):
        known.pop(_NAME, None)
    if queue.redrive_policy:
        known["RedrivePolicy"] = json.dumps(queue.redrive_policy, separators=(",", ":"))
    return known


def _set(queue: Any, attributes: dict[str, Any], *told: Any) -> None:  # noqa: ANN401 - moto's
    policy = getattr(queue, "policy", None)
    _setting(queue, attributes, *told)
    if "Policy" not in attributes:
        queue.policy = policy


def _asked(backend: Any, name: str, wanted: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 - as `_attributes`
    if _NAME in wanted and _NAME not in backend.get_queue(name).attributes:
        wanted = [one for one in wanted if one != _NAME]
        if not wanted:
            return {}
    return dict(_found(backend, name, wanted))
