"""What a setting may be: each check refuses with what was got, why it cannot work, and what would."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any
from urllib.parse import urlsplit

from components.refusal import Misconfigured

_LARGEST, _SMALLEST = 16, 27


def setting(name: str) -> str:
    """Return the setting of the field *name*."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def need(good: bool, name: str, got: object, why: str, instead: str) -> None:  # noqa: FBT001
    """Raise `Misconfigured`, with what was *got* as the field *name*, if it is not *good*."""
    if not good:
        shown = f"no {setting(name)}" if got in {"", None} else f"{setting(name)}: {got}"
        raise Misconfigured.because(got=shown, why=why, instead=instead)


def one_of(one: Any, name: str, *known: object) -> None:  # noqa: ANN401 - any part
    """Refuse the field *name* of *one* if it is none of *known*."""
    got = getattr(one, name)
    need(got in known, name, got, "it is not known", f"use one of {', '.join(map(str, known))}")


def between(one: Any, name: str, low: int, high: int) -> None:  # noqa: ANN401 - any part
    """Refuse the field *name* of *one* if it is not from *low* to *high*."""
    got = getattr(one, name)
    need(low <= got <= high, name, got, f"it has to be {low} to {high}", f"use a number from {low} to {high}")


def address(one: Any, name: str) -> None:  # noqa: ANN401 - any part
    """Refuse the field *name* of *one* if it is no https address."""
    got = getattr(one, name)
    address = urlsplit(got)
    good = address.scheme == "https" and bool(address.hostname)
    need(good, name, got, "it has to be an https address", "begin it with https://")


def is_network(text: str) -> bool:
    """Say whether *text* is a block of private addresses that a VPC may have."""
    try:
        network = IPv4Network(text)
    except ValueError:
        return False
    return network.is_private and _LARGEST <= network.prefixlen <= _SMALLEST
