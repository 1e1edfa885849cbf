"""What only the real Terraform can say: that it reads ours, that we read its own, and that the locks are the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bridge import state
from bridge.document import Json
from bridge.lock import locked
from tests.bridge import given as made
from tests.bridge.terraform import READER, Terraform, finish, read_until

pytestmark = pytest.mark.real

OF_EVERY_TYPE = """
output "flag" { value = true }
output "fraction" { value = 0.1 }
output "large" { value = 12345678901234567890123456789012345678901234567890 }
output "list" { value = tolist(["a", "b"]) }
output "map" { value = tomap({ b = 1, a = 2 }) }
output "mixed" { value = ["a", 1, null, {}, []] }
output "nothing" { value = { inner = null } }
output "set" { value = toset(["b", "a"]) }
output "small" { value = 1e-30 }
output "text" { value = "<&>\\u2028\\u2029é日本😀\\u0001\\u0008\\u000c\\u007f" }
output "token" {
  value     = { deep = ["hush"] }
  sensitive = true
}
"""
PROMPTING = 'output "now" { value = timestamp() }'


def read(folder: Path) -> state.State:
    return state.read((folder / "terraform.tfstate").read_bytes())


def test_terraform_reads_our_outputs_and_then_sees_no_changes(terraform: Terraform) -> None:
    above = terraform.folder.parent
    assert made.write(above, made.EVERY_KIND) == 0
    terraform.configure(READER)

    terraform.apply()

    values: dict[str, Json] = {name: output.value for name, output in read(above).outputs.items()}
    types: dict[str, Json] = {name: output.type for name, output in read(above).outputs.items()}
    assert terraform.outputs() == {"all": (values, ["object", types], False)}
    assert terraform.run("plan", "-detailed-exitcode").returncode == 0


def test_terraform_says_that_a_secret_is_sensitive(terraform: Terraform) -> None:
    assert made.write(terraform.folder, {"token": made.decrypted("hush"), "open": "x"}, "--show-secrets") == 0

    assert terraform.outputs() == {"token": ("hush", "string", True), "open": ("x", "string", False)}
    assert "hush" not in terraform.run("output").stdout


def test_a_state_of_terraform_is_read_and_written_the_same(terraform: Terraform) -> None:
    terraform.configure(OF_EVERY_TYPE)
    terraform.apply()

    theirs = read(terraform.folder)

    assert state.write(theirs) == (terraform.folder / "terraform.tfstate").read_bytes()
    assert state.sensitive_names(theirs) == {"token"}
    told = {name: (output.value, output.type, output.sensitive) for name, output in theirs.outputs.items()}
    assert told == terraform.outputs()


def test_a_state_of_terraform_is_taken_over_and_goes_on_from_its_serial(terraform: Terraform) -> None:
    terraform.configure(OF_EVERY_TYPE)
    terraform.apply()
    before = read(terraform.folder)

    assert made.write(terraform.folder, {"a": 1}) == 1
    assert made.write(terraform.folder, {"a": 1}, "--lineage", before.lineage) == 0

    assert (read(terraform.folder).lineage, read(terraform.folder).serial) == (before.lineage, before.serial + 1)
    assert state.read((terraform.folder / "terraform.tfstate.backup").read_bytes()) == before


def test_terraform_takes_our_file_for_its_own_and_goes_on_from_our_serial(terraform: Terraform) -> None:
    assert made.write(terraform.folder, {"a": "x"}) == 0
    ours = read(terraform.folder)
    terraform.configure('output "a" { value = "y" }')

    terraform.apply()

    assert (read(terraform.folder).lineage, read(terraform.folder).serial) == (ours.lineage, ours.serial + 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.dictionaries(made.names, strategies.tuples(made.values, strategies.booleans()), min_size=10))
def test_terraform_finds_every_value_type_and_secret_that_we_wrote(
    terraform: Terraform, outputs: dict[str, tuple[object, bool]]
) -> None:
    (terraform.folder / "terraform.tfstate").unlink(missing_ok=True)
    exported = {name: made.decrypted(value) if secret else value for name, (value, secret) in outputs.items()}
    assert made.write(terraform.folder, exported, "--show-secrets") == 0

    ours = read(terraform.folder).outputs
    assert state.sensitive_names(read(terraform.folder)) == {name for name, (_, secret) in outputs.items() if secret}
    assert terraform.outputs() == {name: (output.value, output.type, output.sensitive) for name, output in ours.items()}


def test_a_lock_of_terraform_keeps_us_out_and_says_whose_it_is(terraform: Terraform) -> None:
    terraform.configure(PROMPTING)
    apply = terraform.begin("apply")
    read_until(apply, "Enter a value:")

    refused = made.command(terraform.folder, {"a": 1})

    who = json.loads((terraform.folder / ".terraform.tfstate.lock.info").read_text())["Who"]
    finish(apply, "no\n")
    assert refused.returncode == 3
    assert all(
        words in refused.stderr for words in (f"locked by {who} since 20", "OperationTypeApply", "--lock-timeout")
    )


def test_we_wait_for_the_lock_of_terraform_and_then_see_what_it_wrote(terraform: Terraform) -> None:
    terraform.configure(PROMPTING)
    apply = terraform.begin("apply")
    read_until(apply, "Enter a value:")

    def answer(_: float) -> None:
        finish(apply, "yes\n")

    with locked(terraform.folder / "terraform.tfstate", timeout=30, wait=answer) as held:
        assert set(state.read(held.read()).outputs) == {"now"}


def test_our_lock_keeps_terraform_out_and_says_whose_it_is(terraform: Terraform) -> None:
    assert made.write(terraform.folder, {"a": 1}) == 0
    terraform.configure(PROMPTING)

    with locked(terraform.folder / "terraform.tfstate"):
        refused = terraform.run("apply", "-auto-approve")
    terraform.apply()

    assert refused.returncode == 1
    assert all(words in refused.stderr for words in ("Error acquiring the state lock", "python -m bridge", "Who: "))


def test_terraform_that_waited_while_we_replaced_the_file_stops_and_loses_nothing(terraform: Terraform) -> None:
    assert made.write(terraform.folder, {"a": 1}) == 0
    terraform.configure(PROMPTING)
    path = terraform.folder / "terraform.tfstate"

    with locked(path) as held:
        apply = terraform.begin("apply", "-auto-approve", "-lock-timeout=60s")
        read_until(apply, "Acquiring state lock.")
        held.replace(state.write(state.State("another", 2)))
    said = finish(apply)

    assert apply.returncode == 1
    assert "replaced while you waited" in " ".join(said.split())
    assert state.read(path.read_bytes()) == state.State("another", 2)
