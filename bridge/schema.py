"""Pulumi's properties to Terraform's and back, by the provider's own schema (`terraform providers schema -json`).

Pulumi flattens what Terraform has as a list of at most one, and pluralises other lists; sets have no order; of JSON in
a text nothing is changed; the keys of maps are the user's and stay. Pure: nothing is read, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bridge.document import Json
from bridge.kinds import DEFAULTS, MANY, Kind, Opaque, Unlike, shown, typed
from bridge.naming import camel, overrides, plural

Props = dict[str, Json]

# Settings of the client, which no state keeps.
_NOT_OURS = frozenset({"timeouts"})


@dataclass(frozen=True)
class Field:
    """One property: *name* is Terraform's, *key* Pulumi's; of *kind*, a cty type, or with *inner* properties.

    *nesting* is how a block nests ("" for an attribute); *single*: a list of at most one, which Pulumi shows as that.
    What is *forgotten* is given to the provider and in no state.
    """

    name: str
    key: str
    kind: Kind | None = None
    inner: Object | None = None
    nesting: str = ""
    single: bool = False
    settable: bool = True
    sensitive: bool = False
    forgotten: bool = False

    @property
    def many(self) -> bool:
        """Say whether Terraform has a list or a set here."""
        return self.nesting in MANY or (isinstance(self.kind, list) and self.kind[0] in MANY)


@dataclass(frozen=True)
class Object:
    """The properties of a resource, or of a block in it."""

    fields: tuple[Field, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The fields by Pulumi's names."""
        return {field.key: field for field in self.fields}

    def attributes(self, props: Props) -> Props:
        """Return *props* as a state has them: every attribute, null where there is nothing. Raises `Unlike`."""
        return {
            field.name: None if field.name in _NOT_OURS else _to_terraform(field, props.get(field.key), whole=True)
            for field in self.fields
        }

    def configuration(self, props: Props) -> Props:
        """Return *props* as a configuration says them: what is given, and may be. Raises `Unlike`."""
        settable = [field for field in self.fields if field.settable and field.name not in _NOT_OURS]
        return {
            field.name: _to_terraform(field, props[field.key], whole=False)
            for field in settable
            if props.get(field.key) is not None
        }

    def properties(self, attributes: Props) -> Props:
        """Return *attributes* as Pulumi shows them, without what is null."""
        found = {
            field.key: _to_pulumi(field, attributes.get(field.name))
            for field in self.fields
            if field.name not in _NOT_OURS
        }
        return {key: value for key, value in found.items() if value is not None}

    def strangers(self, props: Props, path: str = "") -> Iterator[str]:
        """Yield the paths of what *props* have and the schema does not know.

        Pulumi's own notes (`__x`) are none, nor is what the program left to its provider's defaults.
        """
        given = props.get(DEFAULTS)
        defaults = given if isinstance(given, list) else []
        for key, value in props.items():
            field = self.by_key.get(key)
            if field is None and not key.startswith("__") and key not in defaults:
                yield path + key
            elif field is not None and field.inner is not None:
                for item in _items(field, value):
                    if isinstance(item, dict):
                        yield from field.inner.strangers(item, f"{path}{key}.")


def read(type_name: str, block: Mapping[str, Any]) -> Object:
    """Return the properties of *type_name* by its *block* in the provider's schema. Raises `Unlike`."""
    return _object(block, overrides(type_name), "")


def _object(block: Mapping[str, Any], named: Mapping[str, str], path: str) -> Object:
    fields = [_attribute(name, told, named.get(path + name)) for name, told in block.get("attributes", {}).items()]
    for name, told in block.get("block_types", {}).items():
        inner = _object(told["block"], named, f"{path}{name}.")
        fields.append(_block(name, told, inner, named.get(path + name)))
    return Object(tuple(fields))


def _attribute(name: str, told: Mapping[str, Any], named: str | None) -> Field:
    if "type" not in told:
        raise Unlike(f"{camel(name)}: the schema says its type in a way that is not known here")
    kind = told["type"]
    many = isinstance(kind, list) and kind[0] in MANY
    key, shown_many = _named(name, named, many=many)
    return Field(
        name,
        key,
        kind=kind,
        single=many and not shown_many,
        settable=bool(told.get("optional") or told.get("required")),
        sensitive=bool(told.get("sensitive")),
        forgotten=bool(told.get("write_only")),
    )


def _block(name: str, told: Mapping[str, Any], inner: Object, named: str | None) -> Field:
    nesting = told["nesting_mode"]
    many = nesting in MANY
    key, shown_many = _named(name, named, many=many and told.get("max_items") != 1)
    return Field(name, key, inner=inner, nesting=nesting, single=many and not shown_many)


def _named(name: str, named: str | None, *, many: bool) -> tuple[str, bool]:
    """Return what Pulumi calls *name*, and whether it shows a list: by the rule, if it is not *named* otherwise."""
    if named is None:
        return plural(camel(name)) if many else camel(name), many
    return named.removesuffix("[]"), named.endswith("[]")


def _items(field: Field, value: Json) -> list[Json]:
    """Return what stands in *value*, whether Pulumi shows a list, a map or the one."""
    if field.nesting == "map" and isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _to_terraform(field: Field, value: Json, *, whole: bool) -> Json:
    if whole and field.forgotten:
        return None
    try:
        return _block_of(field, field.inner, value, whole=whole) if field.inner else _value(field, value)
    except Unlike as unlike:
        raise Unlike(f"{field.key}: {unlike}") from unlike


def _value(field: Field, value: Json) -> Json:
    return typed(field.kind, [value] if field.single and value is not None else value)


def _block_of(field: Field, inner: Object, value: Json, *, whole: bool) -> Json:
    if isinstance(value, Opaque):
        raise Unlike("it is a block, and here a single value")
    if field.nesting == "map":
        return {key: _within(inner, item, whole=whole) for key, item in _mapping(value).items()}
    if field.nesting in MANY:
        return [] if value is None else [_within(inner, item, whole=whole) for item in _items(field, value)]
    return None if value is None else _within(inner, value, whole=whole)


def _within(inner: Object, item: Json, *, whole: bool) -> Json:
    return inner.attributes(_mapping(item)) if whole else inner.configuration(_mapping(item))


def _to_pulumi(field: Field, value: Json) -> Json:
    if value is None or isinstance(value, Opaque):
        return value
    found = shown(field.kind, value) if field.inner is None else _unfolded(field, field.inner, value)
    if field.single and isinstance(found, list):
        return found[0] if found else None
    return found


def _unfolded(field: Field, inner: Object, value: Json) -> Json:
    if field.nesting == "map":
        return {key: inner.properties(_mapping(item)) for key, item in _mapping(value).items()}
    if field.nesting in MANY:
        return [inner.properties(_mapping(item)) for item in _items(field, value)]
    return inner.properties(_mapping(value))


def _mapping(value: Json) -> Props:
    if value is not None and not isinstance(value, dict):
        raise Unlike("it has no properties")
    return value or {}
