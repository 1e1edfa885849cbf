"""Where a state says that something is sensitive: at the paths that Terraform finds in the configuration itself.

Should the two differ, Terraform plans a change. Elements of a set cannot be sensitive, so the set is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bridge.document import Json, Number
from bridge.kinds import Kind
from bridge.schema import Field, Object, Props

Step = dict[str, Json]
Path = tuple[Step, ...]
Secret = Callable[[str], bool]


def paths(shape: Object, said: Props, secret: Secret) -> Iterator[Path]:
    """Yield the path of each value in *said*, a configuration of *shape*, that holds a text that is *secret*."""
    for field in shape.fields:
        if field.name in said:
            yield from _in_field(field, said[field.name], ({"type": "get_attr", "value": field.name},), secret)


def _in_field(field: Field, value: Json, path: Path, secret: Secret) -> Iterator[Path]:
    if field.inner is None:
        yield from _in_kind(field.kind, value, path, secret)
    elif field.nesting == "set":
        yield from [path] if _holds(value, secret) else []
    else:
        for step, item in _steps(value) if field.nesting in {"list", "map"} else [((), value)]:
            if isinstance(item, dict):
                yield from ((*path, *step, *deeper) for deeper in paths(field.inner, item, secret))


def _in_kind(kind: Kind | None, value: Json, path: Path, secret: Secret) -> Iterator[Path]:
    if isinstance(kind, list) and kind[0] in {"list", "map"} and isinstance(value, list | dict):
        for step, item in _steps(value):
            yield from _in_kind(kind[1], item, (*path, *step), secret)
    elif isinstance(kind, list) and kind[0] == "object" and isinstance(value, dict):
        for name, one in kind[1].items():
            yield from _in_kind(one, value.get(name), (*path, {"type": "get_attr", "value": name}), secret)
    elif _holds(value, secret):
        yield path


def _steps(value: Json) -> Iterator[tuple[Path, Json]]:
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield ({"type": "index", "value": {"value": Number(str(at)), "type": "number"}},), item
    elif isinstance(value, dict):
        for key, item in value.items():
            yield ({"type": "index", "value": {"value": key, "type": "string"}},), item


def _holds(value: Json, secret: Secret) -> bool:
    match value:
        case str():
            return secret(value)
        case list():
            return any(_holds(item, secret) for item in value)
        case dict():
            return any(_holds(item, secret) for item in value.values())
        case _:
            return False
