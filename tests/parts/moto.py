"""moto's server in a process of its own: DynamoDB, S3, Cognito, Secrets Manager and more, all in memory.

aiobotocore's clients work against the server, not against moto inside the process of the test. What it lets pass and a
service does not: DynamoDB's ClientRequestToken is ignored, batches may have 26 items and numbers 39 digits, and nothing
expires; of SQS, a stale handle deletes and a duplicate send is another message, so what is about redelivery runs on
`elasticmq`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.parts.endpoint import Endpoint
from tests.parts.process import Served, serve


@dataclass(frozen=True)
class Moto(Endpoint):
    """moto's server: any credentials will do, and its signatures are not checked."""

    def reset(self) -> None:
        """Forget everything that was made."""
        self.ask("/moto-api/reset", "POST")


def start(folder: Path) -> Served:
    """Start the server, its log in *folder*."""
    return serve(lambda port: [sys.executable, "-m", "moto.server", "-p", str(port)], folder / "moto.log")
