"""JSON as Terraform keeps it: numbers stay the text they were written as, and text comes out as Go's encoder writes it.

A float would make 0.1 and 2**64 something else, so a number is a `Number` and nothing here calculates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from bridge.refused import Refused


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the digits it was written with."""

    text: str


Json = None | bool | str | Number | list["Json"] | dict[str, "Json"]

_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_AS_GO_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def parse(data: bytes, name: str) -> Json:
    """Read the JSON of the file that people know as *name*."""
    try:
        text = data.decode()
        value: Json = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_constant)
        if _HALF_A_CHARACTER.search(text):
            render(value).encode()
    except RecursionError as error:
        raise _damaged(name, "its values are nested too deep") from error
    except ValueError as error:
        raise _damaged(name, _reason(data, error)) from error
    return value


def render(value: Json, *, indented: bool = False) -> str:
    """Write *value* as Go does: compact, or with two spaces for each level."""
    try:
        return "".join(_pieces(value, "\n" if indented else ""))
    except RecursionError as error:
        raise Refused.because(
            got="values nested hundreds of levels deep",
            why="they cannot be written",
            instead="export something flatter",
        ) from error


def _pieces(value: Json, line: str) -> Iterator[str]:
    match value:
        case dict():
            yield from _fenced(
                "{}", [(_text(key) + (": " if line else ":"), item) for key, item in value.items()], line
            )
        case list():
            yield from _fenced("[]", [("", item) for item in value], line)
        case Number():
            yield value.text
        case str():
            yield _text(value)
        case _:
            yield json.dumps(value)


def _fenced(fence: str, entries: list[tuple[str, Json]], line: str) -> Iterator[str]:
    if not entries:
        yield fence
        return
    deeper = line and line + "  "
    for index, (key, item) in enumerate(entries):
        yield (f",{deeper}" if index else f"{fence[0]}{deeper}") + key
        yield from _pieces(item, deeper)
    yield line + fence[1]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_AS_GO_ESCAPES)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _reason(data: bytes, error: ValueError) -> str:
    if not data.strip():
        return "it is empty"
    if isinstance(error, json.JSONDecodeError):
        ends = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        return f"it ends too early, at line {error.lineno}" if ends else f"{error.msg} at line {error.lineno}"
    return "it holds text that is not UTF-8" if isinstance(error, UnicodeError) else str(error)


def _damaged(name: str, reason: str) -> Refused:
    return Refused.because(
        got=f"{name}, which is not JSON: {reason}",
        why="from a damaged file nothing is read, or a part would be taken for the whole",
        instead="make it again where it came from, or take its backup",
    )
