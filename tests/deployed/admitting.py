"""Functions as other services call them: only where the function's own policy admits that."""

from __future__ import annotations

from dataclasses import dataclass

from tests.deployed.account import Deployed
from tests.deployed.policy import Request, Word, judge
from tests.parts.gateway import Invoked
from tests.parts.runtime_api import Failed

GATEWAY, EVENTS = "apigateway.amazonaws.com", "events.amazonaws.com"


@dataclass(frozen=True)
class Admitted:
    """*function*, called by *service* on behalf of *source*, the ARN of a route, an authorizer or a rule."""

    deployed: Deployed
    function: Invoked
    source: str
    service: str = GATEWAY

    async def invoke(self, event: object) -> object:
        """Return the answer to *event*; raise `Failed`, as for a function that fails, if nobody may call it so."""
        asked = Request("lambda:InvokeFunction", self.deployed.arn, {"aws:SourceArn": self.source}, self.service)
        said = judge(asked, [self.deployed.admitted])
        if said.word is not Word.ALLOWED:
            raise Failed("AccessDeniedException", f"{self.source} may not call {self.deployed.name}: {said}")
        return await self.function.invoke(event)
