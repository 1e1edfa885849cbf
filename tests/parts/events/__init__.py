"""Events as AWS sends them to a Lambda function, each in a file with where its shape stands; their values are ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def event(name: str, **changes: object) -> dict[str, Any]:
    """Return the event *name* (connect, message, disconnect, authorize, scheduled, guardrail_updated) with *changes*.

    A change that is a mapping changes what it names and leaves the rest:
    `event("message", body=frame, requestContext={"connectionId": "Lx="})`.
    """
    told: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())["event"]
    return _changed(told, changes)


def batch(*bodies: str, group: str = "ana", **attributes: str) -> dict[str, Any]:
    """Return the event of an SQS FIFO queue with the messages *bodies*, all of one *group*."""
    told = event("batch")
    [record] = told["Records"]
    told["Records"] = [
        _changed(record, _message(number, body) | {"attributes": {"MessageGroupId": group, **attributes}})
        for number, body in enumerate(bodies)
    ]
    return told


def _message(number: int, body: str) -> dict[str, Any]:
    digest = hashlib.md5(body.encode()).hexdigest()  # noqa: S324 - the service's own
    return {"messageId": f"message-{number}", "receiptHandle": f"handle-{number}", "body": body, "md5OfBody": digest}


def _changed(told: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(told)
    for name, change in changes.items():
        deeper = isinstance(change, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _changed(merged[name], change) if deeper else change
    return merged
