"""The services that nothing real here can stand for, spoken on the wire by one server of ours.

The real SDK talks to it: what it serialises, signs, repeats and decodes is put to the test with the adapter.

    async with serving(Converse(says("Hello, ", "Ana.")), Polly(), upstreams={"dynamodb": moto}) as wire:
        async with get_session().create_client("bedrock-runtime", **wire.endpoint.arguments) as bedrock: ...
        wire.fail(faults.throttled, at=2, of="ConverseStream")     # the third call from now
        assert wire.of("ConverseStream")[0].arguments["modelId"] == ...
        assert wire.connections("bedrock-runtime") == 1

`Converse`, `Titan`, `Guardrail` (Bedrock), `Comprehend`, `Polly`, `SageMaker` and `Connections` (API Gateway) answer
with what a test wrote; `upstreams` names the clients whose calls go on to a real part. An answer that botocore's model
of the service doesn't allow fails the test that asked.
"""

from tests.parts.wire import faults, rules, sagemaker
from tests.parts.wire.bedrock import Converse, Failure, Thought, says
from tests.parts.wire.call import Call
from tests.parts.wire.comprehend import Comprehend
from tests.parts.wire.connections import Connections
from tests.parts.wire.guardrail import Guardrail
from tests.parts.wire.polly import Polly
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.sagemaker import SageMaker
from tests.parts.wire.server import Wire, serving
from tests.parts.wire.titan import Titan

__all__ = [
    "Call",
    "Comprehend",
    "Connections",
    "Converse",
    "Failure",
    "Guardrail",
    "Polly",
    "Refusal",
    "SageMaker",
    "Thought",
    "Titan",
    "Wire",
    "faults",
    "rules",
    "sagemaker",
    "says",
    "serving",
]
