"""A language model's answer as it streams in, whoever carries it: an HTTP server, SageMaker, Bedrock.

`Answer` says what of the raw text is meant for a person. `ChatCompletion` and `Dialect` are OpenAI's wire format, which
most servers of open models speak, behind an address of their own and inside SageMaker's containers alike.
"""

from runtime.completion.answer import Answer
from runtime.completion.chat import ChatCompletion
from runtime.completion.dialect import Dialect
from runtime.completion.events import Events

__all__ = ["Answer", "ChatCompletion", "Dialect", "Events"]
