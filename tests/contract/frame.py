"""One function as it is read: each statement and expression, for what its names may be and what is called."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import TYPE_CHECKING

from runtime.adapters.aws.table import Table
from tests.contract.values import (
    NOTHING,
    WRITES,
    Bound,
    Made,
    Operation,
    Values,
    is_called,
    is_ours,
    merged,
    one_of,
    texts,
    type_of_value,
    union,
)

if TYPE_CHECKING:
    from tests.contract.reach import Reach


class Frame:
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
                self.returned = merged(self.returned, self.value(value))
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
                return (text,) if text in self.reach.words else NOTHING
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
                self.returned = merged(self.returned, self.value(value))
                return NOTHING
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehended(node)
            case ast.Subscript(value=of):
                return union(map(self.reach.within, self.value(of)))
            case ast.Compare() | ast.JoinedStr():
                for child in ast.iter_child_nodes(node):
                    self.value(child)
                return NOTHING
        return union([self.value(child) for child in ast.iter_child_nodes(node)])

    def _call(self, node: ast.Call) -> Values:
        arguments = [self.value(one) for one in node.args if not isinstance(one, ast.Starred)]
        spread = [
            union(map(self.reach.within, self.value(one.value))) for one in node.args if isinstance(one, ast.Starred)
        ]
        named = {one.arg: self.value(one.value) for one in node.keywords if one.arg}
        loose = union(
            [*spread, *(union(map(self.reach.within, self.value(one.value))) for one in node.keywords if not one.arg)]
        )
        of = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else NOTHING
        called = self._attributes(of, node.func.attr) if isinstance(node.func, ast.Attribute) else self.value(node.func)
        if loose:
            named["**"] = loose
        if not any(map(is_called, called)):
            return self.reach.foreign([*arguments, of], named)
        for one in called:
            if isinstance(one, Operation) and one.service == "dynamodb" and one.name:
                kept = [text for text in texts(union([*arguments, *named.values()])) if text in WRITES]
                self.reach.pairs |= {(one, f"{name}\t{kind}") for name in self._tables() for kind in ("", *kept)}
        return union(self.reach.answer(one, arguments, named, node) for one in called)

    def _tables(self) -> list[str]:
        """Return the name of the table that is asked here: a request holds more texts than that."""
        return [one.name for name in ("self", "table") for one in self.get(name) if isinstance(one, Table)]

    def _attributes(self, of: Values, name: str) -> Values:
        return union(self.reach.attribute(one, name) for one in of)

    def _comprehended(self, node: type_of_value) -> Values:
        for generator in node.generators:
            self._assign(generator.target, self._each(generator.iter))
            for condition in generator.ifs:
                self.value(condition)
        return union(
            [self.value(one) for one in ([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])]
        )

    def _each(self, node: ast.AST) -> Values:
        found = self.value(node)
        return merged(
            union(map(self.reach.within, found)), self._special(found, "__aiter__", "__iter__", "__anext__", "__next__")
        )

    def _enter(self, item: ast.withitem) -> None:
        found = self.value(item.context_expr)
        entered = merged(found, self._special(found, "__aenter__", "__enter__", "__aexit__", "__exit__"))
        if item.optional_vars is not None:
            self._assign(item.optional_vars, entered)

    def _special(self, of: Values, *names: str) -> Values:
        ours = [one for one in of if is_ours(one.kind if isinstance(one, Made) else type(one))]
        return union(self.reach.call(self.reach.attribute(one, name)) for one in ours for name in names)

    def _match(self, subject: Values, cases: Iterable[ast.match_case]) -> None:
        inside = union([subject, *(union(one.has.values()) for one in subject if isinstance(one, Made))])
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
                    self._assign(part, union(map(self.reach.within, values)))
            case ast.Starred(value=part):
                self._assign(part, values)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        scope: dict[str, type_of_value] = {}
        exec(compile(ast.Module([node], []), "import", "exec"), scope)  # noqa: S102 - an import of ours.
        for name, one in scope.items():
            self.set(name, (one,))

    def set(self, name: str, values: Values) -> None:
        """Let *name* be any of *values*, too."""
        self.local[name] = merged(self.local.get(name, ()), values)

    def get(self, name: str) -> Values:
        if name in self.local:
            return self.local[name]
        if isinstance(self.outer, Frame):
            return self.outer.get(name)
        around, cells = self.outer
        return one_of(cells.get(name, around.get(name, getattr(builtins, name, None))))
