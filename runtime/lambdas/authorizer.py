"""Who may open a connection: whoever offers a token of the user pool's. What else is told goes nowhere.

The answer's context travels with every later frame of the connection, so the token is looked at here and never again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from runtime.adapters.aws.jwks import KeptKeys, fetched
from runtime.adapters.local.clock import SystemClock
from runtime.errors import Refused
from runtime.identity import Identity
from runtime.identity.token import bearer
from runtime.lambdas.handshake import offered
from runtime.lambdas.warm import Warm, type_of_event
from runtime.settings import cloud as told
from runtime.settings import read


class Unauthorized(Exception):
    """What API Gateway takes for 401 when it says exactly that; anything else is its own failure to it."""


async def answer(keys: KeptKeys, event: type_of_event) -> object:
    """Return the policy that lets this handshake through, and who it is."""
    try:
        identity = keys.verify(bearer(offered(event)))
    except Refused:
        raise Unauthorized("Unauthorized") from None
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {
        "principalId": identity.user,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": _context(identity),
    }


@asynccontextmanager
async def opened(environ: Mapping[str, str]) -> AsyncIterator[KeptKeys]:
    """Open what verifies tokens."""
    settings = read(told.Authorizer, environ)
    fetch = partial(fetched, settings.jwks_url)
    yield KeptKeys(fetch, SystemClock(), issuer=settings.issuer, clients=frozenset(settings.clients))


def _context(identity: Identity) -> dict[str, str]:
    """Return what `calling.caller` reads: words only, since API Gateway makes words of everything."""
    return {
        "user": identity.user,
        "expires": repr(identity.expires),
        "minor": "1" if identity.minor else "",
        "signed_in": "" if identity.signed_in is None else repr(identity.signed_in),
    }


handler = Warm(opened, answer)
