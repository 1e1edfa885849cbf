"""People of the deployed user pool: each signs in with a password, and gets the token that the pool signs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import jwt

from tests.parts.endpoint import Endpoint
from tests.parts.given import client

_PASSWORD = "Correct-horse-7-battery"


@dataclass(frozen=True)
class Person:
    """Who signed in: the id that the pool gave them, and their token."""

    id: str
    token: str


@dataclass(frozen=True)
class Pool:
    """The user pool *id* in *emulator*, and the page's client of it."""

    emulator: Endpoint
    id: str
    client: str

    async def sign_in(self, name: str = "ana") -> Person:
        """Sign in as *name*, who is signed up if nobody is called so."""
        email = f"{name}@example.org"
        who = {"UserPoolId": self.id, "Username": email}
        async with client("cognito-idp", self.emulator) as people:
            with suppress(people.exceptions.UsernameExistsException):
                await people.admin_create_user(**who, MessageAction="SUPPRESS")
            await people.admin_set_user_password(**who, Password=_PASSWORD, Permanent=True)
            told = await people.admin_initiate_auth(
                UserPoolId=self.id,
                ClientId=self.client,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": _PASSWORD},
            )
        token = told["AuthenticationResult"]["AccessToken"]
        return Person(jwt.decode(token, options={"verify_signature": False})["sub"], token)
