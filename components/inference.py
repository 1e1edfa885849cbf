"""What answers: a model of Bedrock's, or an endpoint of SageMaker's that grows with its load; and what embeds.

Permissions name models: of a cross-Region profile, the profile and the model in every Region that it may lead to, there
by way of that profile alone.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import policies, sagemaker
from components.configuration import Answers
from components.function import Platform
from components.grants import grant
from components.policies import Statement

EMBEDDINGS_MODEL = "amazon.titan-embed-text-v2:0"

# Where requests to a geography's profiles may be answered, over all models: "Supported Regions and models for inference
# profiles", https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html (November 2026).
_DESTINATIONS = {
    "us": ("us-east-1", "us-east-2", "us-west-2"),
    "eu": ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"),
    "apac": (
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"),
        *("ap-southeast-1", "ap-southeast-2", "ap-southeast-4"),
    ),
}
_GLOBAL = "global"
_STREAM = "bedrock:InvokeModelWithResponseStream"
_OUTPUTS = ("inference", "model_id", "fallback_model_id", "inference_endpoint")


class Inference(pulumi.ComponentResource):
    """The model behind the companion; *inference_endpoint* is SageMaker's, empty with Bedrock.

    *models* are those of Bedrock's that are asked, *served* is the endpoint's name if there is one.
    """

    inference: pulumi.Output[str]
    model_id: pulumi.Output[str]
    fallback_model_id: pulumi.Output[str]
    inference_endpoint: pulumi.Output[str]
    models: tuple[str, ...]
    served: pulumi.Output[str] | None

    def __init__(
        self, name: str, platform: Platform, answers: Answers, *, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Inference", name, None, opts)
        self._platform = platform
        self._child = pulumi.ResourceOptions(parent=self)
        served = answers.inference == "sagemaker"
        endpoint = sagemaker.endpoint(name, platform, answers, self._child) if served else None
        self._endpoint = endpoint.arn if endpoint else None
        self.served = endpoint.name if endpoint else None
        self.models = tuple(filter(None, ("" if served else answers.model_id, answers.fallback_model_id)))
        self.inference_endpoint = endpoint.name if endpoint else pulumi.Output.from_input("")
        self.inference = pulumi.Output.from_input(answers.inference)
        self.model_id = pulumi.Output.from_input("" if served else answers.model_id)
        self.fallback_model_id = pulumi.Output.from_input(answers.fallback_model_id)
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_ask(self, role: aws.iam.Role) -> None:
        """Let *role* ask the model, and the one that stands in for it."""
        region, account = self._platform.region, self._platform.account
        statements = [one for model in self.models for one in ask_model(model, region, account)]
        if self._endpoint:
            statements.append(policies.allow(["sagemaker:InvokeEndpointWithResponseStream"], self._endpoint))
        grant(f"{role.pulumi_resource_name}-model", role, *statements, opts=self._child)

    def grant_embed(self, role: aws.iam.Role) -> None:
        """Let *role* ask for the vectors of texts."""
        model = f"arn:aws:bedrock:{self._platform.region}::foundation-model/{EMBEDDINGS_MODEL}"
        embed = policies.allow(["bedrock:InvokeModel"], model)
        grant(f"{role.pulumi_resource_name}-embeddings", role, embed, opts=self._child)


def ask_model(model_id: str, region: str, account: str) -> list[Statement]:
    """Return what lets somebody in *region* stream answers of *model_id*, a model or a cross-Region profile."""
    geography, _, model = model_id.partition(".")
    if geography not in {*_DESTINATIONS, _GLOBAL}:
        return [policies.allow([_STREAM], f"arn:aws:bedrock:{region}::foundation-model/{model_id}")]
    profile = f"arn:aws:bedrock:{region}:{account}:inference-profile/{model_id}"
    by_profile = {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
    there = _everywhere(model, region) if geography == _GLOBAL else _in(geography, model, region)
    return [policies.allow([_STREAM], profile), policies.allow([_STREAM], *there, when=by_profile)]


def _in(geography: str, model: str, region: str) -> list[str]:
    regions = sorted({region, *_DESTINATIONS[geography]})
    return [f"arn:aws:bedrock:{one}::foundation-model/{model}" for one in regions]


def _everywhere(model: str, region: str) -> list[str]:
    """Return the model here, and where no Region is named, which is how a global profile asks."""
    return [f"arn:aws:bedrock:{region}::foundation-model/{model}", f"arn:aws:bedrock:::foundation-model/{model}"]
