"""The words for a frame that is none: the field, what was got (its type and size, never its words), what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

ID: Final = r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"

_anything = msgspec.json.Decoder()


def names(frame: bytes, actions: Iterable[str]) -> dict[str, str]:
    """Return what a refused *frame* says of `action`, `turn` and `memory`, as far as each is well-formed."""
    found = _loosely(frame)
    if not isinstance(found, dict):
        return {}
    checks = {"action": "|".join(actions), "turn": ID, "memory": ID}
    return {
        key: value
        for key, pattern in checks.items()
        if isinstance(value := found.get(key), str) and re.fullmatch(pattern, value)
    }


def _loosely(frame: bytes) -> Any:  # noqa: ANN401 - a stranger's JSON can be anything.
    try:
        return _anything.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def explain(frame: bytes, error: str, actions: Collection[str]) -> str:
    """Turn the schema library's *error* into got, why, instead, without a word of what the frame says."""
    if "JSON is malformed" in error or "truncated" in error or "codec" in error or "recursion" in error:
        return f"the frame is not JSON in UTF-8 (got {len(frame):,} bytes): send one JSON object"
    found = _loosely(frame)
    if not isinstance(found, dict):
        return f"got {_kind(found)}: send one JSON object with an `action`"
    if found.get("action") not in actions:
        got = _kind(found["action"]) if "action" in found else "no `action`"
        return f"got {got} for `action`: it must be one of {', '.join(actions)}"
    return _explain_field(found, error)


def _explain_field(found: dict[str, Any], error: str) -> str:
    if field := re.search(r" - at `\$\.(\w+)`", error):
        got, allowed = _kind(found.get(field[1])), _allowed(error[: field.start()])
        return f"`{field[1]}`: got {got}, allowed is {allowed}"
    if missing := re.search(r"missing required field `(\w+)`", error):
        return f"`{missing[1]}`: got nothing, and `{found['action']}` needs it"
    if unknown := re.search(r"unknown field `([a-z_]{1,32})`", error):
        return f"`{unknown[1]}`: `{found['action']}` takes no such field"
    return f"`{found['action']}` got a field that it does not take"


def _allowed(expected: str) -> str:
    """Say what the schema library *expected* in words for people."""
    if "[0-9a-f]{8}" in expected:
        return "a lower-case, dashed uuid"
    if "matching regex" in expected:
        return "a string as the protocol describes it"
    allowed = re.sub(r"^Expected |, got `.*`|`", "", expected)
    return "one of the values of the protocol" if allowed.startswith("Invalid") else allowed


def _name(value: object) -> str:
    return {"NoneType": "null", "dict": "object", "list": "array"}.get(type(value).__name__, type(value).__name__)


def _kind(value: object) -> str:
    """Describe *value* by type and size alone."""
    if isinstance(value, str):
        return f"a string of {len(value):,} characters"
    if isinstance(value, bool) or value is None:
        return _name(value)
    if isinstance(value, int | float):
        return f"the number {value}"
    return f"an {_name(value)}" if isinstance(value, dict | list) else _name(value)
