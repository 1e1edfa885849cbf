"""What mocks let through: inputs that the installed SDK's own types do not know, lack, or have in another shape.

Types say nothing of values (an enum of AWS is a text here), nor of what excludes what: `terraform` asks a provider.
"""

from __future__ import annotations

import collections.abc
import inspect
import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import pulumi
import pulumi.output
from pulumi import _types

from tests.components import sdk
from tests.components.engine import Created

_PLAIN: dict[Any, Any] = {str: str, bool: bool, int: int, float: (int, float)}


def problems(created: Created) -> list[str]:
    """Say where the inputs of *created* are not what the SDK declares."""
    if not created.token.startswith("aws:"):
        return []
    return [f"{created.token} {said}" for said in _record(sdk.arguments(created.token), created.inputs, created.name)]


def _record(kind: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - a type
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no {kind.__name__}"
        return
    declared = _declared(kind)
    for key in sorted(set(value) - set(declared)):
        yield f"{where}: unknown {key}"
    for key in sorted(key for key, (_, needed) in declared.items() if needed and key not in value):
        yield f"{where}: lacks {key}"
    for key in value.keys() & declared.keys():
        yield from _fits(declared[key][0], value[key], f"{where}.{key}")


def _fits(kind: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - a type
    choices = _choices(kind)
    found = [list(_fit(choice, value, where)) for choice in choices]
    if all(found):
        yield from min(found, key=len)


def _fit(kind: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - a type
    origin, arguments = get_origin(kind), get_args(kind)
    if _types.is_input_type(kind):
        yield from _record(kind, value, where)
    elif origin is collections.abc.Sequence:
        yield from _items(arguments[0], value, where)
    elif origin in {collections.abc.Mapping, dict}:
        yield from _entries(arguments[1], value, where)
    elif kind in _PLAIN and (not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind is not bool)):
        yield f"{where}: {value!r} is no {kind.__name__}"


def _items(kind: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - a type
    if not isinstance(value, list):
        yield f"{where}: {value!r} is no list"
        return
    for number, item in enumerate(value):
        yield from _fits(kind, item, f"{where}[{number}]")


def _entries(kind: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - a type
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no table"
        return
    for key, item in value.items():
        yield from _fits(kind, item, f"{where}.{key}")


@cache
def _declared(kind: Any) -> dict[str, tuple[Any, bool]]:  # noqa: ANN401 - a type
    """Return the properties of an input type, by their names on the wire: what each is, and whether it has to be."""
    hints = get_type_hints(kind.__init__, None, vars(pulumi.output))
    names = _types.input_type_py_to_pulumi_names(kind)
    parameters = inspect.signature(kind.__init__).parameters
    return {
        names[name]: (hint, parameters[name].default is inspect.Parameter.empty)
        for name, hint in hints.items()
        if name in names
    }


def _choices(kind: Any) -> list[Any]:  # noqa: ANN401 - a type
    """Return what a value may be, out of the wraps (an output of it, none at all) that are gone on the wire."""
    if get_origin(kind) not in {Union, types.UnionType}:
        return [kind]
    return [one for one in get_args(kind) if not _is_wrap(one)]


def _is_wrap(kind: Any) -> bool:  # noqa: ANN401 - a type
    return kind is type(None) or get_origin(kind) in {collections.abc.Awaitable, pulumi.Output}
