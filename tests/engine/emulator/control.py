"""What tests ask of the emulator itself: to refuse calls that are named, and to say what of ours is left.

POST /engine/refuse?call=lambda%20POST%20/2015-03-31/functions&times=1
GET /engine/made
"""

from __future__ import annotations

import json
from collections import Counter

from tests.engine.emulator.asked import KEPT, Answer, Asked, told

_REFUSED = Counter[str]()
_BODY = {"__type": "ValidationException", "message": "refused, as the test asked", "Type": "User"}


def answer(asked: Asked) -> Answer | None:
    """Answer a test, or refuse a call that a test named."""
    match asked.path:
        case "/engine/refuse":
            _REFUSED[asked.query["call"][0]] = int(asked.query["times"][0])
            return told({})
        case "/engine/made":
            return told({"made": sorted(f"{kind} {id_}" for kind, id_ in KEPT.made)})
        case "/moto-api/reset":
            KEPT.clear()
            _REFUSED.clear()
    return _refused(f"{asked.service} {asked.method} {asked.path} {asked.operation}".rstrip())


def _refused(call: str) -> Answer | None:
    named = next((one for one, times in _REFUSED.items() if times and call.startswith(one)), None)
    if named is None:
        return None
    _REFUSED[named] -= 1
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": str(_BODY["__type"])}
    return Answer(400, json.dumps(_BODY).encode(), headers)
