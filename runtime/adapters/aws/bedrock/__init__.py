"""Amazon Bedrock: language models by ConverseStream, and Titan's embeddings."""

from runtime.adapters.aws.bedrock.model import BedrockModel
from runtime.adapters.aws.bedrock.titan import TitanEmbeddings

__all__ = ["BedrockModel", "TitanEmbeddings"]
