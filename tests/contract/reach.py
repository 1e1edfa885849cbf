"""What code asks of AWS when it is called, found by reading it: an interpreter of what may be where, not of values.

It begins with objects that are really open, so `self._table` is that very table; what is made meanwhile is one object
for each place that makes it. Branches are all taken, loops once, and what goes into foreign code may come out of it.
So it sees too much rather than too little. Unseen: `getattr` by a name, `exec`, what an answer of a service leads to.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

from opensearchpy import AsyncOpenSearch

from runtime.adapters.aws.table import Table

type_of_value = Any  # Whatever code may have in its hands.
Values = tuple[type_of_value, ...]
_NOTHING: Values = ()
_PLAIN = (str, int, float, bool, bytes, type(None))
_IDLE = (int, float, bytes, type(None), re.Pattern, Enum)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a *service* is asked for by *name*; a client is one whose name is still empty."""

    service: str
    name: str = ""


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


class Reach:
    """Follows calls; *pairs* are the operations that were come by, each with a text that it was asked with (or "")."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = frozenset(words)
        self.pairs: set[tuple[Operation, str]] = set()
        self._made: dict[tuple[int, type], Made] = {}
        self._put: dict[tuple[int, str], Values] = {}
        self._frames: dict[type_of_value, _Frame] = {}
        self._read: set[type_of_value] = set()

    def call(self, called: Values, arguments: Values = (), named: Mapping[str, Values] | None = None) -> Values:
        """Return what may come of calling any of *called*."""
        return _all(self._call(one, list(map(_one, arguments)), dict(named or {}), None) for one in called)

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

    def _call(  # noqa: C901, PLR0911 - a table of kinds.
        self, called: type_of_value, arguments: list[Values], named: dict[str, Values], site: ast.AST | None
    ) -> Values:
        match called:
            case Operation(service="", name="open"):
                return tuple(map(Operation, texts(arguments[0])))
            case Operation(name=""):
                return _NOTHING
            case Operation():
                self.pairs |= {(called, text) for text in ("", *texts(_all([*arguments, *named.values()])))}
                return _NOTHING
            case partial():
                return self._call(called.func, [*map(_one, called.args), *arguments], named, site)
            case MethodType():
                return self._call(Bound(called.__func__, (called.__self__,)), arguments, named, site)
            case Bound():
                return self._run(called, [*([called.to] if called.to else []), *arguments], named)
            case FunctionType() if _ours(called):
                return self._run(Bound(inspect.unwrap(called)), arguments, named)
            case type() if _ours(called):
                return (self._make(called, arguments, named, site),)
        if not isinstance(called, type | FunctionType | ModuleType) and _ours(type(called)):
            return _all(self._call(one, arguments, named, site) for one in self._attribute(called, "__call__"))
        return self._foreign(arguments, named)

    def _foreign(self, arguments: list[Values], named: dict[str, Values]) -> Values:
        """Call what is handed to foreign code, and take back all that was handed."""
        handed = _all([*arguments, *named.values()])
        returned = _all(self._call(one, [], {}, None) for one in handed if _is_function(one))
        return _merged(_all(map(self.within, handed)), returned)

    def _make(self, kind: type, arguments: list[Values], named: dict[str, Values], site: ast.AST | None) -> Made:
        made = self._made.setdefault((id(site), kind), Made(kind))
        if is_dataclass(kind) or hasattr(kind, "__struct_fields__"):
            names = [one.name for one in fields(kind)] if is_dataclass(kind) else list(kind.__struct_fields__)
            given = {**dict(zip(names, arguments, strict=False)), **named}
            for name, values in given.items():
                made.has[name] = _merged(made.has.get(name, ()), values)
        elif isinstance(begin := kind.__init__, FunctionType):  # type: ignore[misc] # of that very class
            self._run(Bound(begin), [(made,), *arguments], named)
        return made

    def _run(self, bound: Bound, arguments: list[Values], named: dict[str, Values]) -> Values:
        """Return what a function of ours may return or yield; it is read once a round for each first argument."""
        node: type_of_value = bound.function if isinstance(bound.function, ast.AST) else _source(bound.function)
        key = (id(node), id(bound.scope), tuple(map(_name, arguments[0])) if arguments else ())
        if key not in self._frames:
            outer = bound.scope or (bound.function.__globals__, _cells(bound.function))
            self._frames[key] = _Frame(self, {}, outer)
        frame = self._frames[key]
        for name, values in _parameters(node.args, arguments, named).items():
            frame.set(name, values)
        if key not in self._read:
            self._read.add(key)
            frame.run(node.body if isinstance(node.body, list) else [ast.Return(node.body)])
        return frame.returned

    def put(self, into: type_of_value, name: str, values: Values) -> None:
        """Note that *into* has *values* as *name* from now on, or within it if there is no name."""
        if isinstance(into, Made):
            into.has[name] = _merged(into.has.get(name, ()), values)
        else:
            self._put[id(into), name] = _merged(self._put.get((id(into), name), ()), values)

    def within(self, one: type_of_value) -> Values:
        """Return what is in a container, and what was put there meanwhile; anything else is itself."""
        put = self._put.get((id(one), ""), ())
        if isinstance(one, Mapping):
            return _merged(_all(map(_one, one.values())), put)
        return _merged(_all(map(_one, one)), put) if isinstance(one, list | tuple | set | frozenset) else (one, *put)

    def _attribute(self, of: type_of_value, name: str) -> Values:
        """Return what *of* has as *name*."""
        return _merged(self._put.get((id(of), name), ()), self._had(of, name))

    def _had(self, of: type_of_value, name: str) -> Values:  # noqa: PLR0911 - a table of kinds.
        if isinstance(of, AsyncOpenSearch):
            return (Operation("opensearch", name),)
        if isinstance(of, Sdk):
            return (Operation("", name),)
        if isinstance(of, Operation):
            return (Operation(of.service, f"{of.name}.{name}" if of.name else name),)
        kind = of.kind if isinstance(of, Made) else type(of)
        if isinstance(of, type | ModuleType):
            return _one(getattr(of, name, None))
        found = _static(kind, name)
        if isinstance(found, FunctionType) and _ours(kind):
            return (Bound(inspect.unwrap(found), (of,)),)
        if isinstance(found, property) and isinstance(found.fget, FunctionType):
            return self._run(Bound(found.fget), [(of,)], {})
        if isinstance(of, Made):
            return of.has.get(name, ())
        return self._known(_one(getattr(of, name, None))) if _ours(kind) else _NOTHING

    def _known(self, values: Values) -> Values:
        return tuple(one for one in values if not isinstance(one, str) or one in self.words)


class _Frame:
    """One function that is read, with what its names may be."""

    def __init__(self, reach: Reach, local: dict[str, Values], outer: type_of_value) -> None:
        self.reach, self.local, self.outer = reach, local, outer
        self.returned: Values = ()

    def run(self, body: Iterable[ast.AST]) -> None:
        """Read statements."""
        for node in body:
            self._statement(node)

    def _statement(self, node: ast.AST) -> None:  # noqa: C901 - a table of kinds.
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.set(node.name, (Bound(node, (), self),))
            case ast.Return(value=value) if value is not None:
                self.returned = _merged(self.returned, self.value(value))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, self.value(value))
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._assign(target, self.value(value))
            case ast.For(target=target, iter=over) | ast.AsyncFor(target=target, iter=over):
                self._assign(target, self._each(over))
                self.run([*node.body, *node.orelse])
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    self._enter(item)
                self.run(node.body)
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Match(subject=subject, cases=cases):
                self._match(self.value(subject), cases)
            case ast.expr():
                self.value(node)
            case _:
                self.run(ast.iter_child_nodes(node))

    def value(self, node: ast.AST) -> Values:  # noqa: C901, PLR0911 - a table of kinds.
        """Return what an expression may be, having read all that is in it."""
        match node:
            case ast.Name(id=name):
                return self.get(name)
            case ast.Constant(value=str(text)):
                return (text,) if text in self.reach.words else _NOTHING
            case ast.Attribute(value=of, attr=name):
                return self._attributes(self.value(of), name)
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                return (Bound(node, (), self),)
            case ast.NamedExpr(target=target, value=value):
                found = self.value(value)
                self._assign(target, found)
                return found
            case ast.Yield(value=value) | ast.YieldFrom(value=value) if value is not None:
                self.returned = _merged(self.returned, self.value(value))
                return _NOTHING
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehended(node)
            case ast.Subscript(value=of):
                return _all(map(self.reach.within, self.value(of)))
            case ast.Compare() | ast.JoinedStr():
                for child in ast.iter_child_nodes(node):
                    self.value(child)
                return _NOTHING
        return _all([self.value(child) for child in ast.iter_child_nodes(node)])

    def _call(self, node: ast.Call) -> Values:
        arguments = [self.value(one) for one in node.args if not isinstance(one, ast.Starred)]
        spread = [
            _all(map(self.reach.within, self.value(one.value))) for one in node.args if isinstance(one, ast.Starred)
        ]
        named = {one.arg: self.value(one.value) for one in node.keywords if one.arg}
        loose = _all(
            [*spread, *(_all(map(self.reach.within, self.value(one.value))) for one in node.keywords if not one.arg)]
        )
        of = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else _NOTHING
        called = self._attributes(of, node.func.attr) if isinstance(node.func, ast.Attribute) else self.value(node.func)
        if loose:
            named["**"] = loose
        if not any(map(_is_called, called)):
            return self.reach._foreign([*arguments, of], named)
        for one in called:
            if isinstance(one, Operation) and one.service == "dynamodb" and one.name:
                kept = [text for text in texts(_all([*arguments, *named.values()])) if text in WRITES]
                self.reach.pairs |= {(one, f"{name}\t{kind}") for name in self._tables() for kind in ("", *kept)}
        return _all(self.reach._call(one, arguments, named, node) for one in called)

    def _tables(self) -> list[str]:
        """Return the name of the table that is asked here: a request holds more texts than that."""
        return [one.name for name in ("self", "table") for one in self.get(name) if isinstance(one, Table)]

    def _attributes(self, of: Values, name: str) -> Values:
        return _all(self.reach._attribute(one, name) for one in of)

    def _comprehended(self, node: type_of_value) -> Values:
        for generator in node.generators:
            self._assign(generator.target, self._each(generator.iter))
            for condition in generator.ifs:
                self.value(condition)
        return _all(
            [self.value(one) for one in ([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])]
        )

    def _each(self, node: ast.AST) -> Values:
        found = self.value(node)
        return _merged(
            _all(map(self.reach.within, found)), self._special(found, "__aiter__", "__iter__", "__anext__", "__next__")
        )

    def _enter(self, item: ast.withitem) -> None:
        found = self.value(item.context_expr)
        entered = _merged(found, self._special(found, "__aenter__", "__enter__", "__aexit__", "__exit__"))
        if item.optional_vars is not None:
            self._assign(item.optional_vars, entered)

    def _special(self, of: Values, *names: str) -> Values:
        ours = [one for one in of if _ours(one.kind if isinstance(one, Made) else type(one))]
        return _all(self.reach.call(self.reach._attribute(one, name)) for one in ours for name in names)

    def _match(self, subject: Values, cases: Iterable[ast.match_case]) -> None:
        inside = _all([subject, *(_all(one.has.values()) for one in subject if isinstance(one, Made))])
        for case in cases:
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.MatchAs) and part.name:
                    self.set(part.name, inside)
            self.run(case.body)

    def _assign(self, target: ast.AST, values: Values) -> None:  # noqa: C901 - a table of kinds.
        match target:
            case ast.Name(id=name):
                self.set(name, values)
            case ast.Attribute(value=of, attr=name):
                for one in self.value(of):
                    self.reach.put(one, name, values)
            case ast.Subscript(value=of):
                for one in self.value(of):
                    self.reach.put(one, "", values)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for part in targets:
                    self._assign(part, _all(map(self.reach.within, values)))
            case ast.Starred(value=part):
                self._assign(part, values)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        scope: dict[str, type_of_value] = {}
        exec(compile(ast.Module([node], []), "import", "exec"), scope)  # noqa: S102 - an import of ours.
        for name, one in scope.items():
            self.set(name, (one,))

    def set(self, name: str, values: Values) -> None:
        """Let *name* be any of *values*, too."""
        self.local[name] = _merged(self.local.get(name, ()), values)

    def get(self, name: str) -> Values:
        if name in self.local:
            return self.local[name]
        if isinstance(self.outer, _Frame):
            return self.outer.get(name)
        around, cells = self.outer
        return _one(cells.get(name, around.get(name, getattr(builtins, name, None))))


@cache
def _static(kind: type, name: str) -> type_of_value:
    return inspect.getattr_static(kind, name, None)


@cache
def _source(function: FunctionType) -> type_of_value:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except SyntaxError:  # A lambda in the middle of an expression.
        return ast.parse("def nothing(*_, **__): pass").body[0]
    return next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )


def _parameters(said: ast.arguments, arguments: list[Values], named: dict[str, Values]) -> dict[str, Values]:
    names = [one.arg for one in (*said.posonlyargs, *said.args)]
    loose = named.get("**", ())
    local = dict.fromkeys([*names, *(one.arg for one in said.kwonlyargs)], loose)
    local |= dict(zip(names, arguments, strict=False))
    local |= {name: values for name, values in named.items() if name in local}
    if said.vararg:
        local[said.vararg.arg] = _all(arguments[len(names) :])
    if said.kwarg:
        local[said.kwarg.arg] = _merged(
            loose, _all(v for name, v in named.items() if name not in local and name != "**")
        )
    return local


def _cells(function: FunctionType) -> dict[str, type_of_value]:
    return {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    }


def _ours(one: type_of_value) -> bool:
    return str(getattr(one, "__module__", "")).startswith("runtime.")


def _is_function(one: type_of_value) -> bool:
    return isinstance(one, Bound | FunctionType | MethodType | partial) or (
        isinstance(one, Operation) and one.name != ""
    )


def _is_called(one: type_of_value) -> bool:
    return _is_function(one) or isinstance(one, type | Made) or _ours(type(one))


def _one(value: type_of_value) -> Values:
    """Return *value* if it may lead anywhere."""
    return () if isinstance(value, _IDLE) else (value,)


def _name(one: type_of_value) -> type_of_value:
    return (
        one
        if isinstance(one, (*_PLAIN, Operation))
        else (id(one.function), tuple(map(id, one.to)), id(one.scope))
        if isinstance(one, Bound)
        else id(one)
    )


def _all(many: Iterable[Values]) -> Values:
    return _merged(*many)


def _merged(*many: Values) -> Values:
    many = tuple(filter(None, many))
    if len(many) == 1:
        return many[0]
    return tuple({_name(one): one for values in many for one in values}.values())


def texts(values: Values) -> Iterator[str]:
    """Yield the texts among *values*."""
    return (one for one in values if isinstance(one, str))
