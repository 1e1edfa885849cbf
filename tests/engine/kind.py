"""A type of resource: what Terraform's provider does with it, in terms of Pulumi's properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridge.kinds import Unlike
from bridge.schema import Props
from tests.engine import aws_types
from tests.engine.packing import with_files
from tests.engine.plugin import Plugin, Refused
from tests.engine.values import unpacked

_META = "__meta"


@dataclass(frozen=True)
class Planned:
    """A change that the provider has planned."""

    configuration: Props
    state: Props
    private: bytes
    replaced: frozenset[str]


class Kind:
    """A type of resource: Terraform's calls in terms of Pulumi's properties."""

    def __init__(self, plugin: Plugin, type_name: str, region: str) -> None:
        self.type_name, self.shape, self.region = type_name, plugin.resources[type_name], region
        self._plugin = plugin

    def given(self, inputs: Props) -> Props:
        """Return *inputs* as this provider has them."""
        kept = {key: value for key, value in inputs.items() if key != "region" or "region" in self.shape.pulumi.by_key}
        return with_files(self.shape, aws_types.older(self.type_name, kept))

    def refusals(self, inputs: Props) -> list[str]:
        """Return what the schema or the provider has against *inputs*."""
        strange = list(self.shape.pulumi.strangers(self.given(inputs)))
        if strange:
            return [f"{self.type_name} of this provider has no {', '.join(strange)}"]
        try:
            told = self.shape.configuration(self.given(inputs))
            self._plugin.call("ValidateResourceTypeConfig", type_name=self.type_name, config=told)
        except (Refused, Unlike) as refused:
            return [str(refused)]
        return []

    def prior(self, outputs: Props) -> tuple[Props, bytes]:
        """Return the state behind *outputs*, and what the provider keeps for itself."""
        return self.shape.attributes(with_files(self.shape, outputs)), str(outputs.get(_META, "")).encode()

    def plan(self, prior: Props | None, private: bytes, inputs: Props) -> Planned:
        """Ask what becomes of *prior* by *inputs*."""
        told = self.shape.configuration(self.given(inputs))
        answer = self._plugin.call(
            "PlanResourceChange",
            type_name=self.type_name,
            prior_state=prior,
            config=told,
            proposed_new_state=self.shape.proposed(prior, told),
            prior_private=private,
        )
        replaced = frozenset(one.steps[0].attribute_name for one in answer.requires_replace)
        return Planned(told, state_of(answer.planned_state), answer.planned_private, replaced)

    def apply(self, prior: Props | None, planned: Planned) -> tuple[Props, bytes]:
        """Make what was *planned*. Raises `Refused`."""
        answer = self._plugin.call(
            "ApplyResourceChange",
            type_name=self.type_name,
            prior_state=prior,
            config=planned.configuration,
            planned_state=planned.state,
            planned_private=planned.private,
        )
        return state_of(answer.new_state), answer.private

    def delete(self, prior: Props, private: bytes) -> None:
        """Remove what *prior* describes."""
        nothing = {"planned_state": None, "config": None}
        self._plugin.call(
            "ApplyResourceChange", type_name=self.type_name, prior_state=prior, planned_private=private, **nothing
        )

    def read(self, prior: Props, private: bytes) -> tuple[Props | None, bytes]:
        """Return what *prior* is now; None: it is gone."""
        answer = self._plugin.call("ReadResource", type_name=self.type_name, current_state=prior, private=private)
        found = unpacked(answer.new_state.msgpack)
        return found if isinstance(found, dict) else None, answer.private

    def imported(self, id_: str) -> tuple[Props, bytes]:
        """Return what is known of the resource *id_* before it is read."""
        (found,) = self._plugin.call("ImportResourceState", type_name=self.type_name, id=id_).imported_resources
        return state_of(found.state), found.private

    def outputs(self, state: Props, inputs: Props, private: bytes = b"") -> Props:
        """Return *state* as Pulumi shows it: an asset stays one, and what the provider keeps is kept beside it."""
        shown = self.shape.properties(state)
        shown |= {key: value for key, value in inputs.items() if with_files(self.shape, {key: value}) != {key: value}}
        shown |= {} if "region" in self.shape.pulumi.by_key else {"region": self.region}
        return shown | ({_META: private.decode()} if private else {})

    def secrets(self) -> set[str]:
        """Return the properties that the provider calls sensitive."""
        return {field.key for field in self.shape.pulumi.fields if field.sensitive}


def state_of(value: Any) -> Props:  # noqa: ANN401 - a message that exists at run time only
    """Return the state in *value*."""
    found = unpacked(value.msgpack)
    assert isinstance(found, dict)
    return found
