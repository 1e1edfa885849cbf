"""The words for a frame that is none: the field, what was got (its type and size, never its words), what is allowed.

The reason is found in the frame and the types, not in the schema library's message: that one quotes the frame, and so
could be made to say anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, Struct, inspect

ID: Final = r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
_UNREADABLE: Final = object()
_LONG: Final = 1e15
_FIELD: Final = re.compile(r"[a-z_]{1,32}")

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


def explain(frame: bytes, kinds: Mapping[str, type[Struct]]) -> str:
    """Say why *frame* is none of *kinds* (by action): got, why, instead, without a word of what it says."""
    found = _loosely(frame)
    if found is _UNREADABLE:
        return f"the frame cannot be read as JSON in UTF-8 (got {len(frame):,} bytes): send one JSON object"
    if not isinstance(found, dict):
        return f"got {_kind(found)}: send one JSON object with an `action`"
    action = found.pop("action", NODEFAULT)
    if not isinstance(action, str) or action not in kinds:
        got = "nothing" if action is NODEFAULT else _kind(action)
        return f"`action`: got {got}, allowed is one of {', '.join(kinds)}"
    return _explain_fields(action, found, kinds[action])


def _loosely(frame: bytes) -> Any:  # noqa: ANN401 - a stranger's JSON can be anything.
    try:
        return _anything.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _UNREADABLE


def _explain_fields(action: str, found: dict[str, Any], kind: type[Struct]) -> str:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in found.keys() - fields.keys():
        told = f"`{name}`" if _FIELD.fullmatch(name) else f"a field whose name has {len(name):,} characters"
        return f"{told}: `{action}` takes {', '.join(f'`{field}`' for field in fields) or 'nothing'}"
    for name, field in fields.items():
        if name not in found:
            if field.required:
                return f"`{name}`: got nothing, and `{action}` needs {_allowed(field.type)}"
        elif not _fits(found[name], field.type):
            return f"`{name}`: got {_kind(found[name], field.type)}, allowed is {_allowed(field.type)}"
    try:
        msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        return str(error)  # Each field fits, so it is the type's own word on how they go together.
    return f"`{action}`: got a field twice, allowed is once"


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401 - an annotation.
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _plain(kind: Any) -> inspect.Type:  # noqa: ANN401 - an annotation.
    """Return what *kind* says of a value that is there."""
    told = inspect.type_info(kind)
    if isinstance(told, inspect.UnionType):
        (told,) = (one for one in told.types if not isinstance(one, inspect.CustomType | inspect.NoneType))
    return told


def _allowed(kind: Any) -> str:  # noqa: ANN401 - an annotation.
    """Say in words for people what the annotation *kind* takes."""
    match _plain(kind):
        case inspect.Metadata(extra_json_schema={"description": str(words)}):
            return words
        case inspect.StrType(min_length=least, max_length=most):
            return f"a string of {least or 0:,} to {most:,} characters"
        case inspect.IntType(ge=least, le=most):
            return f"a whole number from {least} to {most}"
        case inspect.LiteralType(values=values):
            return " or ".join(map(str, values))
        case _:
            return "true or false"


def _kind(value: object, kind: Any = NODEFAULT) -> str:  # noqa: ANN401 - an annotation.
    """Describe *value* by type and size; by its digits only where *kind* is about numbers."""
    match value:
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case str():
            return f"a string of {len(value):,} characters"
        case int() | float():
            numeric = kind is not NODEFAULT and isinstance(_plain(kind), inspect.IntType | inspect.LiteralType)
            return f"the number {value}" if numeric and abs(value) < _LONG else "a number"
        case dict():
            return "an object"
        case _:
            return "an array"
