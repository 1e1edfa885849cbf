"""How a server takes OpenAI's chat completions: they differ in small ways, learnt from what each refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from runtime import prompt as prompts
from runtime.conversation import Prompt


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server takes: counting tokens at a stream's end, answers of a given shape, and the name of their limit."""

    counts: bool = True
    shapes: bool = True
    limit: str = "max_tokens"

    def request(self, prompt: Prompt, **fields: str) -> bytes:
        """Return the body that asks for a streamed answer to *prompt*, with *fields* of its own."""
        request: dict[str, Any] = {
            **fields,
            "messages": _merged(prompts.messages(prompt)),
            "stream": True,
            self.limit: prompt.limit,
        }
        if self.counts:
            request["stream_options"] = {"include_usage": True}
        if self.shapes and prompt.schema:
            shape = {"name": "answer", "strict": True, "schema": msgspec.Raw(prompt.schema.encode())}
            request["response_format"] = {"type": "json_schema", "json_schema": shape}
        return msgspec.json.encode(request)

    def simpler(self, refusal: bytes, *, shaped: bool) -> Dialect | None:
        """Return what else to try after *refusal* of a request, *shaped* or not; None: nothing."""
        if b"max_completion_tokens" in refusal and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if shaped and self.shapes:
            return replace(self, shapes=False)
        return replace(self, counts=False) if self.counts else None


def _merged(chat: list[dict[str, str]]) -> list[dict[str, str]]:
    """Make one of the leading `system` messages: the chat templates of many open models allow no second."""
    system = [message["content"] for message in chat if message["role"] == "system"]
    return [{"role": "system", "content": "\n\n".join(system)}, *(each for each in chat if each["role"] != "system")]
