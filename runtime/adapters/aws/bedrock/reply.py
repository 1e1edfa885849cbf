"""One answer of Converse: what its events say, when it is whole, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.completion import Answer
from runtime.conversation import Prompt, Usage
from runtime.errors import Unavailable

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime.type_defs import ConverseStreamOutputTypeDef, TokenUsageTypeDef


class Reply:
    """What has come of one answer to *prompt*."""

    def __init__(self, prompt: Prompt) -> None:
        self._answer = Answer(prompt)
        self._counted: TokenUsageTypeDef | None = None
        self._reason = ""

    @property
    def full(self) -> bool:
        """Whether more has come than is shown."""
        return self._answer.full

    @property
    def whole(self) -> bool:
        """Whether no more text is to come."""
        return bool(self._reason) or self.full

    def take(self, event: ConverseStreamOutputTypeDef) -> Iterator[str]:
        """Yield the text that *event* adds; a thought adds an empty one."""
        if "contentBlockDelta" in event:
            said = _whole(event["contentBlockDelta"]["delta"].get("text", ""))
            if (text := self._answer.feed(said)) or not said:
                yield text
        else:
            self.note(event)

    def note(self, event: ConverseStreamOutputTypeDef) -> None:
        """Take what *event* says about the answer."""
        if "messageStop" in event:
            self._reason = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            self._counted = event["metadata"]["usage"]

    def end(self) -> Iterator[str]:
        """Yield what was held back; fail where the stream ended and the answer did not, or there is no word of it."""
        if not self.whole:
            raise Unavailable("the model stopped in the middle of an answer")
        if text := self._answer.end(cut=self._reason == "max_tokens"):
            yield text

    def usage(self) -> Usage:
        """Return the tokens as the service counted them, those of a cached prefix too, or an estimate."""
        if (counted := self._counted) is None:
            return self._answer.estimated()
        cached = counted.get("cacheReadInputTokens", 0) + counted.get("cacheWriteInputTokens", 0)
        return Usage(counted["inputTokens"] + cached, counted["outputTokens"])


def _whole(text: str) -> str:
    """Return *text* without halves of characters, which JSON may hold and nothing after it could write."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
