"""Language models on Amazon Bedrock, by ConverseStream."""

from runtime.adapters.aws.bedrock.model import BedrockModel

__all__ = ["BedrockModel"]
