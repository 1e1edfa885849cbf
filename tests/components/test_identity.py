"""Who people are: a pool with one public client, or an issuer that exists."""

from __future__ import annotations

import pulumi
import pytest

from components.configuration import Configuration
from components.identity import Identity
from tests.components.cloud import ACCOUNT
from tests.components.engine import Engine
from tests.components.given import dev, platform, prod

POOL, CLIENT = "aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"
THEIRS = {
    "issuer": "https://issuer.example.org",
    "issuerJwksUrl": "https://issuer.example.org/keys",
    "issuerClients": ["page", "phone"],
}


def _identity(config: Configuration, page: str = "https://talk.example.org/") -> Identity:
    return Identity(
        config.names.prefix,
        platform(config),
        config.sign_in,
        page_url=page,
        protected=config.keeping.deletion_protection,
    )


def test_the_page_proves_itself_by_a_code_and_holds_no_secret(engine: Engine) -> None:
    engine.run(lambda: _identity(dev(callbackUrls=["http://localhost:8080/"])))

    client = engine.only(CLIENT).inputs
    assert (client["generateSecret"], client["allowedOauthFlows"]) == (False, ["code"])
    assert client["callbackUrls"] == ["https://talk.example.org/", "http://localhost:8080/"]


def test_tokens_are_those_of_the_pool_for_the_page(engine: Engine) -> None:
    def told() -> pulumi.Output[list[str]]:
        identity = _identity(dev())
        return pulumi.Output.all(identity.issuer, identity.jwks_url, identity.clients)

    issuer, jwks_url, clients = engine.value(told)

    assert issuer == "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
    assert (jwks_url, clients) == (f"{issuer}/.well-known/jwks.json", "1example23456789abcdefghij")


def test_people_sign_in_at_an_address_that_no_other_account_has(engine: Engine) -> None:
    address = engine.value(lambda: _identity(dev()).sign_in_url)

    assert address == f"https://companion-dev-{ACCOUNT}.auth.us-east-1.amazoncognito.com"


def test_nobody_learns_from_a_refusal_who_is_known(engine: Engine) -> None:
    engine.run(lambda: _identity(dev()))

    assert engine.only(CLIENT).inputs["preventUserExistenceErrors"] == "ENABLED"


@pytest.mark.parametrize(("config", "protection"), [(dev(), "INACTIVE"), (prod(), "ACTIVE")])
def test_people_are_kept_in_production(engine: Engine, config: Configuration, protection: str) -> None:
    engine.run(lambda: _identity(config))

    pool = engine.only(POOL)
    assert (pool.inputs["deletionProtection"], pool.protected) == (protection, protection == "ACTIVE")


def test_of_an_issuer_that_exists_nothing_is_made(engine: Engine) -> None:
    def told() -> pulumi.Output[list[str]]:
        identity = _identity(dev(**THEIRS))
        return pulumi.Output.all(identity.issuer, identity.jwks_url, identity.clients, identity.client_id)

    assert engine.value(told) == [THEIRS["issuer"], THEIRS["issuerJwksUrl"], "page,phone", "page"]
    assert [one.token for one in engine.registered] == ["companion:index:Identity"]
