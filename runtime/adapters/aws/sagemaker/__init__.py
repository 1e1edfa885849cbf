"""Language models on endpoints of Amazon SageMaker, by response streams."""

from runtime.adapters.aws.sagemaker.model import SageMakerModel

__all__ = ["SageMakerModel"]
