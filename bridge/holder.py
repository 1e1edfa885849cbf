"""Who holds a lock: the note that Terraform leaves and reads beside a state, in a file as in a bucket."""

from __future__ import annotations

import getpass
import json
import os
import socket
import uuid
from datetime import UTC, datetime

from bridge.refused import Held


def note(path: str) -> dict[str, str]:
    """Return what to leave while *path* is held; its ID is new."""
    return {
        "ID": str(uuid.uuid4()),
        "Operation": "python -m bridge outputs",
        "Info": "",
        "Who": f"{_user()}@{socket.gethostname()}",
        "Version": "",
        "Created": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "Path": path,
    }


def held(path: str, left: bytes, otherwise: str = "") -> Held:
    """Say who holds *path* by the note they *left*; *otherwise* is what to do if they are gone."""
    try:
        info = json.loads(left)
        who = f"{info['Who']} since {info['Created']} ({info['Operation']}, lock {info['ID']})"
    except (ValueError, KeyError, TypeError):
        who = "somebody who left no note"
    return Held.because(
        got=f"{path}, locked by {who}",
        why="of two who write at once, one would lose what it wrote",
        instead=f"wait until it is done: --lock-timeout 60s{otherwise}",
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
