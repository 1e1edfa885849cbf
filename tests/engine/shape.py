"""What a type of a Terraform provider is made of: the bridge's conversion of it, and Terraform core's rules of change.

Values are Terraform's here, every attribute of them there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bridge.document import Json, Number, render
from bridge.kinds import Opaque
from bridge.schema import Object, Props, read
from tests.engine.values import LATER

Block = Mapping[str, Any]
_NESTINGS = {1: "single", 2: "list", 3: "set", 4: "map", 5: "group"}
_SETS = frozenset({"set"})


@dataclass(frozen=True)
class Shape:
    """One type: *block* is as `terraform providers schema -json` says it, *pulumi* converts its values."""

    block: Block
    pulumi: Object

    @classmethod
    def of(cls, type_name: str, schema: Any) -> Shape:  # noqa: ANN401 - a message that exists at run time only
        """Return the type that *schema* describes."""
        block = _told(schema.block)
        return cls(block, read(type_name, block))

    def attributes(self, props: Props) -> Props:
        """Return *props* as a state has them. Raises `Unlike`."""
        later, known = self._parted(props, [field.key for field in self.pulumi.fields if field.inner])
        return self.pulumi.attributes(known) | {field.name: LATER for field in self.pulumi.fields if field.key in later}

    def configuration(self, inputs: Props) -> Props:
        """Return *inputs* as a whole configuration, and what no state keeps with it. Raises `Unlike`."""
        forgotten = {field.key: field.name for field in self.pulumi.fields if field.forgotten}
        given = self.pulumi.configuration({key: value for key, value in inputs.items() if key in forgotten})
        return self.attributes(inputs) | given

    def properties(self, state: Props) -> Props:
        """Return *state* as Pulumi shows it."""
        later, known = self._parted(state, list(self.block["block_types"]))
        return self.pulumi.properties(known) | {self.key(name): LATER for name in later}

    def _parted(self, props: Props, blocks: Sequence[str]) -> tuple[set[str], Props]:
        """Set aside those of the *blocks* that are not known yet: the bridge reads what was deployed, where all is."""
        later = {name for name in blocks if isinstance(props.get(name), Opaque)}
        return later, {key: value for key, value in props.items() if key not in later}

    def key(self, name: str) -> str:
        """Return what Pulumi calls the property that Terraform calls *name*."""
        return next(field.key for field in self.pulumi.fields if field.name == name)

    def proposed(self, prior: Props | None, configuration: Props) -> Props:
        """Return the state that Terraform core would propose: what is said, else what the provider had computed."""
        return _proposed(self.block, prior or {}, configuration)

    def changed(self, before: Props, after: Props) -> frozenset[str]:
        """Return the names of what is another in *after*; the order of sets is nothing."""
        one, other = _canonical(self.block, before), _canonical(self.block, after)
        return frozenset(name for name in one if one[name] != other[name])


class Shapes(Mapping[str, Shape]):
    """The types of a provider, each read when it is first asked for."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas, self._read = schemas, dict[str, Shape]()

    def __getitem__(self, name: str) -> Shape:
        if name not in self._read:
            if name not in self._schemas:
                raise KeyError(name)
            self._read[name] = Shape.of(name, self._schemas[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)


def _told(block: Any) -> dict[str, Any]:  # noqa: ANN401 - as `Shape.of`
    return {
        "attributes": {one.name: _attribute(one) for one in block.attributes},
        "block_types": {
            one.type_name: {
                "nesting_mode": _NESTINGS[one.nesting],
                "max_items": one.max_items,
                "block": _told(one.block),
            }
            for one in block.block_types
        },
    }


def _attribute(told: Any) -> dict[str, Any]:  # noqa: ANN401 - as `Shape.of`
    said = ("optional", "required", "computed", "sensitive", "write_only")
    return {"type": json.loads(told.type), **{key: getattr(told, key, False) for key in said}}


def _proposed(block: Block, prior: Props, configuration: Props) -> Props:
    new: Props = {}
    for name, told in block["attributes"].items():
        said = configuration.get(name)
        new[name] = prior.get(name) if said is None and told["computed"] else said
    for name, told in block["block_types"].items():
        new[name] = _proposed_block(told, prior.get(name), configuration.get(name))
    return new


def _proposed_block(told: Block, prior: Json, said: Json) -> Json:
    inner, nesting = told["block"], told["nesting_mode"]
    match said:
        case dict() if nesting == "map":
            was = _mapping(prior)
            return {key: _proposed(inner, _mapping(was.get(key)), _mapping(item)) for key, item in said.items()}
        case dict():
            return _proposed(inner, _mapping(prior), said)
        case list():
            before = prior if isinstance(prior, list) else []
            return [_proposed(inner, _twin(nesting, before, at, item), _mapping(item)) for at, item in enumerate(said)]
        case _:
            return said


def _twin(nesting: str, prior: list[Json], at: int, said: Json) -> Props:
    """Return which of *prior* became what is *said*: the one there, or the one in a set that agrees with it."""
    if nesting not in _SETS:
        return _mapping(prior[at]) if at < len(prior) else {}
    given = {key: value for key, value in _mapping(said).items() if value not in (None, []) and not _later(value)}
    agrees = (one for one in map(_mapping, prior) if all(one.get(key) == value for key, value in given.items()))
    return next(agrees, {})


def _canonical(block: Block, state: Props) -> Props:
    found: Props = {}
    for name, told in block["attributes"].items():
        kind = told["type"]
        found[name] = _ordered(state.get(name), is_set=isinstance(kind, list) and kind[0] in _SETS)
    for name, told in block["block_types"].items():
        value = state.get(name)
        items: Json = (
            [_canonical(told["block"], _mapping(item)) for item in value] if isinstance(value, list) else value
        )
        found[name] = _ordered(items, is_set=told["nesting_mode"] in _SETS)
    return found


def _ordered(value: Json, *, is_set: bool) -> Json:
    return cast("Json", sorted(value, key=render)) if is_set and isinstance(value, list) else _plain(value)


def _plain(value: Json) -> Json:
    """Return *value* with one writing for each number; Terraform's older SDK tells no empty text from none."""
    if isinstance(value, Number):
        return Number(repr(float(value.text)))
    return None if value == "" and not _later(value) else value


def _later(value: Json) -> bool:
    return isinstance(value, Opaque)


def _mapping(value: Json) -> Props:
    return value if isinstance(value, dict) else {}
