"""Whatever a stack has: nothing is lost, nothing is written twice, and no ciphertext lands in a file."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies

from bridge import outputs, stack, state
from bridge.__main__ import main
from bridge.cty import canonical
from bridge.document import Json, parse, render
from bridge.refused import Refused
from bridge.stack import SECRET
from tests.bridge import given as made

law = settings(max_examples=40, deadline=None)
secret_or_not = made.values.flatmap(lambda value: strategies.sampled_from([value, made.decrypted(value)]))
sealed = strategies.recursive(
    strategies.just(made.encrypted()), lambda inner: strategies.lists(inner | made.values, min_size=1, max_size=3)
)


def convert(values: dict[str, Any]) -> dict[str, state.Output]:
    return outputs.convert(stack.read(made.export(values)), show_secrets=True)


@law
@given(strategies.dictionaries(made.names, made.values, max_size=5))
def test_every_value_is_kept(values: dict[str, Any]) -> None:
    kept = {name: output.value for name, output in convert(values).items()}

    assert kept == canonical(parse(json.dumps(values).encode(), "values"), "values")


@law
@given(strategies.dictionaries(made.names, secret_or_not, max_size=5))
def test_a_state_that_is_written_and_read_is_the_same(values: dict[str, Any]) -> None:
    ours = state.State("l", 1, convert(values))

    assert state.read(state.write(ours)) == ours
    assert state.write(state.read(state.write(ours))) == state.write(ours)


@law
@given(strategies.dictionaries(made.names, secret_or_not, max_size=5))
def test_the_same_outputs_never_raise_the_serial(values: dict[str, Any]) -> None:
    once = state.read(state.write(state.succeed(None, convert(values), "l")))

    assert state.succeed(once, convert(values), "l") is once


@law
@given(strategies.dictionaries(made.names, made.values, max_size=3), strategies.data())
def test_a_state_with_a_piece_changed_is_read_or_refused(values: dict[str, Any], data: strategies.DataObject) -> None:
    whole = state.write(state.State("l", 1, convert(values)))
    begin, end = sorted(data.draw(strategies.integers(0, len(whole))) for _ in range(2))

    with suppress(Refused):
        damaged = whole[:begin] + data.draw(strategies.binary(max_size=8)) + whole[end:]
        assert state.read(state.write(state.read(damaged))) == state.read(damaged)


@law
@given(strategies.dictionaries(made.names, made.values | sealed, max_size=5), strategies.booleans())
def test_no_ciphertext_lands_in_a_file(values: dict[str, Any], show: bool) -> None:  # noqa: FBT001 - hypothesis
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "export").write_bytes(made.export(values))
        call = ["outputs", "--stack-export", f"{name}/export", "--to", f"{name}/x.tfstate"]

        code = main([*call, "--show-secrets"] if show else call)

        assert code == (1 if made.CIPHERTEXT in json.dumps(values) else 0)
        assert not any(made.CIPHERTEXT in file.read_text() for file in folder.glob("*tfstate*"))


@law
@given(strategies.dictionaries(made.names, secret_or_not, max_size=5))
def test_what_terraform_has_is_the_same_and_as_secret_after_pulumi_had_it(values: dict[str, Any]) -> None:
    theirs = state.read(state.write(state.State("l", 1, convert(values))))
    outputs_of_pulumi: Json = {
        name: made.signed(SECRET, plaintext=render(output.value)) if output.sensitive else output.value
        for name, output in theirs.outputs.items()
    }

    exported = made.export({}).replace(b'"outputs": {}', f'"outputs": {render(outputs_of_pulumi)}'.encode())

    assert outputs.convert(stack.read(exported), show_secrets=True) == theirs.outputs
