"""What code may have in its hands, as far as that leads to a call: objects, functions, clients, and some texts."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, partial
from types import FunctionType, MethodType
from typing import Any

type_of_value = Any  # Whatever code may have in its hands.
Values = tuple[type_of_value, ...]
NOTHING: Values = ()
_PLAIN = (str, int, float, bool, bytes, type(None))
_IDLE = (int, float, bytes, type(None), re.Pattern, Enum)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a *service* is asked for by *name*; a client is one whose name is still empty."""

    service: str
    name: str = ""


_THEMSELVES = frozenset((*_PLAIN, Operation))

WRITES = ("Put", "Update", "Delete", "ConditionCheck")
"""What a transaction may be made of."""


class Sdk:
    """What opens a client of each service by its name."""


@dataclass(eq=False, slots=True)
class Made:
    """Whatever one place in the code makes of *kind*."""

    kind: type
    has: dict[str, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """A function with the object that it is a method of, if any, and the names around it."""

    function: Any
    to: Values = ()
    scope: type_of_value = None


@cache
def static(kind: type, name: str) -> type_of_value:
    return inspect.getattr_static(kind, name, None)


@cache
def source(function: FunctionType) -> type_of_value:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except SyntaxError:  # A lambda in the middle of an expression.
        return ast.parse("def nothing(*_, **__): pass").body[0]
    return next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )


def parameters(said: ast.arguments, arguments: list[Values], named: dict[str, Values]) -> dict[str, Values]:
    names = [one.arg for one in (*said.posonlyargs, *said.args)]
    loose = named.get("**", ())
    local = dict.fromkeys([*names, *(one.arg for one in said.kwonlyargs)], loose)
    local |= dict(zip(names, arguments, strict=False))
    local |= {name: values for name, values in named.items() if name in local}
    if said.vararg:
        local[said.vararg.arg] = union(arguments[len(names) :])
    if said.kwarg:
        local[said.kwarg.arg] = merged(
            loose, union(v for name, v in named.items() if name not in local and name != "**")
        )
    return local


def cells(function: FunctionType) -> dict[str, type_of_value]:
    return {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    }


def is_ours(one: type_of_value) -> bool:
    return str(getattr(one, "__module__", "")).startswith("runtime.")


def is_function(one: type_of_value) -> bool:
    return isinstance(one, Bound | FunctionType | MethodType | partial) or (
        isinstance(one, Operation) and one.name != ""
    )


def is_called(one: type_of_value) -> bool:
    return is_function(one) or isinstance(one, type | Made) or is_ours(type(one))


def one_of(value: type_of_value) -> Values:
    """Return *value* if it may lead anywhere."""
    return () if isinstance(value, _IDLE) else (value,)


def identity(one: type_of_value) -> type_of_value:
    """Return what tells *one* from others: itself if it is plain; asked so often that its very type comes first."""
    if type(one) in _THEMSELVES or isinstance(one, _PLAIN):
        return one
    return (id(one.function), tuple(map(id, one.to)), id(one.scope)) if isinstance(one, Bound) else id(one)


def union(many: Iterable[Values]) -> Values:
    return merged(*many)


def merged(*many: Values) -> Values:
    different = list({id(values): values for values in many if values}.values())
    if len(different) == 1:
        return different[0]
    return tuple({identity(one): one for values in different for one in values}.values())


def texts(values: Values) -> Iterator[str]:
    """Yield the texts among *values*."""
    return (one for one in values if isinstance(one, str))
