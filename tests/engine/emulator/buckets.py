"""S3's bucket policies: moto reads no conditions, and would refuse everybody what is only refused without TLS.

And DeleteObjects of a mark of a deletion, at which moto fails.
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3 import models

_Bucket: Any = models.FakeBucket
_Mark: Any = models.FakeDeleteMarker
_permission = _Bucket.get_permission


def patch() -> None:
    """Let a policy whose statements have conditions say nothing, and marks of deletions be deleted."""
    _Bucket.get_permission = _judged
    _Mark.dispose = lambda *_: None


def _judged(bucket: Any, action: str, resource: str) -> Any:  # noqa: ANN401 - moto's
    statements = json.loads(bucket.policy)["Statement"] if bucket.policy else []
    if any("Condition" in statement for statement in statements):
        return PermissionResult.NEUTRAL
    return _permission(bucket, action, resource)
