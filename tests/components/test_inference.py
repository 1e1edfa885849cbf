"""What answers: permissions that name models wherever a profile leads, and an endpoint that grows as specified."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest

from components import sagemaker
from components.inference import Inference, ask_model
from components.refusal import Misconfigured
from tests.components import given
from tests.components.engine import Engine
from tests.components.given import statements
from tests.components.typed import problems

SERVED = {"inference": "sagemaker", "sagemakerImage": given.IMAGE, "sagemakerModelData": "s3://models/m.tar.gz"}
POLICY = "aws:iam/rolePolicy:RolePolicy"


def build(**changed: Any) -> Inference:  # noqa: ANN401 - a setting's value
    return Inference("companion", given.platform(), given.dev(**changed).answers)


def asking(engine: Engine, **changed: Any) -> list[dict[str, object]]:  # noqa: ANN401 - a setting's value
    """Return what a role may ask."""

    def granted() -> None:
        build(**changed).grant_ask(aws.iam.Role("worker", assume_role_policy="{}"))

    engine.run(granted)
    return statements(engine.named("worker-model").inputs["policy"])


def test_a_model_is_asked_in_its_own_region() -> None:
    (statement,) = ask_model("amazon.nova-micro-v1:0", "us-east-1", "1")

    assert statement["Action"] == ["bedrock:InvokeModelWithResponseStream"]
    assert statement["Resource"] == ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0"]


def test_a_profile_is_asked_with_its_model_in_every_region_it_leads_to_and_by_itself_alone() -> None:
    profile, there = ask_model("us.amazon.nova-micro-v1:0", "us-east-1", "1")

    arn = "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-micro-v1:0"
    assert profile["Resource"] == [arn]
    assert there["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": arn}}
    assert [name.split(":")[3] for name in there["Resource"]] == ["us-east-1", "us-east-2", "us-west-2"]
    assert {name.split("/")[1] for name in there["Resource"]} == {"amazon.nova-micro-v1:0"}


def test_a_global_profile_is_asked_where_no_region_is_named() -> None:
    _, there = ask_model("global.amazon.nova-2-lite-v1:0", "eu-west-1", "1")

    assert [name.split(":")[3] for name in there["Resource"]] == ["eu-west-1", ""]


def test_with_bedrock_nothing_is_made_and_the_fallback_may_be_asked_too(engine: Engine) -> None:
    allowed = asking(engine, fallbackModelId="amazon.titan-x")

    assert [one for one in engine.registered if one.token.startswith("aws:sagemaker")] == []
    assert "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-x" in [
        name
        for statement in allowed
        for name in statement["Resource"]  # type: ignore[attr-defined]
    ]


def test_with_sagemaker_the_endpoint_alone_may_be_asked(engine: Engine) -> None:
    (statement,) = asking(engine, **SERVED)

    assert statement["Action"] == ["sagemaker:InvokeEndpointWithResponseStream"]
    assert statement["Resource"] == ["arn:aws:sagemaker:us-east-1:123456789012:endpoint/companion-dev-model"]


def test_the_endpoint_grows_as_specified(engine: Engine) -> None:
    engine.run(lambda: build(**SERVED))

    target = engine.only("aws:appautoscaling/target:Target").inputs
    policy = engine.only("aws:appautoscaling/policy:Policy").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 50)
    assert target["resourceId"] == "endpoint/companion-dev-model/variant/AllTraffic"
    assert target["scalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    assert (policy["name"], policy["policyType"]) == ("companion-invocations", "TargetTrackingScaling")
    assert policy["targetTrackingScalingPolicyConfiguration"] == {
        "targetValue": 70,
        "scaleInCooldown": 300,
        "scaleOutCooldown": 60,
        "predefinedMetricSpecification": {"predefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    }


def test_what_serves_pulls_one_image_and_reads_one_model(engine: Engine) -> None:
    engine.run(lambda: build(**SERVED))

    named = [
        name
        for statement in statements(engine.named("companion-serving-basics").inputs["policy"])
        for name in statement["Resource"]
        if name != "*"
    ]
    assert "arn:aws:ecr:us-east-1:123456789012:repository/companion" in named
    assert "arn:aws:s3:::models/m.tar.gz" in named


@pytest.mark.parametrize("changed", [{}, SERVED])
def test_every_input_is_one_that_the_sdk_declares(engine: Engine, changed: dict[str, object]) -> None:
    engine.run(lambda: build(**changed))

    assert [said for one in engine.registered for said in problems(one)] == []


def test_an_image_that_is_not_in_ecr_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"got:     an image ghcr\.io/me/model:1"):
        sagemaker.repository("ghcr.io/me/model:1")


def test_a_model_that_is_not_in_s3_is_refused(engine: Engine) -> None:
    with pytest.raises(Misconfigured, match=r"got:     sagemakerModelData: https://me\.test/m"):
        engine.run(lambda: build(**{**SERVED, "sagemakerModelData": "https://me.test/m"}))
