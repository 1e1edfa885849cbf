"""A stack's outputs as Terraform's: names it can say, values with their types, secrets as `sensitive`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from bridge.cty import canonical, type_of
from bridge.document import Json, render
from bridge.refused import Refused
from bridge.stack import Stack, open_output
from bridge.state import Output, State


def convert(stack: Stack, *, show_secrets: bool) -> dict[str, Output]:
    """Convert every output of *stack*, or refuse all that cannot be, each by its name."""
    converted, refusals = {}, []
    for name, value in stack.outputs.items():
        try:
            _need_a_name(name)
            converted[name] = _convert(name, value, show_secrets=show_secrets)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise Refused.together(refusals)
    return converted


def differences(before: State | None, after: State) -> Iterator[str]:
    """Say in a line for each output that comes, changes or goes what it was and will be, but never a secret."""
    old = before.outputs if before else {}
    for name in sorted({*old, *after.outputs}):
        was, becomes = old.get(name), after.outputs.get(name)
        if was is None and becomes is not None:
            yield f"+ {name} = {_shown(becomes, hidden=becomes.sensitive)}"
        elif was is not None and becomes is None:
            yield f"- {name} = {_shown(was, hidden=was.sensitive)}"
        elif was is not None and becomes is not None and was != becomes:
            yield f"~ {name} = {_change(was, becomes)}"


def _convert(name: str, value: Json, *, show_secrets: bool) -> Output:
    opened, secret = open_output(name, value, show_secrets=show_secrets)
    plain = canonical(opened, f"output {name!r}")
    return Output(plain, type_of(plain), secret)


def _need_a_name(name: str) -> None:
    plain = name.isidentifier() or (not name.startswith("-") and name.replace("-", "_").isidentifier())
    if plain and unicodedata.is_normalized("NFC", name):
        return
    raise Refused.because(
        got=f"output {name!r}",
        why="Terraform's names have letters, digits, - and _, and start with a letter or _",
        instead="export it under another name",
    )


def _change(was: Output, becomes: Output) -> str:
    hidden = was.sensitive or becomes.sensitive
    change = f"{_shown(was, hidden=hidden)} -> {_shown(becomes, hidden=hidden)}"
    if was.sensitive != becomes.sensitive:
        return f"{change}, {'sensitive from now on' if becomes.sensitive else 'no longer sensitive'}"
    return change if was.value != becomes.value else f"{change}, of another type"


def _shown(output: Output, *, hidden: bool) -> str:
    return "(sensitive)" if hidden else render(output.value)


def names(outputs: Mapping[str, Output]) -> str:
    """Count *outputs* for people."""
    return f"{len(outputs)} output{'' if len(outputs) == 1 else 's'}"
