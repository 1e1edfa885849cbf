"""Where the runtime reads its settings: each `told.x` of a parameter that is declared as a role, or a part of one.

Unseen: what is read by `getattr`, by a copy of the settings under another name, or by nobody's call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

from runtime.settings import cloud

ROOT = Path(__file__).parents[2]
FOLDERS = ("runtime/bootstrap", "runtime/lambdas", "runtime/task", "runtime/adapters/aws")
_PARTS = tuple({part for role in cloud.ROLES.values() for part in role.__mro__})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def reads() -> Iterator[tuple[type, str]]:
    """Yield each role or part whose field is read somewhere, with that field."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, _Function):
                yield from _within(node, module)


def _within(function: _Function, module: ModuleType) -> Iterator[tuple[type, str]]:
    told = {argument.arg: list(_kinds(argument, module)) for argument in function.args.args}
    told |= {name: [kind] for name, kind in _read_here(function, module)}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from ((kind, node.attr) for kind in told.get(node.value.id, ()))


def _kinds(argument: ast.arg, module: ModuleType) -> Iterator[type]:
    """Yield the settings that *argument* is declared to be."""
    said = ast.unparse(argument.annotation) if argument.annotation else ""
    if not said.startswith(("told.", "_")):
        return
    kind = eval(said, vars(module))  # noqa: S307 - an annotation of ours.
    yield from (one for one in get_args(kind) or (kind,) if one in _PARTS)


def _read_here(function: _Function, module: ModuleType) -> Iterator[tuple[str, type]]:
    """Yield the names that are given to what is read of the environment in *function* itself."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="read"), args=[kind, *_])):
                if ast.unparse(kind).startswith("told."):
                    yield name, eval(ast.unparse(kind.slice if isinstance(kind, ast.Subscript) else kind), vars(module))  # noqa: S307
