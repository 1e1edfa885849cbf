"""What `pulumi stack export` says about a stack: which it is, and its outputs, opened as far as they may be.

Pulumi writes what JSON has no word for as an object with a signature. A secret is opened only on demand and only from
its plaintext; anything else with a signature that has no twin in Terraform is refused by the output's name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.document import Json, Number, parse
from bridge.refused import Refused

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's mark of a secret
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET, ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"
_NO_TWIN = {
    ASSET: ("an asset", "export the asset's path, or what it holds as a string"),
    ARCHIVE: ("an archive", "export the archive's path"),
    "5cf8f73096256a8f31e491e813e4eb8e": ("a whole resource", "export what readers need of it: its id or arn"),
}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_BLINDED = '"[secret]"'


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack as exported: its outputs, all its resources, and the operations of which no end is known."""

    urn: str
    outputs: Mapping[str, Json]
    resources: Sequence[Json] = ()
    pending: Json = None

    @property
    def lineage(self) -> str:
        """Identify the states that this stack writes: the same on every machine, another for every other stack."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.urn))


def read(data: bytes) -> Stack:
    """Find the stack in an export."""
    match parse(data, "the export"):
        case {"version": Number(text="3" | "4"), "deployment": dict(deployment)}:
            told = deployment.get("resources")
        case _:
            raise _no_export("no deployment of version 3 or 4", "what `pulumi stack export` prints is wanted")
    resources = told if isinstance(told, list) else []
    stacks = [found for resource in resources if (found := _stack(resource))]
    if len(stacks) != 1:
        raise _no_export(f"{len(stacks)} stacks", "an export has one, once the stack was deployed: pulumi up")
    return replace(stacks[0], resources=resources, pending=deployment.get("pending_operations"))


def open_output(name: str, value: Json, *, show_secrets: bool) -> tuple[Json, bool]:
    """Give the plain value of output *name*, and whether anything in it is a secret."""
    match value:
        case dict() if SIGNATURE in value:
            return _open_signed(name, str(value[SIGNATURE]), value, show_secrets=show_secrets)
        case dict():
            opened = {key: open_output(name, item, show_secrets=show_secrets) for key, item in value.items()}
            return {key: item for key, (item, _) in opened.items()}, any(secret for _, secret in opened.values())
        case list():
            items = [open_output(name, item, show_secrets=show_secrets) for item in value]
            return [item for item, _ in items], any(secret for _, secret in items)
        case str() if value == UNKNOWN:
            raise _not_known(name)
        case _:
            return value, False


def _open_signed(name: str, signature: str, value: dict[str, Json], *, show_secrets: bool) -> tuple[Json, bool]:
    if signature == SECRET:
        return open_output(
            name, decrypted(f"output {name!r}", value, show_secrets=show_secrets), show_secrets=show_secrets
        )[0], True
    if signature == OUTPUT:
        return _open_deferred(name, value, show_secrets=show_secrets)
    what, instead = _NO_TWIN.get(signature, ("a value of a kind that is not known here", "export plain values"))
    raise Refused.because(
        got=f"output {name!r}, which is or holds {what}", why="Terraform has no such value", instead=instead
    )


def decrypted(what: str, value: dict[str, Json], *, show_secrets: bool) -> Json:
    """Give the plain value of the secret *value* in *what*, or refuse by that name."""
    plaintext = value.get("plaintext")
    if not show_secrets:
        why, instead = "a state keeps it in plain text", "if the file may hold it: --show-secrets"
        instead += "" if isinstance(plaintext, str) else ", with an export of `pulumi stack export --show-secrets`"
    elif isinstance(plaintext, str) and plaintext != _BLINDED:
        return parse(plaintext.encode(), f"the secret in {what}")
    else:
        why, instead = "the export holds it encrypted", "make the export with `pulumi stack export --show-secrets`"
    raise Refused.because(got=f"{what}, which is or holds a secret", why=why, instead=instead)


def _open_deferred(name: str, value: dict[str, Json], *, show_secrets: bool) -> tuple[Json, bool]:
    if "value" not in value:
        raise _not_known(name)
    secret = value.get("secret") is True
    if secret and not show_secrets:
        decrypted(f"output {name!r}", {"plaintext": ""}, show_secrets=False)
    opened, inside = open_output(name, value["value"], show_secrets=show_secrets)
    return opened, secret or inside


def _stack(resource: Json) -> Stack | None:
    match resource:
        case {"type": "pulumi:pulumi:Stack", "urn": str(urn), **more} if more.get("delete") is not True:
            outputs = more.get("outputs")
            return Stack(urn, outputs if isinstance(outputs, dict) else {})
    return None


def _not_known(name: str) -> Refused:
    return Refused.because(
        got=f"output {name!r}, which is not known yet",
        why="the deployment that makes it did not end, or was a preview",
        instead="run `pulumi up` to its end and export again",
    )


def _no_export(got: str, instead: str) -> Refused:
    return Refused.because(got=f"an export with {got}", why="what one stack has is written", instead=instead)
