"""The services that nothing real here can stand for, spoken on the wire by one server of ours.

The real SDK talks to it: what it serialises, signs, retries and decodes is put to the test with the adapter.

    async with serving(Converse(says("Hello, ", "Ana.")), upstreams={"dynamodb": moto}) as wire:
        async with get_session().create_client("bedrock-runtime", **wire.endpoint.arguments) as bedrock: ...
        wire.fail(faults.throttled, at=2, of="ConverseStream")     # the third call from now
        assert wire.of("ConverseStream")[0].arguments["modelId"] == ...
        assert wire.connections("bedrock-runtime") == 1
"""

from tests.parts.wire import faults
from tests.parts.wire.bedrock import Converse, Failure, Thought, says
from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.server import Wire, serving

__all__ = ["Call", "Converse", "Failure", "Refusal", "Thought", "Wire", "faults", "says", "serving"]
