"""What the runtime's own text says that it imports, opens and records."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "runtime"


def opened() -> set[str]:
    """Return the services whose clients are opened, as botocore names them."""
    return {
        service
        for path in RUNTIME.rglob("*.py")
        for call in _calls(ast.parse(path.read_text()), "open")
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).endswith("clients")
        for service in _first_text(call)
    }


def recorded() -> set[str]:
    """Return the names of the metrics that are recorded: events, their numbers, and the lengths of a turn's stages.

    Words that are recorded beside numbers count as such, and all that a turn says of itself as a stage: what is seen is
    a name that nobody ever writes.
    """
    found: set[str] = set()
    for path in RUNTIME.rglob("*.py"):
        for call in _calls(ast.parse(path.read_text()), "record"):
            for event in _first_text(call):
                found |= {event, *(f"{event}.{keyword.arg}" for keyword in call.keywords if keyword.arg)}
    return found | {f"turn.returned.{stage}_ms" for folder in ("turn", "worker") for stage in _texts(RUNTIME / folder)}


def imported(but: str) -> set[str]:
    """Return the libraries that are imported when the runtime runs, *but* for what only code in that folder does."""
    paths = [path for path in RUNTIME.rglob("*.py") if but not in path.relative_to(ROOT).as_posix()]
    names = {name.partition(".")[0] for path in paths for name in _imports(ast.parse(path.read_text()))}
    return names - {"runtime"} - sys.stdlib_module_names


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield what is imported in *node*, but for what only a type checker sees."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom(module=str(name), level=0):
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def _calls(tree: ast.AST, method: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            yield node


def _texts(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _first_text(call: ast.Call) -> Iterator[str]:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        yield call.args[0].value
