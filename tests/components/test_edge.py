"""Where people come in: the routes of the protocol, one way in, and nobody past it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.edge import Edge, EdgeArgs, Shown, config
from components.refusal import Misconfigured
from components.routes import ACTIONS
from policies.laws import broken
from runtime.protocol.client import KINDS
from tests.components import given
from tests.components.engine import Engine
from tests.components.typed import problems

ROUTE, PERMISSION = "aws:apigatewayv2/route:Route", "aws:lambda/permission:Permission"
DISTRIBUTION, RECORD = "aws:cloudfront/distribution:Distribution", "aws:route53/record:Record"
SIGN_IN = "https://companion.auth.us-east-1.amazoncognito.com"
NAMED = {"domain": "companion.example.org", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}
ROWS = {"connections_table": "sockets", "turns_table": "turns", "erased_table": "erased"}
QUEUED = {**ROWS, "turn_queue_url": "https://queue.test/turns"}
ACTS = {
    **ROWS,
    "memory_table": "memories",
    "search_endpoint": "https://search.test",
    "background_queue_url": "https://queue.test/background",
    "guardrail_id": "g",
    "guardrail_version": "1",
}


def build(stack: str = "dev", **changed: Any) -> Edge:  # noqa: ANN401 - a setting's value
    told = {"dev": given.dev, "prod": given.prod}[stack](**changed)
    args = EdgeArgs(
        settings=told.edge,
        authorizer={"issuer": "https://issuer.test", "jwks_url": "https://issuer.test/keys", "clients": "page"},
        connect={"connections_table": "sockets"},
        turn=QUEUED,
        actions=ACTS,
        placement=None,
        shown=Shown(sign_in_url=SIGN_IN, client_id="page", model="a model"),
    )
    return Edge("companion", given.platform(told), args)


@pytest.fixture(scope="module")
def made() -> Engine:
    """Return an edge with all that a stack can pay for, and a name of its own."""
    return deployed(firewall=True, zoneId="Z1", **NAMED)


@pytest.fixture(scope="module")
def plain() -> Engine:
    """Return an edge without a name, beside another one in its account."""
    return deployed(gatewayRole=False, connectionsPerSecond=70)


def deployed(**changed: Any) -> Engine:  # noqa: ANN401 - a setting's value
    def run() -> None:
        edge = build(**changed)
        edge.grant_post(given.role("worker"))
        pulumi.export("page", edge.page_url)
        pulumi.export("socket", edge.socket_url)

    engine = Engine()
    engine.run(run)
    return engine


def routes(engine: Engine) -> dict[str, dict[str, Any]]:
    return {one.inputs["routeKey"]: one.inputs for one in engine.created(ROUTE)}


def behind(engine: Engine, key: str) -> str:
    """Return the function that answers on the route *key*."""
    called = routes(engine)[key]["target"].removeprefix("integrations/")
    uri: str = engine.named(called).inputs["integrationUri"]
    return uri.rpartition(":function:")[2].removesuffix("/invocations")


def admitted(engine: Engine, function: str) -> set[str]:
    """Return on whose behalf API Gateway may call *function*."""
    found = [one.inputs for one in engine.created(PERMISSION) if one.inputs["function"] == function]
    return {one["sourceArn"].partition("a1b2c3d4e5/")[2] for one in found}


def test_every_input_is_one_that_the_sdk_declares(made: Engine) -> None:
    assert [said for one in made.registered for said in problems(one)] == []


def test_no_law_is_broken(made: Engine) -> None:
    assert [said for one in made.registered for said in broken(one.token, one.inputs)] == []


def test_the_protocol_has_these_actions() -> None:
    assert list(ACTIONS) == list(KINDS)


def test_there_is_a_route_for_each_action_for_both_ends_and_for_what_is_none(made: Engine) -> None:
    api = made.only("aws:apigatewayv2/api:Api").inputs

    assert (api["name"], api["protocolType"]) == ("companion-ws", "WEBSOCKET")
    assert api["routeSelectionExpression"] == "$request.body.action"
    assert set(routes(made)) == {*KINDS, "$connect", "$disconnect", "$default"}


def test_frames_go_to_the_function_that_answers_them(made: Engine) -> None:
    assert behind(made, "send") == "companion-dev-turn"
    assert {behind(made, key) for key in ("$connect", "$disconnect")} == {"companion-dev-connect"}
    rest = set(routes(made)) - {"send", "$connect", "$disconnect"}
    assert {behind(made, key) for key in rest} == {"companion-dev-actions"}


def test_api_gateway_may_call_each_function_for_its_own_routes_alone(made: Engine) -> None:
    assert admitted(made, "companion-dev-turn") == {"v1/send"}
    assert admitted(made, "companion-dev-connect") == {"v1/$connect", "v1/$disconnect"}
    assert admitted(made, "companion-dev-actions") == {f"v1/{key}" for key in (set(KINDS) - {"send"}) | {"$default"}}
    assert admitted(made, "companion-dev-authorizer") == {"authorizers/companion-authorizer"}


def test_a_handshake_is_let_in_by_the_token_and_by_the_key_of_the_edge(made: Engine) -> None:
    guarded = {key: (one["authorizationType"], one["apiKeyRequired"]) for key, one in routes(made).items()}

    assert guarded.pop("$connect") == ("CUSTOM", True)
    assert set(guarded.values()) == {("NONE", False)}


def test_a_handshake_without_a_token_reaches_the_authorizer_which_says_401(made: Engine) -> None:
    authorizer = made.only("aws:apigatewayv2/authorizer:Authorizer").inputs

    assert authorizer["authorizerType"] == "REQUEST"
    assert "identitySources" not in authorizer


def test_the_key_is_the_one_that_the_edge_adds(made: Engine) -> None:
    (origin,) = [one for one in made.only(DISTRIBUTION).inputs["origins"] if one["originId"] == "socket"]
    plan = made.only("aws:apigateway/usagePlan:UsagePlan").inputs

    api = made.only("aws:apigatewayv2/api:Api").inputs
    assert api["apiKeySelectionExpression"] == "$request.header.x-api-key"
    assert origin["customHeaders"] == [{"name": "x-api-key", "value": "companion-origin-value"}]
    assert plan["apiStages"] == [{"apiId": "a1b2c3d4e5", "stage": "v1"}]
    assert made.only("aws:apigateway/usagePlanKey:UsagePlanKey").inputs["keyType"] == "API_KEY"


def test_the_edge_waits_for_no_function_since_who_signs_in_waits_for_its_address(made: Engine) -> None:
    assert not [name for name in made.reached(made.only(DISTRIBUTION)) if "function" in name or "stage" in name]


def test_the_stage_is_throttled_and_logs_nothing_of_a_person(plain: Engine) -> None:
    stage = plain.only("aws:apigatewayv2/stage:Stage").inputs

    said = json.loads(stage["accessLogSettings"]["format"]).values()
    settings = stage["defaultRouteSettings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (70, 140)
    assert (settings["dataTraceEnabled"], settings["loggingLevel"]) == (False, "OFF")
    assert settings["detailedMetricsEnabled"] is True
    assert not [one for one in said if "header" in one or "identity" in one or "authorizer" in one or "message" in one]


def test_a_stage_logs_once_api_gateway_has_its_role(made: Engine) -> None:
    assert "companion-gateway" in made.only("aws:apigatewayv2/stage:Stage").dependencies


def test_the_role_of_the_account_is_given_by_one_stack(made: Engine, plain: Engine) -> None:
    assert len(made.created("aws:apigateway/account:Account")) == 1
    assert plain.created("aws:apigateway/account:Account") == []


def test_routes_are_published_anew_when_what_is_behind_them_changes_and_only_then(made: Engine, plain: Engine) -> None:
    others = deployed(stack="prod")

    assert published(made) == published(plain) != published(others)


def published(engine: Engine) -> str:
    digest: str = engine.only("aws:apigatewayv2/deployment:Deployment").inputs["triggers"]["routes"]
    return digest


def test_routes_are_published_when_all_are_there(made: Engine) -> None:
    deployment = made.only("aws:apigatewayv2/deployment:Deployment")

    assert {one.name for one in made.created(ROUTE)} <= deployment.dependencies


def test_who_posts_may_post_to_connections_of_this_stage_and_close_them(made: Engine) -> None:
    (statement,) = json.loads(made.named("worker-role-posts").inputs["policy"])["Statement"]

    assert statement["Action"] == ["execute-api:ManageConnections"]
    stage = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/v1"
    assert statement["Resource"] == [f"{stage}/{way}/@connections/*" for way in ("POST", "DELETE")]


def test_functions_are_told_what_their_roles_read(made: Engine) -> None:
    told = {
        one.inputs["name"]: one.inputs["environment"]["variables"]
        for one in made.created("aws:lambda/function:Function")
    }

    assert told["companion-dev-connect"] == {"CONNECTIONS_TABLE": "sockets", "LOG_LEVEL": "INFO", "TRACING": "false"}
    assert told["companion-dev-turn"]["TURN_QUEUE_URL"] == "https://queue.test/turns"


def test_the_page_knows_where_people_sign_in() -> None:
    told = config(sign_in_url=SIGN_IN, client_id="page", model="a model")

    assert (told["socket"], told["sign_in"], told["voice"]) == ("/ws", "oauth", True)
    assert told["oauth"]["authorize"] == f"{SIGN_IN}/oauth2/authorize"
    assert told["oauth"]["token"] == f"{SIGN_IN}/oauth2/token"
    assert told["model"] == {"name": "a model", "language_model": True, "connect": ""}


def test_with_an_issuer_that_has_no_pages_a_token_is_pasted() -> None:
    told = config(sign_in_url="", client_id="page", model="a model")

    assert told["sign_in"] == "token"
    assert "oauth" not in told


def test_people_reach_the_page_and_the_socket_by_one_name(made: Engine, plain: Engine) -> None:
    cloudfront = "d111111abcdef8.cloudfront.net"

    own = {"page": "https://companion.example.org/", "socket": "wss://companion.example.org/ws"}
    assert made.outputs == own
    assert plain.outputs == {"page": f"https://{cloudfront}/", "socket": f"wss://{cloudfront}/ws"}


def test_the_name_is_pointed_at_the_distribution_where_its_zone_is_ours(made: Engine) -> None:
    assert {one.inputs["type"] for one in made.created(RECORD)} == {"A", "AAAA"}
    assert {one.inputs["name"] for one in made.created(RECORD)} == {"companion.example.org"}


def test_without_a_zone_nothing_points_there(plain: Engine) -> None:
    assert plain.created(RECORD) == []


def test_a_zone_needs_a_name_to_put_there() -> None:
    with pytest.raises(Misconfigured, match="there is no name to put into that zone"):
        given.dev(zoneId="Z1")


def test_a_name_needs_a_certificate_where_cloudfront_looks_for_one() -> None:
    with pytest.raises(Misconfigured, match="takes those of us-east-1 only"):
        given.dev(domain="companion.example.org", certificateArn="arn:aws:acm:eu-west-1:1:certificate/a")
