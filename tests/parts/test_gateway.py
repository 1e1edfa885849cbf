"""The gateway: who is let in, which function a frame reaches, and how what is posted comes back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.parts import gateway, wire
from tests.parts.function import lambda_function
from tests.parts.wire import Connections

pytestmark = pytest.mark.real

_HANDLERS = """
import json
import boto3

def authorizer(event, context):
    user = event["headers"].get("Sec-WebSocket-Protocol", "")
    if not user:
        raise Exception("Unauthorized")
    effect = "Deny" if user == "mallory" else "Allow"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": user, "policyDocument": {"Statement": [statement]}, "context": {"user": user}}

def handler(event, context):
    told = event["requestContext"]
    if told["eventType"] == "CONNECT":
        return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "ana"}}
    if told["eventType"] == "DISCONNECT":
        return {"statusCode": 200}
    if "fail" in event["body"]:
        raise ValueError("no such turn")
    posting = boto3.client("apigatewaymanagementapi", endpoint_url=f"http://{told['domainName']}/{told['stage']}")
    said = {"route": told["routeKey"], "user": told["authorizer"]["user"]}
    posting.post_to_connection(ConnectionId=told["connectionId"], Data=json.dumps(said))
    return {"statusCode": 200}
"""


async def test_a_frame_reaches_its_route_with_the_user_and_what_is_posted_comes_back(tmp_path: Path) -> None:
    async with _connected(tmp_path, "ana") as socket:
        await socket.send_json({"action": "send"})
        sent = await socket.receive_json()
        await socket.send_str("no JSON")
        other = await socket.receive_json()

    assert sent == {"route": "send", "user": "ana"}
    assert other == {"route": "$default", "user": "ana"}


@pytest.mark.parametrize(("user", "status"), [("mallory", 403), ("", 401)])
async def test_who_is_not_let_in_is_told_by_the_status(tmp_path: Path, user: str, status: int) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with _connected(tmp_path, user):
            pass

    assert refused.value.status == status


async def test_a_function_that_fails_is_told_of_in_the_service_s_words(tmp_path: Path) -> None:
    async with _connected(tmp_path, "ana") as socket:
        await socket.send_str("fail")

        assert (await socket.receive_json())["message"] == "Internal server error"


@pytest.mark.parametrize(("frame", "code"), [("x" * 32769, 1009), (b"bytes", 1003)])
async def test_what_no_frame_may_be_ends_the_connection(tmp_path: Path, frame: str | bytes, code: int) -> None:
    async with _connected(tmp_path, "ana") as socket:
        await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        await socket.receive()

    assert socket.close_code == code


@asynccontextmanager
async def _connected(path: Path, user: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    (path / "app.py").write_text(_HANDLERS)
    connections = Connections()
    async with AsyncExitStack() as stack:
        listening = await stack.enter_async_context(wire.serving(connections))
        environ = {name: value for name, value in listening.endpoint.environ.items() if name != "AWS_ENDPOINT_URL"}
        authorizer, handler = [
            await stack.enter_async_context(lambda_function(f"app.{name}", environ, path=path))
            for name in ("authorizer", "handler")
        ]
        routes = dict.fromkeys(("$connect", "$disconnect", "$default", "send"), handler)
        api = gateway.Api(authorizer, routes, connections, listening.endpoint.url.removeprefix("http://"))
        url = await stack.enter_async_context(gateway.serving(api))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield await stack.enter_async_context(session.ws_connect(url, protocols=[user] if user else []))
