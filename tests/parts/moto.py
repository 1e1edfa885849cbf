"""moto's server in a process of its own: DynamoDB, S3, Cognito, Secrets Manager and more, all in memory.

aiobotocore's clients work against the server, not against moto inside the process of the test. What moto would let a
wrong program do is listed in docs/testing.md.
"""

from __future__ import annotations

import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.parts.endpoint import Endpoint
from tests.parts.process import Served, serve


@dataclass(frozen=True)
class Moto(Endpoint):
    """moto's server: any credentials will do, and its signatures are not checked."""

    def reset(self) -> None:
        """Forget everything that was made."""
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST"), timeout=10):
            pass


def start(folder: Path) -> Served:
    """Start the server, its log in *folder*."""
    return serve(lambda port: [sys.executable, "-m", "moto.server", "-p", str(port)], folder / "moto.log")
