"""Secrets by their ARN, each asked for once a process: what is deployed knows names, never values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.errors import translated
from runtime.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from types_aiobotocore_secretsmanager import SecretsManagerClient

_PART: Final = "the secrets"


class Secrets:
    """What Secrets Manager holds; a process that is to see a new value is started anew."""

    def __init__(self, client: SecretsManagerClient) -> None:
        self._client = client
        self._known: dict[str, str] = {}

    async def get(self, arn: str) -> str:
        """Return the secret *arn*; raise `Misconfigured` where it holds no text."""
        if arn not in self._known:
            with translated(_PART):
                response = await self._client.get_secret_value(SecretId=arn)
            if "ARN" not in response:
                raise Unavailable(f"{_PART} sent half an answer")
            if not (text := response.get("SecretString", "")):
                raise Misconfigured(
                    f"got: no text in {arn}; why not: it is a key or a name; instead: put its text there"
                )
            self._known[arn] = text
        return self._known[arn]
