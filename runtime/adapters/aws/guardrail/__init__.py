"""Moderation by a guardrail of Bedrock's, with Comprehend's second opinion.

`moderator` asks for opinions and makes the verdict of them; `opinion` is what all of them say alike, `assessment` reads
the guardrail's, `comprehend` asks for the second one. `drift` compares what is deployed with the policy.
"""

from runtime.adapters.aws.guardrail.comprehend import Comprehend
from runtime.adapters.aws.guardrail.drift import Drift
from runtime.adapters.aws.guardrail.moderator import GuardrailModerator

__all__ = ["Comprehend", "Drift", "GuardrailModerator"]
