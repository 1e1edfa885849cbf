"""Who is believed: tokens of our issuer and no others, whatever they look like."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import nullcontext
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import Expired, Refused, Unauthorized
from runtime.identity import Identity
from runtime.identity.token import Verifier, bearer

NOW = 1_790_000_000.0
CLAIMS = {
    "iss": "https://pool.test",
    "sub": "ana",
    "exp": NOW + 3600,
    "token_use": "access",
    "client_id": "page",
    "auth_time": NOW - 5,
}


@cache
def keys() -> dict[str, rsa.RSAPrivateKey]:
    """Make our key and somebody else's."""
    return {name: rsa.generate_private_key(65537, 2048) for name in ("ours", "theirs")}


@cache
def verifier() -> Verifier:
    """Trust our key."""
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(keys()["ours"].public_key()))
    jwks = {"keys": [{**jwk, "kid": "ours", "use": "sig", "alg": "RS256"}]}
    return Verifier(jwks, issuer="https://pool.test", clients=frozenset({"page", "phone"}))


def token(*, kid: str | None = "ours", signed_by: str = "ours", **changes: Any) -> str:  # noqa: ANN401
    """Return a token with the usual claims; one that is None in *changes* is left out."""
    claims = {name: claim for name, claim in {**CLAIMS, **changes}.items() if claim is not None}
    return signed(json.dumps(claims).encode(), kid, signed_by)


def signed(payload: bytes, kid: str | None = "ours", signed_by: str = "ours") -> str:
    """Sign any *payload*."""
    return jwt.api_jws.encode(payload, keys()[signed_by], "RS256", headers={"kid": kid} if kid else None)


def encoded(part: object) -> bytes:
    """Write a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def refused(given: str) -> str:
    """Return why *given* proves nothing."""
    with pytest.raises(Unauthorized) as unauthorized:
        verifier().verify(given, NOW)
    return unauthorized.value.message


def test_a_token_of_our_issuer_says_who_speaks() -> None:
    assert verifier().verify(token(), NOW) == Identity("ana", NOW + 3600, signed_in=NOW - 5)


def test_a_token_may_say_that_its_user_is_a_minor() -> None:
    assert verifier().verify(token(minor=True), NOW).minor
    assert not verifier().verify(token(minor="true"), NOW).minor


@pytest.mark.parametrize("signed_in", [None, "today", True, [1]])
def test_a_sign_in_that_is_no_instant_is_none(signed_in: object) -> None:
    assert verifier().verify(token(auth_time=signed_in), NOW).signed_in is None


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_unsigned_token_proves_nothing(algorithm: str) -> None:
    header = encoded({"alg": algorithm, "typ": "JWT", "kid": "ours"})

    assert refused((header + b"." + encoded(CLAIMS) + b".").decode())
    assert refused((header + b"." + encoded(CLAIMS) + b"." + token().encode().rpartition(b".")[2]).decode())


def test_a_token_signed_with_our_public_key_as_a_secret_proves_nothing() -> None:
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    public = keys()["ours"].public_key().public_bytes(serialization.Encoding.PEM, kind)
    body = encoded({"alg": "HS256", "kid": "ours"}) + b"." + encoded(CLAIMS)
    signature = base64.urlsafe_b64encode(hmac.digest(public, body, hashlib.sha256)).rstrip(b"=")

    assert refused((body + b"." + signature).decode())


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_only_the_agreed_algorithm_counts(algorithm: str) -> None:
    assert refused(jwt.encode(CLAIMS, keys()["ours"], algorithm, headers={"kid": "ours"}))


@pytest.mark.parametrize("kid", [None, "theirs", ""])
def test_a_token_whose_key_we_do_not_know_proves_nothing(kid: str | None) -> None:
    assert refused(token(kid=kid, signed_by="ours"))


def test_a_token_signed_by_another_key_of_our_name_proves_nothing() -> None:
    assert refused(token(signed_by="theirs"))


def test_a_token_changed_after_it_was_signed_proves_nothing() -> None:
    header, _, signature = token().split(".")

    assert refused(f"{header}.{encoded({**CLAIMS, 'sub': 'bob'}).decode()}.{signature}")


@pytest.mark.parametrize("claim", ["iss", "sub", "exp", "token_use", "client_id"])
@pytest.mark.parametrize("value", [None, "other", 7, True, ["page"], {"page": 1}, ""])
def test_a_claim_that_is_missing_or_of_another_value_proves_nothing(claim: str, value: object) -> None:
    if (claim, value) != ("sub", "other") and (claim, value) != ("exp", 7):
        changes: dict[str, Any] = {claim: value}
        assert refused(token(**changes))


def test_an_id_token_proves_nothing() -> None:
    assert refused(token(token_use="id")) == "the token is not an access token for this service"


@pytest.mark.parametrize("user", ["", "a b", "a/b", "ana\n", "ä", "x" * 129, "../x", "a\x00"])
def test_a_user_id_that_no_store_could_keep_proves_nothing(user: str) -> None:
    assert refused(token(sub=user))


@pytest.mark.parametrize("user", ["x", "x" * 128, "A-Z_a.z:0@9"])
def test_a_user_id_may_be_what_the_protocol_says(user: str) -> None:
    assert verifier().verify(token(sub=user), NOW).user == user


@pytest.mark.parametrize("expires", ["NaN", "Infinity", "-Infinity", "1e999", '"soon"', "9" * 400, "null", "[]"])
def test_an_expiry_that_is_no_instant_proves_nothing(expires: str) -> None:
    payload = json.dumps({**CLAIMS, "exp": "?"}).replace('"?"', expires)

    assert refused(signed(payload.encode()))


@pytest.mark.parametrize(("late", "good"), [(-1.0, True), (59.9, True), (60.0, False), (1e9, False)])
def test_a_token_is_good_until_a_minute_after_its_expiry_on_the_clock_that_is_given(late: float, good: bool) -> None:  # noqa: FBT001
    identity = verifier().verify(token(), NOW)

    for check in (identity.check, lambda now: verifier().verify(token(), now)):
        with nullcontext() if good else pytest.raises(Expired, match="sign in again"):
            check(NOW + 3600 + late)


@pytest.mark.parametrize("times", [{"iat": NOW + 9e9}, {"nbf": NOW + 9e9}, {"aud": "else"}])
def test_the_clock_of_this_machine_decides_nothing_else(times: dict[str, Any]) -> None:
    assert verifier().verify(token(**times), NOW).user == "ana"


def test_a_token_longer_than_any_of_ours_is_not_even_looked_at() -> None:
    assert refused(token(more="x" * 8192)) == "the token is too long to be one of ours"
    assert verifier().verify(token(more="x" * 4000), NOW).user == "ana"


@pytest.mark.parametrize(
    "strange",
    ["", ".", "..", "a.b.c", "é.é.é", "\udcff.a.b", "\x00", (encoded(7) + b".e30.").decode()],
)
def test_what_is_no_token_proves_nothing(strange: str) -> None:
    assert refused(strange) == "the token is not one that can be verified here"


def test_a_token_nested_deeper_than_a_parser_goes_proves_nothing() -> None:
    deep = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 5000).decode().rstrip("=")

    assert refused(f"{deep}.e30.e30")
    assert refused(signed(b"[" * 5000))


@pytest.mark.parametrize("payload", [b"", b"[]", b"7", b"\xff", b"{", b'{"sub": "ana"}'])
def test_a_signature_alone_proves_nothing(payload: bytes) -> None:
    assert refused(signed(payload))


@given(strange=st.text() | st.text("aeyJhbGciOi.=-_", max_size=40))
def test_any_text_is_refused_and_nothing_else_happens(strange: str) -> None:
    with pytest.raises(Refused):
        verifier().verify(strange, NOW)


@pytest.mark.parametrize("offered", ["companion.v1, bearer.a.b.c", "bearer.a.b.c,companion.v1", " bearer.a.b.c "])
def test_the_token_stands_among_the_subprotocols(offered: str) -> None:
    assert bearer(offered) == "a.b.c"


@pytest.mark.parametrize("offered", ["", "companion.v1", "companion.v1, bearer.", "Bearer.a.b.c", "xbearer.a"])
def test_a_handshake_without_a_token_is_told_how_to_bring_one(offered: str) -> None:
    with pytest.raises(Unauthorized, match=r"offer the subprotocols companion\.v1 and bearer"):
        bearer(offered)
