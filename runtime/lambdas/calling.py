"""Who sent an event, and from where: what the authorizer found out, never what the message says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.admission.caller import Caller
from runtime.identity import Identity


def caller(event: Mapping[str, Any]) -> Caller:
    """Return the verified user and their connection."""
    told = event["requestContext"]["authorizer"]
    signed_in = float(told["signed_in"]) if told.get("signed_in") else None
    identity = Identity(told["user"], float(told["expires"]), minor=told.get("minor") == "1", signed_in=signed_in)
    return Caller(identity, event["requestContext"]["connectionId"])


def endpoint(event: Mapping[str, Any]) -> str:
    """Return where the event's connection is posted to."""
    context = event["requestContext"]
    return f"https://{context['domainName']}/{context['stage']}"
