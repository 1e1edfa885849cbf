"""Who people are: a user pool with one client for the page, or an issuer that exists already.

The page is a public client: it proves by PKCE that the code it got is its own, and holds no secret.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.configuration import SignIn
from components.function import Platform

_UNITS = {"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"}
_MINUTES, _DAYS, _GRACE_SECONDS = 60, 30, 10
_OUTPUTS = ("issuer", "jwks_url", "clients", "client_id", "sign_in_url")


class Identity(pulumi.ComponentResource):
    """Whose tokens are taken: of *issuer*, signed by a key at *jwks_url*, for one of *clients* (joined by commas).

    *client_id* is the page's own, and *sign_in_url* where it sends people (none: it knows by other means).
    """

    issuer: pulumi.Output[str]
    jwks_url: pulumi.Output[str]
    clients: pulumi.Output[str]
    client_id: pulumi.Output[str]
    sign_in_url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        platform: Platform,
        settings: SignIn,
        *,
        page_url: pulumi.Input[str],
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Identity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if settings.issuer:
            told = (settings.issuer, settings.issuer_jwks_url, ",".join(settings.issuer_clients))
            self.issuer, self.jwks_url, self.clients = map(pulumi.Output.from_input, told)
            self.client_id = pulumi.Output.from_input(settings.issuer_clients[0])
            self.sign_in_url = pulumi.Output.from_input("")
        else:
            pool = _pool(name, protected=protected, opts=child)
            self.issuer = pulumi.Output.concat("https://", pool.endpoint)
            self.jwks_url = pulumi.Output.concat(self.issuer, "/.well-known/jwks.json")
            self.client_id = self.clients = _client(name, pool, [page_url, *settings.callback_urls], child)
            self.sign_in_url = _sign_in(name, platform, pool, self.client_id, child)
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})


def _pool(name: str, *, protected: bool, opts: pulumi.ResourceOptions) -> aws.cognito.UserPool:
    return aws.cognito.UserPool(
        f"{name}-people",
        name=f"{name}-people",
        user_pool_tier="ESSENTIALS",
        username_attributes=["email"],
        auto_verified_attributes=["email"],
        username_configuration=aws.cognito.UserPoolUsernameConfigurationArgs(case_sensitive=False),
        password_policy=aws.cognito.UserPoolPasswordPolicyArgs(minimum_length=12, temporary_password_validity_days=7),
        mfa_configuration="OPTIONAL",
        software_token_mfa_configuration=aws.cognito.UserPoolSoftwareTokenMfaConfigurationArgs(enabled=True),
        account_recovery_setting=aws.cognito.UserPoolAccountRecoverySettingArgs(
            recovery_mechanisms=[
                aws.cognito.UserPoolAccountRecoverySettingRecoveryMechanismArgs(name="verified_email", priority=1)
            ]
        ),
        deletion_protection="ACTIVE" if protected else "INACTIVE",
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=protected)),
    )


def _client(
    name: str, pool: aws.cognito.UserPool, pages: Sequence[pulumi.Input[str]], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    client = aws.cognito.UserPoolClient(
        f"{name}-page",
        name=f"{name}-page",
        user_pool_id=pool.id,
        generate_secret=False,
        allowed_oauth_flows_user_pool_client=True,
        allowed_oauth_flows=["code"],
        allowed_oauth_scopes=["openid"],
        supported_identity_providers=["COGNITO"],
        callback_urls=pages,
        logout_urls=pages,
        explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
        access_token_validity=_MINUTES,
        id_token_validity=_MINUTES,
        refresh_token_validity=_DAYS,
        token_validity_units=aws.cognito.UserPoolClientTokenValidityUnitsArgs(**_UNITS),
        refresh_token_rotation=aws.cognito.UserPoolClientRefreshTokenRotationArgs(
            feature="ENABLED", retry_grace_period_seconds=_GRACE_SECONDS
        ),
        enable_token_revocation=True,
        prevent_user_existence_errors="ENABLED",
        opts=opts,
    )
    return client.id


def _sign_in(
    name: str,
    platform: Platform,
    pool: aws.cognito.UserPool,
    client_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make the pages where people sign in, at an address that no other account can have taken."""
    domain = aws.cognito.UserPoolDomain(
        f"{name}-sign-in",
        domain=f"{name}-{platform.account}",
        user_pool_id=pool.id,
        managed_login_version=2,
        opts=opts,
    )
    aws.cognito.ManagedLoginBranding(
        f"{name}-look", user_pool_id=pool.id, client_id=client_id, use_cognito_provided_values=True, opts=opts
    )
    return pulumi.Output.concat("https://", domain.domain, f".auth.{platform.region}.amazoncognito.com")
