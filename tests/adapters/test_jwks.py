"""A user pool's keys: fetched when needed, newer ones when a token names one, and no oftener than is sensible."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from runtime.adapters.aws.jwks import KeptKeys
from runtime.errors import Expired, Unauthorized, Unavailable

ISSUER = "https://pool.test"
KEYS = {name: rsa.generate_private_key(65537, 2048) for name in ("old", "new")}


@dataclass
class Pool:
    """A user pool with the keys *trusted*, that answers unless it is *away*; it is its own clock."""

    trusted: list[str] = field(default_factory=lambda: ["old"])
    away: bool = False
    asked: int = 0
    time: float = 1_790_000_000.0

    def now(self) -> float:
        return self.time

    def fetch(self) -> bytes:
        self.asked += 1
        if self.away:
            raise TimeoutError
        public = {name: json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key())) for name in KEYS}
        return json.dumps({"keys": [{**public[name], "kid": name} for name in self.trusted]}).encode()

    def keys(self) -> KeptKeys:
        return KeptKeys(self.fetch, self, issuer=ISSUER, clients=frozenset({"page"}))

    def token(self, key: str, kid: str | None = None, **changes: object) -> str:
        claims = {"iss": ISSUER, "sub": "ana", "token_use": "access", "client_id": "page", "exp": self.time + 900}
        return jwt.encode({**claims, **changes}, KEYS[key], algorithm="RS256", headers={"kid": kid or key})


def test_keys_are_fetched_with_the_first_token_and_kept() -> None:
    pool = Pool()
    keys = pool.keys()
    before = pool.asked

    users = {keys.verify(pool.token("old")).user for _ in range(5)}

    assert (before, pool.asked, users) == (0, 1, {"ana"})


def test_a_token_of_a_newer_key_has_it_fetched() -> None:
    pool = Pool()
    keys = pool.keys()
    keys.verify(pool.token("old"))
    pool.trusted = ["old", "new"]
    pool.time += 61

    assert keys.verify(pool.token("new")).user == "ana"


def test_made_up_key_ids_have_nothing_fetched_for_a_minute() -> None:
    pool = Pool()
    keys = pool.keys()

    for number in range(600):
        pool.time += 0.1
        with pytest.raises(Unauthorized):
            keys.verify(pool.token("new", kid=f"made-up-{number}"))

    assert pool.asked == 1


def test_a_key_that_was_withdrawn_is_trusted_for_an_hour_at_most() -> None:
    pool = Pool()
    keys = pool.keys()
    keys.verify(pool.token("old"))
    pool.trusted = ["new"]
    pool.time += 3601

    with pytest.raises(Unauthorized):
        keys.verify(pool.token("old"))


def test_while_the_pool_is_away_its_keys_stay_good() -> None:
    pool = Pool()
    keys = pool.keys()
    keys.verify(pool.token("old"))
    pool.away, pool.time = True, pool.time + 3601

    assert keys.verify(pool.token("old")).user == "ana"


def test_without_any_keys_nobody_is_refused_for_good_and_the_next_one_asks_again() -> None:
    pool = Pool(away=True)
    keys = pool.keys()
    with pytest.raises(Unavailable):
        keys.verify(pool.token("old"))
    pool.away = False

    assert keys.verify(pool.token("old")).user == "ana"


@pytest.mark.parametrize("broken", [b"", b"<html>", b"[]", b"{}", b'{"keys": []}', b'{"keys": [1]}', b'"keys"'])
def test_what_is_no_set_of_keys_is_none(broken: bytes) -> None:
    pool = Pool()
    keys = KeptKeys(lambda: broken, pool, issuer=ISSUER, clients=frozenset({"page"}))

    with pytest.raises(Unavailable):
        keys.verify(pool.token("old"))


def test_the_clocks_may_differ_by_a_minute() -> None:
    pool = Pool()
    keys = pool.keys()

    assert keys.verify(pool.token("old", exp=pool.time - 59)).user == "ana"
    with pytest.raises(Expired):
        keys.verify(pool.token("old", exp=pool.time - 60))


@pytest.mark.parametrize("algorithm", ["HS256", "RS384", "RS512", "PS256", "none"])
def test_the_algorithm_is_not_the_tokens_to_choose(algorithm: str) -> None:
    pool = Pool()
    key: Any = {"none": None, "HS256": "s" * 60}.get(algorithm, KEYS["old"])
    forged = jwt.encode({"iss": ISSUER, "sub": "ana"}, key, algorithm=algorithm, headers={"kid": "old"})

    with pytest.raises(Unauthorized):
        pool.keys().verify(forged)
