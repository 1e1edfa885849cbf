"""What code asks of AWS when it is called, found by reading it: an interpreter of what may be where, not of values.

It begins with objects that are really open, so `self._table` is that very table; what is made meanwhile is one object
for each place that makes it. All branches are taken, until nothing new is found, and what goes into foreign code may
come out of it. So it sees too much rather than too little; unseen is `getattr` by a name, `exec`, and what an answer of
a service leads to.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import FunctionType, MethodType, ModuleType

from opensearchpy import AsyncOpenSearch

from tests.contract.frame import Frame
from tests.contract.values import (
    NOTHING,
    Bound,
    Made,
    Operation,
    Sdk,
    Values,
    cells,
    identity,
    is_function,
    is_ours,
    merged,
    one_of,
    parameters,
    source,
    static,
    texts,
    type_of_value,
    union,
)


class Reach:
    """Follows calls; *pairs* are the operations that were come by, each with a text that it was asked with (or "")."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = frozenset(words)
        self.pairs: set[tuple[Operation, str]] = set()
        self._made: dict[tuple[int, type], Made] = {}
        self._put: dict[tuple[int, str], Values] = {}
        self._frames: dict[type_of_value, Frame] = {}
        self._read: set[type_of_value] = set()

    def call(self, called: Values, arguments: Values = (), named: Mapping[str, Values] | None = None) -> Values:
        """Return what may come of calling any of *called*."""
        return union(self.answer(one, list(map(one_of, arguments)), dict(named or {}), None) for one in called)

    def follow(self, called: type_of_value, *arguments: type_of_value) -> None:
        """Call *called* until nothing new is come by."""
        size = -1
        while size != (size := self._size()):
            self._read.clear()
            self.call((called,), arguments)

    def _size(self) -> int:
        frames = sum(len(values) for frame in self._frames.values() for values in frame.local.values())
        made = sum(len(values) for one in self._made.values() for values in one.has.values())
        return frames + made + len(self.pairs) + sum(map(len, self._put.values()))

    def answer(  # noqa: C901, PLR0911 - a table of kinds.
        self, called: type_of_value, arguments: list[Values], named: dict[str, Values], site: ast.AST | None
    ) -> Values:
        match called:
            case Operation(service="", name="open"):
                return tuple(map(Operation, texts(arguments[0])))
            case Operation(name=""):
                return NOTHING
            case Operation():
                self.pairs |= {(called, text) for text in ("", *texts(union([*arguments, *named.values()])))}
                return NOTHING
            case partial():
                return self.answer(called.func, [*map(one_of, called.args), *arguments], named, site)
            case MethodType():
                return self.answer(Bound(called.__func__, (called.__self__,)), arguments, named, site)
            case Bound():
                return self._run(called, [*([called.to] if called.to else []), *arguments], named)
            case FunctionType() if is_ours(called):
                return self._run(Bound(inspect.unwrap(called)), arguments, named)
            case type() if is_ours(called):
                return (self._make(called, arguments, named, site),)
        if not isinstance(called, type | FunctionType | ModuleType) and is_ours(type(called)):
            return union(self.answer(one, arguments, named, site) for one in self.attribute(called, "__call__"))
        return self.foreign(arguments, named)

    def foreign(self, arguments: list[Values], named: dict[str, Values]) -> Values:
        """Call what is handed to foreign code, and take back all that was handed."""
        handed = union([*arguments, *named.values()])
        returned = union(self.answer(one, [], {}, None) for one in handed if is_function(one))
        return merged(union(map(self.within, handed)), returned)

    def _make(self, kind: type, arguments: list[Values], named: dict[str, Values], site: ast.AST | None) -> Made:
        made = self._made.setdefault((id(site), kind), Made(kind))
        if is_dataclass(kind) or hasattr(kind, "__struct_fields__"):
            names = [one.name for one in fields(kind)] if is_dataclass(kind) else list(kind.__struct_fields__)
            given = {**dict(zip(names, arguments, strict=False)), **named}
            for name, values in given.items():
                made.has[name] = merged(made.has.get(name, ()), values)
        elif isinstance(begin := kind.__init__, FunctionType):  # type: ignore[misc] # of that very class
            self._run(Bound(begin), [(made,), *arguments], named)
        return made

    def _run(self, bound: Bound, arguments: list[Values], named: dict[str, Values]) -> Values:
        """Return what a function of ours may return or yield; it is read once a round for each first argument."""
        node: type_of_value = bound.function if isinstance(bound.function, ast.AST) else source(bound.function)
        key = (id(node), id(bound.scope), tuple(map(identity, arguments[0])) if arguments else ())
        if key not in self._frames:
            outer = bound.scope or (bound.function.__globals__, cells(bound.function))
            self._frames[key] = Frame(self, {}, outer)
        frame = self._frames[key]
        for name, values in parameters(node.args, arguments, named).items():
            frame.set(name, values)
        if key not in self._read:
            self._read.add(key)
            frame.run(node.body if isinstance(node.body, list) else [ast.Return(node.body)])
        return frame.returned

    def put(self, into: type_of_value, name: str, values: Values) -> None:
        """Note that *into* has *values* as *name* from now on, or within it if there is no name."""
        if isinstance(into, Made):
            into.has[name] = merged(into.has.get(name, ()), values)
        else:
            self._put[id(into), name] = merged(self._put.get((id(into), name), ()), values)

    def within(self, one: type_of_value) -> Values:
        """Return what is in a container, and what was put there meanwhile; anything else is itself."""
        put = self._put.get((id(one), ""), ())
        if isinstance(one, Mapping):
            return merged(union(map(one_of, one.values())), put)
        return merged(union(map(one_of, one)), put) if isinstance(one, list | tuple | set | frozenset) else (one, *put)

    def attribute(self, of: type_of_value, name: str) -> Values:
        """Return what *of* has as *name*."""
        return merged(self._put.get((id(of), name), ()), self._had(of, name))

    def _had(self, of: type_of_value, name: str) -> Values:  # noqa: PLR0911 - a table of kinds.
        if isinstance(of, AsyncOpenSearch):
            return (Operation("opensearch", name),)
        if isinstance(of, Sdk):
            return (Operation("", name),)
        if isinstance(of, Operation):
            return (Operation(of.service, f"{of.name}.{name}" if of.name else name),)
        kind = of.kind if isinstance(of, Made) else type(of)
        if isinstance(of, type | ModuleType):
            return one_of(getattr(of, name, None))
        found = static(kind, name)
        if isinstance(found, FunctionType) and is_ours(kind):
            return (Bound(inspect.unwrap(found), (of,)),)
        if isinstance(found, property) and isinstance(found.fget, FunctionType):
            return self._run(Bound(found.fget), [(of,)], {})
        if isinstance(of, Made):
            return of.has.get(name, ())
        return self._known(one_of(getattr(of, name, None))) if is_ours(kind) else NOTHING

    def _known(self, values: Values) -> Values:
        return tuple(one for one in values if not isinstance(one, str) or one in self.words)
