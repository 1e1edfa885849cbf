"""What Terraform says of the network: the outputs of its state, typed, and as secret as Terraform has them.

The values come by pulumi_terraform, which drops the mark `sensitive`; the marks are read from the state itself, and
where that cannot be read everything is a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pulumi
import pulumi_aws as aws
import pulumi_terraform as terraform

from bridge import state
from components.refusal import Misconfigured

T = TypeVar("T")

_ADDRESSES = "file:terraform.tfstate, s3://bucket/key?region=us-east-1 or cloud://organization/workspace"


@dataclass(frozen=True)
class State:
    """The outputs of a state, known as *address*; *secrets* are those that may not be shown, or None: all of them."""

    address: str
    values: Mapping[str, Any]
    secrets: frozenset[str] | None

    def text(self, name: str) -> str:
        """Return the output *name*; raise `Misconfigured` if there is none, or it is no text."""
        value = self._value(name)
        if not isinstance(value, str) or not value:
            raise self._wrong(name, value, "it has to be a text", f"output {name!r} as one string")
        return value

    def texts(self, name: str) -> list[str]:
        """Return the output *name*; raise `Misconfigured` if there is none, or it is no list of texts."""
        value = self._value(name)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, value, "it has to be a list of texts", f"output {name!r} as a list of strings")
        return value

    def guarded(self, name: str, value: T) -> pulumi.Output[T]:
        """Return *value* of the output *name* for use in a resource: a secret there if it is one in Terraform."""
        open_ = self.secrets is not None and name not in self.secrets
        return pulumi.Output.from_input(value) if open_ else pulumi.Output.secret(value)

    def _value(self, name: str) -> object:
        if name not in self.values:
            there = ", ".join(sorted(self.values)) or "none at all"
            raise Misconfigured.because(
                got=f"no output {name} in {self.address}",
                why=f"there are {there}",
                instead="name one of them in the stack's settings, or add it to Terraform's configuration and apply",
            )
        return self.values[name]

    def _wrong(self, name: str, value: object, why: str, instead: str) -> Misconfigured:
        shown = type(value).__name__ if self.secrets is None or name in self.secrets else repr(value)
        return Misconfigured.because(got=f"output {name} of {self.address}: {shown}", why=why, instead=instead)


def read(address: str, *, token: str, asked: pulumi.InvokeOptions) -> State:
    """Return the state at *address*; *token* is Terraform Cloud's, *asked* says which provider asks S3.

    Raises `Misconfigured` for an address that is none.
    """
    parts = urlsplit(address)
    place, path = parts.netloc, parts.path.lstrip("/")
    region = parse_qs(parts.query).get("region", [""])[0]
    if parts.scheme == "file" and parts.path:
        return _local(address, place + parts.path)
    if parts.scheme == "s3" and place and path and region:
        return _s3(address, (place, path, region), asked)
    if parts.scheme == "cloud" and place and path:
        return _cloud(address, place, path, token)
    raise Misconfigured.because(
        got=f"terraformState: {address}", why="that says of no state where it is", instead=f"write {_ADDRESSES}"
    )


def _local(address: str, path: str) -> State:
    if not Path(path).is_file():
        raise Misconfigured.because(
            got=f"terraformState: {address}", why="there is no such file", instead="name the one that Terraform writes"
        )
    found = terraform.state.get_local_reference(path=path)
    return State(address, found.outputs, _marks(address, Path(path).read_bytes))


def _s3(address: str, place: tuple[str, str, str], asked: pulumi.InvokeOptions) -> State:
    bucket, key, region = place

    def load() -> bytes:
        return aws.s3.get_object(bucket=bucket, key=key, region=region, opts=asked).body.encode()

    found = terraform.state.get_s3_reference(bucket=bucket, key=key, region=region)
    return State(address, found.outputs, _marks(address, load))


def _cloud(address: str, organization: str, workspace: str, token: str) -> State:
    found = terraform.state.get_remote_reference(
        organization=organization,
        workspaces=terraform.state.Workspaces(name=workspace),
        token=token or None,
    )
    return State(address, found.outputs, None)


def _marks(address: str, load: Callable[[], bytes]) -> frozenset[str] | None:
    """Return which outputs are sensitive, or None where the state itself cannot be read."""
    try:
        return state.sensitive_names(state.read(load(), address))
    except Exception as error:  # noqa: BLE001 - a look-up of Pulumi's that fails raises no class of its own
        pulumi.log.warn(f"{address}: all outputs are kept as secrets, since the state itself cannot be read: {error}")
        return None
