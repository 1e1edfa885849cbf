"""Where something that speaks AWS's protocols listens, and who may call it."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from typing import TypedDict

_WITHIN_S = 30


class Arguments(TypedDict):
    """What `create_client(service, **arguments)` needs to call somewhere."""

    endpoint_url: str
    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str


@dataclass(frozen=True)
class Endpoint:
    """An address of the loopback with credentials that are nobody's."""

    url: str
    region: str = "us-east-1"
    key: str = "AKIAIOSFODNN7EXAMPLE"
    secret: str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    @property
    def arguments(self) -> Arguments:
        """Return what a client needs to call here."""
        return {
            "endpoint_url": self.url,
            "region_name": self.region,
            "aws_access_key_id": self.key,
            "aws_secret_access_key": self.secret,
        }

    @property
    def environ(self) -> dict[str, str]:
        """Return what a process needs in its environment so that its clients call here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
        }

    def ask(self, path: str, method: str = "GET", within: float = _WITHIN_S) -> str:
        """Return what is answered there, unsigned; raise `OSError` for anything but success."""
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=within) as answer:
            return str(answer.read().decode())
