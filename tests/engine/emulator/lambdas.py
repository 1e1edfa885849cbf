"""Lambda's Invoke: nothing runs here, so it is answered with null; who plays Lambda does so from outside."""

from __future__ import annotations

from tests.engine.emulator.asked import Answer, Asked


def answer(asked: Asked) -> Answer | None:
    """Answer a call of a function."""
    if asked.service == "lambda" and asked.method == "POST" and asked.parts[-1] == "invocations":
        return Answer(200, b"null", {"Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST"})
    return None
