"""Terraform's state, version 4: read, changed and written without losing what is not ours.

Everything but the outputs is kept as it was read. A state is someone's: its lineage says whose, and its serial rises
when, and only when, something in it changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bridge.document import Json, Number, parse, render
from bridge.refused import Refused

# Terraform wants a version there and compares nothing with it; it is the one whose way of writing this is.
_WRITTEN_LIKE = "1.11.4"
_OURS = ("version", "terraform_version", "serial", "lineage", "outputs")


@dataclass(frozen=True, slots=True)
class Output:
    """One output: its value, its cty type in JSON, and whether it may be shown."""

    value: Json
    type: Json
    sensitive: bool = False

    def __repr__(self) -> str:
        """Show the value only where it may be shown."""
        return f"Output({'(sensitive)' if self.sensitive else render(self.value)}, {render(self.type)})"


@dataclass(frozen=True, slots=True)
class State:
    """A whole state; *rest* is what stands behind the outputs, as it was read."""

    lineage: str
    serial: int = 0
    outputs: Mapping[str, Output] = field(default_factory=dict)
    terraform_version: str = _WRITTEN_LIKE
    rest: Mapping[str, Json] = field(default_factory=lambda: {"resources": [], "check_results": None})


def read(data: bytes, name: str = "the state") -> State:
    """Read a state from the file that people know as *name*."""
    document = _need_version_4(parse(data, name), name)
    match document:
        case {"serial": Number(text=serial), "lineage": str(lineage)} if _counts(serial) and lineage:
            terraform = document.get("terraform_version")
            return State(
                lineage,
                int(serial),
                _read_outputs(document.get("outputs"), name),
                terraform if isinstance(terraform, str) else _WRITTEN_LIKE,
                {key: value for key, value in document.items() if key not in _OURS},
            )
    raise _incomplete(name, "no lineage, or no serial that counts")


def write(state: State) -> bytes:
    """Write *state* as Terraform does, to the byte."""
    document: dict[str, Json] = {
        "version": Number("4"),
        "terraform_version": state.terraform_version,
        "serial": Number(str(state.serial)),
        "lineage": state.lineage,
        "outputs": {name: _written(output) for name, output in sorted(state.outputs.items())},
        **state.rest,
    }
    return f"{render(document, indented=True)}\n".encode()


def sensitive_names(state: State) -> frozenset[str]:
    """Name the outputs whose values may not be shown."""
    return frozenset(name for name, output in state.outputs.items() if output.sensitive)


def succeed(before: State | None, outputs: Mapping[str, Output], lineage: str, name: str = "the state") -> State:
    """Put *outputs* in the place of those before; the very same state is given back where that changes nothing."""
    if before is None:
        return State(lineage, 1, outputs)
    if before.lineage != lineage:
        raise Refused.because(
            got=f"{name} of lineage {before.lineage}, where {lineage} would be written",
            why="another lineage is another's state: another stack's, or one that Terraform made",
            instead=f"name another file, or take this one over: --lineage {before.lineage}",
        )
    _need_no_managed(before, name)
    if before.outputs == outputs:
        return before
    return replace(before, serial=before.serial + 1, outputs=outputs)


def _need_version_4(document: Json, name: str) -> dict[str, Json]:
    match document:
        case dict() if document.get("version") == Number("4"):
            return document
        case {"encrypted_data": _}:
            why, instead = "it is encrypted, and the key is not here", "decrypt it: tofu state pull > state.tfstate"
        case {"version": Number(text=version)} if _counts(version) and int(version) < 4:  # noqa: PLR2004
            why = f"it is of version {version}, from before Terraform 0.12"
            instead = "let a newer Terraform write it again: terraform apply -refresh-only"
        case {"version": _}:
            why, instead = "it is of a version from after Terraform 1.11", "use a newer version of this bridge"
        case _:
            why, instead = "a state says its version, and this doesn't", "name a file that Terraform wrote"
    raise Refused.because(got=f"{name}, which is not a state of version 4", why=why, instead=instead)


def _counts(text: str) -> bool:
    return text.isdecimal() and len(text) < len(str(2**64))


def _need_no_managed(state: State, name: str) -> None:
    resources = state.rest.get("resources")
    listed = resources if isinstance(resources, list) else []
    managed = [resource for resource in listed if not isinstance(resource, dict) or resource.get("mode") != "data"]
    if managed:
        raise Refused.because(
            got=f"{name}, which manages {len(managed)} resource(s)",
            why="its configuration owns its outputs too: the next `terraform apply` would take ours away again",
            instead="write the outputs to a file of their own",
        )


def _read_outputs(outputs: Json, name: str) -> dict[str, Output]:
    if not isinstance(outputs, dict | None):
        raise _incomplete(name, "outputs that are no object")
    return {key: _read_output(output, f"{name}, output {key!r}") for key, output in (outputs or {}).items()}


def _read_output(output: Json, name: str) -> Output:
    match output:
        case {"value": value, "type": str() | list() as kind, **more}:
            return Output(value, kind, more.get("sensitive") is True)
    raise _incomplete(name, "no value, or no type")


def _written(output: Output) -> dict[str, Json]:
    return {"value": output.value, "type": output.type, **({"sensitive": True} if output.sensitive else {})}


def _incomplete(name: str, what: str) -> Refused:
    return Refused.because(
        got=f"{name} with {what}",
        why="every state of version 4 has it, so this one is damaged or made by hand",
        instead="take its backup, or the file that Terraform wrote",
    )
