"""From a prompt to a request that Converse and the model's family take.

What changes least comes first: instructions, cache point, what is known today, then the conversation. Converse wants
the person to speak first, both to take turns, and nobody to say nothing: `prompt.messages` promises all of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runtime import prompt as prompts
from runtime.adapters.aws.bedrock import families
from runtime.conversation import Prompt, tokens

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime.type_defs import ConverseStreamRequestTypeDef, SystemContentBlockTypeDef

Chat = Sequence[Mapping[str, str]]


def request(model: str, prompt: Prompt) -> ConverseStreamRequestTypeDef:
    """Return what *model* is asked for an answer to *prompt*."""
    family = families.of(model)
    chat = prompts.messages(prompt)
    system = [each["content"] for each in chat if each["role"] == "system" and each["content"].strip()]
    said: Chat = [each for each in chat if each["role"] != "system"]
    if prompt.answered and family.continues:
        said = _to_be_continued(said)
    asked: dict[str, Any] = {"modelId": model, "inferenceConfig": {"maxTokens": prompt.limit + family.thoughts}}
    if family.system:
        asked["system"] = _instructions(system, family.caches)
    else:
        said = _instructed(system, said)
    asked["messages"] = [{"role": each["role"], "content": [{"text": each["content"]}]} for each in said]
    if output := _output(family, prompt):
        asked["outputConfig"] = output
    if family.fields:
        asked["additionalModelRequestFields"] = dict(family.fields)
    return asked  # type: ignore[return-value] # Put together by parts, of which each fits.


def _instructions(system: Sequence[str], caches: int) -> list[SystemContentBlockTypeDef]:
    """Return the instructions, with a cache point after the first where enough stands before it to be cached."""
    first, *others = ({"text": text} for text in system)
    cached = 0 < caches <= tokens(system[0])
    point = [{"cachePoint": {"type": "default"}}] if cached else []
    return [first, *point, *others]  # type: ignore[list-item] # The three kinds of blocks have one type.


def _instructed(system: Sequence[str], said: Chat) -> Chat:
    """Put the instructions before the first thing said, for models that take none apart."""
    first, *others = said
    return [{"role": "user", "content": "\n\n".join((*system, first["content"]))}, *others]


def _to_be_continued(said: Chat) -> Chat:
    """End with the answer so far; models refuse a last word that ends in a space."""
    *before, answer, _ = said
    return [*before, {"role": "assistant", "content": answer["content"].rstrip()}]


def _output(family: families.Family, prompt: Prompt) -> dict[str, Any]:
    output: dict[str, Any] = {"effort": family.effort} if family.effort else {}
    if prompt.schema and family.shapes:
        shape = {"jsonSchema": {"name": "answer", "schema": prompt.schema}}
        output["textFormat"] = {"type": "json_schema", "structure": shape}
    return output
